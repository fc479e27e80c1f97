"""Cadences, days and chains that a clinic could really have, for hypothesis."""

from datetime import date, timedelta

from hypothesis import strategies as st

from sessions.domain.windows import Cadence, Gap, Step, window_after

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2036, 12, 31))


@st.composite
def gaps(draw, least, most):
    """A gap that narrows `least` to `most` days and never widens it."""
    first = draw(st.integers(least, most))
    return Gap(first, draw(st.integers(first, most)))


@st.composite
def cadences(draw):
    total = draw(st.integers(3, 15))
    return Cadence(
        total=total,
        initial=draw(st.integers(1, total)),
        initial_gap=draw(gaps(7, 10)),
        monthly_gap=draw(gaps(28, 35)),
        product_min_days=draw(st.sampled_from([0, 0, 14, 28, 42])),
    )


@st.composite
def kept_steps(draw, cadence, first_on, skips=True):
    """Steps of which each known one sits inside its window: some delivered, some booked, some open.

    The first step is never skipped: nothing opens the second one's window without it.
    """
    delivered = draw(st.integers(0, cadence.total))
    booked = draw(st.integers(delivered, cadence.total))
    steps, previous_on = [], first_on
    for number in range(1, cadence.total + 1):
        if skips and number > 1 and draw(st.integers(0, 5)) == 0:
            steps.append(Step(number, is_skipped=True))
            continue
        on = first_on
        if number > 1:
            window = window_after(cadence, number, previous_on)
            assert window.earliest is not None
            assert window.latest is not None
            on = window.earliest + timedelta(
                draw(st.integers(0, (window.latest - window.earliest).days))
            )
        previous_on = on
        if number <= delivered:
            steps.append(Step(number, delivered_on=on))
        elif number <= booked:
            steps.append(Step(number, booked_on=on))
        else:
            steps.append(Step(number))
    return steps


@st.composite
def kept_chains(draw, skips=True):
    """A cadence, the first day, and steps that all keep their windows."""
    cadence, first_on = draw(cadences()), draw(days)
    return cadence, first_on, draw(kept_steps(cadence, first_on, skips=skips))
