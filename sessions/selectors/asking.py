"""What the planner is asked: what stands of a course, what is wished, and how far it may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.openings import Need
from sessions.domain.planner import Spread
from sessions.domain.windows import Cadence
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.calendars import Calendars
from sessions.selectors.chain import CourseChain
from sessions.selectors.free import Taken
from treatments.models import Indication, Protocol, TreatmentCourse

# A first session has no window: it is looked for on this many days from the wished one.
FIRST_DAYS = 14

TimeOfDay = Patient.TimeOfDay

# What the words mean, in hours of the site's wall clock.
HOURS: dict[str, tuple[int, int]] = {
    TimeOfDay.ANY: (0, 24),
    TimeOfDay.MORNING: (0, 12),
    TimeOfDay.AFTERNOON: (12, 17),
    TimeOfDay.EVENING: (17, 24),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A time with a practitioner in a room. `room` brings its site."""

    starts_at: datetime
    practitioner: User
    room: Room

    @property
    def value(self) -> str:
        """What a form sends back: start, practitioner and room."""
        start = self.starts_at.astimezone(UTC)
        return f"{start:%Y-%m-%dT%H:%MZ}/{self.practitioner.pk}/{self.room.pk}"

    @property
    def on(self) -> date:
        """The day, at the room's site."""
        return self.starts_at.astimezone(self.room.site.zone).date()

    @property
    def local(self) -> datetime:
        """The start on the site's wall clock."""
        return self.starts_at.astimezone(self.room.site.zone)


@dataclass(frozen=True, slots=True)
class OutlineSession:
    """What stands of one session before anything is proposed."""

    number: int
    session: TreatmentSession | None = None
    delivered_on: date | None = None
    is_skipped: bool = False
    appointment: Appointment | None = None
    is_movable: bool = True
    # How many days after its window it stands, and how many the reasons on record allow.
    days_late: int = 0
    excused_days: int = 0

    @property
    def place(self) -> Place | None:
        """The place it is booked at."""
        held = self.appointment
        return Place(held.starts_at, held.practitioner, held.room) if held else None

    @property
    def is_over(self) -> bool:
        """Whether it needs no place any more."""
        return self.delivered_on is not None or self.is_skipped


@dataclass(frozen=True, slots=True)
class Outline:
    """A course as the planner sees it: a new one, or one that runs."""

    patient: Patient
    indication: Indication
    site: Site
    practitioner: User
    cadence: Cadence
    need: Need
    first_on: date
    sessions: tuple[OutlineSession, ...]
    course: TreatmentCourse | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What patient and desk would like. `practitioner` None: anybody, the same for the course.

    With `only` nothing else will do: other weekdays and times of day are not looked at.
    """

    practitioner: User | None
    weekdays: frozenset[int] = frozenset()
    time_of_day: str = TimeOfDay.ANY
    spread: Spread = Spread.AS_DUE
    only: bool = False

    @property
    def hours(self) -> tuple[int, int]:
        """The wished hours of the wall clock, from and to."""
        return HOURS[self.time_of_day]


@dataclass(frozen=True, slots=True)
class Latitude:
    """What a search may do beyond the wishes and the windows."""

    practitioners: bool = False
    sites: tuple[Site, ...] = ()
    late_days: int = 0
    first_days: int = FIRST_DAYS


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for.

    `pins` are places that stay, by session number. Booked sessions stay as well, except those from
    `move_from` on: they move if they must, as few and as little as possible. `held` are places
    that are not booked but treated like that.
    """

    outline: Outline
    wishes: Wishes
    now: datetime
    pins: Mapping[int, Place] = field(default_factory=dict)
    held: Mapping[int, Place] = field(default_factory=dict)
    move_from: int | None = None
    latitude: Latitude = field(default_factory=Latitude)
    # What is promised to others but not written yet.
    taken: Sequence[Taken] = ()
    # Asks made from this one are of the same moment: they share what was read.
    calendars: Calendars = field(default_factory=Calendars, compare=False, repr=False)

    @property
    def today(self) -> date:
        """Today at the course's site."""
        return self.now.astimezone(self.outline.site.zone).date()

    def is_moving(self, session: OutlineSession) -> bool:
        """Whether the booked `session` may be given another time."""
        return (
            self.move_from is not None
            and session.number >= self.move_from
            and session.is_movable
            and session.number not in self.pins
        )

    def is_leaving(self, session: OutlineSession) -> bool:
        """Whether the place of the booked `session` may become free."""
        pinned = self.pins.get(session.number)
        return self.is_moving(session) or (pinned is not None and pinned != session.place)


def outline_of_course(chain: CourseChain) -> Outline:
    """Return what stands of a course that is planned already."""
    course = chain.course
    return Outline(
        patient=course.patient,
        indication=course.indication,
        site=course.site,
        practitioner=course.practitioner,
        cadence=chain.cadence,
        need=need_of(course),
        first_on=course.first_on,
        sessions=tuple(
            OutlineSession(
                number=row.session.number,
                session=row.session,
                delivered_on=row.session.delivered_on,
                is_skipped=row.link.step.is_skipped,
                appointment=row.appointment if row.session.is_open else None,
                is_movable=row.appointment is None or row.is_movable,
                days_late=late,
                excused_days=row.excused_days,
            )
            for row, late in zip(chain.rows, _days_late(chain), strict=True)
        ),
        course=course,
    )


def _days_late(chain: CourseChain) -> list[int]:
    """Return how late each session stands, counted from a day that really opened its window."""
    found, is_open = [], True
    for row in chain.rows:
        found.append(row.link.window.days_late(row.link.on) if is_open else 0)
        if not row.link.step.is_skipped:
            is_open = row.link.step.fixed_on is not None
    return found


def need_of(numbers: TreatmentCourse | Protocol) -> Need:
    """Return how long a session takes, from a course or a protocol."""
    return Need(
        minutes=numbers.session_minutes,
        before=numbers.buffer_before_minutes,
        after=numbers.buffer_after_minutes,
    )
