"""Which answers a filling in needs, and which are right; without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.screening import (
    Asked,
    Gap,
    Given,
    Kind,
    Part,
    Value,
    contests,
    find_gap,
    is_asked,
)

DAY = date(2026, 11, 3)


def asked(**changes):
    return Asked(
        **{
            "code": "heart",
            "kind": Kind.YES_NO,
            "is_short": False,
            "is_for_clinician": False,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("part", "is_short", "is_for_clinician", "is_by_patient", "expected"),
    [
        (Part.FULL, False, False, False, True),
        (Part.FULL, False, True, False, True),
        (Part.FULL, False, True, True, False),
        (Part.FULL, True, False, True, True),
        (Part.SHORT, False, False, False, False),
        (Part.SHORT, True, False, False, True),
        (Part.SHORT, True, True, True, False),
        (Part.SOME, True, False, False, False),
    ],
)
def test_each_part_needs_its_questions(part, is_short, is_for_clinician, is_by_patient, expected):
    question = asked(is_short=is_short, is_for_clinician=is_for_clinician)
    assert is_asked(question, part, is_by_patient=is_by_patient) is expected


@pytest.mark.parametrize("value", [Value.NO, Value.UNKNOWN])
@pytest.mark.parametrize("kind", Kind)
def test_no_and_unknown_say_nothing_more(kind, value):
    question = asked(kind=kind)
    assert find_gap(question, Given(value)) is None
    assert find_gap(question, Given(value, words="As far as I know")) is None
    assert find_gap(question, Given(value, day=DAY)) is Gap.MORE_WITHOUT_YES


@pytest.mark.parametrize(
    ("kind", "given_", "gap"),
    [
        (Kind.YES_NO, Given(Value.YES), None),
        (Kind.YES_NO, Given(Value.YES, day=DAY), Gap.DAY_NOT_ASKED),
        (Kind.DAY, Given(Value.YES, day=DAY), None),
        (Kind.DAY, Given(Value.YES), None),
        (Kind.WORDS, Given(Value.YES, words="Aspirin"), None),
        (Kind.WORDS, Given(Value.YES, words="  "), Gap.WORDS_MISSING),
        (Kind.WORDS, Given(Value.YES, day=DAY, words="Aspirin"), Gap.DAY_NOT_ASKED),
        (Kind.YES_NO, None, Gap.MISSING),
    ],
)
def test_a_yes_says_more_where_it_is_asked(kind, given_, gap):
    assert find_gap(asked(kind=kind), given_) is gap


GIVEN = st.builds(
    Given,
    value=st.sampled_from(Value),
    day=st.none() | st.dates(),
    words=st.sampled_from(["", "Aspirin", "aspirin ", "Warfarin"]),
)


@given(GIVEN, GIVEN)
def test_the_same_is_said_by_value_day_and_words(one, other):
    assert one.says_the_same(one)
    assert one.says_the_same(other) is other.says_the_same(one)
    if one.value is not other.value or one.day != other.day:
        assert not one.says_the_same(other)


def test_capitals_and_spaces_change_nothing():
    assert Given(Value.YES, words="Aspirin  100 mg").says_the_same(
        Given(Value.YES, words=" aspirin 100 mg")
    )
    assert not Given(Value.YES, words="Aspirin").says_the_same(Given(Value.YES, words="Warfarin"))


GIVENS = st.builds(
    Given,
    st.sampled_from(Value),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sampled_from(["", "warfarin"]),
)


@given(GIVENS, GIVENS)
def test_only_a_yes_is_contested_and_never_by_the_same_answer(noted, told):
    assert not contests(noted, noted)
    if contests(noted, told):
        assert noted.value is Value.YES
        assert not noted.says_the_same(told)
    if noted.value is Value.YES and told.value is not Value.YES:
        assert contests(noted, told)
