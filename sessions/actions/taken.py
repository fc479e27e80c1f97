"""The answer to a time that somebody else has taken: which one, and what is free next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from sessions.actions.checks import Place, findings, with_number
from sessions.actions.placements import SlotTaken
from sessions.domain.booking import Hold
from sessions.domain.free_time import Slot
from sessions.domain.openings import Need, Openings
from sessions.selectors.free import Taken, read_openings, suitable_rooms

SEARCH_AHEAD = timedelta(days=14)


def slot_taken(lost: Place, places: Sequence[Place], *, at: datetime) -> SlotTaken:
    """Say that the time of `lost`, one of `places`, is gone, and which one is next."""
    slot = _next_free(lost, places, at)
    clock = f"{lost.wanted.starts_at.astimezone(lost.room.site.zone):%H:%M}"
    words = _("%(time)s was taken a moment ago.") % {"time": clock}
    if slot is not None:
        words = _("%(time)s was taken a moment ago. Next free: %(next)s.") % {
            "time": clock,
            "next": _next_words(slot, lost),
        }
    is_alone = len(places) == 1
    return SlotTaken(
        words if is_alone else with_number(lost, words), slot, session=lost.row.session
    )


def _next_words(slot: Slot, lost: Place) -> str:
    then = slot.starts_at.astimezone(lost.room.site.zone)
    words = f"{then:%H:%M}"
    if then.date() != lost.on:
        words = f"{then:%a} {then.day} {then:%b, %H:%M}"
    if slot.practitioner == lost.wanted.practitioner.pk:
        return words
    other = User.objects.get(pk=slot.practitioner)
    return _("%(time)s with %(name)s") % {"time": words, "name": other.display_name}


def _next_free(lost: Place, places: Sequence[Place], at: datetime) -> Slot | None:
    """Return the nearest time for `lost` that no other of `places` takes.

    Somebody else is named only when the practitioner of `lost` has no time in its window.
    """
    own = lost.wanted.practitioner.pk
    people = User.objects.practitioners().values_list("pk", flat=True)
    openings = _read_openings(lost, [own, *people], places, at)
    others = [person for person in people if person != own]
    return next(_slots(openings, [own]), None) or next(_slots(openings, others), None)


def _read_openings(
    lost: Place, people: Iterable[int], places: Sequence[Place], at: datetime
) -> Openings:
    """Read when `lost` may begin in its window, not before the time that was wanted."""
    course = lost.chain.course
    siblings = [place for place in places if place.chain is lost.chain]
    window = next(found.window for found in findings(siblings) if found.number == lost.number)
    last, latest = lost.on + SEARCH_AHEAD, window.latest
    if latest is not None and latest >= lost.on:
        last = min(last, latest)  # a time after the window would be refused
    return read_openings(
        site=lost.room.site,
        practitioners=people,
        rooms=suitable_rooms(lost.room.site, course.indication),
        patient=course.patient,
        need=Need(
            course.session_minutes, course.buffer_before_minutes, course.buffer_after_minutes
        ),
        first=lost.on,
        last=last,
        now=max(lost.wanted.starts_at, at).astimezone(UTC),
        ignoring=[place.row.appointment for place in places if place.row.appointment],
        taken=[_taken(place.hold) for place in places if place is not lost],
    )


def _taken(hold: Hold) -> Taken:
    return Taken(hold.held_from, hold.held_until, hold.practitioner, hold.room, hold.patient)


def _slots(openings: Openings, people: Iterable[int]) -> Iterator[Slot]:
    """Yield the times at which one of `people` is free, earliest first."""
    for day in openings.days:
        moments = ((moment, own) for own in people for moment in openings.moments(own, day))
        for moment, person in sorted(moments):
            room = openings.rooms_at(moment)[0]
            yield Slot(moment, moment + openings.length, person, room)
