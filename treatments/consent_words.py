"""What is said about consents."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.templatetags.clinic_format import date_long, wall_time
from treatments.domain.consents import MONTHS_OF_BREAK, MONTHS_VALID, Finding, Standing, State
from treatments.domain.reflection import Reflection
from treatments.domain.zone_classes import ZoneClass
from treatments.models.consents import Unit
from treatments.models.consents import ZoneClass as ZoneClassName

STATE_WORDS: Final[dict[State, str | Promise]] = {
    State.VALID: gettext_lazy("Signed"),
    State.MISSING: gettext_lazy("Not signed"),
    State.DECLINED: gettext_lazy("Declined"),
    State.REVOKED: gettext_lazy("Taken back"),
    State.OUTDATED: gettext_lazy("New text"),
    State.EXPIRED: gettext_lazy("Too old"),
    State.AFTER_BREAK: gettext_lazy("Long break"),
    State.OTHER_INDICATION: gettext_lazy("Other treatment"),
    State.OTHER_PRODUCT: gettext_lazy("Other product"),
    State.SEVERE_REACTION: gettext_lazy("After a reaction"),
    State.HOLD_LIFTED: gettext_lazy("After a hold"),
    State.PATIENT_ASKS: gettext_lazy("Asked again"),
    State.OTHER_ZONE: gettext_lazy("Other zones"),
    State.OTHER_TEAM: gettext_lazy("Other people"),
    State.NEW_FINDING: gettext_lazy("New finding"),
}
_SENTENCES: Final[dict[State, str | Promise]] = {
    State.VALID: gettext_lazy("It is signed and stands."),
    State.MISSING: gettext_lazy("It is not signed yet."),
    State.DECLINED: gettext_lazy("The patient did not agree."),
    State.REVOKED: gettext_lazy("The patient took it back."),
    State.OUTDATED: gettext_lazy("The text has changed since it was signed."),
    State.EXPIRED: gettext_lazy("It was signed %(months)s months ago or longer."),
    State.AFTER_BREAK: gettext_lazy(
        "The last session was more than %(break)s months ago. It was signed before that break was over."
    ),
    State.OTHER_INDICATION: gettext_lazy("It was signed for another treatment, not for this one."),
    State.OTHER_PRODUCT: gettext_lazy(
        "It was signed before a product of this class was planned. Talk about it, then sign again."
    ),
    State.SEVERE_REACTION: gettext_lazy(
        "A severe reaction was reported after it was signed. Talk about it, then sign again."
    ),
    State.HOLD_LIFTED: gettext_lazy(
        "A clinical hold was lifted after it was signed. Talk about it, then sign again."
    ),
    State.PATIENT_ASKS: gettext_lazy(
        "The patient asked to talk about it again. Talk about it, then sign again."
    ),
    State.OTHER_ZONE: gettext_lazy(
        "Other zones are treated than were talked about. Talk about them, then sign again."
    ),
    State.OTHER_TEAM: gettext_lazy(
        "Somebody else treats than was talked about. Talk about it, then sign again."
    ),
    State.NEW_FINDING: gettext_lazy(
        "Something new is known about the patient’s health. Talk about it, then sign again."
    ),
}

# People who start a session need not be clinicians: they learn that, not why.
_TALK_AGAIN = gettext_lazy("A clinician talks about it with the patient, then it is signed again.")
_FOR_EVERYBODY: Final[dict[State, str | Promise]] = {
    **_SENTENCES,
    State.SEVERE_REACTION: _TALK_AGAIN,
    State.HOLD_LIFTED: _TALK_AGAIN,
    State.NEW_FINDING: _TALK_AGAIN,
    State.OTHER_PRODUCT: _TALK_AGAIN,
    State.OTHER_ZONE: _TALK_AGAIN,
}


def unit_words(unit: str) -> str:
    """Return the name of a unit."""
    return str(Unit(unit).label)


def zone_class_words(zone_class: str) -> str:
    """Return the name of a part of the body."""
    return str(ZoneClassName(zone_class).label)


def where_line(classes: Iterable[ZoneClass]) -> str:
    """Return the line of a text about the parts of the body that it is for, "" for all."""
    known = set(classes)
    names = [zone_class_words(one) for one in ZoneClass if one in known]
    if not names:
        return ""
    return _("What is treated: %(parts)s.") % {"parts": "; ".join(names)}


def state_sentence(finding: Finding) -> str:
    """Return for a clinician why a unit stands or not, in a sentence or two."""
    return _filled(_SENTENCES[finding.state])


def _filled(sentence: str | Promise) -> str:
    return str(sentence) % {"months": MONTHS_VALID, "break": MONTHS_OF_BREAK}


def open_words(standing: Standing) -> str:
    """Say for everybody what a session waits for, and who may take it: no word about health."""
    reasons = " ".join(
        f"{unit_words(finding.asked.unit)}: {_filled(_FOR_EVERYBODY[finding.state])}"
        for finding in standing.missing
    )
    return _(
        "Consent is open. %(reasons)s A clinician takes it with the patient before treatment starts."
    ) % {"reasons": reasons}


def open_reasons(standing: Standing) -> list[str]:
    """Return for a clinician what a session waits for, a unit that was never signed left out."""
    return [
        f"{unit_words(finding.asked.unit)}: {state_sentence(finding)}"
        for finding in standing.missing
        if finding.state is not State.MISSING
    ]


def reflection_words(reflection: Reflection, zone: tzinfo) -> str:
    """Say for everybody until when the first session waits, on the clock of `zone`."""
    if reflection.ends_at is None:
        return _("Time to reflect begins when a clinician has explained the treatment.")
    with timezone.override(zone):
        return _("Time to reflect until %(day)s, %(time)s.") % {
            "day": date_long(reflection.ends_at),
            "time": wall_time(reflection.ends_at),
        }


def too_early_words(reflection: Reflection, zone: tzinfo) -> str:
    """Say why the first session cannot begin yet, and who can decide otherwise."""
    return _("%(until)s A prescriber can sign that the first session begins earlier.") % {
        "until": reflection_words(reflection, zone)
    }
