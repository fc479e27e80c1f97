"""What came free: time that was cancelled, missed or moved away within the last day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from clinic.models import Site
from sessions.domain.free_time import Span, merge
from sessions.models import Appointment, ScheduleChangeLine

# What came free longer ago was seen by everybody; it is an ordinary gap by now.
NEWS = timedelta(days=1)
# Nobody calls about a time that is further away.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Freed:
    """Time of a practitioner (a primary key) that was given back `at` a moment."""

    practitioner: int
    held: Span
    starts_at: datetime
    at: datetime


def read_freed(site: Site, now: datetime) -> list[Freed]:
    """Read what was given back within the last day before `now` and is still to come (2 queries).

    An act that was undone gave back what it had taken, and what it had left is no news any more.
    Whether the time is free now is asked of the calendar.
    """
    found = [*_ended(site, now), *_moved_away(site, now)]
    return [one for one in found if now < one.held.end and one.starts_at < now + AHEAD]


def joined(freed: Iterable[Freed]) -> list[Freed]:
    """Return `freed` with what touches joined, so that no time is told twice; in order of time."""
    by_person: dict[int, list[Freed]] = defaultdict(list)
    for one in freed:
        by_person[one.practitioner].append(one)
    whole = []
    for person, ones in by_person.items():
        for span in merge(one.held for one in ones):
            inside = [one for one in ones if span.start <= one.held.start < span.end]
            starts_at = min(one.starts_at for one in inside)
            whole.append(Freed(person, span, starts_at, max(one.at for one in inside)))
    return sorted(whole, key=lambda one: (one.starts_at, one.practitioner))


def _ended(site: Site, now: datetime) -> Iterator[Freed]:
    """Yield what appointments held that were cancelled or missed."""
    ended = Appointment.objects.filter(
        status__in=["CANCELLED", "NO_SHOW"],
        status_since__gt=now - NEWS,
        status_since__lte=now,
        held_until__gt=now,
        # Appointments are far shorter than a day: it lets the index by time answer.
        starts_at__gt=now - timedelta(days=1),
        starts_at__lt=now + AHEAD,
        room__site=site,
    )
    for gone in ended:
        held = Span(gone.held_from, gone.held_until)
        yield Freed(gone.practitioner_id, held, gone.starts_at, gone.status_since)


def _moved_away(site: Site, now: datetime) -> Iterator[Freed]:
    """Yield the places that appointments left."""
    # An act is undone within minutes, if at all.
    moves = (
        ScheduleChangeLine.objects.filter(
            change__at__gt=now - NEWS, change__at__lte=now, was_starts_at__isnull=False
        )
        .exclude(starts_at=F("was_starts_at"), practitioner=F("was_practitioner"))
        .select_related("change", "appointment", "room", "was_room")
    )
    for line in moves:
        yield from _left(line, site)


def _left(line: ScheduleChangeLine, site: Site) -> Iterator[Freed]:
    """Yield the place that `line` left: the one before, or the one after if it was undone."""
    change = line.change
    if change.undone_at is None:
        at, starts_at = change.at, line.was_starts_at
        practitioner, room = line.was_practitioner_id, line.was_room
    else:
        at, starts_at = change.undone_at, line.starts_at
        practitioner, room = line.practitioner_id, line.room
    assert starts_at is not None  # what had no place before moved nothing
    assert practitioner is not None
    assert room is not None
    if room.site_id == site.pk:
        yield Freed(practitioner, _held_at(line.appointment, starts_at), starts_at, at)


def _held_at(appointment: Appointment, starts_at: datetime) -> Span:
    """Return what `appointment` held when it began at `starts_at`: its length never changes."""
    shift = starts_at - appointment.starts_at
    return Span(
        (appointment.held_from + shift).astimezone(UTC),
        (appointment.held_until + shift).astimezone(UTC),
    )
