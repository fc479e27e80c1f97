"""What the pages of one record share: the banner, the steps, and how a save is answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest, toast
from records.actions.drafts import (
    RECORDABLE,
    CannotRecord,
    RecordChangedMeanwhile,
    RecordIsSigned,
    ZoneRefused,
)
from records.domain.record import RecordFacts, Step, complete_steps
from records.forms.base import VersionedForm
from records.models import SessionRecord
from records.reaction_words import red_flag_words
from records.selectors import drafts as selectors
from records.selectors.reactions import stopping_reactions
from records.wording import STEP_NAMES, problem_sentence
from sessions.actions.status import StatusRefused
from sessions.models import Appointment, TreatmentSession


@dataclass(frozen=True, slots=True)
class StepLink:
    """A step in the bar."""

    name: str | Promise
    url: str
    number: int
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class RecordPage:
    """One session and its record (None before anything is saved), at the moment of the request."""

    session: TreatmentSession
    record: SessionRecord | None
    appointment: Appointment | None
    now: datetime

    @property
    def today(self) -> date:
        """The day at the session's site."""
        return self.now.astimezone(self.session.course.site.zone).date()

    @property
    def can_record(self) -> bool:
        """Whether the patient is here."""
        return self.session.status in RECORDABLE

    @property
    def version(self) -> int:
        """What a form must name to save."""
        return self.record.version if self.record else 0

    @cached_property
    def facts(self) -> RecordFacts:
        """The record as the rules see it."""
        return selectors.record_facts(self.record) if self.record else RecordFacts()

    def step_url(self, step: Step) -> str:
        """The address of a step."""
        return reverse("records:record-step", args=[self.session.pk, step])

    def context(self, step: Step, **more: Any) -> dict[str, Any]:
        """Return what every step's page shows, and `more`."""
        done = complete_steps(self.facts, delivered_on=self.today) if self.record else frozenset()
        steps = [
            StepLink(
                name=STEP_NAMES[one],
                url=self.step_url(one),
                number=number,
                is_done=one in done,
                is_current=one is step,
            )
            for number, one in enumerate(Step, start=1)
        ]
        since = self.appointment and self.appointment.status == Appointment.Status.IN_TREATMENT
        return {
            "session": self.session,
            "course": self.session.course,
            "patient": self.session.course.patient,
            "allergies": selectors.allergies(self.session.course.patient),
            "red_flags": [
                red_flag_words(event)
                for event in stopping_reactions(self.session.course.patient_id)
            ],
            "appointment": self.appointment,
            "treated_minutes": _minutes(self.appointment, self.now) if since else None,
            "record": self.record,
            "step_name": STEP_NAMES[step],
            "steps": steps,
            **more,
        }


def load_page(pk: int) -> RecordPage:
    """Read the session with that key and its record, or answer 404."""
    session = get_object_or_404(selectors.session_for_record(pk))
    record = SessionRecord.objects.filter(session=session).first()
    if record:
        record.session = session
    return RecordPage(
        session=session,
        record=record,
        appointment=selectors.live_appointment(session),
        now=timezone.now(),
    )


def turned_away(request: ClinicRequest, page: RecordPage, step: Step) -> HttpResponse | None:
    """Return the answer for a record that cannot be written in at `step`, or None if it can."""
    if page.record and page.record.is_signed:
        if request.method == "POST":
            toast(request, _("Nothing was changed: this record is signed. Add a note instead."))
        return redirect("records:record-detail", page.session.pk)
    # What was typed into an open draft is kept: the action refuses it, and the form says why.
    is_saving = page.record is not None and request.method == "POST"
    if not page.can_record and not is_saving:
        context = {"session": page.session, "course": page.session.course}
        return render(request, "records/record_not_yet.html", context, status=409)
    if page.record is None and step is not Step.CHECKS:
        return redirect(page.step_url(Step.CHECKS))
    return None


def answer(
    request: ClinicRequest,
    page: RecordPage,
    step: Step,
    form: VersionedForm,
    *,
    save: Callable[[], Any],
    then: str,
    **more: Any,
) -> HttpResponse:
    """Save a valid form and go to `then`; show any other form with what is wrong.

    When somebody else saved meanwhile the page says so, with what was typed still there; the
    next press of the button then keeps what is on the page.
    """
    status, is_conflict = 200, False
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                save()
                return redirect(then)
            except RecordIsSigned:
                return turned_away(request, load_page(page.session.pk), step) or redirect(then)
            except RecordChangedMeanwhile:
                status, is_conflict = 409, True
                page = _read_again(page, form)
            except ZoneRefused as refused:
                for problem in refused.problems:
                    form.add_error(None, problem_sentence(problem))
            except (StatusRefused, CannotRecord, ValidationError) as refused:
                form.add_error(None, refusal_words(refused))
    context = page.context(step, form=form, is_conflict=is_conflict, **more)
    return render(request, f"records/record_{step}.html", context, status=status)


def refusal_words(refused: Exception) -> Any:
    """Return what a refusal of an action says to a person."""
    if isinstance(refused, ValidationError):
        return refused.messages
    return getattr(refused, "problem", "") or _(
        "The patient is not checked in any more. Check the patient in, then save again."
    )


def _read_again(page: RecordPage, form: VersionedForm) -> RecordPage:
    fresh = load_page(page.session.pk)
    form.take_version(fresh.version)
    return replace(fresh, now=page.now)


def _minutes(appointment: Appointment | None, now: datetime) -> int | None:
    if appointment is None:
        return None
    return int((now - appointment.status_since).total_seconds() // 60)
