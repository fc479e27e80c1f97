"""A chain as it is drawn: the ruler of the whole course and the gap ruler of each row."""

from dataclasses import dataclass
from datetime import date

from clinic.models import Closure, Site
from sessions.domain.gap_ruler import GapRuler, gap_ruler
from sessions.domain.ruler import (
    CourseRuler,
    RulerClosure,
    RulerEvent,
    RulerSession,
    SessionState,
    course_ruler,
)
from sessions.domain.windows import Cadence, Gap, Link
from sessions.models import Appointment
from sessions.selectors.chain import ChainRow, CourseChain
from sessions.selectors.proposals import Proposal, ProposedRow


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One row of the chain on screen: of a course, with its `row`, or of one being `proposed`."""

    number: int
    link: Link
    state: SessionState
    gap: GapRuler | None
    allowed: Gap | None
    closure: str
    row: ChainRow | None = None
    proposed: ProposedRow | None = None

    @property
    def is_problem(self) -> bool:
        """Whether it needs somebody's attention."""
        return self.state == "problem"

    @property
    def is_provisional(self) -> bool:
        """Whether its day is still only the due day."""
        return self.state == "planned"


@dataclass(frozen=True, slots=True)
class DrawnCourse:
    """A course on screen or on paper."""

    ruler: CourseRuler
    rows: tuple[DrawnRow, ...]

    @property
    def starts_on(self) -> date:
        """The day of the first session."""
        return self.rows[0].link.on

    @property
    def ends_on(self) -> date:
        """The day of the last session, as far as it is known."""
        return self.rows[-1].link.on


def draw_course(
    chain: CourseChain, *, today: date | None, rtl: bool = False, paper: bool = False
) -> DrawnCourse:
    """Draw `chain`. `today` is a day of the course's site; None leaves its mark and lateness out."""
    closures = closures_during(chain.course.site, chain.starts_on, _last_day(chain.links))
    rows = tuple(
        _drawn(
            row.link,
            chain.cadence,
            _state(row, chain, today),
            closures,
            rtl=rtl,
            row=row,
        )
        for row in chain.rows
    )
    events = [
        RulerEvent(on=gone.starts_at.astimezone(chain.course.site.zone).date())
        for row in chain.rows
        for gone in row.ended
        if gone.status == Appointment.Status.NO_SHOW
    ]
    return DrawnCourse(_ruler(rows, today, closures, events, rtl=rtl, paper=paper), rows)


def draw_plan(proposal: Proposal, *, today: date | None, rtl: bool = False) -> DrawnCourse:
    """Draw what is proposed for a new course; its first session without a time is a problem."""
    outline = proposal.outline
    closures = closures_during(outline.site, proposal.rows[0].link.on, _last_day(proposal.links))
    rows = tuple(
        _drawn(
            row.link,
            outline.cadence,
            _proposed_state(row, proposal),
            closures,
            rtl=rtl,
            proposed=row,
        )
        for row in proposal.rows
    )
    return DrawnCourse(_ruler(rows, today, closures, [], rtl=rtl, paper=False), rows)


def closures_during(site: Site, first: date, last: date) -> list[Closure]:
    """Return the closures of `site` between two days, both included."""
    return list(Closure.objects.filter(site=site).touching(first, last))


def _drawn(
    link: Link,
    cadence: Cadence,
    state: SessionState,
    closures: list[Closure],
    *,
    rtl: bool,
    row: ChainRow | None = None,
    proposed: ProposedRow | None = None,
) -> DrawnRow:
    allowed = drawn_gap = None
    if link.gap_days is not None:
        allowed = cadence.gap_before(link.step.number)
        drawn_gap = gap_ruler(
            gap_days=None if proposed and state == "problem" else link.gap_days,
            min_days=allowed.min_days,
            max_days=allowed.max_days,
            state=state,
            rtl=rtl,
        )
    return DrawnRow(
        number=link.step.number,
        link=link,
        state=state,
        gap=drawn_gap,
        allowed=allowed,
        closure=_closed_all_through(link, closures),
        row=row,
        proposed=proposed,
    )


def _closed_all_through(link: Link, closures: list[Closure]) -> str:
    """Return why no day of the window is open, "" if one is."""
    earliest, latest = link.window.earliest, link.window.latest
    if earliest is None or latest is None:
        return ""
    return next(
        (shut.reason for shut in closures if shut.starts_on <= earliest and latest <= shut.ends_on),
        "",
    )


def _state(row: ChainRow, chain: CourseChain, today: date | None) -> SessionState:
    if row.session.is_done:
        return "done"
    if not row.session.is_open:
        return "skipped"
    is_next = chain.next_row is not None and chain.next_row.session.pk == row.session.pk
    if row.appointment is None:
        overdue = today is not None and is_next and row.link.window.days_late(today)
        return "problem" if overdue and chain.course.is_active else "planned"
    if row.is_out_of_window:
        return "problem"
    return "next" if is_next else "booked"


def _proposed_state(row: ProposedRow, proposal: Proposal) -> SessionState:
    if row.number == proposal.stuck_at:
        return "problem"
    return "booked" if row.place else "planned"


def _ruler(
    rows: tuple[DrawnRow, ...],
    today: date | None,
    closures: list[Closure],
    events: list[RulerEvent],
    *,
    rtl: bool,
    paper: bool,
) -> CourseRuler:
    return course_ruler(
        [
            RulerSession(
                number=row.number,
                on=row.link.on,
                state=row.state,
                earliest_on=row.link.window.earliest,
                latest_on=row.link.window.latest,
                # A session without a time has no gap yet, only the day it would be due on.
                gap_days=None if row.proposed and row.is_problem else row.link.gap_days,
                gap_is_outside=row.link.is_late or row.link.is_early,
            )
            for row in rows
        ],
        today=None if paper else today,
        closures=[RulerClosure(shut.starts_on, shut.ends_on, shut.reason) for shut in closures],
        events=events,
        rtl=rtl,
        paper=paper,
    )


def _last_day(links: tuple[Link, ...] | list[Link]) -> date:
    last = links[-1]
    return last.window.latest or last.on
