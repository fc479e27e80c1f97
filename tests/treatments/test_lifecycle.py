"""How the status of a course may change: the whole table."""

from itertools import product

import pytest

from treatments.domain.lifecycle import CourseStatus, can_become, is_end
from treatments.models import TreatmentCourse

TABLE = {
    "DRAFT": {"ACTIVE", "DISCONTINUED"},
    "ACTIVE": {"SUSPENDED", "COMPLETED", "DISCONTINUED", "LAPSED"},
    "SUSPENDED": {"ACTIVE", "DISCONTINUED", "LAPSED"},
    "COMPLETED": set(),
    "DISCONTINUED": set(),
    "LAPSED": set(),
}


@pytest.mark.parametrize(("status", "wanted"), list(product(TABLE, TABLE)))
def test_what_may_become_what(status, wanted):
    assert can_become(status, wanted) is (wanted in TABLE[status])


def test_an_end_is_a_status_that_nothing_follows():
    assert {status for status in TABLE if is_end(status)} == {
        "COMPLETED",
        "DISCONTINUED",
        "LAPSED",
    }


def test_the_table_knows_every_status_of_a_course():
    assert set(TABLE) == set(CourseStatus) == set(TreatmentCourse.Status.values)


@pytest.mark.parametrize("word", ["", "active", "GONE"])
def test_a_word_that_is_no_status_is_misuse(word):
    with pytest.raises(ValueError, match="not a valid CourseStatus"):
        can_become("DRAFT", word)
