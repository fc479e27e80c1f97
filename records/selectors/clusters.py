"""Clusters of infections and late lumps, read from what is on record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clinic.models import Room
from meso_clinic.core.models import User
from records.domain.clusters import WITHIN, Shared, SpreadCase, What, find_clusters
from records.models import AdverseEvent
from records.reaction_words import WHAT_WORDS
from records.selectors.lots import lots_met
from sessions.domain.lifecycle import HERE, Status
from sessions.models import Appointment
from treatments.models import Lot, Product

# Mycobacteria show themselves up to 12 weeks after the needle [S41].
INCUBATION = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class ClusterAlert:
    """Reactions, in order of their begin, and all that they share, in words and by key."""

    events: tuple[AdverseEvent, ...]
    shared: tuple[Shared, ...]
    words: tuple[str, ...]

    @property
    def newest(self) -> AdverseEvent:
        """The one that began last."""
        return self.events[-1]


@dataclass(slots=True)
class _Meeting:
    """A session and what the patient met in it."""

    on: date | None
    met: set[Shared]


def read_clusters(today: date) -> list[ClusterAlert]:
    """Return the clusters whose last case began in the 90 days before `today`, the oldest first.

    Takes at most 8 queries, however many reactions there are.
    """
    events = (
        AdverseEvent.objects.spreading()
        .filter(onset_on__gt=today - 2 * WITHIN, onset_on__lte=today)
        .with_state()
        .with_people()
    )
    by_pk = {event.pk: event for event in events}
    if len(by_pk) < 2:
        return []
    meetings = _meetings({event.course_id for event in by_pk.values()})
    found: dict[tuple[int, ...], list[Shared]] = defaultdict(list)
    for cluster in find_clusters(_case(event, meetings) for event in by_pk.values()):
        if today - cluster.newest_on <= WITHIN:
            found[tuple(case.event for case in cluster.cases)].append(cluster.shared)
    names = _names(shared for several in found.values() for shared in several)
    return [
        ClusterAlert(
            events=tuple(by_pk[pk] for pk in pks),
            shared=tuple(shared),
            words=tuple(names[one] for one in shared),
        )
        for pks, shared in found.items()
    ]


def _case(event: AdverseEvent, meetings: Mapping[int, Mapping[int, _Meeting]]) -> SpreadCase:
    """Return what the patient met: in the session it came after, else in all that may have been it."""
    own = meetings.get(event.course_id, {})
    met: set[Shared] = set()
    for session, meeting in own.items():
        near = meeting.on is not None and (
            event.onset_on - INCUBATION <= meeting.on <= event.onset_on
        )
        if session == event.session_id or (event.session_id is None and near):
            met |= meeting.met
    if event.lot_id is not None:
        met.add(Shared(What.LOT, event.lot_id))
    if event.product_id is not None:
        met.add(Shared(What.PRODUCT, event.product_id))
    return SpreadCase(event.pk, event.patient_id, event.onset_on, frozenset(met))


def _meetings(courses: set[int]) -> dict[int, dict[int, _Meeting]]:
    """Return each session of the courses, by course and session, with what was met (2 queries)."""
    found: dict[int, dict[int, _Meeting]] = defaultdict(dict)
    held = Appointment.objects.filter(
        session__course__in=courses, status__in=[*HERE, Status.DONE]
    ).select_related("session__course__site")
    for slot in held:
        session = slot.session
        assert session is not None
        met = {Shared(What.ROOM, slot.room_id), Shared(What.PRACTITIONER, slot.practitioner_id)}
        on = session.delivered_on or slot.starts_at.astimezone(session.course.site.zone).date()
        found[session.course_id][session.pk] = _Meeting(on, met)
    for used in lots_met(courses):
        meeting = found[used.course].setdefault(used.session, _Meeting(None, set()))
        meeting.met |= {Shared(What.LOT, used.lot), Shared(What.PRODUCT, used.product)}
    return found


def _names(shared: Iterable[Shared]) -> dict[Shared, str]:
    """Return what each is called (1 query for each sort of thing)."""
    keys: dict[What, set[int]] = defaultdict(set)
    for one in shared:
        keys[one.what].add(one.key)
    named: dict[Shared, str] = {}
    for what, pks in keys.items():
        for pk, row in _rows(what, pks).items():
            named[Shared(what, pk)] = str(WHAT_WORDS[what]) % {"name": _name(what, row)}
    return named


def _rows(what: What, pks: set[int]) -> dict[int, Any]:
    rows: Any = {
        What.LOT: Lot.objects.select_related("product"),
        What.PRODUCT: Product.objects.all(),
        What.ROOM: Room.objects.all(),
        What.PRACTITIONER: User.objects.all(),
    }[what]
    return dict(rows.in_bulk(list(pks)))


def _name(what: What, row: Any) -> str:
    if what is What.LOT:
        return f"{row.number} ({row.product})"
    if what is What.PRACTITIONER:
        return str(row.display_name)
    return str(row.name if what is What.ROOM else row)
