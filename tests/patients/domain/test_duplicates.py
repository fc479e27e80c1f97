from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.duplicates import Identity, Reason, likeness, names_alike

BORN = date(1990, 8, 22)


def person(names="Carys Penhallow", born_on=BORN, phones=("447700900733",)):
    return Identity(names=names, born_on=born_on, phones=frozenset(phones))


def test_birth_date_and_names_in_another_order_are_alike():
    new = person(names="Penhallow Cárys", phones=())
    assert likeness(new, person()) is Reason.BIRTH_AND_NAMES


def test_a_slip_in_a_name_is_still_alike():
    assert likeness(person(names="Carys Penhalow", phones=()), person()) is Reason.BIRTH_AND_NAMES


def test_a_second_name_left_out_is_still_alike():
    assert names_alike("Carys Ann Penhallow", "Carys Penhallow")


def test_the_same_phone_is_told_with_and_without_a_similar_name():
    born_later = date(1991, 1, 1)
    assert likeness(person(born_on=born_later), person()) is Reason.PHONE_AND_NAMES
    sister = person(names="Imogen Vale", born_on=born_later)
    assert likeness(sister, person()) is Reason.PHONE


def test_the_same_birthday_alone_says_nothing():
    assert likeness(person(names="Imogen Vale", phones=("1",)), person()) is None


def test_two_missing_phones_are_not_the_same_phone():
    new = person(names="Imogen Vale", phones=("",))
    assert likeness(new, person(phones=("",))) is None


@pytest.mark.parametrize(
    ("one", "other"), [("Carys Penhallow", "Carys Vale"), ("", "Carys"), ("-", "-")]
)
def test_other_names_are_not_alike(one, other):
    assert not names_alike(one, other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_looks_the_same_from_both_sides(one, other):
    if len(one.split()) != len(other.split()):
        assert names_alike(one, other) == names_alike(other, one)


@given(st.permutations(["Ana", "Maria", "Sol", "Vale"]))
def test_the_order_of_names_does_not_matter(names):
    assert names_alike(" ".join(names), "Ana Maria Sol Vale")
