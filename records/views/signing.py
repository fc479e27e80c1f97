"""The last step: a summary, what is missing, and the signature."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from meso_clinic.core.templatetags.clinic_format import wall_time
from records.actions import deviations, drafts, signing
from records.domain.problems import Lack, Problem, Step
from records.domain.readiness import delivery_days, missing_to_sign
from records.forms.signing import DeviationForm, SignForm
from records.models import SessionRecord
from records.record_words import blood_words, preparation_words, vitals_words
from records.selectors import drafts as selectors
from records.selectors.lot_past import deviations_of, put_aside_lots
from records.views.findings import findings
from records.views.pages import refusal_words, turned_away
from records.views.record_page import RecordPage, load_page
from records.wording import problem_line
from sessions.actions.delivery import DeliveryRefused
from sessions.actions.status import StatusRefused
from sessions.selectors.chain import next_to_book


@require_POST
@requires(Right.WRITE_RECORD)
def record_deviation(request: ClinicRequest, pk: int) -> HttpResponse:
    page = load_page(pk)
    if page.record is None:
        raise Http404
    if away := turned_away(request, page, Step.SIGN):
        return away
    form = DeviationForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            deviations.keep_deviation(
                record=page.record, by=request.user, at=page.now, **form.cleaned_data
            )
        except drafts.RecordIsSigned:
            return redirect("records:record-detail", pk)
        except drafts.RecordChangedMeanwhile:
            page, status = load_page(pk), 409
        except (deviations.DeviationRefused, drafts.CannotRecord) as refused:
            form.add_error(None, refusal_words(refused))
        else:
            toast(request, _("The reason is kept. The record can be signed."))
            return redirect("records:record-sign", pk)
    reasons = DeviationForm(initial={"version": page.version, "reason": form["reason"].value()})
    reasons = form if form.errors else reasons
    sign = _form(request, page, is_posted=False)
    return _show(
        request, page, sign, status=status, is_conflict=status == 409, deviation_form=reasons
    )


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def record_sign(request: ClinicRequest, pk: int) -> HttpResponse:
    page = load_page(pk)
    if away := turned_away(request, page, Step.SIGN):
        return away
    assert page.record is not None
    form = _form(request, page)
    if not form.is_valid():
        return _show(request, page, form, status=422 if form.is_bound else 200)
    try:
        signing.sign_record(
            record=page.record,
            password=form.cleaned_data["password"],
            version=form.cleaned_data["version"],
            delivered_on=form.cleaned_data["delivered_on"],
            late_reason=form.late_reason,
            by=request.user,
            at=page.now,
        )
    except drafts.RecordIsSigned:
        return redirect("records:record-detail", pk)
    except drafts.RecordChangedMeanwhile:
        fresh = load_page(pk)
        form.take_version(fresh.version)
        return _show(request, fresh, form, status=409, is_conflict=True)
    except _REFUSALS as refused:
        _explain(form, refused)
        asks = isinstance(refused, DeliveryRefused) and refused.needs_reason
        return _show(request, page, form, status=422, asks_late_reason=asks)
    toast(request, _("Signed %(time)s.") % {"time": wall_time(page.now)})
    following = next_to_book(page.session.course)
    if following:
        return redirect("sessions:session-book", following.pk)
    return redirect("records:record-detail", pk)


_REFUSALS = (
    signing.TooManyTries,
    signing.WrongPassword,
    signing.NotReadyToSign,
    drafts.CannotRecord,
    DeliveryRefused,
    StatusRefused,
)


def _form(request: ClinicRequest, page: RecordPage, *, is_posted: bool = True) -> SignForm:
    booked_on = selectors.booked_day(page.session) or page.today
    days = delivery_days(today=page.today, booked_on=booked_on)
    return SignForm(
        (request.POST or None) if is_posted else None,
        days=days,
        has_pin=request.user.has_signing_pin,
        initial={"version": page.version, "delivered_on": _begun_on(page, days).isoformat()},
    )


def _begun_on(page: RecordPage, days: Sequence[date]) -> date:
    """Return the day to propose: the one on which the record was begun, if it may be signed for it."""
    assert page.record is not None
    begun_on = page.record.opened_at.astimezone(page.session.course.site.zone).date()
    return begun_on if begun_on in days else days[0]


def _day_of(form: SignForm) -> date:
    """Return the day that the form says, as chosen or else as proposed."""
    chosen = form["delivered_on"].value()
    days = {code for code, _label in form.fields["delivered_on"].choices}  # type: ignore[attr-defined]
    said = chosen if chosen in days else form.initial["delivered_on"]
    return date.fromisoformat(said)


def _explain(form: SignForm, refused: Exception) -> None:
    if isinstance(refused, signing.TooManyTries | signing.WrongPassword):
        form.refuse_signer(refused)
    elif isinstance(refused, signing.NotReadyToSign):
        count = len(refused.problems)
        form.add_error(
            None,
            ngettext(
                "%(count)s thing is missing. Complete it, then sign.",
                "%(count)s things are missing. Complete them, then sign.",
                count,
            )
            % {"count": count},
        )
    else:
        form.add_error(None, refusal_words(refused))


def _show(
    request: ClinicRequest,
    page: RecordPage,
    form: SignForm,
    *,
    status: int,
    is_conflict: bool = False,
    asks_late_reason: bool = False,
    deviation_form: DeviationForm | None = None,
) -> HttpResponse:
    record = page.record
    assert record is not None
    put_aside = put_aside_lots(record)
    context = page.context(
        Step.SIGN,
        form=form,
        is_conflict=is_conflict,
        asks_late_reason=asks_late_reason or bool(request.POST.get("late_code")),
        problems=[
            (problem_line(problem), _place(page, problem))
            for problem in missing_to_sign(page.facts, delivered_on=_day_of(form))
        ],
        put_aside=put_aside,
        asks_deviation=any(one.deviation is None for one in put_aside),
        deviation_form=deviation_form or DeviationForm(initial={"version": page.version}),
        **findings(page),
        **record_values(record, page),
    )
    return render(request, "records/record_sign.html", context, status=status)


def _place(page: RecordPage, problem: Problem) -> str:
    """Return where `problem` is put right: in its step, or further down this page."""
    return "#put-aside" if problem.lack is Lack.LOT_PUT_ASIDE else page.step_url(problem.step)


def record_values(record: SessionRecord, page: RecordPage) -> dict[str, Any]:
    """Return the values of a record for reading: checks, anaesthesia, zones, totals."""
    return {
        "checks": selectors.answered_checks(record),
        "anaesthesia": selectors.anaesthesia_of(record),
        "zones": selectors.treated_zones(record),
        "deviations": deviations_of(record),
        "facts": page.facts,
        "vitals": vitals_words(record),
        "preparation": preparation_words(record),
        "blood": blood_words(record),
    }
