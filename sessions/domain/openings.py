"""When an appointment may begin: practitioner, one suitable room and patient all free."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sessions.domain.free_time import GRID
from sessions.domain.timeline import Timeline, indexes, lowest, nearest, part, runs, steps_in

_HOUR = timedelta(hours=1) // GRID
_USUAL_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Bits:
    """A practitioner or a room on a timeline: the steps it is open and those it is taken."""

    open: int
    busy: int


@dataclass(frozen=True, slots=True)
class Need:
    """What an appointment takes, in minutes. Practitioner and room are held for the buffers too."""

    minutes: int
    before: int = 0
    after: int = 0


class Obstacle(StrEnum):
    """Why nothing can begin on a day; the first that applies, from the outside in."""

    PAST = "PAST"
    CLOSED = "CLOSED"
    NO_ROOM = "NO_ROOM"
    AWAY = "AWAY"
    FULL = "FULL"
    PATIENT_BUSY = "PATIENT_BUSY"
    ROOMS_FULL = "ROOMS_FULL"
    NOT_WISHED = "NOT_WISHED"


@dataclass(frozen=True)
class Openings:
    """Where an appointment of one patient and length may begin at one site.

    `days` gives for each day of the site, in order, its first step and the one after its last.
    `rooms` are the suitable ones, in the clinic's order. Nothing begins before step `not_before`,
    and nothing off the offered grid of `every` steps, counted from the day's beginning.
    """

    zone: ZoneInfo
    timeline: Timeline
    days: Mapping[date, tuple[int, int]]
    closed: Mapping[date, str]
    practitioners: Mapping[int, Bits]
    rooms: Mapping[int, Bits]
    patient_busy: int
    need: Need
    not_before: int = 0
    every: int = 1
    _known: dict[str | int, int] = field(default_factory=dict, compare=False, repr=False)

    def from_moment(self, now: datetime) -> "Openings":
        """Return the same with nothing that begins before `now` (aware)."""
        first = -(-(now - self.timeline.origin) // GRID)
        later = min(max(first, self.not_before), self.timeline.length)
        return replace(self, not_before=later, _known={})

    @property
    def length(self) -> timedelta:
        """How long the patient is there."""
        return timedelta(minutes=self.need.minutes)

    def starts(self, practitioner: int) -> int:
        """Return the steps at which an appointment with `practitioner` may begin."""
        if practitioner not in self._known:
            own = self.practitioners[practitioner]
            free = self._held(own.open & ~own.busy)
            self._known[practitioner] = free & self._with_room() & self._with_patient()
        return self._known[practitioner]

    def starts_on(self, practitioner: int, day: date) -> int:
        """Return the steps of `day`, counted from its own beginning."""
        return part(self.starts(practitioner), *self.days[day])

    def moments(
        self, practitioner: int, day: date, *, room: int | None = None
    ) -> Iterator[datetime]:
        """Yield the moments at which an appointment may begin on `day`, in order.

        In `room` if it is given, in any that is free otherwise.
        """
        first, end = self.days[day]
        starts = self.starts(practitioner)
        if room is not None:
            starts &= self._room(room)
        for step in indexes(part(starts, first, end)):
            yield self.timeline.moment(first + step)

    def nearest(
        self, practitioner: int, day: date, wished: tuple[int, int]
    ) -> tuple[int, int] | None:
        """Return the step of `day` nearest to the `wished` ones, and how many steps off it is."""
        return nearest(self.starts_on(practitioner, day), *wished)

    def wished_steps(self, day: date, hours: tuple[int, int]) -> tuple[int, int]:
        """Return the steps of `day` from one full hour of the wall clock to before another."""
        first, end = self.days[day]
        begins, ends = hours
        if end - first == _USUAL_DAY:
            return begins * _HOUR, ends * _HOUR
        last = end - first if ends == 24 else self.step_at(day, time(ends))
        return self.step_at(day, time(begins)), last

    def step_at(self, day: date, clock: time) -> int:
        """Return the step of `day` at which the clock on the wall shows `clock`."""
        first, end = self.days[day]
        if end - first == _USUAL_DAY:
            return (clock.hour * _HOUR) + clock.minute * _HOUR // 60
        return self.timeline.index(datetime.combine(day, clock, self.zone)) - self.days[day][0]

    def moment(self, day: date, step: int) -> datetime:
        """Return when `step` of `day` begins."""
        return self.timeline.moment(self.days[day][0] + step)

    def can_stay(self, practitioner: int, room: int, starts_at: datetime) -> bool:
        """Whether what stands at `starts_at` (aware) may stay there, on the offered grid or not."""
        step = self.timeline.index(starts_at)
        if not 0 <= step < self.timeline.length or practitioner not in self.practitioners:
            return False
        own = self.practitioners[practitioner]
        free = self._held(own.open & ~own.busy) & self._patient_free()
        return room in self.rooms and bool(free & self._room(room) & 1 << step)

    def rooms_at(self, starts_at: datetime) -> list[int]:
        """Return the rooms that are free for an appointment that begins at `starts_at` (aware)."""
        step = self.timeline.index(starts_at)
        return [key for key in self.rooms if self._room(key) >> step & 1]

    def packed(self, practitioner: int, day: date, every: int) -> list[datetime]:
        """Return the times of `day` worth offering: where free time begins, then each `every` steps.

        Appointments then sit close and few gaps are left.
        """
        first, end = self.days[day]
        bits, offered = part(self.starts(practitioner), first, end), []
        while bits:
            step = lowest(bits)
            offered.append(self.timeline.moment(first + step))
            stretch = bits >> step
            run = lowest(~stretch)
            offered += [
                self.timeline.moment(first + step + more)
                for more in range(every, run if self.every == 1 else 1, every)
            ]
            bits = bits >> step + run << step + run if self.every == 1 else bits & (bits - 1)
        return offered

    def obstacle(self, practitioner: int, day: date) -> Obstacle | None:
        """Return why nothing with `practitioner` can begin on `day`, None if something can."""
        if self.starts_on(practitioner, day):
            return None
        if self.days[day][1] <= self.not_before:
            return Obstacle.PAST
        if day in self.closed:
            return Obstacle.CLOSED
        if not self.rooms:
            return Obstacle.NO_ROOM
        possible = self.timeline.all
        for obstacle, bits in self._layers(practitioner):
            possible &= bits
            if not part(possible, *self.days[day]):
                return obstacle
        # What is left begins off the offered grid.
        return Obstacle.FULL

    def obstacle_at(self, practitioner: int, starts_at: datetime) -> Obstacle | None:
        """Return why nothing with `practitioner` can begin at `starts_at` (aware), None if it can.

        On the offered grid or not.
        """
        step = self.timeline.index(starts_at)
        day = next((day for day, (first, end) in self.days.items() if first <= step < end), None)
        if day is None:
            return Obstacle.PAST
        if day in self.closed:
            return Obstacle.CLOSED
        if not self.rooms:
            return Obstacle.NO_ROOM
        layers = self._layers(practitioner)
        return next((obstacle for obstacle, bits in layers if not bits >> step & 1), None)

    def _layers(self, practitioner: int) -> tuple[tuple[Obstacle, int], ...]:
        """Return the steps that each obstacle leaves, from the outside in."""
        own = self.practitioners[practitioner]
        return (
            (Obstacle.AWAY, self._held(own.open)),
            (Obstacle.PAST, self._to_come(self.timeline.all)),
            (Obstacle.FULL, self._held(own.open & ~own.busy)),
            (Obstacle.PATIENT_BUSY, self._patient_free()),
            (Obstacle.ROOMS_FULL, self._with_room()),
        )

    def _held(self, free: int) -> int:
        """Return the steps at which an appointment may begin in `free`, its buffers included."""
        before, length = steps_in(self.need.before), steps_in(self.need.minutes)
        return runs(free, before + length + steps_in(self.need.after)) << before

    def _room(self, key: int) -> int:
        known = f"room {key}"
        if known not in self._known:
            room = self.rooms[key]
            self._known[known] = self._held(room.open & ~room.busy)
        return self._known[known]

    def _with_room(self) -> int:
        if "rooms" not in self._known:
            bits = 0
            for key in self.rooms:
                bits |= self._room(key)
            self._known["rooms"] = bits
        return self._known["rooms"]

    def _with_patient(self) -> int:
        """Return the steps at which the patient is free, the time has not passed, on the grid."""
        if "patient" not in self._known:
            self._known["patient"] = self._patient_free() & self._grid()
        return self._known["patient"]

    def _patient_free(self) -> int:
        free = runs(self.timeline.all & ~self.patient_busy, steps_in(self.need.minutes))
        return self._to_come(free)

    def _to_come(self, bits: int) -> int:
        return bits >> self.not_before << self.not_before

    def _grid(self) -> int:
        if self.every == 1:
            return self.timeline.all
        longest = max((end - first for first, end in self.days.values()), default=0)
        pattern = sum(1 << step for step in range(0, longest, self.every))
        bits = 0
        for first, end in self.days.values():
            bits |= (pattern & ((1 << (end - first)) - 1)) << first
        return bits


def fewest_changes(choices: list[list[int]], usual: int | None = None) -> list[int]:
    """Return one room of each of `choices` (none empty) so that the room changes least often.

    `usual` is the room before the first. Taking the room that stays free longest, each time one
    has to change, is the best there is; of equals, the first named.
    """
    chosen: list[int] = []
    current = usual
    for place, free in enumerate(choices):
        if current not in free:
            current = max(free, key=lambda room: (_stays(room, choices[place:]), -free.index(room)))
        assert current is not None  # no choice is empty
        chosen.append(current)
    return chosen


def _stays(room: int, choices: list[list[int]]) -> int:
    return next((n for n, free in enumerate(choices) if room not in free), len(choices))
