"""The code on a box, as a scanner types it."""

import string
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.gs1 import (
    BoxCode,
    NotGs1,
    format_box_code,
    parse_box_code,
)
from treatments.domain.boxes import check_digit, is_gtin

GTIN = "09506000134352"
WHOLE = BoxCode(GTIN, "AB-12", date(2027, 9, 30))


@pytest.mark.parametrize(
    "typed",
    [
        f"01{GTIN}1727093010AB-12",
        f"]d201{GTIN}1727093010AB-12",
        f"\x1d01{GTIN}10AB-12\x1d17270930",
        f"10AB-12\x1d17270930\x1d01{GTIN}",
        f"(01){GTIN}(17)270930(10)AB-12",
        f"01{GTIN}1727090010AB-12",
        f"01{GTIN}112501011727093010AB-12\x1d21SERIAL9\r\n",
        f"  ]C101{GTIN}1727093010AB-12  ",
    ],
)
def test_one_box_is_read_from_every_way_of_typing_it(typed):
    assert parse_box_code(typed, this_year=2026) == WHOLE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "DB-2609",
        f"01{GTIN[:-1]}3",
        "0109506000134",
        f"01{GTIN}17270230",
        f"01{GTIN}17271330",
        f"01{GTIN}10",
        f"01{GTIN}10{'A' * 21}",
        f"01{GTIN}10AB€12",
        "17270930",
        f"(01){GTIN}(17)270930(10",
        f"(01){GTIN[1:]}(10)A",
        "99XX",
        "]d2",
    ],
)
def test_what_is_no_code_of_a_box_is_refused(typed):
    with pytest.raises(NotGs1):
        parse_box_code(typed, this_year=2026)


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("280200", date(2028, 2, 29)),
        ("270200", date(2027, 2, 28)),
        ("761231", date(2076, 12, 31)),
        ("771231", date(1977, 12, 31)),
    ],
)
def test_a_day_of_nought_is_the_last_and_a_year_is_the_nearest(digits, day):
    assert parse_box_code(f"17{digits}10A", this_year=2026).expires_on == day


def test_a_year_may_lie_in_the_next_century():
    assert parse_box_code("1703093010A", this_year=2090).expires_on == date(2103, 9, 30)


digits = st.text("0123456789", min_size=13, max_size=13)
gtins = digits.map(lambda first: first + check_digit(first))
lots = st.text(string.ascii_letters + string.digits + "-/.", min_size=1, max_size=20)


@given(gtin=gtins, lot=lots, year=st.integers(2020, 2080), data=st.data())
def test_what_is_formatted_is_read_again(gtin, lot, year, data):
    assert is_gtin(gtin)
    expiry = data.draw(st.dates(date(year - 48, 1, 1), date(year + 49, 12, 31)))
    code = BoxCode(gtin, lot, expiry)
    assert parse_box_code(format_box_code(code), this_year=year) == code
    part = BoxCode(lot=lot)
    assert parse_box_code(format_box_code(part), this_year=year) == part


@given(gtin=gtins, at=st.integers(0, 13), to=st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_product_is_noticed(gtin, at, to):
    wrong = gtin[:at] + to + gtin[at + 1 :]
    assert is_gtin(wrong) is (wrong == gtin)


@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed):
    with suppress(NotGs1):
        assert isinstance(parse_box_code(typed, this_year=2026), BoxCode)


@pytest.mark.parametrize(
    "digits", ["", "123", "0950600013435", "095060001343521", "0950600013435A"]
)
def test_what_is_not_fourteen_digits_is_no_gtin(digits):
    assert not is_gtin(digits)
