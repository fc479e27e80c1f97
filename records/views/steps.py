"""The steps of a draft: checks, anaesthesia, injections, after-care."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from records.actions import drafts
from records.actions.aftercare import save_aftercare
from records.actions.anaesthesia import save_anaesthesia
from records.actions.checks import save_checks
from records.domain.anaesthesia import WITHOUT_AGENT
from records.domain.facts import CREAM
from records.domain.numbing import USUAL_WAIT_MINUTES, weight_counts
from records.domain.problems import Step
from records.domain.readiness import vitals_wanted
from records.domain.vitals import stopping
from records.forms.aftercare import AftercareForm
from records.forms.steps import AMOUNTS, AnaesthesiaForm, ChecksForm
from records.models import Anaesthesia, EndPoints, SessionRecord
from records.record_words import preparation_words, usual_end_points
from records.selectors import drafts as selectors
from records.selectors.around import preparation_of
from records.views.findings import findings, findings_part, stops_part
from records.views.pages import answer, turned_away
from records.views.record_page import RecordPage, load_page
from records.views.zones import injections
from records.wording import problem_sentence
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
            **asdict(page.facts.vitals),
            **kept,
        },
    )

    def save() -> None:
        opened = record or drafts.open_record(session=page.session, by=request.user, at=page.now)
        save_checks(
            record=opened,
            answers=form.answers,
            words=form.cleaned_data["checks_words"],
            vitals=form.vitals,
            # A record that this very save opened is at its first version.
            version=form.cleaned_data["version"] if record else 1,
            by=request.user,
            at=page.now,
        )

    # Who must not be treated today is told so before anything else.
    is_stopped = form.is_valid() and stopping(form.vitals)

    def around(page: RecordPage) -> dict[str, Any]:
        verdict = read_screening(page.session.course, at=page.now, is_session_day=True)
        needed = [problem_sentence(one) for one in vitals_wanted(page.facts)]
        return {"needed": needed, "screening": verdict}

    return answer(
        request,
        page,
        Step.CHECKS,
        form,
        save=save,
        then=page.step_url(Step.CHECKS if is_stopped else Step.ANAESTHESIA),
        around=around,
        parts=lambda fresh: stops_part(request, fresh),
    )


def anaesthesia(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = _draft(page)
    kept = Anaesthesia.objects.filter(record=record).first()
    before = selectors.last_signed_before(page.session)
    same = selectors.anaesthesia_of(before) if before else None
    is_same = request.method == "POST" and request.POST.get("go") == "same"
    lots = selectors.usable_agents(
        page.day, also=[kept.lot_id] if kept and kept.lot_id else [], record=record
    )
    form = AnaesthesiaForm(
        _as_before(request, same, before) if is_same else request.POST or None,
        initial={"version": page.version, **_numbed(kept, page), **_prepared(record)},
        lots=lots,
    )

    def save() -> None:
        save_anaesthesia(
            record=record,
            kind=form.cleaned_data["kind"],
            agent=form.cleaned_data["agent"],
            dose=form.dose_words if form.cleaned_data["kind"] else "",
            applied_at=form.cleaned_data["applied_at"],
            numbed=form.numbed,
            lot=form.used_lot,
            skin=form.preparation(is_copied=is_same or _is_still_copied(record, form)),
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    def around(page: RecordPage) -> dict[str, Any]:
        return {
            "same": _same(before, same),
            "numbed": kept,
            "weight_words": _weight_words(page),
            "asks_weight": bool(page.facts.lidocaine_sources),
            **findings(page),
        }

    return answer(
        request,
        page,
        Step.ANAESTHESIA,
        form,
        save=save,
        # Where something numbed with an amount, that is still to be said here.
        then=page.step_url(Step.ANAESTHESIA)
        if is_same and not form["kind"].data
        else _way(request, page, Step.CHECKS, Step.INJECTIONS),
        around=around,
        parts=lambda fresh: findings_part(request, fresh),
    )


def _as_before(
    request: ClinicRequest, same: Anaesthesia | None, before: SessionRecord | None
) -> QueryDict:
    """Return what was sent, with what one press takes over from the session before."""
    typed = request.POST.copy()
    if same and same.kind in WITHOUT_AGENT:
        typed["kind"] = same.kind
    if before and before.antiseptic:
        for name, value in _prepared(before).items():
            typed[name] = "" if value in (None, False) else str(value)
    return typed


def _is_still_copied(record: SessionRecord, form: AnaesthesiaForm) -> bool:
    """Whether the preparation came from the session before and nobody has touched it."""
    return record.is_preparation_copied and not set(_prepared(record)) & set(form.changed_data)


def _prepared(record: SessionRecord) -> dict[str, Any]:
    """Return how the skin was prepared as the form's fields have it."""
    skin = asdict(preparation_of(record))
    del skin["is_copied"]
    return skin


def _same(before: SessionRecord | None, same: Anaesthesia | None) -> dict[str, Any] | None:
    """Return what one press takes over from the session before: its number and the words for it.

    What needs an amount is weighed and timed anew, so only what needs none is offered.
    """
    if before is None:
        return None
    kind = same.get_kind_display() if same and same.kind in WITHOUT_AGENT else ""
    words = [kind, *preparation_words(before)]
    if not any(words):
        return None
    return {"number": before.session.number, "words": [one for one in words if one]}


def _numbed(kept: Anaesthesia | None, page: RecordPage) -> dict[str, Any]:
    """Return what is kept as the form's fields have it."""
    patient = page.session.course.patient
    is_recent = weight_counts(patient.weighed_on, on=page.day)
    initial: dict[str, Any] = {"weight_kg": patient.weight_kg if is_recent else None}
    initial["height_cm"] = page.facts.height_cm
    initial["wait_minutes"] = USUAL_WAIT_MINUTES
    if kept:
        fields = ("kind", "agent", "dose", "applied_at", *AMOUNTS)
        initial["cream_lot" if kept.kind == CREAM else "lot"] = kept.lot_id
        initial |= {
            name: value
            for name in fields
            if (value := getattr(kept, name)) not in (None, "") and name != "weight_kg"
        }
    return initial


def _weight_words(page: RecordPage) -> str:
    patient = page.session.course.patient
    if patient.weight_kg is None or patient.weighed_on is None:
        return str(_("No weight is known yet. Lidocaine needs one."))
    return str(_("%(weight)s kg on %(day)s. Lidocaine needs a weight from the last 90 days.")) % {
        "weight": f"{patient.weight_kg.normalize():f}",
        "day": date_format(patient.weighed_on, "j M Y"),
    }


def aftercare(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = _draft(page)
    is_usual = request.POST.get("go") == "usual"
    form = AftercareForm(
        request.POST or None,
        as_usual=usual_end_points(page.facts) if is_usual else "",
        initial={
            "version": page.version,
            "end_points": record.end_points,
            "pain": "" if record.pain is None else str(record.pain),
            "observed_minutes": record.observed_minutes,
            **AftercareForm.typed_reaction(record.reaction),
            "notes": record.notes,
            "aftercare_given": record.aftercare_given,
        },
    )

    def save() -> None:
        save_aftercare(
            record=record,
            reaction=form.reaction_words,
            notes=form.cleaned_data["notes"],
            given=form.cleaned_data["aftercare_given"],
            end_points=form.cleaned_data["end_points"],
            pain=form.cleaned_data["pain"],
            observed_minutes=form.cleaned_data["observed_minutes"],
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    def around(page: RecordPage) -> dict[str, Any]:
        care = page.session.course.revision.aftercare
        return {
            "care_lines": [line for line in care.splitlines() if line.strip()],
            "usual_words": EndPoints(usual_end_points(page.facts)).label,
            "watch_minutes": page.facts.watch_minutes,
        }

    then = _way(request, page, Step.INJECTIONS, Step.SIGN)
    if request.POST.get("go") == "reaction":
        then = _reporting(page)
    return answer(request, page, Step.AFTERCARE, form, save=save, then=then, around=around)


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
