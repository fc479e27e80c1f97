"""What the desk may book for a patient, and when: free times for a visit of any kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from clinic.models import Room, Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.booking import WALK_IN, Rule, judge
from sessions.domain.openings import Need, Obstacle, Openings
from sessions.domain.visits import USUAL_MINUTES, VisitKind
from sessions.domain.windows import Window
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.asking import Place, need_of
from sessions.selectors.calendars import Calendars
from sessions.selectors.chain import ChainRow, CourseChain, course_chains
from sessions.selectors.fixes import OFFERED_STEPS
from sessions.selectors.replanning import is_followed
from treatments.models import Indication, TreatmentCourse

# How far ahead free times are looked for, and how many of each person are offered at once.
DAYS_AHEAD = 14
TIMES_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an appointment would be for: a session of a course, a consultation or a review."""

    kind: str
    need: Need
    chain: CourseChain | None = None
    row: ChainRow | None = None

    @property
    def value(self) -> str:
        """What a form sends back."""
        return f"session-{self.row.session.pk}" if self.row else self.kind

    @property
    def session(self) -> TreatmentSession | None:
        """The step of the course it would be."""
        return self.row.session if self.row else None

    @property
    def course(self) -> TreatmentCourse | None:
        """The course it would be a step of."""
        return self.chain.course if self.chain else None

    @property
    def window(self) -> Window | None:
        """The days it may be on; None if any."""
        return self.row.link.window if self.row else None

    @property
    def indication(self) -> Indication | None:
        """What the room has to suit."""
        return self.chain.course.indication if self.chain else None

    @property
    def practitioner(self) -> User | None:
        """Who usually gives it."""
        return self.chain.course.practitioner if self.chain else None

    @property
    def usual_minutes(self) -> int:
        """How long it takes if nobody says otherwise."""
        return self.need.minutes if self.row else USUAL_MINUTES[VisitKind(self.kind)]

    def holds(self, day: date | None) -> bool:
        """Whether it may be on `day`; None is any."""
        return day is None or self.window is None or self.window.holds(day)


@dataclass(frozen=True, slots=True)
class Booked:
    """A session that has its time already, or whose time touches others: its course shows how."""

    chain: CourseChain
    row: ChainRow


@dataclass(frozen=True, slots=True)
class Offer:
    """Free times with one practitioner, in order."""

    practitioner: User
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the calendar. `ignoring` is the appointment that would move."""

    site: Site
    patient: Patient
    need: Need
    indication: Indication | None
    first: date
    last: date
    now: datetime
    ignoring: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """The answer: where appointments may begin, with the people and rooms by primary key.

    A patient `at_desk` may also be given the time that began a moment ago.
    """

    search: Search
    openings: Openings
    at_desk: Openings
    people: dict[int, User]
    rooms: dict[int, Room]

    def place(self, person: int, moment: datetime, *, room: int | None = None) -> Place:
        """Return the place at a free `moment`, in `room` if that is free."""
        free = self.openings.rooms_at(moment)
        return Place(moment, self.people[person], self.rooms[room if room in free else free[0]])

    def obstacle(self, person: int, moment: datetime) -> Obstacle | None:
        """Return why `person` (a primary key) cannot begin at `moment` (aware)."""
        return self.at_desk.obstacle_at(person, moment)

    def closure(self, day: date) -> str:
        """Return why the site is closed on `day`, "" if it is not."""
        return self.openings.closed.get(day, "")

    def offers(self, first_of: Sequence[int], *, count: int = TIMES_OFFERED) -> list[Offer]:
        """Return the next `count` free times of everybody who has one.

        Those of `first_of` (primary keys) come first, then whoever is free soonest.
        """
        found = [
            Offer(self.people[key], tuple(self.place(key, moment) for moment in moments))
            for key in self.people
            if (moments := list(islice(self._packed(key), count)))
        ]
        order = {key: n for n, key in enumerate(first_of)}
        return sorted(
            found,
            key=lambda offer: (
                order.get(offer.practitioner.pk, len(order)),
                offer.places[0].starts_at,
            ),
        )

    def on_day(self, people: Iterable[int], day: date) -> list[Place]:
        """Return the times of `day` worth offering with any of `people` (primary keys), in order."""
        found = [
            self.place(key, moment)
            for key in people
            for moment in self.openings.packed(key, day, OFFERED_STEPS)
        ]
        return sorted(found, key=lambda place: (place.starts_at, place.practitioner.pk))

    def _packed(self, person: int) -> Iterable[datetime]:
        for day in self.openings.days:
            yield from self.openings.packed(person, day, OFFERED_STEPS)

    def nearest(self, person: int, wished: datetime) -> Place | None:
        """Return the free place nearest to `wished`: with `person`, else with anybody."""
        for people in ([person], [key for key in self.people if key != person]):
            moments = [
                (abs(moment - wished), moment, key)
                for key in people
                for day in self.openings.days
                for moment in self.openings.moments(key, day)
            ]
            if moments:
                _distance, moment, key = min(moments)
                return self.place(key, moment)
        return None


def search_free(search: Search, *, calendars: Calendars | None = None) -> Free:
    """Read where an appointment may begin, with everybody (6 queries when the weeks are ready)."""
    calendars = calendars or Calendars()
    people = calendars.practitioners
    rooms = calendars.rooms([search.site], search.indication)
    at_desk = calendars.openings(
        site=search.site,
        practitioners=people,
        indication=search.indication,
        patient=search.patient,
        need=search.need,
        first=search.first,
        last=search.last,
        now=search.now - WALK_IN,
        ignoring=[search.ignoring] if search.ignoring else [],
    )
    return Free(
        search=search,
        openings=at_desk.from_moment(search.now),
        at_desk=at_desk,
        people=dict(people),
        rooms={room.pk: room for room in rooms},
    )


def days_to_search(purpose: Purpose, *, on: date | None, today: date) -> tuple[date, date] | None:
    """Return the days to look at for `purpose`, from `on` if that is asked; None if none is left."""
    window = purpose.window
    if window is None or window.earliest is None or window.latest is None:
        begins = max(on or today, today)
        if purpose.course is not None and on is None:
            begins = max(begins, purpose.course.first_on)
        return begins, begins + timedelta(days=DAYS_AHEAD - 1)
    first = max(window.earliest, today)
    return (first, window.latest) if first <= window.latest else None


def purposes(patient: Patient, *, minutes: int | None = None) -> tuple[list[Purpose], list[Booked]]:
    """Return what `patient` may be booked for, and the next sessions that have a time (5 queries).

    `minutes` is how long a consultation or review shall be; each has its usual length.
    """
    courses = TreatmentCourse.objects.with_people().filter(
        patient=patient, status=TreatmentCourse.Status.ACTIVE
    )
    found: list[Purpose] = []
    booked: list[Booked] = []
    for chain in course_chains(list(courses.order_by("planned_at", "pk"))):
        to_book, upcoming = chain.to_book, chain.next_row
        if upcoming is not None and upcoming.appointment is not None:
            booked.append(Booked(chain, upcoming))
        if to_book is None:
            continue
        if is_followed(chain, to_book.session) or _waits(chain, to_book):
            booked.append(Booked(chain, to_book))
        else:
            need = need_of(chain.course)
            found.append(Purpose(Appointment.Kind.SESSION, need, chain, to_book))
    found += visit_purposes(minutes)
    return found, booked


def visit_purposes(minutes: int | None = None) -> list[Purpose]:
    """Return what anybody may be booked for."""
    return [Purpose(str(kind), Need(minutes or USUAL_MINUTES[kind])) for kind in VisitKind]


def _waits(chain: CourseChain, row: ChainRow) -> bool:
    """Whether an earlier session has to be booked before `row` can be."""
    judgement = judge(
        chain.cadence,
        chain.course.first_on,
        chain.steps,
        row.session.number,
        row.link.window.earliest or row.link.on,
    )
    return judgement.rule is Rule.ONE_BEFORE_OPEN


def preselected(found: Sequence[Purpose], on: date | None) -> Purpose | None:
    """Return what is most likely meant on the day `on`; None if somebody has to say.

    A session whose window holds the day; a consultation for whom no session waits.
    """
    sessions = [purpose for purpose in found if purpose.session]
    fitting = next((purpose for purpose in sessions if purpose.holds(on)), None)
    if fitting is not None or sessions:
        return fitting
    return next(purpose for purpose in found if purpose.kind == VisitKind.CONSULTATION)
