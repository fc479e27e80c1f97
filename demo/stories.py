"""What happened to each patient, as plain values: worked out first, then played in time's order."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from demo.clinic_plan import LINDEN, PETRA, Clinic, Person, practitioners
from demo.diary import Diary
from demo.patients import PatientFacts
from sessions.actions.booking import LateReason
from sessions.domain.free_time import Slot
from sessions.domain.windows import Cadence, Gap
from treatments.models import Indication, Product

REASONS = (
    LateReason("TRAVEL", "Away for work, back a few days after the window."),
    LateReason("UNWELL", "Head cold with a cough. Safer to wait."),
    LateReason("SKIN", "Bruises of the last session had not faded yet."),
    LateReason("CLINIC", "No free time with the practitioner in the window."),
)


class Fate(StrEnum):
    """What became of a visit."""

    DONE = "done"
    BOOKED = "booked"
    WAITING = "waiting"
    IN_TREATMENT = "in_treatment"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


ENDED = frozenset({Fate.NO_SHOW, Fate.CANCELLED})


@dataclass(frozen=True, slots=True)
class Visit:
    """A place in the calendar for session `number`, and what became of it."""

    number: int
    day: date
    slot: Slot
    fate: Fate
    late: LateReason | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A course that was suspended or stopped, at a time and with a reason."""

    at: datetime
    is_suspended: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers of a course: what, where, with whom, how many."""

    indication: Indication
    site: str
    practitioner: Person
    total: int
    cadence: Cadence
    minutes: int
    product: Product | None = None


@dataclass(slots=True)
class Course:
    """A course with its visits in the order of their sessions."""

    plan: Plan
    first_on: date
    planned_at: datetime
    goals: str = ""
    is_draft: bool = False
    is_assessed: bool = True
    visits: list[Visit] = field(default_factory=list)
    ending: Ending | None = None


@dataclass(slots=True)
class Story:
    """A patient, from the day of registration on."""

    patient: PatientFacts
    registered_at: datetime
    courses: list[Course] = field(default_factory=list)


class Planner:
    """Works out courses whose every visit lies in its window and in somebody's working hours."""

    def __init__(self, clinic: Clinic, diary: Diary, random: Random) -> None:
        self.clinic, self.diary, self.random = clinic, diary, random
        self.indications = list(
            Indication.objects.active().select_related("protocol").prefetch_related("products")
        )

    def plan(
        self,
        site: str = LINDEN,
        *,
        person: Person | None = None,
        slug: str = "",
        total: int = 0,
    ) -> Plan:
        """Choose what to treat and with whom; what is given stays."""
        indication = next(
            (one for one in self.indications if one.slug == slug), None
        ) or self.random.choice(self.indications)
        protocol = indication.protocol
        total = total or protocol.total_sessions
        initial = min(protocol.initial_sessions, total)
        people = practitioners(site)
        weights = [3 if one.username == PETRA else 2 for one in people]
        chosen = person or self.random.choices(people, weights)[0]
        usable = weekly_products(indication)
        return Plan(
            indication=indication,
            site=site,
            practitioner=chosen,
            total=total,
            cadence=Cadence(
                total,
                initial,
                Gap(protocol.initial_min_days, protocol.initial_max_days),
                Gap(protocol.monthly_min_days, protocol.monthly_max_days),
            ),
            minutes=protocol.session_minutes,
            product=self.random.choice(usable) if self.random.random() < 0.5 else None,
        )

    def near(self, plan: Plan, day: date, *, spread: int = 6) -> tuple[date, Slot] | None:
        """Take a time on `day` or, where nothing is free, on one of the days before it."""
        for back in range(spread + 1):
            on = day - timedelta(days=back)
            after = self.clinic.now if on == self.clinic.today else None
            slot = self.diary.find(plan.site, on, plan.minutes, plan.practitioner, after=after)
            if slot:
                return on, slot
        return None

    def history(self, plan: Plan, last: Visit, *, trouble: float = 0.0) -> list[Visit]:
        """Return `last` with the delivered visits that led to it, in order.

        `trouble` is how likely each gap holds a delay, a no-show or a cancellation. Raises NoTime.
        """
        visits = [last]
        while visits[0].number > 1:
            has_trouble = self.random.random() < trouble
            late, earlier = self._step_back(plan, visits[0], has_trouble=has_trouble)
            visits[0] = replace(visits[0], late=late)
            visits = [*earlier, *visits]
        return visits

    def _step_back(
        self, plan: Plan, visit: Visit, *, has_trouble: bool
    ) -> tuple[LateReason | None, list[Visit]]:
        """Return why `visit` is late, if it is, and the visits between the one before and it."""
        gap = plan.cadence.gap_before(visit.number)
        days = list(range(gap.min_days, gap.max_days + 1))
        self.random.shuffle(days)
        late = None
        if has_trouble and self.random.random() < 0.5:
            late = self.random.choice(REASONS)
            days = [gap.max_days + more for more in (2, 1, 4, 3, 6, 5)]
        for gone in days:
            day = visit.day - timedelta(days=gone)
            slot = self.diary.find(plan.site, day, plan.minutes, plan.practitioner)
            if slot is None:
                continue
            earlier = [Visit(visit.number - 1, day, slot, Fate.DONE)]
            if has_trouble and late is None:
                opens = day + timedelta(days=gap.min_days)
                earlier += self._ended(plan, visit.number, opens, visit.day)
            return late, earlier
        raise NoTime

    def _ended(self, plan: Plan, number: int, earliest: date, on: date) -> list[Visit]:
        """Return a visit between `earliest` and the day before `on` that came to nothing."""
        fate = self.random.choice((Fate.NO_SHOW, Fate.CANCELLED))
        for days in range((on - earliest).days):
            day = earliest + timedelta(days=days)
            if day >= self.clinic.today:
                break
            if slot := self.diary.find(plan.site, day, plan.minutes, plan.practitioner):
                return [Visit(number, day, slot, fate)]
        return []

    def after(self, plan: Plan, last: Visit, count: int) -> list[Visit]:
        """Return up to `count` booked visits for the sessions after `last`."""
        visits: list[Visit] = []
        for number in range(last.number + 1, min(plan.total, last.number + count) + 1):
            gap = plan.cadence.gap_before(number)
            for days in range(gap.min_days, gap.max_days + 1):
                day = last.day + timedelta(days=days)
                slot = self.diary.find(plan.site, day, plan.minutes, plan.practitioner)
                if slot:
                    last = Visit(number, day, slot, Fate.BOOKED)
                    visits.append(last)
                    break
            else:
                break
        return visits


class NoTime(Exception):
    """The diary is too full for this course; another one is tried."""


def weekly_products(indication: Indication) -> list[Product]:
    """Return the active products of `indication` that may be given at every session, by code."""
    supporting = {"anaesthetic", "topical_anaesthetic", "diluent"}
    found = (
        product
        for product in indication.products.all()
        if product.is_enabled
        and product.product_class not in supporting
        and product.usual_volume_ml
        and product.min_interval_days <= 7
    )
    return sorted(found, key=lambda product: product.code)
