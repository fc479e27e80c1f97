"""Long gaps, said in sentences."""

from django.utils.translation import gettext as _

from sessions.domain.long_gaps import GapFinding
from sessions.words import days_words


def gap_words(
    finding: GapFinding, *, days_since: int, last: int, following: int, may_add: bool
) -> str:
    """Say what a gap of `days_since` days after session `last` asks for; "" if for nothing.

    `following` is the number of the next session; `may_add` says whether the course may still grow.
    """
    since = _("%(days)s since session %(last)s.") % {"days": days_words(days_since), "last": last}
    asks = _asks(finding, may_add=may_add) % {"number": following}
    return f"{since} {asks}" if asks else ""


def _asks(finding: GapFinding, *, may_add: bool) -> str:
    match finding:
        case GapFinding.TOLERATED:
            return _("Later than planned, but still tolerated.")
        case GapFinding.LATE:
            return _("Session %(number)s is late.")
        case GapFinding.REVIEW if may_add:
            return _("A prescriber decides: go on, or add a session.")
        case GapFinding.REVIEW:
            return _("A prescriber decides whether the course goes on.")
        case GapFinding.RESCREEN:
            return _(
                "Before session %(number)s, assess the patient again, take new baseline values and "
                "decide whether to start over."
            )
        case GapFinding.LAPSED:
            return _("Two monthly visits in a row were missed: the course has lapsed.")
        case GapFinding.NEW_COURSE:
            return _("That is too long to go on. Plan a new course, with a new consent.")
        case _on_time:
            return ""
