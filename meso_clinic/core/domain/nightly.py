"""When the nightly jobs run: once a day, at the same time of the wall clock."""

from datetime import UTC, datetime, time, timedelta, tzinfo


def parse_clock(typed: str) -> time | None:
    """Read "03:30"; None if nothing is typed. Raises ValueError if it is no time of day."""
    if not typed.strip():
        return None
    hours, separator, minutes = typed.strip().partition(":")
    if not separator or not hours.isdecimal() or not minutes.isdecimal():
        raise ValueError(f"not a time of day: {typed!r}")
    return time(int(hours), int(minutes))


def next_run(after: datetime, clock: time, zone: tzinfo) -> datetime:
    """Return the first moment after `after` (aware) at which the clock of `zone` shows `clock`.

    A time that the clocks skip in spring comes an hour later; of one that they show twice in
    autumn only the first counts. So there is one run on every day.
    """
    day = after.astimezone(zone).date()
    # Compared in UTC: two times of one zone would be compared by their faces.
    today = datetime.combine(day, clock, zone).astimezone(UTC)
    if today > after:
        return today
    return datetime.combine(day + timedelta(days=1), clock, zone).astimezone(UTC)
