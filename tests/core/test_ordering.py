"""What apps register stands in the same order in every process."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core.ordering import put_in_order


@dataclass(frozen=True)
class Entry:
    order: int
    name: str


ENTRIES = st.lists(st.builds(Entry, st.integers(0, 3), st.sampled_from("abcdef")))


@given(ENTRIES)
def test_of_one_order_what_came_first_stands_first_and_all_stand_once(entries):
    known = []
    for entry in entries:
        put_in_order(known, entry)
    first = list(dict.fromkeys(entries))
    assert known == [entry for order in range(4) for entry in first if entry.order == order]
