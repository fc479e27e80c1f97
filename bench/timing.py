"""How long something takes, how many queries it asks, and how much memory it needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WARM_UP = 2
_PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Task:
    """Something to time. `run` gets the number of the repetition, and what `prepare` made for it.

    Only `run` is timed. Goals are orientation: a machine may be twice as slow tomorrow.
    """

    name: str
    run: Callable[..., object]
    prepare: Callable[[int], object] | None = None
    goal_ms: float | None = None
    most_floors: float | None = None
    most_queries: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: milliseconds of each repetition, and the queries of one."""

    times_ms: tuple[float, ...]
    queries: int

    @property
    def median_ms(self) -> float:
        """Half of the repetitions were faster."""
        return median(self.times_ms)

    @property
    def p95_ms(self) -> float:
        """All but one in twenty were faster."""
        if len(self.times_ms) < 2:
            return self.times_ms[0]
        return quantiles(self.times_ms, n=20, method="inclusive")[-1]

    def joined(self, more: "Figures") -> "Figures":
        """Return these figures with the repetitions of `more`."""
        return Figures(self.times_ms + more.times_ms, max(self.queries, more.queries))


def measure(task: Task, repetitions: Sequence[int]) -> Figures:
    """Run `task` once for each of `repetitions`, after a few runs that do not count.

    A task that takes very long is repeated less often, but at least once.
    """
    began = perf_counter()
    for number in repetitions[:_WARM_UP]:
        if perf_counter() - began < _PATIENCE_SECONDS:
            _once(task, number)
    queries = _count_queries(task, repetitions[0])
    times: list[float] = []
    for number in repetitions:
        if not times or perf_counter() - began < _PATIENCE_SECONDS:
            times.append(_once(task, number))
    return Figures(tuple(times), queries)


def _once(task: Task, number: int) -> float:
    made = _prepared(task, number)
    began = perf_counter()
    task.run(number, *made)
    return (perf_counter() - began) * 1000


def _prepared(task: Task, number: int) -> tuple[object, ...]:
    return (task.prepare(number),) if task.prepare else ()


def _count_queries(task: Task, number: int) -> int:
    made = _prepared(task, number)
    with CaptureQueriesContext(connection) as queries:
        task.run(number, *made)
    return len(queries)


_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def peak_growth_mb(run: Callable[[], object]) -> float | None:
    """Return by how much `run` raised the memory of this process at its peak, in MB.

    None where the system does not tell.
    """
    try:
        _RESET.write_text("5")  # forget the peak so far
        before = _memory_kb("VmRSS")
        run()
        return max(0, _memory_kb("VmHWM") - before) / 1024
    except OSError:
        return None


def _memory_kb(name: str) -> int:
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
