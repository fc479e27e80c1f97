"""Time to reflect: the rule, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.consent_words import reflection_words, too_early_words
from treatments.domain.reflection import (
    MOST_HOURS,
    Reflection,
    ReflectionFacts,
    needs_reflection,
    time_to_reflect,
)

AT = datetime(2026, 11, 26, 10, tzinfo=UTC)
FACTS = ReflectionFacts(indication="body_sculpting", product_class="", explained=(AT,), hours=24)


@pytest.mark.parametrize(
    ("indication", "product_class", "expected"),
    [
        ("body_sculpting", "", True),
        ("body_sculpting", "vitamin", True),
        ("hair_loss", "autologous", True),
        ("cellulite_tightening", "detergent", True),
        ("hair_loss", "", False),
        ("hair_loss", "five_ari", False),
    ],
)
def test_what_asks_for_time(indication, product_class, expected):
    assert needs_reflection(indication, product_class) is expected
    facts = replace(FACTS, indication=indication, product_class=product_class)
    assert (time_to_reflect(facts, at=AT) is not None) is expected


@pytest.mark.parametrize(
    ("change", "after", "expected"),
    [
        ({}, timedelta(hours=24) - timedelta(seconds=1), AT + timedelta(hours=24)),
        ({}, timedelta(hours=24), None),
        ({"hours": 48}, timedelta(hours=24), AT + timedelta(hours=48)),
        ({"hours": 0}, timedelta(), None),
        ({"is_waived": True}, timedelta(), None),
        ({"is_begun": True}, timedelta(), None),
    ],
)
def test_it_runs_from_the_explanation(change, after, expected):
    found = time_to_reflect(replace(FACTS, **change), at=AT + after)
    assert found == (Reflection(expected) if expected else None)


def test_it_does_not_run_before_anybody_explained():
    found = time_to_reflect(replace(FACTS, explained=()), at=AT + timedelta(days=99))
    assert found == Reflection(None)


def test_the_first_explanation_counts():
    explained = (AT, AT - timedelta(hours=3), AT + timedelta(hours=5))
    found = time_to_reflect(replace(FACTS, explained=explained), at=AT)
    assert found == Reflection(AT + timedelta(hours=21))


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
FACTS_OF_ANY = st.builds(
    ReflectionFacts,
    indication=st.sampled_from(["body_sculpting", "hair_loss"]),
    product_class=st.sampled_from(["", "detergent", "vitamin"]),
    explained=st.lists(MOMENTS, max_size=3).map(tuple),
    hours=st.integers(0, MOST_HOURS),
    is_waived=st.booleans(),
    is_begun=st.booleans(),
)


@given(FACTS_OF_ANY, MOMENTS)
def test_what_waits_was_not_explained_long_enough_ago(facts, at):
    found = time_to_reflect(facts, at=at)
    is_thought_over = any(at - one >= timedelta(hours=facts.hours) for one in facts.explained)
    asks = needs_reflection(facts.indication, facts.product_class) and facts.hours > 0
    assert (found is None) is (facts.is_begun or facts.is_waived or not asks or is_thought_over)


@given(FACTS_OF_ANY, MOMENTS, MOMENTS)
def test_once_it_is_over_it_stays_over(facts, first, second):
    earlier, later = sorted([first, second])
    if time_to_reflect(facts, at=earlier) is None:
        assert time_to_reflect(facts, at=later) is None


def test_it_is_said_on_the_clock_of_the_site():
    zone = ZoneInfo("Europe/Berlin")
    words = reflection_words(Reflection(AT), zone)
    assert words == "Time to reflect until 26 November 2026, 11:00."
    assert too_early_words(Reflection(AT), zone).startswith(words)
    assert "has explained" in reflection_words(Reflection(None), zone)
