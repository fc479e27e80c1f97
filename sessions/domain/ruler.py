"""Geometry of the interval ruler: where each thing of a course stands on one line of days.

Everything is a percentage of the drawing's width, written as text ("31.4"), so that the drawing
stretches with the page and needs no inline style. Nothing lies outside 0 to 100. In right-to-left
pages all positions are mirrored here, so a template never computes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from sessions.domain.ruler_scale import HALF_DAY, Band, Scale, percent, scale_for

SessionState = Literal["done", "next", "booked", "planned", "problem", "skipped"]

MONTHLY_STEP: Final = 21
"""Days. A step at least this long belongs to the monthly part, whose scale may be smaller."""

MONTH_LABEL_ROOM: Final = 8.0
CLOSURE_LABEL_ROOM: Final = 14.0
TODAY_LABEL_ROOM: Final = 3.5
"""Percent of the width that a label needs; without it the label is left out."""


@dataclass(frozen=True, slots=True)
class RulerSession:
    """A session as the ruler needs it.

    `on` is the day of the dot: delivered, else booked, else due. `gap_days` counts from the
    session before and is None where there is nothing to tell.
    """

    number: int
    on: date | None
    state: SessionState
    earliest_on: date | None
    latest_on: date | None
    gap_days: int | None
    gap_is_outside: bool = False


_Placed = tuple[date, RulerSession]
"""A session with its day, which one that is not drawn has not."""


@dataclass(frozen=True, slots=True)
class RulerClosure:
    """Days on which nothing can be booked, first and last included."""

    starts_on: date
    ends_on: date
    label: str


@dataclass(frozen=True, slots=True)
class RulerEvent:
    """Something that happened on a day without being a session; so far only a no-show."""

    on: date
    kind: Literal["no_show"] = "no_show"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """The first day of a month. The course's own first day has a label but no line."""

    x: str
    on: date
    has_line: bool
    has_label: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A session on the line."""

    x: str
    number: int
    state: SessionState


@dataclass(frozen=True, slots=True)
class GapLabel:
    """The days between two sessions, written halfway between their dots."""

    x: str
    days: int
    is_outside: bool


@dataclass(frozen=True, slots=True)
class CourseRuler:
    """A course, ready to be drawn and to be told in words."""

    rtl: bool
    paper: bool
    months: tuple[MonthLine, ...]
    weeks: tuple[str, ...]
    windows: tuple[Band, ...]
    closures: tuple[Band, ...]
    events: tuple[str, ...]
    dots: tuple[Dot, ...]
    gaps: tuple[GapLabel, ...]
    axis_start: str
    axis_end: str
    today_x: str
    today_is_crowded: bool
    break_x: str
    total: int
    done: int
    problems: tuple[int, ...]
    next_on: date | None
    first_on: date | None
    last_on: date | None


def course_ruler(
    sessions: Sequence[RulerSession],
    *,
    today: date | None,
    closures: Iterable[RulerClosure] = (),
    events: Iterable[RulerEvent] = (),
    rtl: bool = False,
    paper: bool = False,
) -> CourseRuler:
    """Return the drawing of a course, from its first session to the last day it may end.

    Sessions without a day are counted but not drawn. `today` is marked if it lies on the line;
    None leaves the mark out, as on paper.
    """
    placed = [(session.on, session) for session in sessions if session.on is not None]
    scale = _scale(placed, rtl=rtl, paper=paper)
    days = [on for on, _session in placed]
    gaps = tuple(_gaps(placed, scale))
    today_x = scale.x(scale.at(today)) if today and scale.covers(today) else ""
    upcoming = [on for on, session in placed if session.state == "next"]
    return CourseRuler(
        rtl=rtl,
        paper=paper,
        months=tuple(_months(scale)),
        weeks=tuple(scale.x(scale.at(on)) for on in _mondays(scale)),
        windows=tuple(_windows(placed, scale)),
        closures=tuple(_closures(closures, scale)),
        events=tuple(scale.x(scale.at(event.on)) for event in events if scale.covers(event.on)),
        dots=tuple(_dots(placed, scale)),
        gaps=gaps,
        axis_start=percent(scale.pad),
        axis_end=percent(100 - scale.pad),
        today_x=today_x,
        today_is_crowded=bool(today_x)
        and any(abs(float(gap.x) - float(today_x)) < TODAY_LABEL_ROOM for gap in gaps),
        break_x=scale.x(scale.break_at) if scale.break_on else "",
        total=len(sessions),
        done=sum(session.state == "done" for session in sessions),
        problems=tuple(session.number for session in sessions if session.state == "problem"),
        next_on=upcoming[0] if upcoming else None,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
    )


def _scale(placed: Sequence[_Placed], *, rtl: bool, paper: bool) -> Scale:
    days = [
        day
        for on, session in placed
        for day in (on, session.earliest_on, session.latest_on)
        if day is not None
    ]
    return scale_for(days, break_on=_break_day(placed), rtl=rtl, paper=paper)


def _break_day(placed: Sequence[_Placed]) -> date | None:
    """Return the day halfway into the first monthly gap; None if there is no monthly part."""
    break_on = None
    for (before_on, _before), (after_on, after) in reversed(list(pairwise(placed))):
        step = (min(after_on, after.earliest_on or after_on) - before_on).days
        if step < MONTHLY_STEP:
            return break_on
        break_on = before_on + timedelta(days=step // 2)
    return None


def _months(scale: Scale) -> Iterator[MonthLine]:
    """Yield the month of the first day, then each first of a month on the line."""
    starts = [scale.first]
    while (upcoming := _next_month(starts[-1])) <= scale.last:
        starts.append(upcoming)
    places = [scale.at(on) for on in starts]
    for index, (on, place) in enumerate(zip(starts, places, strict=True)):
        until = places[index + 1] if index + 1 < len(places) else 100.0
        has_line = on.day == 1 and on != scale.first
        yield MonthLine(scale.x(place), on, has_line, until - place >= MONTH_LABEL_ROOM)


def _next_month(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


def _mondays(scale: Scale) -> Iterator[date]:
    on = scale.first + timedelta(days=-scale.first.weekday() % 7)
    while on <= scale.last:
        yield on
        on += timedelta(days=7)


def _windows(placed: Iterable[_Placed], scale: Scale) -> Iterator[Band]:
    for _on, session in placed:
        if session.earliest_on is not None and session.latest_on is not None:
            bad = session.state == "problem"
            yield scale.band(session.earliest_on, session.latest_on, is_bad=bad)


def _closures(closures: Iterable[RulerClosure], scale: Scale) -> Iterator[Band]:
    """Yield the closed stretches on the line; a label that would run into another is left out."""
    free_from = 0.0
    for closure in sorted(closures, key=lambda each: (each.starts_on, each.ends_on)):
        if closure.ends_on < scale.first or closure.starts_on > scale.last:
            continue
        start = scale.at(max(closure.starts_on, scale.first), -HALF_DAY)
        fits = free_from <= start <= 100 - CLOSURE_LABEL_ROOM
        if fits:
            free_from = start + CLOSURE_LABEL_ROOM
        yield scale.band(closure.starts_on, closure.ends_on, label=closure.label if fits else "")


def _dots(placed: Iterable[_Placed], scale: Scale) -> Iterator[Dot]:
    for on, session in placed:
        yield Dot(scale.x(scale.at(on)), session.number, session.state)


def _gaps(placed: Sequence[_Placed], scale: Scale) -> Iterator[GapLabel]:
    for (before_on, _before), (after_on, after) in pairwise(placed):
        if after.gap_days is not None:
            middle = (scale.at(before_on) + scale.at(after_on)) / 2
            yield GapLabel(scale.x(middle), after.gap_days, after.gap_is_outside)
