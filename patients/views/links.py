"""A patient answers the health questions at home, by a one-time link: that form, nothing else, once."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meso_clinic.core.access import public, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast, toast_problem
from meso_clinic.core.roles import Right
from patients.actions import ScreeningIncomplete, ScreeningRefused
from patients.actions_links import (
    LINK_LIFE,
    LinkEnded,
    answer_link,
    make_link,
    open_link,
    withdraw_link,
)
from patients.domain.screening import Part, is_asked
from patients.forms.screening import BirthDateForm, LinkForm, Questionnaire
from patients.models import Patient, Screening, ScreeningLink, ScreeningQuestion
from patients.page import alerts
from patients.views.screening import CHANGED

_OPENED: Final = "screening_link"
_SENT: Final = "screening_link_sent"
# How long a form stays open on a device that may be somebody else's.
OPEN_FOR: Final = timedelta(hours=2)


@require_http_methods(["GET", "POST"])
@requires(Right.HAND_OVER)
def link_make(request: ClinicRequest, pk: int) -> HttpResponse:
    """Choose the questions, then show the new link, which is kept nowhere."""
    patient = get_object_or_404(Patient, pk=pk)
    if request.method == "GET":
        return _make_page(request, patient, _link_form(patient))
    if request.POST.get("patient") != str(pk):
        problem = _("This form was made for another patient. No link was made.")
        return _make_page(request, patient, _link_form(patient), status=409, problem=problem)
    form = _link_form(patient, request.POST)
    if form.is_valid() and not _questions(Part(form.cleaned_data["part"])):
        form.add_error("part", _("None of these questions is asked at this clinic now."))
    if not form.is_valid():
        return _make_page(request, patient, form, status=422)
    at = timezone.now()
    token = make_link(patient=patient, part=form.cleaned_data["part"], by=request.user, at=at)
    context = {
        "patient": patient,
        "alerts": alerts(request, patient),
        "link": request.build_absolute_uri(reverse("patients:screening-link", args=[token])),
        "expires_at": at + LINK_LIFE,
    }
    return render(request, "patients/screening_link_made.html", context)


@require_POST
@requires(Right.HAND_OVER)
def link_withdraw(request: ClinicRequest, pk: int, link_pk: int) -> HttpResponse:
    link = get_object_or_404(ScreeningLink, pk=link_pk, patient_id=pk)
    try:
        withdraw_link(link=link, by=request.user, at=timezone.now())
    except LinkEnded:
        toast_problem(request, _("This link had ended already."))
    else:
        toast(request, _("The link is withdrawn."))
    return redirect_page(request, "patients:screening-link-make", pk)


@require_http_methods(["GET", "POST"])
@public
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the date of birth, then the questions; a link that has ended says so and no more."""
    at = timezone.now()
    links = ScreeningLink.objects.with_token(token).select_related("patient", "made_by")
    link = links.first()
    if link is not None and request.session.get(_SENT) == link.pk:
        return _answer(request, "patients/screening_link_thanks.html", {})
    if link is None or not links.usable(at).exists():
        return _ended(request)
    try:
        if not _is_open(request, link, at):
            return _ask_birth_date(request, link, at)
        return _fill(request, link, at)
    except LinkEnded:
        return _ended(request)


def _ask_birth_date(request: HttpRequest, link: ScreeningLink, at: datetime) -> HttpResponse:
    form = BirthDateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        link = open_link(link=link, born_on=form.cleaned_data["born_on"], at=at)
        if link.ended_at is not None:
            return _ended(request)
        if link.opened_at == at:
            # A session that somebody else may have begun is not the one that was opened.
            request.session.cycle_key()
            request.session[_OPENED] = [link.pk, at.isoformat()]
            return redirect_page(request, request.path)
        form.add_error("born_on", _wrong_words(link))
    context = {"form": form}
    status = 422 if form.is_bound else 200
    return _answer(request, "patients/screening_link_open.html", context, status=status)


def _wrong_words(link: ScreeningLink) -> str:
    return ngettext(
        "This is not the date of birth that the clinic has. %(n)s try is left.",
        "This is not the date of birth that the clinic has. %(n)s tries are left.",
        link.tries_left,
    ) % {"n": link.tries_left}


def _is_open(request: HttpRequest, link: ScreeningLink, at: datetime) -> bool:
    """Whether the date of birth was given in this very browser, not long ago."""
    pk, opened = request.session.get(_OPENED) or (0, "")
    return pk == link.pk and at - datetime.fromisoformat(opened) < OPEN_FOR


def _fill(request: HttpRequest, link: ScreeningLink, at: datetime) -> HttpResponse:
    if request.method == "GET":
        return _show(request, _asked(link))
    asked = _asked(link, request.POST)
    if request.POST.get("patient") != str(link.patient_id) or not asked.head.is_valid():
        return _show(request, _asked(link), status=409, problem=str(CHANGED))
    if request.POST.get("shown") != asked.head["shown"].initial:
        return _changed(request, link)
    if not asked.is_valid():
        return _show(request, asked, status=422)
    try:
        answer_link(link=link, answers=asked.answers, at=at)
    except (ScreeningIncomplete, ScreeningRefused):
        return _changed(request, link)
    del request.session[_OPENED]
    request.session[_SENT] = link.pk
    return redirect_page(request, request.path)


def _changed(request: HttpRequest, link: ScreeningLink) -> HttpResponse:
    asked = _asked(link).as_typed(request.POST)
    return _show(request, asked, status=409, problem=str(CHANGED))


def _asked(link: ScreeningLink, posted: QueryDict | None = None) -> Questionnaire:
    return Questionnaire(
        patient=link.patient,
        part=Part(link.part),
        questions=_questions(Part(link.part)),
        last={},
        posted=posted,
        key=uuid4(),
        is_by_patient=True,
    )


def _questions(part: Part) -> list[ScreeningQuestion]:
    return [
        question
        for question in ScreeningQuestion.objects.in_use()
        if is_asked(question.facts, part, is_by_patient=True)
    ]


def _show(
    request: HttpRequest, asked: Questionnaire, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "patient": asked.patient,
        "asked": asked,
        "problem": problem,
        "errors": asked.errors,
    }
    return _answer(request, "patients/screening_link_fill.html", context, status=status)


def _ended(request: HttpRequest) -> HttpResponse:
    """Answer 404: a link that has ended and one that never was look the same."""
    return _answer(request, "patients/screening_link_ended.html", {}, status=404)


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a page that no cache, no search engine and no other site learns of."""
    answer = render(request, template, context, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Without any referrer a browser sends no origin either, and no form would be taken.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _link_form(patient: Patient, posted: QueryDict | None = None) -> LinkForm:
    was_asked = patient.screenings.filter(part=Screening.Part.FULL).exists()
    part = Part.SHORT if was_asked else Part.FULL
    return LinkForm(posted, initial={"part": part, "patient": patient.pk})


def _make_page(
    request: ClinicRequest,
    patient: Patient,
    form: LinkForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    links = patient.screening_links.select_related("made_by")
    context = {
        "patient": patient,
        "alerts": alerts(request, patient),
        "form": form,
        "problem": problem,
        "live": links.usable(timezone.now()).first(),
        "past": links.exclude(ended_at=None).order_by("-made_at", "-pk")[:5],
        "days": LINK_LIFE.days,
    }
    return render(request, "patients/screening_link_make.html", context, status=status)
