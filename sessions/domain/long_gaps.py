"""What a long time since the last delivered session means for a course.

The days count from the last session that was delivered, never from a missed appointment. A gap only
asks for a decision; no course changes by itself.

Source of every number below: the working rule of the clinic, professional knowledge. No literature
was found. `docs/clinical-sources.md` lists them under "Long gaps".
"""

from enum import StrEnum

# Initial sessions: the founding rule asks for 7 to 10 days.
INITIAL_ON_TIME_DAYS = 10
INITIAL_TOLERATED_DAYS = 14
INITIAL_LATE_DAYS = 21
INITIAL_REVIEW_DAYS = 42

# Monthly sessions: the founding rule asks for "monthly", read as 28 to 35 days.
MONTHLY_ON_TIME_DAYS = 35
MONTHLY_LATE_DAYS = 60
MONTHLY_RESCREEN_DAYS = 180

# Monthly visits missed in a row after which a course counts as lapsed.
MISSED_UNTIL_LAPSED = 2


class GapFinding(StrEnum):
    """What a gap asks for, from nothing at all to an end of the course."""

    ON_TIME = "on_time"
    TOLERATED = "tolerated"
    LATE = "late"
    REVIEW = "review"
    RESCREEN = "rescreen"
    LAPSED = "lapsed"
    NEW_COURSE = "new_course"

    @property
    def severity(self) -> int:
        """0 for the mildest finding, more for each graver one."""
        return list(GapFinding).index(self)

    @property
    def needs_decision(self) -> bool:
        """Whether a prescriber has to decide how the course goes on."""
        return self.severity >= GapFinding.REVIEW.severity

    @property
    def ends_course(self) -> bool:
        """Whether the course counts as lapsed."""
        return self in {GapFinding.LAPSED, GapFinding.NEW_COURSE}


_INITIAL_UP_TO = (
    (INITIAL_ON_TIME_DAYS, GapFinding.ON_TIME),
    (INITIAL_TOLERATED_DAYS, GapFinding.TOLERATED),
    (INITIAL_LATE_DAYS, GapFinding.LATE),
    (INITIAL_REVIEW_DAYS, GapFinding.REVIEW),
)
_MONTHLY_UP_TO = (
    (MONTHLY_ON_TIME_DAYS, GapFinding.ON_TIME),
    (MONTHLY_LATE_DAYS, GapFinding.LATE),
    (MONTHLY_RESCREEN_DAYS, GapFinding.RESCREEN),
)


def find_gap(
    *, is_monthly: bool, days_since: int, missed_monthly: int = 0, delay_days: int = 0
) -> GapFinding:
    """Judge `days_since` the last delivered session, the next one being initial or monthly.

    `missed_monthly` counts the monthly appointments missed in a row since then. `delay_days` is how
    much later than the phase the planned product lets the next session be; all limits move by it.
    """
    days = days_since - delay_days
    up_to, beyond = (
        (_MONTHLY_UP_TO, GapFinding.NEW_COURSE)
        if is_monthly
        else (_INITIAL_UP_TO, GapFinding.RESCREEN)
    )
    finding = next((found for limit, found in up_to if days <= limit), beyond)
    if is_monthly and missed_monthly >= MISSED_UNTIL_LAPSED:
        return max(finding, GapFinding.LAPSED, key=lambda found: found.severity)
    return finding
