"""Measure one database, from its data to its tables; `python -m bench` starts it for each."""

import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import time_machine
from django.conf import settings
from django.db import connection

from bench import databases, exactness, recipe, report, representations, tasks
from bench.clinic import Clinic, read_clinic
from bench.report import Line
from bench.timing import Figures, Task, measure, peak_growth_mb

# Both databases take turns, so that a machine that slows down slows both.
_TURNS = 3
_COLUMNS = ("small", "large", "floor")

MakeTasks = Callable[[Clinic], Sequence[Task]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to measure: appointments in the past of both databases, and repetitions."""

    rows: tuple[int, int]
    repetitions: int


def measure_database(plan: Plan) -> None:
    """Print all figures of the database that the settings name."""
    # Names of static files with a hash need a collected folder; nothing here is about them.
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    kept = databases.prepare(*plan.rows)
    with databases.working_copies(kept) as names, time_machine.travel(recipe.NOW):
        _print_heading(plan)
        memory = _first_proposal(names[1])
        lines = _compare(names, lambda clinic: [tasks.floor(clinic)], plan)
        lines += _compare(names, tasks.reading, plan)
        lines += _compare(names, tasks.replanning, plan)
        lines += _compare(names, tasks.pages, plan)
        lines += _compare(names, tasks.booking, plan)
        lines += _compare(names, tasks.recording, plan)
        ways = _compare(names, representations.tasks, plan)
        databases.use(names[0])
        beside_solver = exactness.comparison(read_clinic(), plan.repetitions)
    # The full days come from the recipe, which knows nothing of what was booked above.
    with databases.working_copies(kept) as names, time_machine.travel(recipe.NOW):
        lines += _compare(names, tasks.when_full, plan)
        lines += _compare(names, tasks.desk, plan)
        lines += _compare(names, tasks.recalling, plan)
    _print_times(lines, ways, plan, memory)
    print(f"\n### Beside CP-SAT, one worker, slot by slot\n\n{beside_solver}", flush=True)


def _print_heading(plan: Plan) -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    server = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    number = connection.get_database_version()
    print(f"\n## {server} {'.'.join(map(str, number))}, Python {version}, {platform.machine()}\n")
    print(f"{plan.rows[1]:,} and {plan.rows[0]:,} appointments in the past, ", end="")
    print(f"{plan.repetitions} repetitions.\n", flush=True)


def _first_proposal(name: str) -> float | None:
    """Return what the first proposal of a process needs at its peak, in MB."""
    databases.use(name)
    task = tasks.longest_proposal(read_clinic())
    return peak_growth_mb(lambda: task.run(0))


def _compare(names: Sequence[str], make: MakeTasks, plan: Plan) -> list[Line]:
    made = []
    for name in names:
        databases.use(name)
        made.append(make(read_clinic()))
    barest = tasks.floor(read_clinic())
    return [
        _compare_task(names, pair, barest, plan.repetitions) for pair in zip(*made, strict=True)
    ]


def _compare_task(
    names: Sequence[str], pair: Sequence[Task], barest: Task, repetitions: int
) -> Line:
    """Measure a task in both databases, and beside it, in the same turns, the barest page."""
    found: dict[str, Figures] = {}
    measured = (*zip(names, pair, strict=True), (names[1], barest))
    for turn in _turns(repetitions):
        for column, (name, task) in zip(_COLUMNS, measured, strict=True):
            databases.use(name)
            figures = measure(task, turn)
            found[column] = found[column].joined(figures) if column in found else figures
    return Line(pair[1], **found)


def _turns(repetitions: int) -> list[range]:
    """Return the numbers of the repetitions, turn by turn; few of them need no turns."""
    turns = _TURNS if repetitions >= _TURNS**2 else 1
    return [range(turn, repetitions, turns) for turn in range(turns)]


def _print_times(
    lines: Sequence[Line], ways: Sequence[Line], plan: Plan, memory: float | None
) -> None:
    print(report.times(lines, plan.rows))
    by_name = {line.task.name: line.large.median_ms for line in lines}
    ratio = by_name[tasks.COURSE_15] / by_name[tasks.COURSE_3]
    print(f"\n15 sessions take {ratio:.1f} times as long as 3. ", end="")
    print(report.goal("At most 6 times", ratio <= 6) + ".")
    if memory is not None:
        print(f"\nThe first proposal of a process needs {memory:.1f} MB more at its peak.")
    print(f"\n### Ways of holding free time, {representations.DAYS} days\n")
    print(report.times(ways, plan.rows))
