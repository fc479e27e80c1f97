"""The day as columns: who does what when, true to scale in steps of five minutes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from clinic.models import Site
from meso_clinic.core.models import User
from sessions.domain.free_time import GRID, Span, round_up, subtract
from sessions.domain.lifecycle import LIVE
from sessions.selectors.day import Day, DayRow
from sessions.selectors.free import day_bounds, working_hours

# What the drawing can hold: 15 hours. A longer day is cut at its end, and the list has all of it.
MOST_STEPS = 180
SHORT = timedelta(minutes=30)
FREE_ENOUGH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Card:
    """An appointment in its column: where it begins and how long it is, in steps."""

    row: DayRow
    at: int
    steps: int
    is_short: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Time in which the practitioner does not work, in steps."""

    at: int
    steps: int


@dataclass(frozen=True, slots=True)
class Column:
    """A practitioner's day. `next_free` is the next free half hour from now on, local time."""

    practitioner: User
    rooms: str
    next_free: datetime | None
    cards: tuple[Card, ...]
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All columns of a day, with the full hours and the line of now, in steps."""

    steps: int
    hours: tuple[tuple[int, datetime], ...]
    now_at: int | None
    columns: tuple[Column, ...]


def read_board(day: Day, *, now: datetime) -> Board | None:
    """Lay `day` out in columns, one for everybody who works or has an appointment on it.

    Returns None if nobody does. Takes 3 queries besides those of the day.
    """
    cards: dict[int, list[DayRow]] = defaultdict(list)
    for row in day.rows:
        if _is_drawn(row, day.rows):
            cards[row.appointment.practitioner_id].append(row)
    people = {person.pk: person for person in User.objects.practitioners()}
    people |= {row.appointment.practitioner_id: row.appointment.practitioner for row in day.rows}
    hours = working_hours(day.site, list(people), [] if day.closure else [day.on])
    present = [person for person in people.values() if hours[person.pk] or cards[person.pk]]
    if not present:
        return None
    frame = _frame(day.site, day.on, [hours[one.pk] for one in present], day.rows)
    return Board(
        steps=_steps(frame.start, frame.end),
        hours=tuple(_full_hours(frame, day.site)),
        now_at=_steps(frame.start, now) if frame.start <= now < frame.end else None,
        columns=tuple(
            _column(person, cards[person.pk], hours[person.pk], frame, now, day.site)
            for person in present
        ),
    )


def _is_drawn(row: DayRow, rows: Sequence[DayRow]) -> bool:
    """A time that was given up is drawn until somebody else has it."""
    if row.appointment.status in LIVE:
        return True
    mine = row.appointment
    return not any(
        other.appointment.practitioner_id == mine.practitioner_id
        and other is not row
        and other.appointment.starts_at < mine.ends_at
        and mine.starts_at < other.appointment.ends_at
        for other in rows
    )


def _frame(site: Site, on: date, hours: Sequence[tuple[Span, ...]], rows: Sequence[DayRow]) -> Span:
    """Return the stretch to draw, from a full hour to a full hour."""
    starts = [span.start for spans in hours for span in spans]
    ends = [span.end for spans in hours for span in spans]
    starts += [row.appointment.starts_at for row in rows]
    ends += [row.appointment.ends_at for row in rows]
    whole = day_bounds(site, on, on)
    start = max(whole.start, min(starts)).astimezone(site.zone).replace(minute=0)
    last = max(ends) + timedelta(minutes=59)
    end = min(last, start + MOST_STEPS * GRID).astimezone(site.zone).replace(minute=0)
    return Span(start.astimezone(UTC), end.astimezone(UTC))


def _full_hours(frame: Span, site: Site) -> list[tuple[int, datetime]]:
    count = _steps(frame.start, frame.end) // 12
    moments = (frame.start + timedelta(hours=n) for n in range(1, count))
    return [(_steps(frame.start, moment), moment.astimezone(site.zone)) for moment in moments]


def _column(
    person: User,
    rows: Sequence[DayRow],
    hours: tuple[Span, ...],
    frame: Span,
    now: datetime,
    site: Site,
) -> Column:
    taken = [
        Span(row.appointment.starts_at, row.appointment.ends_at)
        for row in rows
        if row.appointment.status in LIVE
    ]
    free = [
        span
        for span in subtract(hours, [*taken, Span(frame.start, max(frame.start, round_up(now)))])
        if span.end - span.start >= FREE_ENOUGH
    ]
    rooms = list(dict.fromkeys(row.appointment.room.name for row in rows))
    return Column(
        practitioner=person,
        rooms=", ".join(rooms),
        next_free=free[0].start.astimezone(site.zone) if free else None,
        cards=tuple(_card(row, frame) for row in rows if row.appointment.starts_at < frame.end),
        pauses=tuple(
            Pause(_steps(frame.start, span.start), _steps(span.start, span.end))
            for span in subtract([frame], hours)
        ),
    )


def _card(row: DayRow, frame: Span) -> Card:
    start, end = row.appointment.starts_at, row.appointment.ends_at
    return Card(
        row=row,
        at=_steps(frame.start, start),
        steps=_steps(start, min(end, frame.end)),
        is_short=end - start <= SHORT,
    )


def _steps(start: datetime, end: datetime) -> int:
    return int((end - start) / GRID)
