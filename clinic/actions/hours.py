"""Writes of people's working hours."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from clinic.domain.hours import WeeklySpan, first_overlap
from clinic.models import Shift, ShiftException, Site
from meso_clinic.core import audit
from meso_clinic.core.models import User


class HoursOverlap(Exception):
    """The person works already then; `args` are the start and end of those hours."""


@transaction.atomic
def add_shift(
    *,
    practitioner: User,
    site: Site,
    weekday: int,
    starts: time,
    ends: time,
    by: User,
    at: datetime,
) -> Shift:
    """Add weekly hours (wall-clock times of `site`; weekday 0 is Monday).

    Raises HoursOverlap if the person works then already, here or at another site, and
    ValidationError if the hours end before they start.
    """
    practitioner = _locked(practitioner)
    shift = Shift(practitioner=practitioner, site=site, weekday=weekday, starts=starts, ends=ends)
    shift.full_clean(validate_unique=False)
    known = [
        WeeklySpan(other.weekday, other.starts, other.ends)
        for other in practitioner.shifts.filter(weekday=weekday)
    ]
    if clash := first_overlap(WeeklySpan(weekday, starts, ends), known):
        raise HoursOverlap(clash.starts, clash.ends)
    shift.save(force_insert=True)
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=practitioner)
    return shift


@transaction.atomic
def remove_shift(*, shift: Shift, by: User, at: datetime) -> None:
    """Take weekly hours away. What is booked in them stays booked."""
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=shift.practitioner)
    shift.delete()


@transaction.atomic
def copy_weekday(
    *, practitioner: User, source: int, weekdays: Iterable[int], by: User, at: datetime
) -> int:
    """Give `weekdays` the hours of weekday `source` instead of their own; return the rows made."""
    practitioner = _locked(practitioner)
    targets = sorted(set(weekdays) - {source})
    practitioner.shifts.filter(weekday__in=targets).delete()
    made = Shift.objects.bulk_create(
        Shift(
            practitioner=practitioner,
            site_id=shift.site_id,
            weekday=weekday,
            starts=shift.starts,
            ends=shift.ends,
        )
        for weekday in targets
        for shift in practitioner.shifts.filter(weekday=source).order_by("starts", "pk")
    )
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=practitioner)
    return len(made)


@transaction.atomic
def mark_away(
    *,
    practitioner: User,
    first_on: date,
    last_on: date,
    by: User,
    at: datetime,
    site: Site | None = None,
    starts: time | None = None,
    ends: time | None = None,
    reason: str = "",
) -> list[ShiftException]:
    """Take hours away on each day from `first_on` to `last_on`, both included.

    Without times the whole day, without a site everywhere. Raises ValidationError.
    """
    practitioner = _locked(practitioner)
    days = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    away = [
        ShiftException(
            practitioner=practitioner,
            site=site,
            kind=ShiftException.Kind.AWAY,
            on=day,
            starts=starts,
            ends=ends,
            reason=reason,
        )
        for day in days
    ]
    for exception in away:
        exception.full_clean()
    made = ShiftException.objects.bulk_create(away)
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=practitioner)
    return made


@transaction.atomic
def add_extra_hours(
    *,
    practitioner: User,
    site: Site,
    on: date,
    starts: time,
    ends: time,
    by: User,
    at: datetime,
    reason: str = "",
) -> ShiftException:
    """Add hours on one day. Raises HoursOverlap if there are extra hours then already."""
    practitioner = _locked(practitioner)
    extra = ShiftException(
        practitioner=practitioner,
        site=site,
        kind=ShiftException.Kind.EXTRA,
        on=on,
        starts=starts,
        ends=ends,
        reason=reason,
    )
    extra.full_clean()
    clash = (
        practitioner.shift_exceptions.filter(
            kind=ShiftException.Kind.EXTRA, on=on, starts__lt=ends, ends__gt=starts
        )
        .order_by("starts", "pk")
        .first()
    )
    if clash:
        raise HoursOverlap(clash.starts, clash.ends)
    extra.save(force_insert=True)
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=practitioner)
    return extra


@transaction.atomic
def remove_exception(*, exception: ShiftException, by: User, at: datetime) -> None:
    """Take a one-off change back: the weekly hours hold again."""
    audit.record(kind=audit.Kind.HOURS_CHANGED, by=by, at=at, target=exception.practitioner)
    exception.delete()


def _locked(practitioner: User) -> User:
    """Return `practitioner` locked, so that two changes of one person's hours follow each other."""
    locked: User = User.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
    return locked
