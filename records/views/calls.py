"""A call after a session: what to ask, and what came of it."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from patients.page import alerts
from records.actions.calls import CallRefused, note_call
from records.call_words import ASKED_FOR, TIME_WORDS, call_line
from records.domain.calls import Answer, CallTime
from records.forms.calls import CallForm
from records.selectors.calls import calls_after
from records.selectors.drafts import session_for_record
from sessions.models import TreatmentSession


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CLINICAL)
def aftercare_call(request: ClinicRequest, pk: int, time: str) -> HttpResponse:
    session = get_object_or_404(session_for_record(pk), status=TreatmentSession.Status.DONE)
    if time not in list(CallTime):
        raise Http404
    patient = session.course.patient
    empty = CallForm(initial={"patient": patient.pk})
    if request.method == "GET":
        return _page(request, session, CallTime(time), empty)
    if request.POST.get("patient") != str(patient.pk):
        problem = _("This form was made for another patient. Nothing was stored.")
        return _page(request, session, CallTime(time), empty, status=409, problem=problem)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, session, CallTime(time), form, status=422)
    answer = form.cleaned_data["answer"]
    try:
        note_call(
            session=session,
            time=CallTime(time),
            answer=answer,
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        )
    except (CallRefused, ValidationError) as refused:
        messages = refused.messages if isinstance(refused, ValidationError) else [refused.problem]
        for sentence in messages:
            form.add_error(None, sentence)
        return _page(request, session, CallTime(time), form, status=422)
    if answer == Answer.SYMPTOMS:
        toast(request, _("The call is noted. Report what was found."))
        report = reverse("records:reaction-report", args=[patient.pk])
        return redirect_page(request, f"{report}?{urlencode({'session': session.pk})}")
    toast(request, _("The call is noted."))
    return redirect_page(request, "sessions:follow-ups")


def _page(
    request: ClinicRequest,
    session: TreatmentSession,
    time: CallTime,
    form: CallForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        "session": session,
        "course": session.course,
        "patient": session.course.patient,
        "alerts": alerts(request, session.course.patient),
        "time": time.value,
        "when": TIME_WORDS[time],
        "ask": ASKED_FOR[time],
        "calls": [
            (TIME_WORDS[CallTime(call.time)], call_line(call)) for call in calls_after(session)
        ],
        "form": form,
        "problem": problem,
    }
    return render(request, "records/aftercare_call.html", context, status=status)
