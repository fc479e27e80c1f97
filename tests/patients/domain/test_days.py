from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.days import parse_day

TODAY = date(2026, 11, 22)
WRITTEN = [
    "{d} {b} {Y}",
    "{d} {B} {Y}",
    "{d}/{m}/{Y}",
    "{d}.{m}.{Y}",
    "{d}-{m}-{Y}",
    "{d} {m} {Y}",
    "{Y}-{m:02}-{d:02}",
    "{Y}/{m}/{d}",
    "{d:02}{m:02}{Y}",
    "{b} {d}, {Y}",
    "{d}-{b}-{Y}",
]


@pytest.mark.parametrize(
    "typed",
    [
        "22 Aug 1990",
        "22 AUGUST 1990",
        "22nd August 1990",
        "Wed 22 Aug 1990",
        "Wednesday, 22 August 1990",
        "August 22, 1990",
        "22/8/1990",
        "22.08.1990",
        "22. 8. 1990",
        "22-8-90",
        "1990-08-22",
        "1990.08.22",
        "22081990",
        "19900822",
        "220890",
        "08/22/1990",
        "٢٢/٨/١٩٩٠",
        " 22  8  1990 ",
    ],
)
def test_a_day_is_read_in_any_usual_way(typed):
    assert parse_day(typed, today=TODAY) == date(1990, 8, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Carys",
        "22",
        "22 Aug",
        "31/2/1990",
        "29 Feb 1999",
        "22 Foo 1990",
        "22 au 1990",
        "22/8/1899",
        "22/8/990",
        "22/8/19900",
        "1 2 3 4",
        "1990",
        "22:08:1990",
        "22_8_1990",
        "augaugaug",
        "1" * 5000,
        "1/2/" + "9" * 5000,
        "1/" + "9" * 5000 + "/1990",
    ],
)
def test_what_is_no_day_is_none(typed):
    assert parse_day(typed, today=TODAY) is None


def test_day_comes_before_month():
    assert parse_day("3/4/1990", today=TODAY) == date(1990, 4, 3)


def test_a_short_year_is_the_last_one_that_is_not_in_the_future():
    assert parse_day("22/11/26", today=TODAY) == date(2026, 11, 22)
    assert parse_day("23/11/26", today=TODAY) == date(1926, 11, 23)
    assert parse_day("29/2/28", today=TODAY) == date(1928, 2, 29)
    assert parse_day("30/2/20", today=TODAY) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY), st.sampled_from(WRITTEN))
def test_every_day_is_read_back_as_it_was_written(day, written):
    text = written.format(
        d=day.day, m=day.month, Y=day.year, b=day.strftime("%b"), B=day.strftime("%B")
    )
    assert parse_day(text, today=TODAY) == day


@given(st.text(), st.dates())
def test_no_text_stops_it(text, today):
    parse_day(text, today=today)
