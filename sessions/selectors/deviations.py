"""How often sessions stood outside their windows or were skipped, and why."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TypeAlias

from django.db.models import Count, F, Q, QuerySet

from clinic.models import Site
from meso_clinic.core.models import User
from sessions.models import Deviation, TreatmentSession
from sessions.selectors.free import day_bounds

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 30)

# The indication's name and the practitioner's primary key.
_Key: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is reported: from day `since` to `until`, at `site`; None leaves that side open.

    Days are days at `clock`, the site whose time zone rules.
    """

    clock: Site
    since: date | None = None
    until: date | None = None
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """The changes in one practitioner's courses of one indication, each session counted once."""

    indication: str
    practitioner: str
    late: int
    median_days_late: float | None
    stretched: int
    skipped: int
    delivered: int
    outside: int

    @property
    def share_outside(self) -> int | None:
        """How many in a hundred delivered sessions were outside their windows; None of nothing."""
        return round(100 * self.outside / self.delivered) if self.delivered else None


def deviations(wanted: Wanted) -> QuerySet[Deviation]:
    """Return the changes to plans that were noted then, the newest first."""
    bounds = day_bounds(wanted.clock, wanted.since or FIRST_DAY, wanted.until or LAST_DAY)
    found = Deviation.objects.filter(at__gte=bounds.start, at__lt=bounds.end)
    if wanted.site:
        found = found.filter(session__course__site=wanted.site)
    return found.order_by("-at", "-pk")


def listed_deviations(wanted: Wanted) -> QuerySet[Deviation]:
    """Return the same with all that a row shows, in one query."""
    return deviations(wanted).select_related(
        "by",
        "session__course__patient",
        "session__course__indication",
        "session__course__practitioner",
        "session__course__site",
    )


def deviation_summary(wanted: Wanted) -> list[SummaryLine]:
    """Return the counts by indication and practitioner, in the order of their names (3 queries)."""
    late, others = _changes(wanted)
    delivered = _delivered(wanted)
    keys = {*late, *delivered, *(key for key, _kind in others)}
    people = User.objects.in_bulk({practitioner for _indication, practitioner in keys})
    lines = [
        SummaryLine(
            indication=key[0],
            practitioner=people[key[1]].display_name,
            late=len(late[key]),
            median_days_late=median(late[key]) if late[key] else None,
            stretched=others[key, Deviation.Kind.STRETCHED],
            skipped=others[key, Deviation.Kind.SKIPPED],
            delivered=given,
            outside=outside,
        )
        for key in keys
        for given, outside in [delivered.get(key, (0, 0))]
    ]
    return sorted(lines, key=lambda line: (line.indication, line.practitioner))


def _changes(wanted: Wanted) -> tuple[dict[_Key, list[int]], Counter[tuple[_Key, str]]]:
    """Return the days late of late sessions, and how many were stretched or skipped.

    A session may be booked late more than once; its newest change of a kind counts.
    """
    late: dict[_Key, list[int]] = defaultdict(list)
    others: Counter[tuple[_Key, str]] = Counter()
    seen: set[tuple[int, str]] = set()
    rows = deviations(wanted).values_list(
        "session",
        "kind",
        "days_late",
        "session__course__indication__short_name",
        "session__course__practitioner",
    )
    for session, kind, days_late, indication, practitioner in rows:
        if (session, kind) in seen:
            continue
        seen.add((session, kind))
        if kind == Deviation.Kind.LATE:
            late[indication, practitioner].append(days_late)
        else:
            others[(indication, practitioner), kind] += 1
    return late, others


def _delivered(wanted: Wanted) -> dict[_Key, tuple[int, int]]:
    """Return how many sessions were given in those days, and how many outside their windows."""
    sessions = TreatmentSession.objects.filter(
        delivered_on__range=(wanted.since or FIRST_DAY, wanted.until or LAST_DAY)
    )
    if wanted.site:
        sessions = sessions.filter(course__site=wanted.site)
    outside = Q(delivered_on__gt=F("latest_on")) | Q(delivered_on__lt=F("earliest_on"))
    counted = (
        sessions.order_by()
        .values_list("course__indication__short_name", "course__practitioner")
        .annotate(given=Count("pk"), outside=Count("pk", filter=outside))
    )
    return {
        (indication, practitioner): (given, outside)
        for indication, practitioner, given, outside in counted
    }
