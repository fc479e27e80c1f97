"""What is true of every course, whatever was done to it. One small function for each promise.

Each yields one English sentence for each time the promise is broken, naming the rows. To add a
promise, write such a function and add it to `COURSE_RULES`; add it to `COURSE_FOLLOW_UPS` if
people have to look at it, but nobody did wrong.

The line between the two, where the day of a session leaves its window:

- Delivered early or late is final. Early is always a violation; late is one without a reason on
  record (a deviation LATE or STRETCHED).
- Booked late without a reason is to follow up. It also comes about by itself, when the session
  before is delivered or booked later or loses its time, and the rows do not tell which it was.
- Booked early is a violation. It is to follow up where it came about by itself: while the session
  before waits for a time, and when that one was delivered on a later day than it was booked for.
- Delivered on a later day than booked is to follow up: the patient came late, or the record was
  signed on the next day. An appointment after the day of its delivery is a violation.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from sessions.domain.facts import CountedWindow, CourseFact, Numbers, PlaceFact, SessionFact
from treatments.domain.limits import INITIAL_GAP_DAYS, MONTHLY_GAP_DAYS, TOTAL_SESSIONS

CourseRule: TypeAlias = Callable[[CourseFact], Iterator[str]]


def has_3_to_15_sessions(course: CourseFact) -> Iterator[str]:
    """A course has 3 to 15 sessions, and the first ones are some or all of them."""
    total, initial = course.numbers.total, course.numbers.initial
    if not TOTAL_SESSIONS[0] <= total <= TOTAL_SESSIONS[1]:
        yield f"{course.names()} has {total} sessions; 3 to 15 are allowed."
    if not 1 <= initial <= total:
        yield f"{course.names()} has {initial} first sessions of {total}."


def gaps_are_within_limits(course: CourseFact) -> Iterator[str]:
    """First sessions are 7 to 10 days apart, monthly ones 28 to 35."""
    numbers = course.numbers
    for what, gap, limits in (
        ("first", (numbers.initial_min, numbers.initial_max), INITIAL_GAP_DAYS),
        ("monthly", (numbers.monthly_min, numbers.monthly_max), MONTHLY_GAP_DAYS),
    ):
        if not limits[0] <= gap[0] <= gap[1] <= limits[1]:
            yield (
                f"{course.names()} has {what} gaps of {gap[0]} to {gap[1]} days; "
                f"{limits[0]} to {limits[1]} are allowed."
            )


def sessions_are_numbered_through(course: CourseFact) -> Iterator[str]:
    """Its sessions are numbered 1 to the last, each once."""
    found = [session.number for session in course.sessions]
    if found != list(range(1, course.numbers.total + 1)):
        numbers = ", ".join(map(str, found)) or "none"
        yield f"{course.names()} should have sessions 1 to {course.numbers.total}; it has {numbers}."


def stored_windows_are_right(course: CourseFact) -> Iterator[str]:
    """The stored windows of open sessions are the ones that the chain gives now."""
    for session, window in course.counted:
        stored = (session.earliest_on, session.due_on, session.latest_on)
        counted = (window.earliest, window.due, window.latest)
        if not session.is_finished and stored != counted:
            yield (
                f"{course.names(session)}: the stored window is {_days(stored)}, "
                f"counted again it is {_days(counted)}."
            )


def nothing_is_early(course: CourseFact) -> Iterator[str]:
    """No session is delivered, or booked by somebody, before its window."""
    for session, window, early in _early(course):
        if session.delivered_on or not _came_early_by_itself(course.numbers, session, window):
            yield (
                f"{course.names(session)}: {_stands(session)}, {_number_of_days(early)} before "
                f"its window opens on {window.earliest}."
            )


def late_delivery_is_explained(course: CourseFact) -> Iterator[str]:
    """A session that was delivered after its window has a reason on record."""
    for session, window in course.counted:
        late = window.days_late(session.delivered_on) if session.delivered_on else 0
        if late and not _is_explained(session):
            yield (
                f"{course.names(session)}: {_stands(session)}, {_number_of_days(late)} after "
                f"its window closed on {window.latest}, without a reason on record."
            )


def done_has_its_day_and_place(course: CourseFact) -> Iterator[str]:
    """A done session has the day it was delivered and a done appointment, not on a later day."""
    for session in course.sessions:
        if (session.status == "DONE") is not (session.delivered_on is not None):
            yield (
                f"{course.names(session)} is {session.status} and "
                f"its day of delivery is {session.delivered_on or 'empty'}."
            )
        if session.status == "DONE" and not session.places:
            yield f"{course.names(session)} is DONE and has no appointment."
        for place in session.places:
            if session.delivered_on and place.on > session.delivered_on:
                yield (
                    f"{course.names(session)}: delivered on {session.delivered_on}, "
                    f"but appointment {place.pk} is on {place.on}."
                )


def nothing_is_delivered_in_the_future(course: CourseFact) -> Iterator[str]:
    """No day of delivery lies ahead."""
    for session in course.sessions:
        if session.delivered_on and session.delivered_on > course.today:
            yield f"{course.names(session)}: {_stands(session)}, which is still to come."


def status_matches_the_place(course: CourseFact) -> Iterator[str]:
    """A session says what its live appointment says; without one it is planned or skipped."""
    for session in course.sessions:
        for place in session.places:
            if session.status != place.status:
                yield (
                    f"{course.names(session)} is {session.status}, "
                    f"but appointment {place.pk} is {place.status}."
                )
        if not session.places and session.status in {"BOOKED", "ARRIVED", "IN_TREATMENT"}:
            yield f"{course.names(session)} is {session.status} and has no appointment."


def session_has_one_place(course: CourseFact) -> Iterator[str]:
    """A session has one live appointment at most."""
    for session in course.sessions:
        if len(session.places) > 1:
            places = " and ".join(str(place.pk) for place in session.places)
            yield f"{course.names(session)} has live appointments {places} at once."


def place_is_the_patients(course: CourseFact) -> Iterator[str]:
    """An appointment of a session belongs to the patient of the course."""
    for session, place in _places(course):
        if place.patient_id != course.patient_id:
            yield (
                f"{course.names(session)}: appointment {place.pk} belongs to "
                f"patient {place.patient_id}, not to {course.patient_id}."
            )


def skipping_is_explained(course: CourseFact) -> Iterator[str]:
    """A skipped session says why."""
    for session in course.sessions:
        if session.status == "SKIPPED" and "SKIPPED" not in session.deviations:
            yield f"{course.names(session)} is SKIPPED without a reason on record."


def sessions_are_delivered_in_order(course: CourseFact) -> Iterator[str]:
    """No session is delivered before, or on the day of, an earlier one, nor while one is open."""
    done = [session for session in course.sessions if session.delivered_on]
    for before, after in pairwise(done):
        if after.delivered_on <= before.delivered_on:  # type: ignore[operator]
            yield (
                f"{course.names(after)}: {_stands(after)}, not after session {before.number}, "
                f"delivered on {before.delivered_on}."
            )
    for session in course.sessions:
        if not session.is_finished and done and session.number < done[-1].number:
            yield f"{course.names(session)} is open, but session {done[-1].number} is delivered."


def specialist_was_consulted(course: CourseFact) -> Iterator[str]:
    """A course that needs a specialist's consultation began with one on record."""
    began = course.activated_on
    if course.needs_specialist and began and not any(on <= began for on in course.consulted_on):
        yield (
            f"{course.names()} was activated on {began} without the specialist consultation "
            "that its indication asks for."
        )


def ended_course_holds_nothing(course: CourseFact) -> Iterator[str]:
    """A course that has ended holds no appointment to come."""
    for session, place in _places(course):
        if course.has_ended and place.status != "DONE" and place.starts_at > course.at:
            yield (
                f"{course.names(session)}: the course is {course.status}, "
                f"but appointment {place.pk} on {place.on} is {place.status}."
            )


COURSE_RULES: tuple[CourseRule, ...] = (
    has_3_to_15_sessions,
    gaps_are_within_limits,
    sessions_are_numbered_through,
    stored_windows_are_right,
    nothing_is_early,
    late_delivery_is_explained,
    done_has_its_day_and_place,
    nothing_is_delivered_in_the_future,
    status_matches_the_place,
    session_has_one_place,
    place_is_the_patients,
    skipping_is_explained,
    sessions_are_delivered_in_order,
    specialist_was_consulted,
    ended_course_holds_nothing,
)


def booked_late_without_a_reason(course: CourseFact) -> Iterator[str]:
    """A booked session stands after its window, and nobody said why."""
    for session, window in course.counted:
        on = None if session.delivered_on else session.fixed_on
        if on and window.days_late(on) and not _is_explained(session):
            yield f"{course.names(session)}: {_stands(session)}, after {window.latest}."


def booked_early_by_itself(course: CourseFact) -> Iterator[str]:
    """A booked session stands before its window because the session before it changed."""
    for session, window, _days_early in _early(course):
        if not session.delivered_on and _came_early_by_itself(course.numbers, session, window):
            yield f"{course.names(session)}: {_stands(session)}, before {window.earliest}."


def delivered_on_a_later_day(course: CourseFact) -> Iterator[str]:
    """A session was delivered on a later day than its appointment."""
    for session, place in _places(course):
        if session.delivered_on and place.on < session.delivered_on:
            yield f"{course.names(session)}: {_stands(session)}, booked for {place.on}."


COURSE_FOLLOW_UPS: dict[str, CourseRule] = {
    "booked_late": booked_late_without_a_reason,
    "booked_early": booked_early_by_itself,
    "delivered_later": delivered_on_a_later_day,
}


def _places(course: CourseFact) -> Iterator[tuple[SessionFact, PlaceFact]]:
    for session in course.sessions:
        for place in session.places:
            yield session, place


def _early(course: CourseFact) -> Iterator[tuple[SessionFact, CountedWindow, int]]:
    for session, window in course.counted:
        if session.fixed_on and (early := window.days_early(session.fixed_on)):
            yield session, window, early


def _came_early_by_itself(numbers: Numbers, session: SessionFact, window: CountedWindow) -> bool:
    """Whether `session` stands before `window` without anybody having booked it too early."""
    before = window.opened_by
    if before is None or before.fixed_on is None:
        return True
    booked_on = before.places[0].on if before.places else before.fixed_on
    on = session.fixed_on or window.due
    return (on - booked_on).days >= numbers.gap_before(session.number)[0]


def _is_explained(session: SessionFact) -> bool:
    return not session.deviations.isdisjoint({"LATE", "STRETCHED"})


def _stands(session: SessionFact) -> str:
    if session.delivered_on:
        return f"delivered on {session.delivered_on}"
    return f"booked for {session.fixed_on}"


def _days(days: Iterable[object]) -> str:
    return " / ".join(str(day or "none") for day in days)


def _number_of_days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
