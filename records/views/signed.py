"""A signed record, to be read, and the notes added to it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from patients.page import alerts
from records.actions.signing import amend_record
from records.domain.problems import Step
from records.forms.signing import AmendForm
from records.selectors import drafts as selectors
from records.views.record_page import load_page
from records.views.signing import record_values


@require_GET
@requires(Right.SEE_CLINICAL)
def record_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    page = load_page(pk)
    if page.record is None:
        raise Http404
    if not page.record.is_signed:
        return redirect(page.step_url(Step.CHECKS))
    context = {
        "session": page.session,
        "course": page.session.course,
        "patient": page.session.course.patient,
        "alerts": alerts(request, page.session.course.patient),
        "record": page.record,
        "amendments": selectors.amendments(page.record),
        **record_values(page.record, page),
    }
    return render(request, "records/record_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def record_amend(request: ClinicRequest, pk: int) -> HttpResponse:
    page = load_page(pk)
    if page.record is None:
        raise Http404
    if not page.record.is_signed:
        return redirect(page.step_url(Step.CHECKS))
    form = AmendForm(request.POST or None)
    if form.is_valid():
        amend_record(record=page.record, by=request.user, at=page.now, **form.cleaned_data)
        toast(request, _("Note added."))
        return redirect("records:record-detail", pk)
    context = {
        "session": page.session,
        "course": page.session.course,
        "patient": page.session.course.patient,
        "alerts": alerts(request, page.session.course.patient),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "records/record_amend.html", context, status=status)
