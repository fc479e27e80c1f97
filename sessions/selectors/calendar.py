"""What the calendar draws: columns, pauses and visits, by the wall clock of the site.

Times leave here as words ("09:40"), so that a browser in another time zone cannot shift them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sessions.domain.day_axis import MINUTES_OF_A_DAY, DayAxis, clock
from sessions.domain.free_time import Span, merge, round_up, subtract

FREE_ENOUGH = timedelta(minutes=30)
# What is drawn of a day on which nothing is known.
USUAL_DAY = (9 * 60, 17 * 60)
HALF_HOUR = 30
GONE = frozenset({"cancelled", "noshow"})


class CalendarColumn(NamedTuple):
    """Somebody or some room, and when they work (aware, in order). `key` is "p12" or "r3"."""

    key: str
    name: str
    place: str
    hours: tuple[Span, ...]


class CalendarVisit(NamedTuple):
    """An appointment as a card shows it. `state` is the word by which it is coloured."""

    pk: int
    column: str
    starts_at: datetime
    ends_at: datetime
    state: str
    who: str
    what: str
    note: str
    can_move: bool


def calendar_data(
    *,
    zone: ZoneInfo,
    days: Sequence[date],
    columns: Sequence[CalendarColumn],
    visits: Iterable[CalendarVisit],
    now: datetime,
    closed: Mapping[date, str],
) -> dict[str, Any]:
    """Return `days` (one, or several in a row) as the calendar of a page takes them.

    `closed` says why a day is closed. A visit that was given up is left out where somebody else has
    its time; the list of the day has all of them. `now` is aware.
    """
    shown = _drawn(visits)
    axes = _axes(zone, days, columns, shown)
    first, last = _frame(axes, columns, shown, closed)
    busy = _busy(shown)
    is_one = len(days) == 1
    today = next((axis for axis in axes if axis.begins <= now < axis.ends), None)
    data: dict[str, Any] = {
        "days": [f"{day:%Y-%m-%d}" for day in days],
        "now": f"{today.day:%Y-%m-%d} {clock(today.minute(now))}" if today else None,
        "from": clock(first),
        "to": clock(last),
        "columns": [
            [one.key, one.name, one.place, next_free(one, axes[0], busy[one.key], now, closed)]
            if is_one
            else [one.key, one.name, one.place, ""]
            for one in columns
        ],
        "blocks": [
            block
            for axis in axes
            for one in columns
            for block in _blocks(one, axis, (first, last), closed, is_one=is_one)
        ],
        "visits": _by_field(
            _visit(visit, axis, is_one=is_one) for visit in shown for axis in _on(visit, axes)
        ),
    }
    if not is_one:
        data["free"] = {
            one.key: [next_free(one, axis, busy[one.key], now, closed) for axis in axes]
            for one in columns
        }
    changes = [axis for axis in axes if axis.clock_change]
    if changes:
        data["changes"] = [clock_change_words(axis) for axis in changes]
        if is_one and changes[0].is_elapsed:
            data["clock"] = [clock(changes[0].changes_at), changes[0].shift]
    return data


def clock_change(day: date, zone: ZoneInfo) -> str:
    """Say what a clock change does to `day`, "" if clocks do not change on it."""
    axis = DayAxis.of(day, zone, (), is_alone=False)
    return clock_change_words(axis) if axis.clock_change else ""


def clock_change_words(axis: DayAxis) -> str:
    """Say what a clock change does to its day."""
    hours = (axis.ends - axis.begins).total_seconds() / 3600
    words = {
        "at": clock(axis.changes_at),
        "to": clock(axis.changes_at + axis.shift),
        "hours": f"{hours:g}",
    }
    if axis.shift > 0:
        return _("Clocks go forward from %(at)s to %(to)s: this day has %(hours)s hours.") % words
    return _("Clocks go back from %(at)s to %(to)s: this day has %(hours)s hours.") % words


def next_free(
    column: CalendarColumn,
    axis: DayAxis,
    busy: Sequence[Span],
    now: datetime,
    closed: Mapping[date, str],
) -> str:
    """Return when the next half hour of `column` is free on a day, "" for none."""
    if now >= axis.ends or axis.day in closed:
        return ""
    past = [Span(axis.begins, round_up(now))] if now > axis.begins else []
    hours = [span for span in column.hours if axis.begins <= span.start < axis.ends]
    for span in subtract(hours, [*busy, *past]):
        if span.end - span.start >= FREE_ENOUGH:
            return axis.clock(axis.minute(span.start))
    return ""


def _by_field(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Turn rows into one list per field, which packs to a tenth less of a page."""
    return list(zip(*rows, strict=True))


def _drawn(visits: Iterable[CalendarVisit]) -> list[CalendarVisit]:
    """Leave out a time that was given up where somebody else has it."""
    rows = list(visits)
    gone = [row for row in rows if row.state in GONE]
    if not gone:
        return rows
    by_column: dict[str, list[CalendarVisit]] = defaultdict(list)
    for row in rows:
        by_column[row.column].append(row)
    covered = {
        row.pk
        for row in gone
        for other in by_column[row.column]
        if other is not row and other.starts_at < row.ends_at and row.starts_at < other.ends_at
    }
    return [row for row in rows if row.pk not in covered]


def _axes(
    zone: ZoneInfo,
    days: Sequence[date],
    columns: Sequence[CalendarColumn],
    visits: Sequence[CalendarVisit],
) -> list[DayAxis]:
    starts = [span.start for one in columns for span in one.hours]
    starts += [visit.starts_at for visit in visits]
    return [DayAxis.of(day, zone, starts, is_alone=len(days) == 1) for day in days]


def _on(visit: CalendarVisit, axes: Sequence[DayAxis]) -> Iterable[DayAxis]:
    return (axis for axis in axes if axis.begins <= visit.starts_at < axis.ends)


def _frame(
    axes: Sequence[DayAxis],
    columns: Sequence[CalendarColumn],
    visits: Sequence[CalendarVisit],
    closed: Mapping[date, str],
) -> tuple[int, int]:
    """Return the minutes to draw, the same for all days: a little more than what happens."""
    spans = [
        axis.minutes(visit.starts_at, visit.ends_at)
        for visit in visits
        for axis in _on(visit, axes)
    ]
    spans += [
        axis.minutes(span.start, span.end)
        for axis in axes
        if axis.day not in closed
        for one in columns
        for span in one.hours
        if axis.begins <= span.start < axis.ends
    ]
    first = min((start for start, _end in spans), default=USUAL_DAY[0])
    last = max((end for _start, end in spans), default=USUAL_DAY[1])
    longest = max(MINUTES_OF_A_DAY, *(axis.length for axis in axes), last)
    first = max(0, (first - 1) // HALF_HOUR * HALF_HOUR)
    return first, min(longest, -(-(last + 1) // HALF_HOUR) * HALF_HOUR)


def _busy(visits: Iterable[CalendarVisit]) -> dict[str, list[Span]]:
    busy: dict[str, list[Span]] = defaultdict(list)
    for visit in visits:
        if visit.state not in GONE:
            busy[visit.column].append(Span(visit.starts_at, visit.ends_at))
    return busy


def _blocks(
    column: CalendarColumn,
    axis: DayAxis,
    frame: tuple[int, int],
    closed: Mapping[date, str],
    *,
    is_one: bool,
) -> list[list[str]]:
    """Return the pauses of a column on a day with their words: closed, not working, a break."""
    prefix = "" if is_one else f"{axis.day:%Y-%m-%d} "
    first, last = frame

    def block(start: int, end: int, words: str) -> list[str]:
        return [column.key, prefix + clock(start), prefix + clock(end), words]

    works = [] if axis.day in closed else _works(column, axis)
    if not works:
        return [block(first, last, closed.get(axis.day) or _("Not working"))]
    found = []
    if works[0][0] > first:
        # The half hour above the beginning of the day says nothing that its line does not say.
        is_late = works[0][0] - first > HALF_HOUR
        words = _("Starts at %(time)s") % {"time": axis.clock(works[0][0])} if is_late else ""
        found.append(block(first, works[0][0], words))
    for (_start, end), (start, _end) in pairwise(works):
        found.append(block(end, start, _("Break")))
    if works[-1][1] < last:
        is_early = last - works[-1][1] > HALF_HOUR
        words = _("Until %(time)s") % {"time": axis.clock(works[-1][1])} if is_early else ""
        found.append(block(works[-1][1], last, words))
    return found


def _works(column: CalendarColumn, axis: DayAxis) -> list[tuple[int, int]]:
    inside = [span for span in column.hours if axis.begins <= span.start < axis.ends]
    return [axis.minutes(span.start, span.end) for span in merge(inside)]


def _visit(visit: CalendarVisit, axis: DayAxis, *, is_one: bool) -> list[Any]:
    start, end = axis.minutes(visit.starts_at, visit.ends_at)
    prefix = "" if is_one else f"{axis.day:%Y-%m-%d} "
    return [
        visit.pk,
        visit.column,
        prefix + clock(start),
        end - start,
        visit.state,
        visit.who,
        visit.what,
        visit.note,
        int(visit.can_move),
    ]
