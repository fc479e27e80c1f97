"""A course as a chain: rows of the database turned into what the rules read, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch

from sessions.domain.windows import Cadence, Gap, Link, Step, Window, chain
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.models.chain import excused_days
from treatments.models import TreatmentCourse


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One session of a course with its window, its appointment and why it deviates."""

    session: TreatmentSession
    link: Link
    appointment: Appointment | None
    ended: tuple[Appointment, ...]
    deviations: tuple[Deviation, ...]

    @property
    def is_bookable(self) -> bool:
        """Whether it waits for a time."""
        return self.session.is_open and self.appointment is None

    @property
    def is_movable(self) -> bool:
        """Whether its time may still be changed."""
        return (
            self.appointment is not None and self.session.status == TreatmentSession.Status.BOOKED
        )

    @property
    def excused_days(self) -> int:
        """How many days after its window it may stand, by the reasons on record."""
        return excused_days(self.deviations)

    @property
    def is_out_of_window(self) -> bool:
        """Whether it is booked outside its window without a reason on record."""
        late = self.link.window.days_late(self.link.on)
        outside = self.link.is_early or late > self.excused_days
        return self.appointment is not None and self.session.is_open and outside


@dataclass(frozen=True, slots=True)
class CourseChain:
    """A course with all its sessions."""

    course: TreatmentCourse
    cadence: Cadence
    rows: tuple[ChainRow, ...]

    @property
    def links(self) -> tuple[Link, ...]:
        """The windows, in order."""
        return tuple(row.link for row in self.rows)

    @property
    def steps(self) -> list[Step]:
        """What the rules read."""
        return [row.link.step for row in self.rows]

    @property
    def explained(self) -> dict[int, int]:
        """How late each session may stand, in days, by the reasons on record."""
        return {row.session.number: row.excused_days for row in self.rows}

    @property
    def done_count(self) -> int:
        """How many sessions were delivered."""
        return sum(row.session.is_done for row in self.rows)

    @property
    def next_row(self) -> ChainRow | None:
        """The next session that has to happen."""
        return next((row for row in self.rows if row.session.is_open), None)

    @property
    def to_book(self) -> ChainRow | None:
        """The first session that waits for a time."""
        return next((row for row in self.rows if row.is_bookable), None)

    @property
    def starts_on(self) -> date:
        """The day of the first session."""
        return self.rows[0].link.on

    @property
    def ends_on(self) -> date:
        """The day of the last session, as far as it is known."""
        return self.rows[-1].link.on

    def row(self, session: TreatmentSession) -> ChainRow:
        """Return the row of `session`."""
        return next(row for row in self.rows if row.session.pk == session.pk)

    def windows_with(self, days: Mapping[int, date]) -> list[tuple[TreatmentSession, Window]]:
        """Return each session with the window it has once those of `days` (by number) are booked."""
        steps = [
            replace(step, booked_on=days.get(step.number, step.booked_on)) for step in self.steps
        ]
        links = chain(self.cadence, self.course.first_on, steps)
        return [(row.session, link.window) for row, link in zip(self.rows, links, strict=True)]

    def is_overdue(self, today: date) -> bool:
        """Whether the next session's window closed before `today`."""
        row = self.next_row
        return bool(row and row.appointment is None and row.link.window.days_late(today))


def cadence_of(course: TreatmentCourse) -> Cadence:
    """Return the numbers that `course` keeps."""
    return Cadence(
        total=course.total_sessions,
        initial=course.initial_sessions,
        initial_gap=Gap(course.initial_min_days, course.initial_max_days),
        monthly_gap=Gap(course.monthly_min_days, course.monthly_max_days),
        product_min_days=course.product_min_days,
    )


def course_chain(course: TreatmentCourse) -> CourseChain:
    """Read `course` with its sessions, appointments and deviations, in order (4 queries)."""
    return course_chains([course])[0]


def course_chains(courses: list[TreatmentCourse]) -> list[CourseChain]:
    """Read several courses at once, with the same number of queries whatever their number."""
    appointments = Appointment.objects.select_related("practitioner", "room__site").order_by(
        "starts_at", "pk"
    )
    sessions = (
        TreatmentSession.objects.filter(course__in=courses)
        .in_order()
        .prefetch_related(
            Prefetch("appointments", appointments),
            Prefetch("deviations", Deviation.objects.select_related("by").order_by("at", "pk")),
        )
    )
    by_course: dict[int, list[TreatmentSession]] = {}
    for session in sessions:
        by_course.setdefault(session.course_id, []).append(session)
    return [
        _assemble(
            course,
            [
                (session, session.appointments.all(), session.deviations.all())
                for session in by_course.get(course.pk, [])
            ],
        )
        for course in courses
    ]


def new_chain(course: TreatmentCourse, sessions: Iterable[TreatmentSession]) -> CourseChain:
    """Return `course` with the `sessions` that were made for it just now (no query)."""
    return _assemble(course, [(session, (), ()) for session in sessions])


def next_to_book(course: TreatmentCourse) -> TreatmentSession | None:
    """Return the first session of `course` that waits for a time."""
    row = course_chain(course).to_book
    return row.session if row else None


_Kept = tuple[TreatmentSession, Iterable[Appointment], Iterable[Deviation]]
"""A session with its appointments and deviations, in order."""


def _assemble(course: TreatmentCourse, kept: Sequence[_Kept]) -> CourseChain:
    cadence = cadence_of(course)
    live = [
        next((place for place in appointments if _is_live(place)), None)
        for _session, appointments, _deviations in kept
    ]
    steps = [_step(session, place) for (session, *_rest), place in zip(kept, live, strict=True)]
    links = chain(cadence, course.first_on, steps)
    rows = tuple(
        ChainRow(
            session=session,
            link=link,
            appointment=place,
            ended=tuple(gone for gone in appointments if not _is_live(gone)),
            deviations=tuple(deviations),
        )
        for (session, appointments, deviations), link, place in zip(kept, links, live, strict=True)
    )
    return CourseChain(course=course, cadence=cadence, rows=rows)


def _is_live(appointment: Appointment) -> bool:
    ended = {Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW}
    return appointment.status not in ended


def _step(session: TreatmentSession, appointment: Appointment | None) -> Step:
    booked_on = None
    if appointment is not None:
        booked_on = appointment.starts_at.astimezone(appointment.room.site.zone).date()
    return Step(
        number=session.number,
        delivered_on=session.delivered_on,
        booked_on=booked_on,
        is_skipped=session.status == TreatmentSession.Status.SKIPPED,
    )
