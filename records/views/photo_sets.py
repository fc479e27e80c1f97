"""The page of one set of photos: of a session, or the follow-up photos of today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeAlias
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from records.actions.drafts import RECORDABLE
from records.actions.photos import PhotoRefused, Shot, add_photos, decline_photos
from records.domain.photos import VIEWS, Area, TileState, View, areas_for, views_of
from records.forms.photos import DeclineForm, PhotoSetForm, TileForm, nothing_chosen
from records.photo_words import AREA_NAMES, baseline_problem, checklist, consent_problem
from records.selectors import photos as selectors
from records.selectors.photos import CoursePhotos, Tile, is_over
from records.views.photos import course_or_404, in_its_zone, other_patient, page_head
from sessions.models import TreatmentSession
from treatments.models import TreatmentCourse

LONGEST_DEVICE = 200

# The preview of a photo that was just taken is a picture of the browser's own making.
_View: TypeAlias = Callable[..., HttpResponseBase]
_with_previews: Callable[[_View], _View] = csp_update({"img-src": ["blob:"]})


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
@_with_previews
def session_photos(request: ClinicRequest, pk: int) -> HttpResponse:
    return _answer(request, _of_session(request, pk))


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
@_with_previews
def follow_up_photos(request: ClinicRequest, course_pk: int) -> HttpResponse:
    course = course_or_404(course_pk)
    return _answer(request, _Set(request, course, None, timezone.now()))


@require_POST
@requires(Right.WRITE_RECORD)
@_with_previews
def photos_decline(request: ClinicRequest, pk: int) -> HttpResponse:
    """Keep why views of a session are not photographed."""
    own = _of_session(request, pk)
    assert own.session is not None
    form = DeclineForm(request.POST, views=own.asked)
    if request.POST.get("decline-patient") != str(own.course.patient_id):
        return own.page(problem=other_patient(), status=409)
    if not form.is_valid():
        return own.page(decline=form, status=422)
    try:
        decline_photos(
            session=own.session,
            views=form.cleaned_data["views"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=own.now,
        )
    except PhotoRefused as refused:
        return own.page(problem=refused.problem, status=409)
    toast(request, _("The reason is kept."))
    return redirect(own.url)


@dataclass(frozen=True)
class _Set:
    """The set that a request is about: of `session`, or (None) the follow-up photos of today."""

    request: ClinicRequest
    course: TreatmentCourse
    session: TreatmentSession | None
    now: datetime

    @property
    def areas(self) -> tuple[Area, ...]:
        return areas_for(self.course.indication.slug)

    @property
    def area(self) -> Area:
        """The area that was asked for, the usual one if it was none of them."""
        asked = self.request.GET.get("area")
        return next((one for one in self.areas if one == asked), self.areas[0])

    @property
    def asked(self) -> tuple[View, ...]:
        return views_of(self.area, self.course.indication.slug)[0]

    @property
    def path(self) -> str:
        if self.session is None:
            return reverse("records:follow-up-photos", args=[self.course.pk])
        return reverse("records:session-photos", args=[self.session.pk])

    @property
    def url(self) -> str:
        return f"{self.path}?area={self.area}"

    @property
    def record_url(self) -> str:
        """The record that is being written, "" if the patient is not here."""
        if self.session is None or self.session.status not in RECORDABLE:
            return ""
        return reverse("records:record-step", args=[self.session.pk, "checks"])

    @cached_property
    def found(self) -> CoursePhotos:
        return selectors.course_photos(self.course)

    def page(
        self,
        *,
        forms: dict[str, TileForm] | None = None,
        decline: DeclineForm | None = None,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Draw the set anew, with what is wrong."""
        today = self.now.astimezone(self.course.site.zone).date()
        tiles = selectors.tiles(self.found, self.session, self.area, today=today)
        consent = selectors.read_photo_consent(self.course, at=self.now)
        initial = {"key": uuid4(), "patient": self.course.patient_id}
        missing = [one.view for one in tiles if one.is_asked and one.state is TileState.MISSING]
        context = {
            **page_head(self.request, self.course),
            "session": self.session,
            "set": self,
            "area_name": AREA_NAMES[self.area],
            "areas": [(area, AREA_NAMES[area], area is self.area) for area in self.areas],
            "tiles": [_drawn(tile, forms) for tile in tiles],
            "has_more": not all(tile.is_asked for tile in tiles),
            "form": PhotoSetForm(initial=initial),
            "decline_form": decline or DeclineForm(views=missing, initial=initial),
            "can_decline": self.session is not None and bool(missing),
            "is_over": is_over(self.course, self.session, today),
            "consent_problem": consent_problem(consent),
            "baseline_problem": "" if consent.is_refused else self._baseline(),
            "problem": problem,
            "errors": _errors(forms),
            "checklist": checklist(),
        }
        with in_its_zone(self.course):
            return render(self.request, "records/photos_set.html", context, status=status)

    def _baseline(self) -> str:
        """Return what is missing from before session 1, on the page of that session."""
        if self.session is None or self.session.number != 1:
            return ""
        return baseline_problem(selectors.baseline(self.found, self.session))


def _drawn(tile: Tile, forms: dict[str, TileForm] | None) -> tuple[Tile, TileForm]:
    """Return a tile with its form: the one that was sent, so that it says what was wrong."""
    return tile, (forms or {}).get(tile.view.code) or TileForm(view=tile.view)


def _errors(forms: dict[str, TileForm] | None) -> list[tuple[str, TileForm]]:
    sent = (forms or {}).values()
    return [(str(form.errors["picture"][0]), form) for form in sent if form.errors]


def _of_session(request: ClinicRequest, pk: int) -> _Set:
    session = get_object_or_404(TreatmentSession, pk=pk)
    session.course = course_or_404(session.course_id)
    return _Set(request, session.course, session, timezone.now())


def _answer(request: ClinicRequest, own: _Set) -> HttpResponse:
    if request.method != "POST":
        return own.page()
    if request.POST.get("patient") != str(own.course.patient_id):
        return own.page(problem=other_patient(), status=409)
    form = PhotoSetForm(request.POST)
    if not form.is_valid():
        return own.page(problem=_("This form is not complete. Try again."), status=422)
    forms = {
        view.code: TileForm(request.POST, request.FILES, view=view)
        for view in VIEWS
        if view.area in own.areas and f"{view.code}-picture" in request.FILES
    }
    # What is good is kept at once: a file cannot be put back into a form that is shown again.
    shots = [Shot(code, one.shot) for code, one in forms.items() if one.is_valid() and one.shot]
    return _keep(request, own, form.cleaned_data["key"], forms, shots)


def _keep(
    request: ClinicRequest, own: _Set, key: UUID, forms: dict[str, TileForm], shots: list[Shot]
) -> HttpResponse:
    problem = "" if forms else nothing_chosen()
    try:
        if shots:
            add_photos(
                course=own.course,
                session=own.session,
                shots=shots,
                device=device_of(request),
                key=key,
                by=request.user,
                at=own.now,
            )
            toast(request, _kept_words(len(shots)))
    except PhotoRefused as refused:
        return own.page(forms=forms, problem=refused.problem, status=409)
    if problem or _errors(forms):
        return own.page(forms=forms, problem=problem, status=422)
    return redirect(own.url)


def _kept_words(number: int) -> str:
    return ngettext("1 photo is kept.", "%(number)s photos are kept.", number) % {"number": number}


def device_of(request: ClinicRequest) -> str:
    """Return what the browser says it is, as far as it can be kept as words."""
    words = request.headers.get("User-Agent", "")
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_DEVICE]
