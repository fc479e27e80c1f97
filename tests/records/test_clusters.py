"""Clusters: against a search that looks at every pair."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from records.domain.clusters import LEAST, WITHIN, Shared, SpreadCase, What, find_clusters

FIRST = date(2026, 6, 1)
LOT, OTHER_LOT = Shared(What.LOT, 1), Shared(What.LOT, 2)
ROOM = Shared(What.ROOM, 1)

shareds = st.builds(Shared, st.sampled_from(list(What)), st.integers(1, 3))
some_cases = st.lists(
    st.tuples(st.integers(0, 260), st.integers(1, 5), st.frozensets(shareds, max_size=4)),
    max_size=14,
).map(
    lambda drawn: [
        SpreadCase(number, patient, FIRST + timedelta(days=after), met)
        for number, (after, patient, met) in enumerate(drawn)
    ]
)


def case(event, after, *met, patient=None):
    return SpreadCase(event, patient or event, FIRST + timedelta(days=after), frozenset(met))


def members(clusters):
    return [(one.shared, [each.event for each in one.cases]) for one in clusters]


def test_two_cases_with_one_lot_are_a_cluster():
    found = find_clusters([case(1, 0, LOT), case(2, 30, LOT, ROOM), case(3, 31, OTHER_LOT)])
    assert members(found) == [(LOT, [1, 2])]
    assert found[0].newest_on == FIRST + timedelta(days=30)


def test_ninety_days_are_near_enough_and_ninety_one_are_not():
    assert members(find_clusters([case(1, 0, LOT), case(2, 90, LOT)])) == [(LOT, [1, 2])]
    assert find_clusters([case(1, 0, LOT), case(2, 91, LOT)]) == []


def test_a_long_row_of_cases_is_cut_where_it_is_longer_than_ninety_days():
    cases = [case(number, 40 * number, LOT) for number in range(5)]
    assert members(find_clusters(cases)) == [(LOT, [0, 1, 2]), (LOT, [1, 2, 3]), (LOT, [2, 3, 4])]


def test_what_one_patient_has_is_no_cluster_however_often():
    alone = [case(number, number, LOT, patient=7) for number in range(1, 5)]
    assert find_clusters(alone) == []
    assert members(find_clusters([*alone, case(9, 5, LOT)])) == [(LOT, [1, 2, 3, 4, 9])]


def test_nothing_is_no_cluster():
    assert find_clusters([]) == []


@given(some_cases, st.randoms())
def test_the_order_of_the_rows_does_not_matter(cases, random):
    shuffled = random.sample(cases, len(cases))
    assert find_clusters(shuffled) == find_clusters(cases)


@given(some_cases)
def test_every_cluster_holds(cases):
    for cluster in find_clusters(cases):
        begins = [one.on for one in cluster.cases]
        assert len({one.patient for one in cluster.cases}) >= LEAST
        assert all(cluster.shared in one.met for one in cluster.cases)
        assert begins == sorted(begins)
        assert begins[-1] - begins[0] <= WITHIN


@given(some_cases)
def test_no_two_patients_are_missed_and_none_are_made_up(cases):
    pairs = {
        (shared, frozenset((one.event, other.event)))
        for one, other in combinations(cases, 2)
        if abs(one.on - other.on) <= WITHIN and one.patient != other.patient
        for shared in one.met & other.met
    }
    found = {
        (cluster.shared, frozenset((one.event, other.event)))
        for cluster in find_clusters(cases)
        for one, other in combinations(cluster.cases, 2)
        if one.patient != other.patient
    }
    assert found == pairs


@given(some_cases)
def test_no_cluster_is_a_part_of_another(cases):
    found = [(one.shared, {each.event for each in one.cases}) for one in find_clusters(cases)]
    for (shared, mine), (other, theirs) in combinations(found, 2):
        assert shared != other or not (mine <= theirs or theirs <= mine)
