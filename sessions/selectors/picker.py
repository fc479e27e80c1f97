"""The times one session may be given: inside its window, really free, day by day."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from clinic.models import Room
from meso_clinic.core.models import User
from sessions.domain.booking import Judgement, Verdict, judge
from sessions.domain.openings import Openings
from sessions.domain.windows import Window
from sessions.selectors.asking import need_of
from sessions.selectors.calendars import Calendars
from sessions.selectors.chain import ChainRow, CourseChain
from sessions.selectors.fixes import OFFERED_STEPS

# The first session has no window; its picker shows this many days at a time.
DAYS_SHOWN = 7
# How far past the window a clinician is shown times.
LATE_DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A bookable time, with the names to show."""

    starts_at: datetime
    ends_at: datetime
    practitioner: User
    room: Room

    @property
    def value(self) -> str:
        """What the form sends back: start, practitioner and room."""
        return f"{self.starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}/{self.practitioner.pk}/{self.room.pk}"


@dataclass(frozen=True, slots=True)
class OfferedDay:
    """One day of the window. `closure` says why it is shut; `days_late` how far past the window."""

    on: date
    gap_days: int | None
    days_late: int
    slots: tuple[OfferedSlot, ...]
    closure: str
    refusal: Judgement | None
    is_open: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it has a time to offer."""
        return bool(self.slots)


@dataclass(frozen=True, slots=True)
class Picker:
    """What may be chosen for one session."""

    row: ChainRow
    window: Window
    practitioner: User | None
    days: tuple[OfferedDay, ...]
    refusal: Judgement | None
    is_late: bool
    first: date
    last: date

    @property
    def has_times(self) -> bool:
        """Whether anything can be chosen."""
        return any(day.is_free for day in self.days)


def read_picker(
    chain: CourseChain,
    row: ChainRow,
    *,
    now: datetime,
    practitioner: User | None,
    start: date | None = None,
    late: bool = False,
) -> Picker:
    """Return the free times for `row`'s session from `now` (aware) on.

    `practitioner` None means anybody. `start` pages through the days of a first session; `late`
    shows the days after the window, which a clinician may book with a reason.
    """
    today = now.astimezone(chain.course.site.zone).date()
    first, last = _days(chain, row, today, start, late=late)
    refusal = _refusal(chain, row, max(first, row.link.window.due))
    if refusal or last < first:
        return Picker(row, row.link.window, practitioner, (), refusal, late, first, last)
    people = [practitioner] if practitioner else list(User.objects.practitioners())
    calendars = Calendars()
    rooms = calendars.rooms([chain.course.site], chain.course.indication)
    openings = calendars.openings(
        site=chain.course.site,
        practitioners=[person.pk for person in people],
        indication=chain.course.indication,
        patient=chain.course.patient,
        need=need_of(chain.course),
        first=first,
        last=last,
        now=now,
        ignoring=[row.appointment] if row.appointment else [],
    )
    days = _offered_days(chain, row, openings, people, {room.pk: room for room in rooms})
    return Picker(row, row.link.window, practitioner, days, None, late, first, last)


def _days(
    chain: CourseChain, row: ChainRow, today: date, start: date | None, *, late: bool
) -> tuple[date, date]:
    window = row.link.window
    if window.earliest is None or window.latest is None:
        wanted = start or max(chain.course.first_on, today)
        first = max(wanted, today)
        return first, first + timedelta(days=DAYS_SHOWN - 1)
    if late:
        first = max(window.latest + timedelta(days=1), today, start or today)
        return first, first + timedelta(days=LATE_DAYS_SHOWN - 1)
    return max(window.earliest, today), window.latest


def _refusal(chain: CourseChain, row: ChainRow, on: date) -> Judgement | None:
    """Return why no day at all can be chosen: an earlier session has none yet."""
    judgement = judge(chain.cadence, chain.course.first_on, chain.steps, row.session.number, on)
    blocks = judgement.verdict is Verdict.REFUSED and not judgement.days
    return judgement if blocks else None


def _offered_days(
    chain: CourseChain,
    row: ChainRow,
    openings: Openings,
    people: list[User],
    rooms: dict[int, Room],
) -> tuple[OfferedDay, ...]:
    days = [_offered_day(chain, row, openings, day, people, rooms) for day in openings.days]
    best = _best_day(days, row, chain)
    return tuple(replace(day, is_open=day is best) for day in days)


def _best_day(days: list[OfferedDay], row: ChainRow, chain: CourseChain) -> OfferedDay | None:
    """Return the free day to show first: one the patient prefers, then the nearest to due."""
    preferred = set(chain.course.patient.preferred_weekdays or range(7))
    free = [day for day in days if day.is_free]
    return min(
        free,
        key=lambda day: (
            day.on.weekday() not in preferred,
            abs((day.on - row.link.window.due).days),
        ),
        default=None,
    )


def _offered_day(
    chain: CourseChain,
    row: ChainRow,
    openings: Openings,
    day: date,
    people: list[User],
    rooms: dict[int, Room],
) -> OfferedDay:
    judgement = judge(
        chain.cadence,
        chain.course.first_on,
        chain.steps,
        row.session.number,
        day,
        explained=chain.explained,
    )
    refused = judgement if judgement.verdict is Verdict.REFUSED else None
    offered = [
        OfferedSlot(starts_at, starts_at + openings.length, person, rooms[free[0]])
        for person in people
        for starts_at in openings.packed(person.pk, day, OFFERED_STEPS)
        if (free := openings.rooms_at(starts_at))
    ]
    before = row.link.gap_days
    return OfferedDay(
        on=day,
        gap_days=None if before is None else before + (day - row.link.on).days,
        days_late=row.link.window.days_late(day),
        slots=()
        if refused
        else tuple(sorted(offered, key=lambda slot: (slot.starts_at, slot.practitioner.pk))),
        closure=openings.closed.get(day, ""),
        refusal=refused,
    )
