"""What moving one session does to those after it, and what a course that waits could be given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from patients.models import Patient
from sessions.domain.booking import Verdict, judge
from sessions.domain.ruler import (
    CourseRuler,
    RulerClosure,
    RulerSession,
    SessionState,
    course_ruler,
)
from sessions.domain.windows import Link, Step
from sessions.domain.windows import chain as chain_of
from sessions.models import TreatmentSession
from sessions.selectors.asking import FIRST_DAYS, Ask, Latitude, Place, Wishes, outline_of_course
from sessions.selectors.calendars import Calendars
from sessions.selectors.chain import ChainRow, CourseChain
from sessions.selectors.drawing import closures_during
from sessions.selectors.fixes import find_fixes
from sessions.selectors.free import Taken
from sessions.selectors.places import read_places
from sessions.selectors.proposals import Proposal, ProposedRow
from sessions.selectors.search import openings_for, propose, read_ahead
from treatments.models import TreatmentCourse

# No course is as long: beyond it nothing is looked for.
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Replan:
    """What would be done to a course from session `number` on.

    `place` is the one that was chosen for that session, None if nothing was.
    """

    chain: CourseChain
    number: int
    ask: Ask
    proposal: Proposal
    place: Place | None = None

    @property
    def to_write(self) -> list[ProposedRow]:
        """The rows that would get another time, and a late one that is to stay with a reason."""
        return [
            row
            for row in self.proposal.rows
            if row.is_changed or (row.is_pinned and row.needs_reason)
        ]

    @property
    def booked(self) -> list[ProposedRow]:
        """Those of `to_write` that had no time."""
        return [row for row in self.to_write if row.was is None]

    @property
    def moved(self) -> list[ProposedRow]:
        """Those of `to_write` that had another one."""
        return [row for row in self.to_write if row.was is not None]

    @property
    def stays(self) -> list[int]:
        """The numbers of the booked sessions from `number` on that keep their time."""
        written = {row.number for row in self.to_write}
        return [
            row.number
            for row in self.proposal.rows
            if row.number >= self.number and row.was and row.number not in written
        ]

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to say why something of it is late."""
        return any(row.days_late for row in self.to_write)

    @property
    def blocked_by(self) -> int | None:
        """The number of a session before `number` that has to be put right first."""
        stuck = self.proposal.stuck_at
        return stuck if stuck is not None and stuck < self.number else None

    @property
    def may_keep_rest(self) -> bool:
        """Whether the chosen place alone would do, with every other session left where it is."""
        if self.place is None or self.proposal.stuck_at == self.number:
            return False
        if not self.proposal.stuck_at and [row.number for row in self.to_write] == [self.number]:
            return False  # That is what the main button does.
        judgement = judge(
            self.chain.cadence,
            self.chain.course.first_on,
            self.chain.steps,
            self.number,
            self.place.on,
            explained=self.chain.explained,
        )
        return judgement.verdict is not Verdict.REFUSED

    @property
    def links(self) -> list[Link]:
        """The windows of the whole course, as they would be then."""
        places = {row.number: row.place for row in self.proposal.rows if row.place}
        steps = [_with_place(step, places.get(step.number)) for step in self.chain.steps]
        return chain_of(self.chain.cadence, self.chain.course.first_on, steps)


def _with_place(step: Step, place: Place | None) -> Step:
    return replace(step, booked_on=place.on) if place else step


def replan(
    chain: CourseChain,
    number: int,
    *,
    now: datetime,
    place: Place | None = None,
    whole: bool = False,
    taken: Sequence[Taken] = (),
    calendars: Calendars | None = None,
) -> Replan:
    """Return how session `number` gets a time, with as little as possible changed after it.

    With `place` it gets that one, and only those after it may move. Sessions after the last booked
    one stay without a time, unless the `whole` course is asked for. What `calendars` know is not
    read again.
    """
    ask = _ask(chain, number, now=now, whole=whole, taken=taken, calendars=calendars)
    if place is not None:
        ask = replace(ask, pins={number: place}, move_from=number + 1)
    return Replan(chain, number, ask, propose(ask), place)


def replan_with_places(
    chain: CourseChain,
    number: int,
    places: Mapping[int, Place],
    *,
    now: datetime,
    lost: int | None = None,
) -> Replan:
    """Return the re-plan that has the sessions of `places` (by number) where they say.

    Session `lost` could not have its place: it gets the nearest one that the others allow.
    """
    whole = max(places, default=number) > _last_booked(chain, number)
    ask = _ask(chain, number, now=now, whole=whole)
    pins = {key: place for key, place in places.items() if key != lost}
    held = {key: place for key, place in places.items() if key == lost}
    asked = replace(ask, pins=pins, held=held)
    proposal = propose(asked)
    if proposal.stuck_at is not None and lost is not None:
        asked = replace(ask, held=dict(places))
        proposal = propose(asked)
    return Replan(chain, number, asked, proposal, pins.get(number))


def replan_with_fix(found: Replan, index: int) -> Replan:
    """Return `found` with its fix number `index` (from 0) used; as it is if there is none."""
    fixes = find_fixes(found.ask, found.proposal)
    if not 0 <= index < len(fixes):
        return found
    return replace(found, proposal=fixes[index].proposal, place=None)


def is_free(found: Replan, place: Place) -> bool:
    """Whether `place` can be had for session `number` of `found`."""
    openings, _rooms = openings_for(
        found.ask,
        place.room.site,
        [place.practitioner.pk],
        first=place.on,
        last=place.on,
        besides=[found.number],
    )
    return openings.can_stay(place.practitioner.pk, place.room.pk, place.starts_at)


def promised(found: Replan) -> list[Taken]:
    """Return what `found` would take from the calendar."""
    need, patient = found.ask.outline.need, found.chain.course.patient_id
    minutes = timedelta(minutes=1)
    return [
        Taken(
            held_from=row.place.starts_at - need.before * minutes,
            held_until=row.place.starts_at + (need.minutes + need.after) * minutes,
            practitioner=row.place.practitioner.pk,
            room=row.place.room.pk,
            patient=patient,
        )
        for row in found.to_write
        if row.place
    ]


def read_ahead_for(
    courses: Iterable[tuple[CourseChain, int]], *, now: datetime, calendars: Calendars
) -> None:
    """Read at once what re-plans of `courses` look at, each from a session on (see `read_ahead`)."""
    asks = [
        _with_everybody(_ask(chain, number, now=now, whole=False, calendars=calendars))
        for chain, number in courses
    ]
    # The times to choose for a first session lie up to a fortnight around it.
    read_ahead(asks, around=timedelta(days=FIRST_DAYS))


def with_others(found: Replan) -> Replan:
    """Return `found`, or the re-plan with other practitioners if it moves fewer sessions.

    Nothing is gained where a single session moves already.
    """
    if found.proposal.stuck_at is None and len(found.to_write) <= 1:
        return found
    ask = _with_everybody(found.ask)
    proposal = propose(ask)
    is_better = found.proposal.stuck_at is not None or proposal.cost < found.proposal.cost
    if proposal.stuck_at is not None or not is_better:
        return found
    return replace(found, ask=ask, proposal=proposal)


def _with_everybody(ask: Ask) -> Ask:
    return replace(ask, latitude=replace(ask.latitude, practitioners=True))


def row_of(chain: CourseChain, number: int) -> ChainRow | None:
    """Return the row of session `number`, None if the course has no such session."""
    return next((row for row in chain.rows if row.session.number == number), None)


def first_to_replan(chain: CourseChain) -> int:
    """Return the number of the session to begin with if none was named: the next open one."""
    row = chain.next_row or chain.rows[-1]
    return row.session.number


def unbooked(chain: CourseChain) -> list[int]:
    """Return the numbers of the sessions of `chain` that wait for a time."""
    return [row.session.number for row in chain.rows if row.is_bookable]


def is_followed(chain: CourseChain, session: TreatmentSession) -> bool:
    """Whether `session`, or one after it, is booked: then its time changes those of others."""
    return any(row.is_movable for row in chain.rows if row.session.number >= session.number)


def read_all_places(values: Mapping[int, str], *, now: datetime) -> dict[int, Place]:
    """Return the places that a form sent back as `Place.value`, by the same keys (2 queries).

    Raises ValueError if one of them is none, or so far away that nobody is offered it.
    """
    places = read_places(values)
    if len(places) < len(values) or any(
        place.starts_at > now + FURTHEST for place in places.values()
    ):
        raise ValueError(values)
    return places


def wishes_of(course: TreatmentCourse) -> Wishes:
    """Return what is wished for sessions of `course` that have no time: its own practitioner."""
    patient: Patient = course.patient
    own = course.practitioner
    return Wishes(
        practitioner=own if own.is_practitioner else None,
        weekdays=frozenset(patient.preferred_weekdays or ()),
        time_of_day=patient.preferred_time,
    )


def _ask(
    chain: CourseChain,
    number: int,
    *,
    now: datetime,
    whole: bool,
    taken: Sequence[Taken] = (),
    calendars: Calendars | None = None,
) -> Ask:
    outline = outline_of_course(chain)
    last = len(outline.sessions) if whole else _last_booked(chain, number)
    elsewhere = {
        place.room.site_id: place.room.site
        for session in outline.sessions
        if (place := session.place) and place.room.site_id != outline.site.pk
    }
    return Ask(
        outline=replace(outline, sessions=outline.sessions[:last]),
        wishes=wishes_of(chain.course),
        now=now,
        move_from=number,
        # What is booked at another site may stay there.
        latitude=Latitude(sites=tuple(elsewhere.values())),
        taken=taken,
        calendars=calendars or Calendars(),
    )


def _last_booked(chain: CourseChain, number: int) -> int:
    booked = (row.session.number for row in chain.rows if row.session.is_open and row.appointment)
    return max(number, *booked, number)


def draw_replan(found: Replan, *, today: date, rtl: bool = False) -> CourseRuler:
    """Draw the course as it would be. `today` is a day of its site."""
    links = found.links
    closures = closures_during(
        found.chain.course.site, links[0].on, links[-1].window.latest or links[-1].on
    )
    return course_ruler(
        [
            RulerSession(
                number=link.step.number,
                on=link.on,
                state=_state(found, row, link),
                earliest_on=link.window.earliest,
                latest_on=link.window.latest,
                gap_days=link.gap_days,
                gap_is_outside=link.is_late or link.is_early,
            )
            for row, link in zip(found.chain.rows, links, strict=True)
        ],
        today=today,
        closures=[RulerClosure(shut.starts_on, shut.ends_on, shut.reason) for shut in closures],
        events=[],
        rtl=rtl,
    )


def _state(found: Replan, row: ChainRow, link: Link) -> SessionState:
    if row.session.is_done:
        return "done"
    if not row.session.is_open:
        return "skipped"
    if row.session.number == found.proposal.stuck_at:
        return "problem"
    if link.step.booked_on is None:
        return "planned"
    return "next" if found.chain.next_row is row else "booked"
