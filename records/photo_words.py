"""What is said about photos: the names of views, and why a file or a photo is not taken."""

from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.templatetags.clinic_format import day_year, wall_time
from records.domain.photos import (
    BODY_DISTANCE_M,
    BY_CODE,
    FACE_DISTANCE_M,
    Area,
    Coverage,
    Item,
    Refusal,
    Use,
    View,
)
from records.models import Photo
from records.selectors.photos import PhotoConsent
from treatments.consent_words import state_sentence

AREA_NAMES: Final[dict[Area, Promise]] = {
    Area.FACE: gettext_lazy("Face and neck"),
    Area.SUBMENTAL: gettext_lazy("Under the chin"),
    Area.ABDOMEN: gettext_lazy("Abdomen and waist"),
    Area.THIGH: gettext_lazy("Thighs and buttocks"),
    Area.ARM: gettext_lazy("Upper arms"),
    Area.SCALP: gettext_lazy("Scalp"),
    Area.HANDS: gettext_lazy("Hands and upper chest"),
}
_LEFT, _RIGHT = gettext_lazy("Left side"), gettext_lazy("Right side")
_OBLIQUE_LEFT = gettext_lazy("Half turned, left side to the camera")
_OBLIQUE_RIGHT = gettext_lazy("Half turned, right side to the camera")
_FRONT, _BACK = gettext_lazy("From the front"), gettext_lazy("From the back")
VIEW_NAMES: Final[dict[str, Promise]] = {
    "face_front": _FRONT,
    "face_oblique_left": _OBLIQUE_LEFT,
    "face_oblique_right": _OBLIQUE_RIGHT,
    "face_lateral_left": _LEFT,
    "face_lateral_right": _RIGHT,
    "face_chin_down": gettext_lazy("Chin down"),
    "face_smile": gettext_lazy("Smiling"),
    "face_frown": gettext_lazy("Frowning"),
    "face_close_up": gettext_lazy("Close-up, middle"),
    "face_close_up_left": gettext_lazy("Close-up, left side"),
    "face_close_up_right": gettext_lazy("Close-up, right side"),
    "submental_front": gettext_lazy("From the front, chin level"),
    "submental_lateral_left": _LEFT,
    "submental_lateral_right": _RIGHT,
    "submental_oblique_left": _OBLIQUE_LEFT,
    "submental_oblique_right": _OBLIQUE_RIGHT,
    "submental_neck_extended": gettext_lazy("Neck stretched"),
    "abdomen_front": _FRONT,
    "abdomen_lateral_left": _LEFT,
    "abdomen_lateral_right": _RIGHT,
    "abdomen_oblique_left": _OBLIQUE_LEFT,
    "abdomen_oblique_right": _OBLIQUE_RIGHT,
    "abdomen_back": _BACK,
    "thigh_back": gettext_lazy("From the back, relaxed"),
    "thigh_lateral_left": gettext_lazy("Left side, relaxed"),
    "thigh_lateral_right": gettext_lazy("Right side, relaxed"),
    "thigh_front": gettext_lazy("From the front, relaxed"),
    "thigh_back_tensed": gettext_lazy("From the back, muscles tensed"),
    "thigh_lateral_left_tensed": gettext_lazy("Left side, muscles tensed"),
    "thigh_lateral_right_tensed": gettext_lazy("Right side, muscles tensed"),
    "thigh_front_tensed": gettext_lazy("From the front, muscles tensed"),
    "arm_front_left": gettext_lazy("Left arm from the front"),
    "arm_front_right": gettext_lazy("Right arm from the front"),
    "arm_back_left": gettext_lazy("Left arm from the back"),
    "arm_back_right": gettext_lazy("Right arm from the back"),
    "scalp_hairline": gettext_lazy("Front hairline"),
    "scalp_vertex": gettext_lazy("Crown"),
    "scalp_parting": gettext_lazy("Middle parting"),
    "scalp_temple_left": gettext_lazy("Left temple"),
    "scalp_temple_right": gettext_lazy("Right temple"),
    "scalp_occiput": gettext_lazy("Back of the head"),
    "scalp_dermoscopy": gettext_lazy("Through the dermatoscope"),
    "hands_dorsum_left": gettext_lazy("Back of the left hand"),
    "hands_dorsum_right": gettext_lazy("Back of the right hand"),
    "hands_chest": gettext_lazy("Upper chest from the front"),
}

_DISTANCES: Final = {
    "near": FACE_DISTANCE_M[0],
    "far": FACE_DISTANCE_M[1],
    "body_near": BODY_DISTANCE_M[0],
    "body_far": BODY_DISTANCE_M[1],
}
_ITEMS: Final[dict[Item, tuple[Promise, Promise]]] = {
    Item.POSITION: (
        gettext_lazy("Position"),
        gettext_lazy(
            "The same pose each time; the head level, arms folded, standing for the body."
        ),
    ),
    Item.EXPRESSION: (gettext_lazy("Expression"), gettext_lazy("Relaxed, mouth closed.")),
    Item.LIGHT: (gettext_lazy("Light"), gettext_lazy("Soft and from both sides alike.")),
    Item.BACKGROUND: (gettext_lazy("Background"), gettext_lazy("Plain, grey or blue.")),
    Item.ZOOM: (
        gettext_lazy("Distance and zoom"),
        gettext_lazy(
            "The same camera and zoom: %(near)s to %(far)s m for the face, "
            "%(body_near)s to %(body_far)s m for the body."
        ),
    ),
    Item.STYLING: (
        gettext_lazy("Make-up and styling"),
        gettext_lazy(
            "No make-up or jewellery; hair back, or dry and combed with the same parting."
        ),
    ),
    Item.VIEWS: (gettext_lazy("Views"), gettext_lazy("Every view that the page asks for.")),
    Item.TIMING: (gettext_lazy("Timing"), gettext_lazy("Before the session, not after it.")),
    Item.DESCRIPTION: (
        gettext_lazy("Description"),
        gettext_lazy("Each photo under its own view and side: the patient’s left is left."),
    ),
}

_REFUSALS: Final[dict[Refusal, Promise]] = {
    Refusal.EMPTY: gettext_lazy("The file is empty. Take the photo again."),
    Refusal.TOO_LARGE: gettext_lazy(
        "The file is larger than 15 MB. Choose a smaller size in the camera."
    ),
    Refusal.NOT_A_PICTURE: gettext_lazy(
        "This file is no JPEG, PNG or WebP picture. Take the photo with the camera, "
        "or save it as JPEG."
    ),
    Refusal.TOO_MANY_PIXELS: gettext_lazy(
        "The picture has too many pixels. Choose a smaller size in the camera, "
        "or save it as an ordinary JPEG."
    ),
    Refusal.MOVING: gettext_lazy("The picture moves. Take a still photo."),
    Refusal.BROKEN: gettext_lazy("The picture is damaged or cut off. Take the photo again."),
}

_USES: Final[dict[Use, Promise]] = {
    Use.TEACHING: gettext_lazy("teaching"),
    Use.PUBLICATION: gettext_lazy("publication"),
}


def view_name(code: str) -> str:
    """Return the name of a view within its area."""
    return str(VIEW_NAMES[code])


def full_view_name(view: View) -> str:
    """Return the name of a view with its area."""
    return _("%(area)s: %(view)s") % {"area": AREA_NAMES[view.area], "view": view_name(view.code)}


def photo_name(photo: Photo) -> str:
    """Return what a photo shows, in words: area, view, and when. Never the patient's name."""
    what = full_view_name(BY_CODE[photo.view])
    if photo.session is None:
        return _("%(what)s, follow-up") % {"what": what}
    return _("%(what)s, session %(number)s") % {"what": what, "number": photo.session.number}


def taken_words(photo: Photo) -> str:
    """Return at what time a photo was taken on this clock, with the day if it was added on another."""
    clock = wall_time(photo.taken_at)
    return f"{day_year(photo.taken_at)}, {clock}" if added_words(photo) else clock


def added_words(photo: Photo) -> str:
    """Return when a photo was added, "" if that was the day on which it was taken."""
    kept = photo.kept_at
    if kept is None or timezone.localdate(kept) == timezone.localdate(photo.taken_at):
        return ""
    return _("Added %(day)s. The camera says when it was taken.") % {"day": day_year(kept)}


def checklist() -> list[tuple[Promise, str]]:
    """Return the nine items with what each asks for."""
    return [(name, str(words) % _DISTANCES) for name, words in _ITEMS.values()]


def refusal_sentence(refusal: Refusal) -> str:
    """Return why a file is not taken, and what helps."""
    return str(_REFUSALS[refusal])


def use_name(use: Use) -> str:
    """Return what a copy is made for."""
    return str(_USES[use])


def consent_problem(consent: PhotoConsent) -> str:
    """Return why no photo may be taken, "" if one may."""
    if consent.may_take:
        return ""
    if consent.is_refused:
        return _("The patient does not agree to photos. None can be taken or seen.")
    assert consent.finding is not None
    return _("Consent to photos is open. %(why)s Sign it with the patient first.") % {
        "why": state_sentence(consent.finding)
    }


def baseline_problem(found: Coverage) -> str:
    """Return what is missing from before session 1, "" if nothing is."""
    if not found.is_begun:
        return _(
            "There are no photos from before session 1. Later ones have nothing to be held against."
        )
    if found.missing:
        names = "; ".join(view_name(view.code) for view in found.missing)
        return _("From before session 1 these views are missing: %(names)s.") % {"names": names}
    return ""
