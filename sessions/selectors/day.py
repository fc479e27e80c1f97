"""The day of a site, one row for each appointment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.models import ClinicProfile, Closure, Site
from meso_clinic.core.models import User
from sessions.domain.lifecycle import Status, can_undo, minutes_late, next_steps
from sessions.models import Appointment

LATE = "LATE"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One appointment as the day shows it. Minutes count from its time, or since it waits."""

    appointment: Appointment
    late_minutes: int
    waiting_minutes: int
    can_undo: bool
    is_no_show_due: bool

    @property
    def state(self) -> str:
        """Its status, with LATE for a booked patient who should be here."""
        return LATE if self.late_minutes else str(self.appointment.status)

    @property
    def steps(self) -> frozenset[str]:
        """What it may become."""
        return frozenset(str(step) for step in next_steps(self.appointment.status))

    @property
    def can_check_in(self) -> bool:
        """Whether the patient may be checked in."""
        return Status.ARRIVED in self.steps

    @property
    def can_start(self) -> bool:
        """Whether treatment may begin."""
        return Status.IN_TREATMENT in self.steps

    @property
    def can_cancel(self) -> bool:
        """Whether the time may be given back."""
        return Status.CANCELLED in self.steps

    @property
    def is_in_treatment(self) -> bool:
        """Whether its record is being written."""
        return self.appointment.status == Status.IN_TREATMENT

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


def read_day(
    *, site: Site, on: date, now: datetime, profile: ClinicProfile, practitioner: User | None = None
) -> Day:
    """Read the day `on` of `site` as it stands at `now` (aware), of one practitioner if given.

    Takes 2 queries whatever the number of rows.
    """
    appointments = Appointment.objects.on_day(on, site).with_people().in_order()
    if practitioner is not None:
        appointments = appointments.filter(practitioner=practitioner)
    rows = tuple(day_row(appointment, now=now, profile=profile) for appointment in appointments)
    return Day(
        site=site,
        on=on,
        rows=rows,
        counts=Counter(row.state for row in rows),
        closure=Closure.objects.filter(site=site).touching(on, on).first(),
    )


def day_row(appointment: Appointment, *, now: datetime, profile: ClinicProfile) -> DayRow:
    """Return `appointment` as the day shows it at `now`."""
    late = minutes_late(
        appointment.status, appointment.starts_at, now, after=profile.late_after_minutes
    )
    waiting = 0
    if appointment.status == Status.ARRIVED:
        since = appointment.arrived_at or appointment.status_since
        waiting = max(0, int((now - since).total_seconds() // 60))
    return DayRow(
        appointment=appointment,
        late_minutes=late,
        waiting_minutes=waiting,
        can_undo=can_undo(
            appointment.status, appointment.previous_status, appointment.status_since, now
        ),
        is_no_show_due=appointment.status == Status.BOOKED and now >= appointment.starts_at,
    )


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

    @property
    def is_folded(self) -> bool:
        """Whether the desk sees only its heading until it asks."""
        return self.key in {"later", "finished"}


def groups(rows: Sequence[DayRow], *, now: datetime, today: date, on: date) -> tuple[DayGroup, ...]:
    """Sort `rows` into what to do now, what comes and what is finished; empty groups are left out."""
    soon = now + ARRIVING_NEXT
    headings = {
        "late": (gettext("Call now"), "phone", "is-late"),
        "waiting": (gettext("In the waiting room"), "hourglass", "is-waiting"),
        "treatment": (gettext("In treatment"), "syringe", "is-treatment"),
        "next": (gettext("Arriving next"), "clock", ""),
        "later": (gettext("Later today") if on == today else gettext("Booked"), "clock", ""),
        "finished": (gettext("Finished"), "check", ""),
    }
    sorted_rows: dict[str, list[DayRow]] = {key: [] for key in headings}
    for row in rows:
        sorted_rows[_group_of(row, soon, is_today=on == today)].append(row)
    return tuple(
        DayGroup(key, *headings[key], rows=tuple(found))
        for key, found in sorted_rows.items()
        if found
    )


def _group_of(row: DayRow, soon: datetime, *, is_today: bool) -> str:
    if row.late_minutes:
        return "late"
    if row.appointment.status == Status.ARRIVED:
        return "waiting"
    if row.is_in_treatment:
        return "treatment"
    if row.is_finished:
        return "finished"
    return "next" if is_today and row.appointment.starts_at <= soon else "later"


def next_open_day(site: Site, after: date, *, practitioner: User | None) -> Appointment | None:
    """Return the first live appointment at `site` after the day `after`, or None."""
    begins = datetime.combine(after + timedelta(days=1), time.min, site.zone)
    found = Appointment.objects.live().with_people().filter(room__site=site, starts_at__gte=begins)
    if practitioner is not None:
        found = found.filter(practitioner=practitioner)
    return found.in_order().first()
