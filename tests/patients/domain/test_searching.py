from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.searching import (
    MOST_WORDS,
    Query,
    digits,
    fold,
    parse,
    prefill,
    record_number,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Zoë  MÜLLER", "zoe muller"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Anne-Marie", "anne marie"),
        ("Penhallow, Carys", "penhallow carys"),
        ("Łukasz Søren Đặng", "lukasz soren dang"),
        ("STRAẞE", "strasse"),
        ("Ægir Þór", "aegir thor"),
        ("Işık", "isik"),
        ("IŞIK", "isik"),
        ("İpek", "ipek"),
        ("Ёлкина", "елкина"),
        ("Οδυσσεύς", "οδυσσευσ"),
        ("أحمد", "احمد"),
        ("محمّد", "محمد"),
        ("فاطمة", "فاطمه"),
        ("علی", "علي"),
        ("שָׁלוֹם", "שלום"),
        ("김민준", "김민준"),
        ("王小明", "王小明"),
        ("ﾊﾅｺ", "ハナコ"),
        ("がく", "がく"),
        ("ℌ", "h"),
        ("نیم\u200cفاصله", "نيمفاصله"),
        ("", ""),
    ],
)
def test_folding_keeps_what_a_person_would_type_either_way(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_every_word_of_a_name_finds_the_name(name):
    for word in name.split():
        assert all(part in fold(name) for part in parse(word, today=TODAY).words)


@given(st.text(max_size=60))
def test_case_does_not_matter(name):
    assert fold(name.casefold()) == fold(name)


@given(st.text(), st.dates())
def test_no_text_stops_the_search(text, today):
    query = parse(text, today=today)
    assert len(query.words) <= MOST_WORDS
    assert query.phone_tail.isdecimal() or query.phone_tail == ""
    prefill(text, today=today)


def test_digits_of_any_script_are_digits():
    assert digits("+44 (٧٧٠٠) ９00-733") == "447700900733"


@pytest.mark.parametrize(
    ("typed", "tail"),
    [
        ("0733", "0733"),
        ("900 733", "900733"),
        ("07700 900733", "7700900733"),
        ("+44 7700 900733", "447700900733"),
        ("00447700900733", "447700900733"),
        ("(07700) 900-733", "7700900733"),
        ("733", ""),
        ("Carys 733", ""),
        ("0733 Carys", ""),
        ("Carys 0733", "0733"),
    ],
)
def test_the_end_of_a_phone_number_is_understood(typed, tail):
    assert parse(typed, today=TODAY).phone_tail == tail


@pytest.mark.parametrize(
    ("typed", "ending"),
    [
        ("482", "-00482"),
        ("00482", "-00482"),
        ("LSC-00482", "LSC-00482"),
        ("lsc 482", "LSC-00482"),
        ("lsc482", "LSC-00482"),
        ("M2-7", "M2-00007"),
        ("123456", "-123456"),
        ("123456789", ""),
        ("Carys", ""),
    ],
)
def test_a_record_number_is_understood(typed, ending):
    assert parse(typed, today=TODAY).record_number == ending


def test_a_birth_date_is_understood():
    assert parse("22 Aug 1990", today=TODAY).born_on == date(1990, 8, 22)


@pytest.mark.parametrize(
    ("typed", "name", "born_on", "tail"),
    [
        ("Carys Penhallow 14 Mar 1987", ("carys", "penhallow"), date(1987, 3, 14), ""),
        ("Penhallow, 14.3.1987", ("penhallow",), date(1987, 3, 14), "1431987"),
        ("Penhallow, 07700 900733", ("penhallow",), None, "7700900733"),
        ("14 March 1987", (), date(1987, 3, 14), ""),
        ("Carys Penhallow", (), None, ""),
    ],
)
def test_a_name_may_be_followed_by_what_tells_namesakes_apart(typed, name, born_on, tail):
    query = parse(typed, today=TODAY)
    assert (query.name_words, query.born_on, query.phone_tail) == (name, born_on, tail)


def test_nothing_typed_asks_for_nothing():
    assert parse("   ", today=TODAY) == Query()


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("Carys Penhallow", {"given_names": "Carys", "family_names": "Penhallow"}),
        ("Ana Maria Sol", {"given_names": "Ana Maria", "family_names": "Sol"}),
        ("王小明", {"given_names": "王小明"}),
        ("07700 900733", {"phone": "07700 900733"}),
        ("22 Aug 1990", {"born_on": "22 Aug 1990"}),
        ("22081990", {"born_on": "22081990"}),
        (
            "Carys Penhallow 14 Mar 1987",
            {"given_names": "Carys", "family_names": "Penhallow", "born_on": "14 Mar 1987"},
        ),
        (
            "Ana Maria Sol, 07700 900733",
            {"given_names": "Ana Maria", "family_names": "Sol", "phone": "07700 900733"},
        ),
        ("Carys 0733", {"given_names": "Carys"}),
        ("0733", {}),
        ("LSC-00482", {}),
        ("", {}),
    ],
)
def test_what_was_typed_is_not_asked_again(typed, fields):
    assert prefill(typed, today=TODAY) == fields


def test_a_record_number_grows_beyond_its_padding():
    assert record_number("LSC", 482) == "LSC-00482"
    assert record_number("LSC", 123456) == "LSC-123456"
