"""Checking the whole schedule, and keeping what was found."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.snapshot import one_state
from sessions.models import ScheduleCheck
from sessions.selectors.checking import find_violations

# A damaged table breaks a promise in every row; nobody reads more than this.
MOST_KEPT = 1000


def run_schedule_check(
    *, by: User | None, at: datetime, say: Callable[[str], object] | None = None
) -> ScheduleCheck:
    """Check every promise over all courses and appointments as of `at` (aware), and keep the run.

    `by` is None for a run that nobody asked for. `say` is told each violation when it is found; of
    them all the first 1,000 are kept, and `checked` counts them under `violations`. People go on
    working meanwhile: all is read as it stood at one moment.
    """
    began, found = monotonic(), list[str]()
    tally: Counter[str] = Counter(courses=0, sessions=0, appointments=0, violations=0)
    with one_state():
        for violation in find_violations(at, tally):
            tally["violations"] += 1
            if len(found) < MOST_KEPT:
                found.append(violation)
            if say is not None:
                say(violation)
    return _keep(tally, found, round(monotonic() - began, 3), by=by, at=at)


@transaction.atomic
def _keep(
    tally: Counter[str], found: list[str], seconds: float, *, by: User | None, at: datetime
) -> ScheduleCheck:
    check = ScheduleCheck.objects.create(
        at=at, by=by, seconds=seconds, checked=dict(tally), violations=found
    )
    if by is not None:
        audit.record(kind=audit.Kind.SCHEDULE_CHECKED, by=by, at=at, target=check)
    return check
