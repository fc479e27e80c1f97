"""The figures as tables, for the terminal and for `docs/bench.md`."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.timing import Figures, Task


@dataclass(frozen=True, slots=True)
class Line:
    """A task with its figures beside a short past and beside a long one.

    `floor` is what the barest page took in between, so that a machine that slows down slows both.
    """

    task: Task
    small: Figures
    large: Figures
    floor: Figures

    @property
    def floors(self) -> float:
        """How many times as long as the barest page it takes."""
        return self.large.median_ms / self.floor.median_ms

    @property
    def growth(self) -> float:
        """How much longer it takes beside the long past."""
        return self.large.median_ms / self.small.median_ms


# What a goal of this project is: a million appointments cost at most a fifth more than a thousand.
MOST_GROWTH = 1.2


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, with its columns in line."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in lines
    )


def times(lines: Sequence[Line], rows: tuple[int, int]) -> str:
    """Return all tasks beside the long past, with the floor's multiple and the short past's."""
    small, large = (f"{number:,}" for number in rows)
    heads = ("task", "median ms", "p95 ms", "queries", "× floor", f"{large} / {small}", "goals")
    return table(
        heads,
        [
            (
                line.task.name,
                f"{line.large.median_ms:.1f}",
                f"{line.large.p95_ms:.1f}",
                str(line.large.queries),
                f"{line.floors:.1f}",
                f"{line.growth:.2f}",
                "; ".join(_goals(line)),
            )
            for line in lines
        ],
    )


def _goals(line: Line) -> list[str]:
    task, said = line.task, []
    if task.goal_ms is not None:
        said.append(f"{task.goal_ms:g} ms {_met(line.large.median_ms <= task.goal_ms)}")
    if task.most_floors is not None:
        met = _met(line.floors <= task.most_floors)
        said.append(f"{task.most_floors:g} × floor {met}")
    if task.most_queries is not None:
        said.append(f"{task.most_queries} queries {_met(line.large.queries <= task.most_queries)}")
    if said:
        said.append(f"× {MOST_GROWTH} {_met(line.growth <= MOST_GROWTH)}")
    return said


def goal(words: str, is_met: bool) -> str:
    """Return a goal in words with whether it was met."""
    return f"{words}: {_met(is_met)}"


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"
