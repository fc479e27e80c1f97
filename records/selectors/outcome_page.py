"""The scores of a course as a page draws them: a drawing and a table for each scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from records.domain.outcome_chart import Chart, Point, draw_chart
from records.domain.outcomes import Due, DueState, Occasion, Trend
from records.domain.scale_shapes import Direction, Rater, Scale, Side
from records.domain.scales import SCALES
from records.models import OutcomeAssessment
from records.models import Rater as RaterNames
from records.models import Side as SideNames
from records.outcome_words import (
    DIRECTION_WORDS,
    DUE_WORDS,
    change_words,
    occasion_words,
    value_words,
)
from records.selectors.outcomes import CourseOutcomes, series_of

_TONES = {Trend.BETTER: "ok", Trend.WORSE: "bad"}
_ARROWS = {Direction.LOWER: "arrow-down", Direction.HIGHER: "arrow-up", Direction.CONTEXT: "info"}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value that stands, with what changed, and the values it took the place of, newest first."""

    outcome: OutcomeAssessment
    words: str
    where: str
    by: str
    change: str
    tone: str
    older: tuple[tuple[OutcomeAssessment, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One scale on the page."""

    scale: Scale
    direction: str | Promise
    arrow: str
    chart: Chart
    label: str
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class DueRow:
    """An occasion in the list of those that are asked for."""

    due: Due
    name: str
    words: str | Promise
    state: DueState

    @property
    def is_due(self) -> bool:
        """Whether it is to be scored now."""
        return self.state is DueState.DUE

    @property
    def is_done(self) -> bool:
        """Whether all of it is scored."""
        return self.state is DueState.DONE

    @property
    def is_missed(self) -> bool:
        """Whether its time is over without all scores."""
        return self.state is DueState.MISSED

    @property
    def is_baseline(self) -> bool:
        """Whether it can be typed in later only with a day from before the first session."""
        return self.due.occasion is Occasion.BASELINE


def due_rows(read: CourseOutcomes) -> list[DueRow]:
    """Return the occasions of the course, in order."""
    return [DueRow(due, occasion_words(due), DUE_WORDS[state], state) for due, state in read.dues]


def read_sections(read: CourseOutcomes, *, rtl: bool = False) -> list[Section]:
    """Return a section for each scale that was scored, those the protocol asks for first (2 queries)."""
    every = read.course.outcomes.with_people().in_order()
    by_pk = {one.pk: one for one in every}
    current = [one for one in by_pk.values() if not one.is_replaced]
    given = [
        (number, on)
        for number, on in read.course.sessions.in_order().values_list("number", "delivered_on")
        if on
    ]
    codes = [*read.asked, *(one.scale for one in current)]
    sections = []
    for code in dict.fromkeys(codes):
        own = [one for one in current if one.scale == code]
        if own:
            sections.append(_section(read, SCALES[code], own, by_pk, given, rtl=rtl))
    return sections


def _section(
    read: CourseOutcomes,
    scale: Scale,
    own: list[OutcomeAssessment],
    by_pk: dict[int, OutcomeAssessment],
    given: list[tuple[int, date]],
    *,
    rtl: bool,
) -> Section:
    lines: dict[str, list[Point]] = {}
    for one in sorted(own, key=_line_order):
        lines.setdefault(where_words(one), []).append(Point(one.assessed_on, one.value))
    return Section(
        scale=scale,
        direction=DIRECTION_WORDS[scale.better],
        arrow=_ARROWS[scale.better],
        chart=draw_chart(scale, list(lines.items()), given, rtl=rtl),
        label=_chart_label(scale, own),
        rows=tuple(_row(read, one, by_pk) for one in own),
    )


def _line_order(outcome: OutcomeAssessment) -> tuple[int, int, date]:
    """Order by side and rater as the scale names them, then by day."""
    _scale, side, rater = series_of(outcome)
    return list(Side).index(Side(side)), list(Rater).index(Rater(rater)), outcome.assessed_on


def _row(
    read: CourseOutcomes, outcome: OutcomeAssessment, by_pk: dict[int, OutcomeAssessment]
) -> ValueRow:
    scale, change = outcome.known_scale, read.change(outcome)
    return ValueRow(
        outcome=outcome,
        words=value_words(scale, outcome.value, outcome.label),
        where=where_words(outcome),
        by=_by_words(outcome),
        change=change_words(scale, change) if change else _no_change_words(outcome),
        tone=_TONES.get(change.trend, "") if change else "muted",
        older=tuple(
            (one, value_words(scale, one.value, one.label)) for one in _older(outcome, by_pk)
        ),
    )


def _by_words(outcome: OutcomeAssessment) -> str:
    """Return who scored."""
    if outcome.rated_by is None:
        return _("The patient")
    if outcome.rater == Rater.DEVICE:
        return _("%(name)s, by device") % {"name": outcome.rated_by.display_name}
    return outcome.rated_by.display_name


def _no_change_words(outcome: OutcomeAssessment) -> str:
    """Return why `outcome` is compared with nothing."""
    if outcome.occasion == Occasion.BASELINE:
        return _("Baseline")
    return _("No baseline") if outcome.known_scale.at_baseline else "–"


def _older(
    outcome: OutcomeAssessment, by_pk: dict[int, OutcomeAssessment]
) -> Iterable[OutcomeAssessment]:
    while outcome.replaces_id is not None:
        outcome = by_pk[outcome.replaces_id]
        yield outcome


def where_words(outcome: OutcomeAssessment) -> str:
    """Return what tells the values of one scale and day apart: the side, or who scored."""
    scale = outcome.known_scale
    if len(scale.sides) > 1:
        return str(SideNames(outcome.side).label)
    return str(RaterNames(outcome.rater).label)


def _chart_label(scale: Scale, own: list[OutcomeAssessment]) -> str:
    """Return what the drawing shows, in words."""
    values = "; ".join(
        _("%(day)s: %(value)s")
        % {
            "day": date_format(one.assessed_on, "j F Y"),
            "value": value_words(scale, one.value, one.label),
        }
        for one in own
    )
    return _(
        "%(name)s over the course. %(direction)s. %(values)s. The table has the same values."
    ) % {
        "name": scale.name,
        "direction": DIRECTION_WORDS[scale.better],
        "values": values,
    }
