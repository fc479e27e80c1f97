"""The pages of photos: of a course, of one set, of one photo, and two side by side."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from patients.page import alerts
from records.actions.photos import (
    PhotoRefused,
    Shot,
    add_photos,
    decline_photos,
    withdraw_photo,
)
from records.domain.photos import BY_CODE, VIEWS, Area, TileState, View, areas_for
from records.forms.photos import (
    CompareForm,
    DeclineForm,
    PhotoSetForm,
    TileForm,
    WithdrawForm,
    nothing_chosen,
)
from records.photo_words import (
    AREA_NAMES,
    baseline_problem,
    checklist,
    consent_problem,
    photo_name,
)
from records.selectors import photos as selectors
from records.selectors.photos import CoursePhotos, PhotoConsent
from sessions.models import TreatmentSession
from treatments.models import TreatmentCourse

LONGEST_DEVICE = 200

# The preview of a photo that was just taken is a picture of the browser's own making.
_View: TypeAlias = Callable[..., HttpResponseBase]
_with_previews: Callable[[_View], _View] = csp_update({"img-src": ["blob:"]})


@require_GET
@requires(Right.SEE_CLINICAL)
def course_photos_page(request: ClinicRequest, course_pk: int) -> HttpResponse:
    course, now = _course(course_pk), timezone.now()
    found = selectors.course_photos(course)
    sessions = list(course.sessions.order_by("number"))
    first = next((session for session in sessions if session.number == 1), None)
    consent = selectors.read_photo_consent(course, at=now)
    sets = [one for one in selectors.photo_sets(found, sessions) if one.coverage.is_begun]
    context = {
        **_head(request, course),
        "sets": [(one, found.declined(one.session).values()) for one in reversed(sets)],
        "consent": consent,
        "consent_problem": consent_problem(consent),
        "baseline_problem": "" if consent.is_refused else _baseline(found, first),
        "next_session": _next_session(course, sessions),
        "can_compare": bool(selectors.photos_by_view(found)),
    }
    with _zone(course):
        return render(request, "records/photos_course.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
@_with_previews
def session_photos(request: ClinicRequest, pk: int) -> HttpResponse:
    session = _session(pk)
    return _set_page(request, _Set(session.course, session, request.GET.get("area", "")))


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
@_with_previews
def follow_up_photos(request: ClinicRequest, course_pk: int) -> HttpResponse:
    return _set_page(request, _Set(_course(course_pk), None, request.GET.get("area", "")))


@require_POST
@requires(Right.WRITE_RECORD)
@_with_previews
def photos_decline(request: ClinicRequest, pk: int) -> HttpResponse:
    """Keep why views of a session are not photographed."""
    session = _session(pk)
    own = _Set(session.course, session, request.GET.get("area", ""))
    form = DeclineForm(request.POST, views=VIEWS)
    if request.POST.get("decline-patient") != str(own.course.patient_id):
        return own.page(request, problem=_other_patient(), status=409)
    if not form.is_valid():
        return own.page(request, decline=form, status=422)
    try:
        decline_photos(
            session=session,
            views=form.cleaned_data["views"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except PhotoRefused as refused:
        return own.page(request, problem=refused.problem, status=409)
    toast(request, _("The reason is kept."))
    return redirect(own.url)


@dataclass(frozen=True, slots=True)
class _Set:
    """The set that a page is about: of a session, or (None) the follow-up photos of today."""

    course: TreatmentCourse
    session: TreatmentSession | None
    asked_area: str

    @property
    def areas(self) -> tuple[Area, ...]:
        return areas_for(self.course.indication.slug)

    @property
    def area(self) -> Area:
        """The area that was asked for, the usual one if it was none of them."""
        return next((one for one in self.areas if one == self.asked_area), self.areas[0])

    @property
    def path(self) -> str:
        if self.session is None:
            return reverse("records:follow-up-photos", args=[self.course.pk])
        return reverse("records:session-photos", args=[self.session.pk])

    @property
    def url(self) -> str:
        return f"{self.path}?area={self.area}"

    def is_over(self, today: date) -> bool:
        """Whether no photo is added any more: the session was on another day."""
        session = self.session
        if session is None:
            return False
        was_before = session.delivered_on is not None and session.delivered_on != today
        is_skipped = session.status == TreatmentSession.Status.SKIPPED
        return was_before or is_skipped or self.course.is_ended

    def page(
        self,
        request: ClinicRequest,
        *,
        forms: dict[str, TileForm] | None = None,
        decline: DeclineForm | None = None,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """Draw the set anew, with what is wrong."""
        now = timezone.now()
        today = now.astimezone(self.course.site.zone).date()
        found = selectors.course_photos(self.course)
        tiles = selectors.tiles(found, self.session, self.area, today=today)
        consent = selectors.read_photo_consent(self.course, at=now)
        open_views = [one.view for one in tiles if one.state is TileState.MISSING]
        is_first = self.session is not None and self.session.number == 1
        initial = {"key": uuid4(), "patient": self.course.patient_id}
        context = {
            **_head(request, self.course),
            "session": self.session,
            "set": self,
            "area_name": AREA_NAMES[self.area],
            "areas": [(area, AREA_NAMES[area], area is self.area) for area in self.areas],
            "tiles": [_drawn(tile, forms) for tile in tiles],
            "has_more": not all(tile.is_asked for tile in tiles),
            "form": PhotoSetForm(initial=initial),
            "decline_form": decline or DeclineForm(views=open_views, initial=initial),
            "can_decline": self.session is not None and bool(open_views),
            "is_over": self.is_over(today),
            "consent_problem": consent_problem(consent),
            "baseline_problem": _first_baseline(found, self.session, consent) if is_first else "",
            "problem": problem,
            "errors": _errors(forms),
            "checklist": checklist(),
        }
        with _zone(self.course):
            return render(request, "records/photos_set.html", context, status=status)


def _drawn(tile: selectors.Tile, forms: dict[str, TileForm] | None) -> tuple[Any, TileForm]:
    """Return a tile with its form: the one that was sent, so that it says what was wrong."""
    return tile, (forms or {}).get(tile.view.code) or TileForm(view=tile.view)


def _errors(forms: dict[str, TileForm] | None) -> list[tuple[str, TileForm]]:
    sent = (forms or {}).values()
    return [(str(form.errors["picture"][0]), form) for form in sent if form.errors]


def _set_page(request: ClinicRequest, own: _Set) -> HttpResponse:
    if request.method == "GET":
        return own.page(request)
    if request.POST.get("patient") != str(own.course.patient_id):
        return own.page(request, problem=_other_patient(), status=409)
    form = PhotoSetForm(request.POST)
    if not form.is_valid():
        return own.page(request, problem=_("This form is not complete. Try again."), status=422)
    forms = {
        view.code: _sent(request, view) for view in VIEWS if f"{view.code}-picture" in request.FILES
    }
    # What is good is kept at once: a file cannot be put back into a form that is shown again.
    shots = [Shot(code, one.shot) for code, one in forms.items() if one.is_valid() and one.shot]
    return _keep(request, own, form.cleaned_data["key"], forms, shots)


def _sent(request: ClinicRequest, view: View) -> TileForm:
    return TileForm(request.POST, request.FILES, view=view)


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
                device=_device(request),
                key=key,
                by=request.user,
                at=timezone.now(),
            )
            toast(request, _kept_words(len(shots)))
    except PhotoRefused as refused:
        return own.page(request, forms=forms, problem=refused.problem, status=409)
    if problem or _errors(forms):
        return own.page(request, forms=forms, problem=problem, status=422)
    return redirect(own.url)


def _kept_words(number: int) -> str:
    return ngettext("1 photo is kept.", "%(number)s photos are kept.", number) % {"number": number}


@require_GET
@requires(Right.SEE_CLINICAL)
def photo_detail(request: ClinicRequest, key: UUID) -> HttpResponse:
    photo = get_object_or_404(selectors.visible_photo(key))
    consent = selectors.read_photo_consent(photo.course, at=timezone.now())
    context = {
        **_head(request, photo.course),
        "photo": photo,
        "name": photo_name(photo),
        "uses": consent.uses,
    }
    with _zone(photo.course):
        return render(request, "records/photo_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def photo_withdraw(request: ClinicRequest, key: UUID) -> HttpResponse:
    photo = get_object_or_404(selectors.visible_photo(key))
    is_sent = request.method == "POST"
    initial = {"patient": photo.patient_id}
    form = WithdrawForm(request.POST if is_sent else None, initial=initial)
    status = 422 if is_sent else 200
    if is_sent and request.POST.get("patient") != str(photo.patient_id):
        form.add_error(None, _other_patient())
        status = 409
    elif form.is_valid():
        try:
            withdraw_photo(
                photo=photo,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except PhotoRefused as refused:
            form.add_error(None, refused.problem)
            status = 409
        else:
            toast(request, _("The photo is withdrawn. Nobody sees it any more."))
            return redirect("records:course-photos", photo.course_id)
    context = {
        **_head(request, photo.course),
        "photo": photo,
        "name": photo_name(photo),
        "form": form,
    }
    return render(request, "records/photo_withdraw.html", context, status=status)


@require_GET
@requires(Right.SEE_CLINICAL)
def photo_compare(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Show two photos of one view, at first the oldest and the newest."""
    course = _course(course_pk)
    by_view = selectors.photos_by_view(selectors.course_photos(course))
    view = BY_CODE.get(request.GET.get("view", ""))
    if view not in by_view:
        view = next(iter(by_view), None)
    context = {**_head(request, course), "views": by_view.keys(), "view": view}
    if view is not None:
        left, right = CompareForm(request.GET).chosen(by_view[view])
        context |= {"photos": by_view[view], "left": left, "right": right}
    with _zone(course):
        return render(request, "records/photo_compare.html", context)


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def _session(pk: int) -> TreatmentSession:
    session = get_object_or_404(TreatmentSession, pk=pk)
    session.course = _course(session.course_id)
    return session


def _head(request: ClinicRequest, course: TreatmentCourse) -> dict[str, Any]:
    return {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
    }


def _zone(course: TreatmentCourse) -> AbstractContextManager[Any]:
    return timezone.override(course.site.zone)


def _baseline(found: CoursePhotos, first: TreatmentSession | None) -> str:
    return baseline_problem(selectors.baseline(found, first))


def _first_baseline(
    found: CoursePhotos, first: TreatmentSession | None, consent: PhotoConsent
) -> str:
    return "" if consent.is_refused else _baseline(found, first)


def _next_session(
    course: TreatmentCourse, sessions: list[TreatmentSession]
) -> TreatmentSession | None:
    """Return the session that is photographed next: the first that is neither done nor skipped."""
    if course.is_ended:
        return None
    over = {TreatmentSession.Status.DONE, TreatmentSession.Status.SKIPPED}
    return next((session for session in sessions if session.status not in over), None)


def _other_patient() -> str:
    return _("This form was made for another patient. Nothing was kept.")


def _device(request: ClinicRequest) -> str:
    """Return what the browser says it is, as far as it can be kept as words."""
    words = request.headers.get("User-Agent", "")
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_DEVICE]
