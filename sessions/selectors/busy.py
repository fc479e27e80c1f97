"""Which steps practitioners and rooms are taken: weeks of bits, made from the appointments once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from traceback import clear_frames

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from sessions.domain.free_time import GRID, Span
from sessions.domain.timeline import Timeline
from sessions.models import Appointment, BusyWeek
from sessions.models.busy_weeks import WEEK_SECONDS

Resource = tuple[str, int]
"""A kind of BusyWeek and the primary key of the practitioner or room."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEK = timedelta(seconds=WEEK_SECONDS)
_STEPS = int(_WEEK / GRID)
_BYTES = _STEPS // 8
_NOTHING = bytes(_BYTES)


def read_busy(resources: Iterable[Resource], timeline: Timeline) -> dict[Resource, int]:
    """Return the taken steps of `resources` on `timeline`.

    One query when the weeks are ready, whatever their number; those that are not are made from
    the appointments and kept.
    """
    wanted = sorted(set(resources))
    weeks = _weeks_of(timeline)
    ready, counts = _kept(wanted, weeks)
    missing = [
        (resource, week)
        for resource in wanted
        for week in weeks
        if ready.get((resource, week)) is None
    ]
    if missing:
        ready |= _make(missing, counts)
    skip = timeline.index(_EPOCH + weeks.start * _WEEK)
    return {
        resource: int.from_bytes(b"".join(ready[resource, week] for week in weeks), "little")
        >> -skip
        & timeline.all
        for resource in wanted
    }


def _weeks_of(timeline: Timeline) -> range:
    first = (timeline.origin - _EPOCH) // _WEEK
    last = (timeline.moment(timeline.length) - GRID - _EPOCH) // _WEEK
    return range(first, last + 1)


_Week = tuple[Resource, int]


def _kept(resources: list[Resource], weeks: range) -> tuple[dict[_Week, bytes], dict[_Week, int]]:
    """Return the weeks whose bits hold good, and how often each known week has changed."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, key in resources:
        ids[kind].append(key)
    named = Q(pk__in=[])
    for kind, keys in ids.items():
        named |= Q(kind=kind, resource_id__in=keys)
    rows = BusyWeek.objects.filter(named, week__range=(weeks.start, weeks.stop - 1))
    ready, counts = {}, {}
    for kind, key, week, changes, bits_of, bits in rows.values_list(
        "kind", "resource_id", "week", "changes", "bits_of", "bits"
    ):
        counts[(kind, key), week] = changes
        if bits_of == changes:
            ready[(kind, key), week] = bytes(bits)
    return ready, counts


def _make(missing: list[_Week], counts: dict[_Week, int]) -> dict[_Week, bytes]:
    """Return the bits of `missing` weeks, and keep them for the next one who asks."""
    made = dict.fromkeys(missing, _NOTHING)
    for each, spans in _spans(missing).items():
        line = Timeline(_EPOCH + each[1] * _WEEK, _STEPS)
        made[each] = line.touched(spans).to_bytes(_BYTES, "little")
    # Inside somebody's transaction a kept row would stay locked until its end.
    if not connection.in_atomic_block:
        try:
            with _no_waiting(), transaction.atomic():
                _keep(made, counts)
        except OperationalError as locked:
            # The frames hold statements of SQLite; another thread that collects them would wait.
            for error in (locked, locked.__cause__):
                clear_frames(error.__traceback__ if error else None)
    return made


@contextmanager
def _no_waiting() -> Iterator[None]:
    """Give up at once what another connection has locked: an answer must not wait for a booking."""
    wait, as_before = "SET lock_timeout = '50ms'", "RESET lock_timeout"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            wait, as_before = "PRAGMA busy_timeout = 50", f"PRAGMA busy_timeout = {usual}"
        cursor.execute(wait)
        try:
            yield
        finally:
            cursor.execute(as_before)


def _keep(made: dict[_Week, bytes], counts: dict[_Week, int]) -> None:
    """Keep weeks of bits, unless somebody wrote since the counts were read.

    The counts were read before the appointments. A write that commits in between raises the count,
    so that the bits are known to be out of date, or makes the row first, and it stays. Whoever
    books is never made to wait: if a row is locked, nothing is kept this time.
    """
    BusyWeek.objects.bulk_create(
        [
            BusyWeek(kind=kind, resource_id=key, week=week, bits_of=0, bits=bits)
            for ((kind, key), week), bits in made.items()
            if ((kind, key), week) not in counts
        ],
        ignore_conflicts=True,
    )
    for each, bits in made.items():
        if each in counts:
            (kind, key), week = each
            BusyWeek.objects.filter(
                kind=kind, resource_id=key, week=week, changes=counts[each]
            ).update(bits=bits, bits_of=counts[each])


def _spans(missing: list[_Week]) -> dict[_Week, list[Span]]:
    wanted = set(missing)
    weeks = [week for _resource, week in missing]
    begins, ends = _EPOCH + min(weeks) * _WEEK, _EPOCH + (max(weeks) + 1) * _WEEK
    held = Appointment.objects.live().filter(held_from__lt=ends, held_until__gt=begins)
    people = {key for (kind, key), _week in missing if kind == BusyWeek.Kind.PRACTITIONER}
    rooms = {key for (kind, key), _week in missing if kind == BusyWeek.Kind.ROOM}
    # Nothing is held for a whole day: the index need not look further back.
    near = held.filter(held_from__gt=begins - timedelta(days=1))
    found: dict[_Week, list[Span]] = defaultdict(list)
    for practitioner, room, held_from, held_until in near.filter(
        Q(practitioner__in=people) | Q(room__in=rooms)
    ).values_list("practitioner", "room", "held_from", "held_until"):
        span = Span(held_from, held_until)
        touched = {(held_from - _EPOCH) // _WEEK, (held_until - GRID / 5 - _EPOCH) // _WEEK}
        for resource in (
            (BusyWeek.Kind.PRACTITIONER.value, practitioner),
            (BusyWeek.Kind.ROOM.value, room),
        ):
            for week in touched:
                if (resource, week) in wanted:
                    found[resource, week].append(span)
    return found
