"""The day of a site, one row for each appointment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models import Closure, Site
from clinic.selectors import profile_value
from meso_clinic.core.models import User
from meso_clinic.core.privacy import shown_name
from patients.models import phone_link
from sessions.domain.lifecycle import (
    LIVE,
    Status,
    can_finish,
    can_undo,
    change_mark,
    minutes_late,
    next_steps,
)
from sessions.models import Appointment, TreatmentSession
from sessions.words import VisitWords

LATE = "LATE"

# What a row reads. A day of a large clinic has 144 rows, and making model instances of their six
# tables would take longer than all the rest of the page.
_COLUMNS = (
    "pk",
    "kind",
    "session_id",
    "session__number",
    "session__status",
    "session__course_id",
    "session__course__held_at",
    "session__course__total_sessions",
    "session__course__indication__short_name",
    "patient_id",
    "patient__given_names",
    "patient__family_names",
    "patient__phone",
    "practitioner_id",
    "practitioner__first_name",
    "practitioner__last_name",
    "practitioner__username",
    "room_id",
    "room__name",
    "starts_at",
    "ends_at",
    "status",
    "previous_status",
    "status_since",
    "arrived_at",
    "cancel_reason",
)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One appointment as the day shows it. Times are aware; people are primary keys and names.

    `visit` says what it is for, `number` which session of its course it is, 0 for none. Minutes count from its time, or since the patient waits.
    """

    pk: int
    session: int | None
    course: int | None
    number: int
    visit: str
    patient: int
    name: str
    phone: str
    practitioner: int
    practitioner_name: str
    room: int
    room_name: str
    starts_at: datetime
    ends_at: datetime
    status: str
    cancel_reason: str
    late_minutes: int
    waiting_minutes: int
    can_undo: bool
    # The change that Undo would take back.
    mark: str
    is_no_show_due: bool
    needs_new_time: bool
    # Its course is on clinical hold, and it has not begun.
    is_held: bool

    @property
    def phone_link(self) -> str:
        """The address that calls the patient."""
        return phone_link(self.phone)

    @property
    def is_new(self) -> bool:
        """Whether it is the first session of a course."""
        return self.number == 1

    @property
    def state(self) -> str:
        """Its status, with LATE for a booked patient who should be here."""
        return LATE if self.late_minutes else self.status

    @property
    def label(self) -> str:
        """Its status in words."""
        return str(Appointment.Status(self.status).label)

    @property
    def cancel_label(self) -> str:
        """Why it was cancelled, in words, "" if it was not."""
        reason = self.cancel_reason
        return str(Appointment.CancelReason(reason).label) if reason else ""

    @property
    def minutes(self) -> int:
        """How long it is booked for."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def steps(self) -> frozenset[Status]:
        """What it may become."""
        return next_steps(self.status)

    @property
    def can_check_in(self) -> bool:
        """Whether the patient may be checked in."""
        return Status.ARRIVED in self.steps

    @property
    def can_start(self) -> bool:
        """Whether treatment may begin."""
        return Status.IN_TREATMENT in self.steps and not self.is_held

    @property
    def can_finish(self) -> bool:
        """Whether one click ends it: it has no record to sign."""
        return can_finish(self.status, is_session=self.session is not None)

    @property
    def can_cancel(self) -> bool:
        """Whether the time may be given back."""
        return Status.CANCELLED in self.steps

    @property
    def is_in_treatment(self) -> bool:
        """Whether its record is being written."""
        return self.status == Status.IN_TREATMENT

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens in it."""
        return not self.steps and not self.is_in_treatment


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a site: its rows in order, how many are in each state, and why it is closed."""

    site: Site
    on: date
    rows: tuple[DayRow, ...]
    counts: Counter[str]
    closure: Closure | None


def read_day(*, site: Site, on: date, now: datetime, practitioner: User | None = None) -> Day:
    """Read the day `on` of `site` as it stands at `now` (aware), of one practitioner if given.

    Takes 2 queries whatever the number of rows.
    """
    appointments = Appointment.objects.on_days(on, on, site).in_order()
    if practitioner is not None:
        appointments = appointments.filter(practitioner=practitioner)
    words = VisitWords()
    late_after = profile_value("late_after_minutes")
    rows = tuple(
        _row(dict(zip((*_COLUMNS, "late_after"), values, strict=True)), now, words)
        for values in appointments.values_list(*_COLUMNS, late_after)
    )
    return Day(
        site=site,
        on=on,
        rows=rows,
        counts=Counter(row.state for row in rows),
        closure=Closure.objects.filter(site=site).touching(on, on).first(),
    )


def _row(its: dict[str, Any], now: datetime, words: VisitWords) -> DayRow:
    status = its["status"]
    waiting = 0
    if status == Status.ARRIVED:
        since = its["arrived_at"] or its["status_since"]
        waiting = max(0, int((now - since).total_seconds() // 60))
    number = its["session__number"]
    return DayRow(
        pk=its["pk"],
        session=its["session_id"],
        course=its["session__course_id"],
        number=number or 0,
        visit=words.of(
            its["kind"],
            its["session__course__indication__short_name"],
            number,
            its["session__course__total_sessions"],
        ),
        patient=its["patient_id"],
        name=f"{its['patient__given_names']} {its['patient__family_names']}".strip(),
        phone=its["patient__phone"],
        practitioner=its["practitioner_id"],
        practitioner_name=f"{its['practitioner__first_name']} {its['practitioner__last_name']}".strip()
        or its["practitioner__username"],
        room=its["room_id"],
        room_name=its["room__name"],
        starts_at=its["starts_at"],
        ends_at=its["ends_at"],
        status=status,
        cancel_reason=its["cancel_reason"],
        late_minutes=minutes_late(status, its["starts_at"], now, after=its["late_after"]),
        waiting_minutes=waiting,
        can_undo=can_undo(
            status,
            its["previous_status"],
            its["status_since"],
            now,
            is_session=number is not None,
        ),
        mark=change_mark(status, its["status_since"]),
        is_no_show_due=status == Status.BOOKED and now >= its["starts_at"],
        needs_new_time=status not in LIVE
        and its["session__status"] == TreatmentSession.Status.PLANNED,
        is_held=its["session__course__held_at"] is not None
        and status in {Status.BOOKED, Status.ARRIVED},
    )


def with_initials(day: Day) -> Day:
    """Return `day` as a screen that faces the room shows it: initials, and no phone."""
    rows = (replace(row, name=shown_name(row.name, is_private=True), phone="") for row in day.rows)
    return replace(day, rows=tuple(rows))


def in_state(rows: Sequence[DayRow], state: str) -> tuple[DayRow, ...]:
    """Return the rows in `state`, all of them for an empty one."""
    return tuple(row for row in rows if not state or row.state == state)


ARRIVING_NEXT = timedelta(minutes=90)

# Status, its word, its icon and its tone, in the order of the filters.
FILTERS = (
    (LATE, _("Late"), "clock-alert", "is-late"),
    (Status.ARRIVED, _("Waiting"), "hourglass", "is-waiting"),
    (Status.IN_TREATMENT, _("In treatment"), "syringe", "is-treatment"),
    (Status.BOOKED, _("Booked"), "circle", "is-booked"),
    (Status.DONE, _("Done"), "check", "is-done"),
    (Status.NO_SHOW, _("No-show"), "user-x", "is-noshow"),
    (Status.CANCELLED, _("Cancelled"), "ban", "is-cancelled"),
)


@dataclass(frozen=True, slots=True)
class DayGroup:
    """Rows that ask for the same thing from the desk."""

    key: str
    heading: str
    icon: str
    tone: str
    rows: tuple[DayRow, ...]
    is_folded: bool
    """Whether the desk sees only its heading until it asks."""


def groups(
    rows: Sequence[DayRow], *, now: datetime, today: date, on: date, may_treat: bool
) -> tuple[DayGroup, ...]:
    """Sort `rows` into what to do now, what comes and what is finished; empty groups are left out.

    What is in treatment waits for nobody but those who treat (`may_treat`).
    """
    folded = {"later", "finished"} if may_treat else {"treatment", "later", "finished"}
    soon = now + ARRIVING_NEXT
    headings = {
        "late": (gettext("Call now"), "phone", "is-late"),
        "waiting": (gettext("In the waiting room"), "hourglass", "is-waiting"),
        "treatment": (gettext("In treatment"), "syringe", "is-treatment"),
        "rebook": (gettext("Needs a new time"), "calendar-plus", "is-noshow"),
        "next": (gettext("Arriving next"), "clock", ""),
        "later": (gettext("Later today") if on == today else gettext("Booked"), "clock", ""),
        "finished": (gettext("Finished"), "check", ""),
    }
    sorted_rows: dict[str, list[DayRow]] = {key: [] for key in headings}
    for row in rows:
        sorted_rows[_group_of(row, soon, is_today=on == today)].append(row)
    return tuple(
        DayGroup(key, *headings[key], rows=tuple(found), is_folded=key in folded)
        for key, found in sorted_rows.items()
        if found
    )


def _group_of(row: DayRow, soon: datetime, *, is_today: bool) -> str:
    if row.late_minutes:
        return "late"
    if row.status == Status.ARRIVED:
        return "waiting"
    if row.is_in_treatment:
        return "treatment"
    if row.is_finished:
        return "rebook" if row.needs_new_time else "finished"
    return "next" if is_today and row.starts_at <= soon else "later"


def next_open_day(site: Site, after: date, *, practitioner: User | None) -> Appointment | None:
    """Return the first live appointment at `site` after the day `after`, or None."""
    begins = datetime.combine(after + timedelta(days=1), time.min, site.zone)
    found = Appointment.objects.live().with_people().at_site(site, begins=begins)
    if practitioner is not None:
        found = found.filter(practitioner=practitioner)
    return found.in_order().first()
