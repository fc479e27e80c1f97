"""What leaving a session out does to the ones after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sessions.domain.windows import Cadence, Link, Step, chain


def too_early_without(
    cadence: Cadence, first_on: date, steps: Sequence[Step], number: int
) -> Link | None:
    """Return the first booked session after `number` that stands too early once it is skipped."""
    kept = [replace(step, is_skipped=True) if step.number == number else step for step in steps]
    return next(
        (
            link
            for link in chain(cadence, first_on, kept)
            if link.step.number > number and link.step.fixed_on and link.is_early
        ),
        None,
    )
