import pytest

from patients.phones import comparable_digits, whole_digits


@pytest.mark.parametrize(
    ("typed", "country", "whole"),
    [
        ("07700 900733", "GB", "447700900733"),
        ("+44 7700 900733", "GB", "447700900733"),
        ("020 7946 0142", "GB", "442079460142"),
        ("+33 6 12 34 56 78", "GB", "33612345678"),
        ("06 12 34 56 78", "FR", "33612345678"),
        ("٠٧٧٠٠ ٩٠٠٧٣٣", "GB", "447700900733"),
        ("123", "GB", ""),
        ("900733", "GB", ""),
        ("07700 900733 07700 900734", "GB", ""),
        ("0800 FLOWERS", "GB", ""),
        ("()", "GB", ""),
        ("+", "GB", ""),
        ("07700 900733", "", ""),
    ],
)
def test_a_number_is_read_in_the_clinics_country(typed, country, whole):
    assert whole_digits(typed, country=country) == whole


def test_a_number_nobody_can_call_is_compared_by_its_digits():
    assert comparable_digits("ext. 12-34", country="GB") == "1234"
    assert comparable_digits("", country="GB") == ""
