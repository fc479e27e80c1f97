"""What the pages of one record share: the banner, the steps, the record as the rules see it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from patients.domain.ages import age_on
from records.actions.drafts import RECORDABLE
from records.domain.facts import RecordFacts
from records.domain.problems import Step
from records.domain.readiness import complete_steps
from records.domain.vitals import stopping
from records.models import SessionRecord
from records.reaction_words import red_flag_words
from records.selectors import drafts as selectors
from records.selectors.around import patient_facts
from records.selectors.reactions import stopping_reactions
from records.wording import STEP_NAMES, problem_sentence
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
    def wall_seconds(self) -> int:
        """What the clock on the wall of the site shows, as seconds since midnight."""
        wall = self.now.astimezone(self.session.course.site.zone)
        return wall.hour * 3600 + wall.minute * 60 + wall.second

    @property
    def can_record(self) -> bool:
        """Whether the patient is here."""
        return self.session.status in RECORDABLE

    @property
    def version(self) -> int:
        """What a form must name to save."""
        return self.record.version if self.record else 0

    @cached_property
    def day(self) -> date:
        """The day the session happens, at its site."""
        return selectors.treatment_day(self.appointment, self.today)

    @cached_property
    def facts(self) -> RecordFacts:
        """The record as the rules see it."""
        if self.record is None:
            patient = self.session.course.patient
            known = patient_facts(self.session)
            return RecordFacts(age=age_on(patient.born_on, self.day), patient=known)
        return selectors.record_facts(self.record, self.day)

    @property
    def stops(self) -> list[str]:
        """Why nobody is treated today, in words; [] if nothing that was measured stops it."""
        return [problem_sentence(one) for one in stopping(self.facts.vitals)]

    def step_url(self, step: Step) -> str:
        """The address of a step."""
        return reverse("records:record-step", args=[self.session.pk, step])

    def context(self, step: Step, **more: Any) -> dict[str, Any]:
        """Return what every step's page shows, and `more`."""
        done = complete_steps(self.facts, delivered_on=self.day) if self.record else frozenset()
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
            "stops": self.stops,
            "record": self.record,
            "wall": self.wall_seconds,
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


def _minutes(appointment: Appointment | None, now: datetime) -> int | None:
    if appointment is None:
        return None
    return int((now - appointment.status_since).total_seconds() // 60)
