"""The day of a site as a sheet of paper holds it: who comes, when nobody does, and what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.models import Closure, Site
from meso_clinic.core.models import User
from patients.models import Allergy
from sessions.domain.free_time import Span, subtract
from sessions.domain.lifecycle import LIVE
from sessions.models import Appointment
from sessions.selectors.day_marks import Mark, read_allergies, read_findings, read_marks
from sessions.selectors.free import working_hours
from treatments.models import Assessment

# A shorter gap is no time for anybody who walks in.
SHORTEST_FREE = timedelta(minutes=15)
# One line to write on for each; a sheet of everybody would else be mostly empty lines.
FREE_LINE_OF_ONE = timedelta(hours=1)
FREE_LINE_OF_ALL = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class SheetVisit:
    """An appointment on the sheet, with what is open. Clinical lines are empty for other readers."""

    appointment: Appointment
    marks: tuple[Mark, ...]
    allergies: tuple[Allergy, ...]
    finding: Assessment | None

    @property
    def starts_at(self) -> datetime:
        """When it begins (aware)."""
        return self.appointment.starts_at


@dataclass(frozen=True, slots=True)
class SheetFree:
    """Time of `practitioner` in which nobody is booked: a line to write on."""

    practitioner: User
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DaySheet:
    """What is printed: `lines` in order of time, and `ended`, the visits that do not take place."""

    site: Site
    on: date
    practitioner: User | None
    lines: tuple[SheetVisit | SheetFree, ...]
    ended: tuple[Appointment, ...]
    closure: Closure | None

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return sum(isinstance(line, SheetVisit) for line in self.lines)


def read_day_sheet(
    *, site: Site, on: date, now: datetime, practitioner: User | None = None, clinical: bool = False
) -> DaySheet:
    """Read the day `on` of `site`, of one practitioner if given; free times from `now` on (aware).

    Allergies and findings are read for `clinical` readers only. Takes 8 queries, 9 for those, and 3
    more where the clinic asks for consent, whatever the number of rows.
    """
    asked = Appointment.objects.on_days(on, on, site).with_people().in_order()
    asked = asked.select_related("session__course__site")
    if practitioner is not None:
        asked = asked.filter(practitioner=practitioner)
    found = list(asked)
    closure = Closure.objects.filter(site=site).touching(on, on).first()
    live = [one for one in found if one.status in LIVE]
    free = [] if closure else _free(site, on, now, live, practitioner)
    return DaySheet(
        site=site,
        on=on,
        practitioner=practitioner,
        lines=tuple(sorted([*_visits(live, clinical, now), *free], key=_place)),
        ended=tuple(one for one in found if one.status not in LIVE),
        closure=closure,
    )


def _place(line: SheetVisit | SheetFree) -> tuple[datetime, bool]:
    """By time, visits before free time; what is equal stays in the order it was read."""
    return line.starts_at, isinstance(line, SheetFree)


def _visits(live: Sequence[Appointment], clinical: bool, now: datetime) -> list[SheetVisit]:
    findings = read_findings(live)
    marks = read_marks(live, findings, now)
    allergies = read_allergies(live) if clinical else {}
    return [
        SheetVisit(
            appointment=one,
            marks=marks[one.pk],
            allergies=tuple(allergies.get(one.patient_id, ())),
            finding=findings.get(one.pk) if clinical else None,
        )
        for one in live
    ]


def _free(
    site: Site, on: date, now: datetime, live: Sequence[Appointment], only: User | None
) -> list[SheetFree]:
    people = [only] if only else list(User.objects.practitioners())
    hours = working_hours(site, [person.pk for person in people], [on])
    most = FREE_LINE_OF_ONE if only else FREE_LINE_OF_ALL
    lines = []
    for person in people:
        held = [Span(one.held_from, one.held_until) for one in live if _is_of(one, person)]
        for span in subtract(hours[person.pk], held):
            lines += [
                SheetFree(person, line.start, line.end)
                for line in cut(span, most)
                if line.end > now
            ]
    return lines


def _is_of(appointment: Appointment, person: User) -> bool:
    return appointment.practitioner_id == person.pk


def cut(span: Span, most: timedelta) -> list[Span]:
    """Return `span` in pieces of `most`, the last one what is left; [] if it is too short to use.

    A last piece that is too short goes to the one before it.
    """
    if span.end - span.start < SHORTEST_FREE:
        return []
    pieces = []
    start = span.start
    while span.end - start - most >= SHORTEST_FREE:
        pieces.append(Span(start, start + most))
        start += most
    return [*pieces, Span(start, span.end)]
