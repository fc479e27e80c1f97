from datetime import date

import pytest

from patients.domain.namesakes import Difference, Person, differences, split_phone

MARCH, AUGUST = date(1987, 3, 14), date(1990, 8, 22)


def person(key, name="Anna Berg", born_on=MARCH, phone="020 7946 0991"):
    return Person(key=key, name=name, born_on=born_on, phone=phone)


def test_nobody_is_marked_for_a_name_of_their_own():
    assert differences([person(1), person(2, "Anna Bergmann")]) == {}


@pytest.mark.parametrize(
    ("other", "by_birth", "by_phone"),
    [
        (person(2, born_on=AUGUST), True, False),
        (person(2, phone="020 7946 0992"), False, True),
        (person(2, born_on=AUGUST, phone="020 7946 0992"), True, True),
        (person(2), False, False),
        # The same end of another number tells nobody apart.
        (person(2, phone="07700 900991"), False, False),
    ],
)
def test_what_differs_between_namesakes_is_told(other, by_birth, by_phone):
    difference = Difference(by_birth=by_birth, by_phone=by_phone)
    assert differences([person(1), other]) == {1: difference, 2: difference}


@pytest.mark.parametrize("name", ["ANNA BERG", "Ánna Berg", "Berg, Anna", "Berg Anna"])
def test_case_accents_and_order_make_no_other_name(name):
    assert set(differences([person(1), person(2, name, AUGUST)])) == {1, 2}


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("020 7946 0991", ("020 7946 ", "0991")),
        ("+44 7700 90 07 33", ("+44 7700 90 ", "07 33")),
        ("112", ("", "112")),
        ("", ("", "")),
        ("none", ("none", "")),
    ],
)
def test_a_phone_is_split_before_its_last_four_digits(phone, parts):
    assert split_phone(phone) == parts
