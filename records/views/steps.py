"""The steps of a draft: checks, anaesthesia, injections, after-care."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from records.actions import drafts
from records.domain.record import Step
from records.forms.steps import AftercareForm, AnaesthesiaForm, ChecksForm
from records.models import Anaesthesia, SessionRecord
from records.selectors.drafts import treatment_day, usable_agents
from records.views.pages import RecordPage, answer, load_page, turned_away
from records.views.zones import injections
from treatments.selectors.screening import read_screening


@require_http_methods(["GET", "POST"])
@requires(Right.WRITE_RECORD)
def record_step(request: ClinicRequest, pk: int, step: str) -> HttpResponse:
    handler = _HANDLERS.get(step)
    if handler is None:
        raise Http404
    page = load_page(pk)
    return turned_away(request, page, Step(step)) or handler(request, page)


def checks(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = page.record
    kept = dict(page.facts.answers)
    form = ChecksForm(
        request.POST or None,
        all_clear="all_clear" in request.POST,
        initial={
            "version": page.version,
            "checks_words": record.checks_words if record else "",
            **kept,
        },
    )

    def save() -> None:
        opened = record or drafts.open_record(session=page.session, by=request.user, at=page.now)
        drafts.save_checks(
            record=opened,
            answers=form.answers,
            words=form.cleaned_data["checks_words"],
            # A record that this very save opened is at its first version.
            version=form.cleaned_data["version"] if record else 1,
            by=request.user,
            at=page.now,
        )

    then = page.step_url(Step.ANAESTHESIA)
    verdict = read_screening(page.session.course, at=page.now, is_session_day=True)
    return answer(request, page, Step.CHECKS, form, save=save, then=then, screening=verdict)


def anaesthesia(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = _draft(page)
    kept = Anaesthesia.objects.filter(record=record).first()
    initial: dict[str, object] = {"version": page.version}
    if kept:
        fields = ("kind", "agent", "dose", "applied_at")
        initial |= {name: getattr(kept, name) for name in fields} | {"lot": kept.lot_id}
    lots = usable_agents(
        treatment_day(page.session, page.today),
        also=[kept.lot_id] if kept and kept.lot_id else [],
        record=record,
    )
    form = AnaesthesiaForm(request.POST or None, initial=initial, lots=lots)

    def save() -> None:
        if not form.cleaned_data["kind"]:
            return
        drafts.save_anaesthesia(
            record=record,
            kind=form.cleaned_data["kind"],
            agent=form.cleaned_data["agent"],
            dose=form.cleaned_data["dose"],
            applied_at=form.cleaned_data["applied_at"],
            lot=form.cleaned_data["lot"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    then = _way(request, page, Step.CHECKS, Step.INJECTIONS)
    return answer(request, page, Step.ANAESTHESIA, form, save=save, then=then)


def aftercare(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = _draft(page)
    form = AftercareForm(
        request.POST or None,
        initial={
            "version": page.version,
            **AftercareForm.typed_reaction(record.reaction),
            "notes": record.notes,
            "aftercare_given": record.aftercare_given,
        },
    )

    def save() -> None:
        drafts.save_aftercare(
            record=record,
            reaction=form.reaction_words,
            notes=form.cleaned_data["notes"],
            given=form.cleaned_data["aftercare_given"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    lines = [line for line in page.session.course.revision.aftercare.splitlines() if line.strip()]
    then = _way(request, page, Step.INJECTIONS, Step.SIGN)
    if request.POST.get("go") == "reaction":
        then = _reporting(page)
    return answer(request, page, Step.AFTERCARE, form, save=save, then=then, care_lines=lines)


def _way(request: ClinicRequest, page: RecordPage, back: Step, on: Step) -> str:
    """Return where the pressed button leads once the step is saved: back, or on."""
    return page.step_url(back if request.POST.get("go") == "back" else on)


def _reporting(page: RecordPage) -> str:
    """Return the page that reports a reaction to this session and then comes back."""
    query = urlencode({"session": page.session.pk, "next": page.step_url(Step.AFTERCARE)})
    return f"{reverse('records:reaction-report', args=[page.session.course.patient_id])}?{query}"


def _draft(page: RecordPage) -> SessionRecord:
    # `turned_away` has sent everybody without a draft to the checks.
    assert page.record is not None
    return page.record


_HANDLERS: dict[str, Callable[[ClinicRequest, RecordPage], HttpResponse]] = {
    Step.CHECKS: checks,
    Step.ANAESTHESIA: anaesthesia,
    Step.INJECTIONS: injections,
    Step.AFTERCARE: aftercare,
}
