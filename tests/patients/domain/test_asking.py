"""Which questions to put to a patient now."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from patients.domain.asking import Last, due, part_due
from patients.domain.screening import Asked, Kind, Part, Value

TODAY = date(2026, 11, 26)
EARLIER = TODAY - timedelta(days=7)


def question(code, *, is_short=False):
    return Asked(code=code, kind=Kind.YES_NO, is_short=is_short, is_for_clinician=False)


SHORT, LONG = question("short", is_short=True), question("long")
BOTH = [SHORT, LONG]


def test_somebody_new_is_asked_everything():
    assert due(BOTH, {}, today=TODAY) == ("short", "long")
    assert part_due(BOTH, {}, today=TODAY) is Part.FULL


def test_at_the_next_session_only_changes_are_asked():
    last = {"short": Last(Value.NO, EARLIER), "long": Last(Value.NO, EARLIER)}
    assert due(BOTH, last, today=TODAY) == ("short",)
    assert part_due(BOTH, last, today=TODAY) is Part.SHORT


def test_what_was_not_known_is_asked_again():
    last = {"short": Last(Value.NO, TODAY), "long": Last(Value.UNKNOWN, TODAY)}
    assert due(BOTH, last, today=TODAY) == ("long",)
    assert part_due(BOTH, last, today=TODAY) is Part.SOME


def test_what_was_left_for_somebody_else_is_asked():
    last = {"short": Last(Value.NO, TODAY)}
    assert due(BOTH, last, today=TODAY) == ("long",)
    assert part_due(BOTH, last, today=TODAY) is Part.SOME


def test_where_nothing_is_asked_nothing_is_due():
    assert due([], {}, today=TODAY) == ()
    assert part_due([], {}, today=TODAY) is Part.FULL


answers = st.builds(Last, st.sampled_from(Value), st.sampled_from([EARLIER, TODAY]))


@given(
    st.lists(st.booleans(), max_size=8),
    st.dictionaries(st.integers(0, 9).map(str), answers),
)
def test_what_is_due_is_asked_in_order_and_nothing_known_is_asked_again(shorts, last):
    asked = [question(str(number), is_short=is_short) for number, is_short in enumerate(shorts)]
    codes = due(asked, last, today=TODAY)
    assert [one.code for one in asked if one.code in codes] == list(codes)
    for one in asked:
        known = last.get(one.code)
        is_settled = known is not None and known.value is not Value.UNKNOWN
        if one.code not in codes:
            assert is_settled
            assert not one.is_short or known.answered_on == TODAY
        elif is_settled:
            assert one.is_short
            assert known.answered_on != TODAY


@given(
    st.lists(st.booleans(), min_size=1, max_size=8),
    st.dictionaries(st.integers(0, 9).map(str), answers),
)
def test_the_part_that_is_begun_with_holds_all_that_is_due(shorts, last):
    asked = [question(str(number), is_short=is_short) for number, is_short in enumerate(shorts)]
    part, codes = part_due(asked, last, today=TODAY), due(asked, last, today=TODAY)
    if part is Part.SHORT:
        assert set(codes) <= {one.code for one in asked if one.is_short}
