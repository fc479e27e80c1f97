"""A patient's reactions: the list, reporting one, and what is learned of it later."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.forms import ClinicForm
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from patients.models import Patient
from patients.page import alerts, patient_head
from records.actions import holds
from records.actions.reactions import (
    ReactionChangedMeanwhile,
    ReactionRefused,
    report_reaction,
    update_reaction,
)
from records.domain.photos import View, areas_for, views_of
from records.domain.reaction_kinds import REACTION_KINDS
from records.domain.reactions import next_look
from records.forms.photos import ReactionPhotoForm
from records.forms.reactions import LiftForm, NewsForm, ReportForm
from records.models import AdverseEvent
from records.photo_words import consent_problem
from records.reaction_words import look_words
from records.selectors import reactions as selectors
from records.selectors.bars import allergens_to_note
from records.selectors.photos import read_photo_consent
from treatments.actions.courses import CourseRefused
from treatments.models import TreatmentCourse

_FOR_ANOTHER = "This form was made for another patient. Nothing was stored."


@require_GET
@requires(Right.SEE_CLINICAL)
def reaction_list(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient.objects.with_live_allergies(), pk=patient_pk)
    context = {
        **patient_head(request, patient, tab="records:reaction-list"),
        "events": selectors.reactions_of(patient),
        "held": selectors.held_courses(patient),
    }
    return render(request, "records/reaction_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def reaction_report(request: ClinicRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_pk)
    if request.method == "GET":
        return _report_page(request, patient, _new_form(request, patient))
    if request.POST.get("patient") != str(patient.pk):
        form = _new_form(request, patient)
        return _report_page(request, patient, form, status=409, problem=_(_FOR_ANOTHER))
    form = ReportForm(request.POST, of=patient)
    if not form.is_valid():
        return _report_page(request, patient, form, status=422)
    try:
        event = report_reaction(
            report=form.report, key=form.cleaned_data["key"], by=request.user, at=timezone.now()
        )
    except (ReactionRefused, ValidationError) as refused:
        _explain(form, refused)
        return _report_page(request, patient, form, status=422)
    toast(
        request,
        _("The reaction is reported. Its course is on clinical hold.")
        if event.is_red_flag
        else _("The reaction is reported."),
    )
    return redirect_page(
        request, safe_next(request, reverse("records:reaction-detail", args=[event.pk]))
    )


@require_GET
@requires(Right.SEE_CLINICAL)
def reaction_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    event = reaction_or_404(pk)
    return detail_page(request, event, news_form(event))


@require_POST
@requires(Right.EDIT_CLINICAL)
def reaction_update(request: ClinicRequest, pk: int) -> HttpResponse:
    event = reaction_or_404(pk)
    if request.POST.get("patient") != str(event.patient_id):
        return detail_page(request, event, news_form(event), status=409, problem=_(_FOR_ANOTHER))
    form = NewsForm(request.POST, kind=event.facts)
    if not form.is_valid():
        return detail_page(request, event, form, status=422)
    try:
        update_reaction(
            event=event,
            seen=form.cleaned_data["seen"],
            news=form.news,
            by=request.user,
            at=timezone.now(),
        )
    except ReactionChangedMeanwhile:
        form.take_seen(event.last_number)
        problem = _(
            "Somebody else added to this reaction. Read it above; what you typed is still here."
        )
        return detail_page(request, event, form, status=409, problem=problem)
    except (ReactionRefused, ValidationError) as refused:
        _explain(form, refused)
        return detail_page(request, event, form, status=422)
    toast(request, _("It is added."))
    return redirect_page(request, "records:reaction-detail", pk)


@require_http_methods(["GET", "POST"])
@requires(Right.DECIDE_COURSE)
def hold_lift(request: ClinicRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)
    if request.method == "GET":
        return _lift_page(request, course, LiftForm(initial={"patient": course.patient_id}))
    if request.POST.get("patient") != str(course.patient_id):
        form = LiftForm(initial={"patient": course.patient_id})
        return _lift_page(request, course, form, status=409, problem=_(_FOR_ANOTHER))
    form = LiftForm(request.POST)
    if form.is_valid():
        try:
            holds.lift_hold(
                course=course,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except CourseRefused as refused:
            form.add_error(None, refused.problem)
        else:
            toast(request, _("The clinical hold is lifted."))
            return redirect_page(request, "sessions:course-detail", pk)
    return _lift_page(request, course, form, status=422)


def _new_form(request: ClinicRequest, patient: Patient) -> ReportForm:
    """Return an empty form, with the session or course that the link names."""
    asked = {name: request.GET.get(name, "") for name in ("session", "course")}
    named = next((f"{name}-{value}" for name, value in asked.items() if value), "")
    initial = {
        "key": uuid4(),
        "patient": patient.pk,
        "treatment": named,
        "source": AdverseEvent.Source.SEEN,
        "relatedness": AdverseEvent.Relatedness.POSSIBLE,
        "outcome": "ONGOING",
        "onset_on": timezone.localdate(),
    }
    return ReportForm(initial=initial, of=patient)


def news_form(event: AdverseEvent) -> NewsForm:
    """Return a form that begins with what is known now."""
    state = event.state
    return NewsForm(
        kind=event.facts,
        initial={
            "grade": state.grade,
            "outcome": state.outcome.value,
            "resolved_on": event.over_on,
            "follow_up_on": state.follow_up_on,
            "seen": event.last_number,
            "patient": event.patient_id,
        },
    )


def new_photo_form(event: AdverseEvent) -> ReactionPhotoForm:
    """Return an empty form for a photo of the reaction."""
    initial = {"patient": event.patient_id, "key": uuid4()}
    return ReactionPhotoForm(initial=initial, views=photo_views(event))


def photo_views(event: AdverseEvent) -> list[View]:
    """Return the views that a photo of the reaction may show: those of its treatment."""
    slug = event.course.indication.slug
    return [view for area in areas_for(slug) for views in views_of(area, slug) for view in views]


def _explain(form: ClinicForm, refused: ReactionRefused | ValidationError) -> None:
    if isinstance(refused, ValidationError):
        for sentence in refused.messages:
            form.add_error(None, sentence)
        return
    for field, sentence in refused.problems:
        form.add_error(field if field in form.fields else None, sentence)


def reaction_or_404(pk: int) -> AdverseEvent:
    """Return the reaction as it is now, or answer 404."""
    return get_object_or_404(AdverseEvent.objects.with_state().with_people(), pk=pk)


def _report_page(
    request: ClinicRequest,
    patient: Patient,
    form: ReportForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        "patient": patient,
        "alerts": alerts(request, patient),
        "form": form,
        "problem": problem,
        "kinds": REACTION_KINDS,
        "has_treatment": patient.courses.exists(),
        "back_url": safe_next(request, reverse("records:reaction-list", args=[patient.pk])),
        "next": safe_next(request, ""),
    }
    return render(request, "records/reaction_report.html", context, status=status)


def detail_page(
    request: ClinicRequest,
    event: AdverseEvent,
    form: NewsForm,
    *,
    photo_form: ReactionPhotoForm | None = None,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    """Draw the page of a reaction, with what is wrong."""
    now = timezone.now()
    look = next_look(event.facts, event.state, now=now, zone=event.course.site.zone)
    context: dict[str, Any] = {
        "event": event,
        "state": event.state,
        "look": look_words(look, now=now, zone=event.course.site.zone) if look else "",
        "patient": event.patient,
        "alerts": alerts(request, event.patient),
        "updates": selectors.updates_of(event),
        "to_note": allergens_to_note(event) if event.facts.is_allergy else [],
        "photos": selectors.photos_of(event),
        "photo_problem": consent_problem(read_photo_consent(event.course, at=now)),
        "photo_form": photo_form or new_photo_form(event),
        "form": form,
        "problem": problem,
    }
    return render(request, "records/reaction_detail.html", context, status=status)


def _lift_page(
    request: ClinicRequest,
    course: TreatmentCourse,
    form: LiftForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    stopping = selectors.stopping_reactions(course.patient_id)
    context = {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
        "form": form,
        "problem": problem,
        "open_events": [event for event in stopping if event.course_id == course.pk],
        "lifts": course.hold_lifts.select_related("by").order_by("-at", "-pk"),
    }
    return render(request, "records/hold_lift.html", context, status=status)
