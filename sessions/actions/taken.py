"""The answer to a time that somebody else has taken: which one, and what is free next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from sessions.actions.calendar_checks import Spot, with_number
from sessions.actions.checks import Place, findings
from sessions.actions.placements import SlotTaken, need_of_hold
from sessions.domain.booking import Hold
from sessions.domain.free_time import Slot
from sessions.domain.openings import Openings
from sessions.selectors.calendars import read_openings
from sessions.selectors.free import Taken

SEARCH_AHEAD = timedelta(days=14)


def slot_taken(lost: Spot, places: Sequence[Spot], *, at: datetime) -> SlotTaken:
    """Say that the time of `lost`, one of `places`, is gone, and which one is next."""
    slot = _next_free(lost, places, at)
    clock = f"{lost.hold.starts_at.astimezone(lost.room.site.zone):%H:%M}"
    words = _("%(time)s was taken a moment ago.") % {"time": clock}
    if slot is not None:
        words = _("%(time)s was taken a moment ago. Next free: %(next)s.") % {
            "time": clock,
            "next": _next_words(slot, lost),
        }
    is_alone = len(places) == 1
    return SlotTaken(words if is_alone else with_number(lost, words), slot, session=lost.session)


def _next_words(slot: Slot, lost: Spot) -> str:
    then = slot.starts_at.astimezone(lost.room.site.zone)
    words = f"{then:%H:%M}"
    if then.date() != lost.on:
        words = f"{then:%a} {then.day} {then:%b, %H:%M}"
    if slot.practitioner == lost.practitioner.pk:
        return words
    other = User.objects.get(pk=slot.practitioner)
    return _("%(time)s with %(name)s") % {"time": words, "name": other.display_name}


def _next_free(lost: Spot, places: Sequence[Spot], at: datetime) -> Slot | None:
    """Return the nearest time for `lost` that no other of `places` takes.

    Somebody else is named only when the practitioner of `lost` has no time in its window.
    """
    own = lost.practitioner.pk
    people = User.objects.practitioners().values_list("pk", flat=True)
    openings = _read_openings(lost, [own, *people], places, at)
    others = [person for person in people if person != own]
    return next(_slots(openings, [own]), None) or next(_slots(openings, others), None)


def _read_openings(
    lost: Spot, people: Iterable[int], places: Sequence[Spot], at: datetime
) -> Openings:
    """Read when `lost` may begin in its window, not before the time that was wanted."""
    return read_openings(
        site=lost.room.site,
        practitioners=people,
        indication=lost.indication,
        patient=lost.patient,
        need=need_of_hold(lost.hold),
        first=lost.on,
        last=_last_day(lost, places),
        now=max(lost.hold.starts_at, at).astimezone(UTC),
        ignoring=[place.appointment for place in places if place.appointment],
        taken=[_taken(place.hold) for place in places if place is not lost],
    )


def _last_day(lost: Spot, places: Sequence[Spot]) -> date:
    """Return the last day to look at: a time after the window would be refused."""
    last = lost.on + SEARCH_AHEAD
    if not isinstance(lost, Place):
        return last
    siblings = [place for place in places if isinstance(place, Place) and place.chain is lost.chain]
    window = next(found.window for found in findings(siblings) if found.number == lost.number)
    is_ahead = window.latest is not None and window.latest >= lost.on
    return min(last, window.latest) if window.latest and is_ahead else last


def _taken(hold: Hold) -> Taken:
    return Taken(hold.held_from, hold.held_until, hold.practitioner, hold.room, hold.patient)


def _slots(openings: Openings, people: Iterable[int]) -> Iterator[Slot]:
    """Yield the times at which one of `people` is free, earliest first."""
    for day in openings.days:
        moments = ((moment, own) for own in people for moment in openings.moments(own, day))
        for moment, person in sorted(moments):
            room = openings.rooms_at(moment)[0]
            yield Slot(moment, moment + openings.length, person, room)
