"""Three ways of holding free time, side by side: where may a session begin in the next 420 days?

All three answer for one practitioner and five rooms on the grid of 5 minutes, and must agree. The
clinic holds the third one; this comparison is why.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from bench import recipe
from bench.clinic import Clinic
from bench.timing import Task
from sessions.domain.free_time import GRID, Span, merge
from sessions.domain.timeline import Timeline, indexes, runs, steps_in
from sessions.models import Appointment
from sessions.selectors.busy import read_busy
from sessions.selectors.free import day_bounds, working_hours

DAYS = 420
_LENGTH = timedelta(minutes=recipe.MINUTES)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each way. Working hours are at hand, as spans and as bits."""

    practitioner: int
    rooms: tuple[int, ...]
    span: Span
    working: tuple[Span, ...]
    working_bits: int


def question(clinic: Clinic) -> Question:
    """Return the question for the first practitioner of `clinic`."""
    first, last = recipe.NOW.date(), recipe.NOW.date() + timedelta(days=DAYS - 1)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    person = clinic.practitioners[0].pk
    span = day_bounds(clinic.site, first, last)
    working = working_hours(clinic.site, [person], days)[person]
    return Question(
        practitioner=person,
        rooms=tuple(room.pk for room in clinic.rooms),
        span=span,
        working=working,
        working_bits=Timeline.over(span).inside(working),
    )


Resource = tuple[str, int]


def _read_rows(asked: Question) -> dict[Resource, list[Span]]:
    rows = (
        Appointment.objects.live()
        .filter(starts_at__gt=asked.span.start - timedelta(days=1), starts_at__lt=asked.span.end)
        .filter(Q(practitioner=asked.practitioner) | Q(room__in=asked.rooms))
    )
    busy: dict[Resource, list[Span]] = defaultdict(list)
    for practitioner, room, held_from, held_until in rows.values_list(
        "practitioner", "room", "held_from", "held_until"
    ):
        span = Span(held_from, held_until)
        if practitioner == asked.practitioner:
            busy["P", practitioner].append(span)
        busy["R", room].append(span)
    return busy


def starts_from_spans(asked: Question) -> list[int]:
    """Return the steps at which a session may begin, worked out with lists of spans."""
    busy = _read_rows(asked)
    line = Timeline.over(asked.span)
    rooms = [_Stretches(_free([asked.span], busy["R", room])) for room in asked.rooms]
    found = []
    for span in _free(asked.working, busy["P", asked.practitioner]):
        start = span.start
        while start + _LENGTH <= span.end:
            if any(room.holds(start, start + _LENGTH) for room in rooms):
                found.append(line.index(start))
            start += GRID
    return found


def _free(working: Sequence[Span], busy: list[Span]) -> list[Span]:
    """Return what `busy` leaves of `working`, both in order, reading each list once."""
    left: list[Span] = []
    taken = merge(busy)
    place = 0
    for span in working:
        start = span.start
        while place < len(taken) and taken[place].end <= start:
            place += 1
        hole = place
        while hole < len(taken) and taken[hole].start < span.end:
            if taken[hole].start > start:
                left.append(Span(start, taken[hole].start))
            start = taken[hole].end
            hole += 1
        if start < span.end:
            left.append(Span(start, span.end))
    return left


class _Stretches:
    """Free time in order, asked about moments that only ever get later."""

    def __init__(self, free: list[Span]) -> None:
        self.free, self.place = free, 0

    def holds(self, start: datetime, end: datetime) -> bool:
        """Whether one stretch holds everything from `start` to before `end`."""
        while self.place < len(self.free) and self.free[self.place].end <= start:
            self.place += 1
        if self.place == len(self.free):
            return False
        return self.free[self.place].start <= start and end <= self.free[self.place].end


def starts_from_rows(asked: Question) -> list[int]:
    """Return the same, with bits made from the rows each time."""
    line = Timeline.over(asked.span)
    busy = {key: line.touched(spans) for key, spans in _read_rows(asked).items()}
    return _starts(asked, line, busy)


def starts_from_weeks(asked: Question) -> list[int]:
    """Return the same, with the weeks of bits that the database keeps."""
    line = Timeline.over(asked.span)
    resources = [("P", asked.practitioner), *(("R", room) for room in asked.rooms)]
    return _starts(asked, line, read_busy(resources, line))


def _starts(asked: Question, line: Timeline, busy: dict[Resource, int]) -> list[int]:
    steps = steps_in(recipe.MINUTES)
    free_room = 0
    for room in asked.rooms:
        free_room |= runs(line.all & ~busy.get(("R", room), 0), steps)
    free = asked.working_bits & ~busy.get(("P", asked.practitioner), 0)
    return list(indexes(runs(free, steps) & free_room))


WAYS: dict[str, Callable[[Question], list[int]]] = {
    "lists of spans from the rows": starts_from_spans,
    "bits made from the rows each time": starts_from_rows,
    "stored weeks of bits": starts_from_weeks,
}


def tasks(clinic: Clinic) -> list[Task]:
    """Return one task for each way. Raises AssertionError if they do not agree."""
    asked = question(clinic)
    answers = [way(asked) for way in WAYS.values()]
    if any(answer != answers[0] for answer in answers):
        raise AssertionError("the ways of holding free time do not agree")
    return [
        Task(f"free starts of {DAYS} days: {name}", lambda _number, way=way: way(asked))
        for name, way in WAYS.items()
    ]
