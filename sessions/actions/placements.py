"""What is asked of the calendar, and the ways in which it is refused."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from clinic.models import Room
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from sessions.domain.booking import Hold
from sessions.domain.free_time import Slot
from sessions.domain.openings import Need
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.replan_words import clock_words
from sessions.selectors.asking import Place
from treatments.models import TreatmentCourse


@dataclass(frozen=True, slots=True)
class LateReason:
    """Why a session is booked or delivered after its window: a code of `Deviation.Reason`, words."""

    code: str
    words: str

    @property
    def is_complete(self) -> bool:
        """Whether it names a known code and says something."""
        return self.code in Deviation.Reason.values and bool(self.words.strip())

    @property
    def kind(self) -> Deviation.Kind:
        """A gap that the condition allows was chosen; every other late day happened."""
        is_chosen = self.code == Deviation.Reason.CONDITION
        return Deviation.Kind.STRETCHED if is_chosen else Deviation.Kind.LATE


@dataclass(frozen=True, slots=True)
class Placement:
    """The place `session` shall have, from `starts_at` (aware) on. A late one needs its reason.

    `was` is the place that it had when this one was chosen, as `Place.value` writes it: "" if it
    had none, None if nobody said.
    """

    session: TreatmentSession
    practitioner: User
    room: Room
    starts_at: datetime
    late_reason: LateReason | None = None
    was: str | None = None


def hold_of(course: TreatmentCourse, *, practitioner: int, room: int, starts_at: datetime) -> Hold:
    """Return what a session of `course` takes from the calendar, in UTC. People are primary keys."""
    starts_at = starts_at.astimezone(UTC)
    ends_at = starts_at + timedelta(minutes=course.session_minutes)
    return Hold(
        practitioner=practitioner,
        room=room,
        patient=course.patient_id,
        starts_at=starts_at,
        ends_at=ends_at,
        held_from=starts_at - timedelta(minutes=course.buffer_before_minutes),
        held_until=ends_at + timedelta(minutes=course.buffer_after_minutes),
    )


def need_of_hold(hold: Hold) -> Need:
    """Return how long `hold` is, with its buffers."""

    def minutes(span: timedelta) -> int:
        return int(span.total_seconds() // 60)

    return Need(
        minutes=minutes(hold.ends_at - hold.starts_at),
        before=minutes(hold.starts_at - hold.held_from),
        after=minutes(hold.held_until - hold.ends_at),
    )


class BookingRefused(ActionRefused):
    """The booking breaks a rule. `problem` says which, and what to do, in one sentence.

    `number` and `session` are the session it is about, None if it is about none in particular.
    """

    def __init__(
        self, problem: str, *, session: TreatmentSession | None = None, number: int | None = None
    ) -> None:
        super().__init__(problem)
        self.session = session
        self.number = session.number if session else number


class LateReasonMissing(BookingRefused):
    """The day lies after the window: a clinician may book it with a reason."""


class LeavesLate(BookingRefused):
    """Sessions that stay would be late then. `numbers` are theirs, the first one's is `number`."""

    def __init__(
        self, problem: str, *, session: TreatmentSession, numbers: tuple[int, ...]
    ) -> None:
        super().__init__(problem, session=session)
        self.numbers = numbers


class MovedMeanwhile(BookingRefused):
    """Somebody else moved it after its place was shown to the person who wants to move it."""


def check_not_moved(
    was: str | None, held: Appointment | None, *, session: TreatmentSession | None = None
) -> None:
    """Raise MovedMeanwhile unless `held` (locked; None: no time) is where it `was`, if that is said."""
    now = Place(held.starts_at, held.practitioner, held.room) if held else None
    if was is None or was == (now.value if now else ""):
        return
    number = session.number if session else None
    if now is None:
        raise MovedMeanwhile(
            _("Session %(number)s has no time any more. Check it, then choose again.")
            % {"number": number},
            session=session,
        )
    if session is None:
        words = _(
            "This appointment was moved to %(when)s with %(name)s meanwhile. "
            "Check it, then move it again."
        )
    elif was:
        words = _(
            "Session %(number)s was moved to %(when)s with %(name)s meanwhile. "
            "Check it, then move it again."
        )
    else:
        words = _(
            "Session %(number)s was booked for %(when)s with %(name)s meanwhile. "
            "Check it, then move it if it must be."
        )
    when, name = clock_words(now.starts_at, now.room.site.zone), now.practitioner.display_name
    raise MovedMeanwhile(words % {"number": number, "when": when, "name": name}, session=session)


class TakenBack(BookingRefused):
    """The act of this key was taken back. To do it again it needs a key of its own."""


class SlotTaken(BookingRefused):
    """Somebody else was faster. `next_free` is the next time that is still free, if there is one."""

    def __init__(
        self, problem: str, next_free: Slot | None, *, session: TreatmentSession | None
    ) -> None:
        super().__init__(problem, session=session)
        self.next_free = next_free
