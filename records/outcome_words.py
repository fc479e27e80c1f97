"""The words for scores: values, changes, occasions, what the scores ask for."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.domain.outcomes import Advice, BaselineState, Change, Due, DueState, Trend
from records.domain.scale_shapes import Direction, Scale
from records.models import Occasion

TREND_WORDS: dict[Trend, Promise] = {
    Trend.BETTER: gettext_lazy("Better"),
    Trend.WORSE: gettext_lazy("Worse"),
    Trend.SAME: gettext_lazy("No measurable change"),
    Trend.DIFFERENT: gettext_lazy("Changed: look at the other values with it"),
}
DIRECTION_WORDS: dict[Direction, Promise] = {
    Direction.LOWER: gettext_lazy("Lower is better"),
    Direction.HIGHER: gettext_lazy("Higher is better"),
    Direction.CONTEXT: gettext_lazy("Explains other values"),
}
BASELINE_WORDS: dict[BaselineState, Promise] = {
    BaselineState.COMPLETE: gettext_lazy("Complete"),
    BaselineState.AHEAD: gettext_lazy("Not due yet"),
    BaselineState.DUE: gettext_lazy("Due before session 1"),
    BaselineState.MISSING: gettext_lazy("Missing"),
}
DUE_WORDS: dict[DueState, Promise] = {
    DueState.DONE: gettext_lazy("Complete"),
    DueState.AHEAD: gettext_lazy("Not due yet"),
    DueState.DUE: gettext_lazy("Due now"),
    DueState.MISSED: gettext_lazy("Missing"),
}
ADVICE_WORDS: dict[Advice, Promise] = {
    Advice.GO_ON: gettext_lazy("At least one score is better than before the course."),
    Advice.REVIEW: gettext_lazy(
        "No measurable change yet. Hair can take 6 months: review the course with the patient."
    ),
    Advice.REVIEW_OR_STOP: gettext_lazy(
        "No measurable change since the baseline. Review the course with the patient, or stop it."
    ),
}


def plain(value: Decimal) -> str:
    """Return a number as it is read: 92.5, and 92 instead of 92.00."""
    return f"{value.normalize():f}"


def value_words(scale: Scale, value: Decimal, label: str = "") -> str:
    """Return a value with its unit, or with `label`, the words that were shown with it."""
    if scale.unit:
        return f"{plain(value)} {scale.unit}"
    return f"{plain(value)} ({label})" if label else plain(value)


def change_words(scale: Scale, change: Change) -> str:
    """Return a change in words: its direction, by how much, and percent where that means something."""
    words = str(TREND_WORDS[change.trend])
    if scale.unchanged is not None or not change.difference:
        return words
    by = plain(abs(change.difference))
    by = f"+{by}" if change.difference > 0 else f"−{by}"
    if scale.unit:
        by = f"{by} {scale.unit}"
    if change.percent:
        by = _("%(by)s, %(percent)s %%") % {"by": by, "percent": _signed(change.percent)}
    return _("%(trend)s: %(by)s") % {"trend": words, "by": by}


def _signed(percent: int) -> str:
    return f"+{percent}" if percent > 0 else str(percent).replace("-", "−")


def occasion_words(due: Due) -> str:
    """Return the name of an occasion."""
    return str(Occasion(due.occasion).label)
