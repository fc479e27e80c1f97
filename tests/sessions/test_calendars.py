"""Calendars that were read answer every later question as if it were the first."""

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import ShiftException
from sessions.domain.openings import Need
from sessions.selectors.asking import Ask, Wishes, outline_of_course
from sessions.selectors.calendars import Calendars, read_openings
from sessions.selectors.chain import course_chain
from sessions.selectors.search import propose, read_ahead
from tests.factories.clinic import ClosureFactory, RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.desk import Desk


@pytest.fixture
def desk(db):
    """Return a desk with a colleague, two rooms, a closed day, absences and bookings."""
    desk = Desk()
    desk.colleague = UserFactory(clinician=True)
    works_every_day(desk.colleague, desk.site, time(12), time(20))
    RoomFactory(site=desk.site, name="Room 2")
    ClosureFactory(site=desk.site, starts_on=desk.day(5), ends_on=desk.day(6), reason="Snow")
    for person, after in ((desk.practitioner, 3), (desk.colleague, 12)):
        ShiftException.objects.create(practitioner=person, kind="AWAY", on=desk.day(after))
    desk.book(1, 0)
    desk.neighbour().book(1, 1, "9:00")
    desk.neighbour().book(1, 10, "14:00")
    return desk


@pytest.fixture
def harbour(desk):
    """Return another site, on another clock, where the colleague works as well."""
    site = SiteFactory(name="Harbour", timezone="Pacific/Auckland")
    RoomFactory(site=site, name="Harbour room")
    works_every_day(desk.colleague, site, time(6), time(8))
    return site


def question(desk, site, people, first, last):
    return {
        "site": site,
        "practitioners": people,
        "indication": desk.course.indication,
        "patient": desk.course.patient,
        "need": Need(50, before=5, after=10),
        "first": desk.day(first),
        "last": desk.day(last),
        "now": desk.now,
    }


def ask(desk, **changes):
    return Ask(
        outline=outline_of_course(course_chain(desk.course)),
        wishes=Wishes(desk.practitioner),
        now=desk.now,
        **changes,
    )


stretches = st.tuples(st.integers(-3, 20), st.integers(0, 15), st.booleans(), st.integers(1, 3))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(stretches, min_size=2, max_size=4))
def test_what_is_remembered_is_what_a_fresh_reading_says(desk, harbour, asked):
    calendars = Calendars()
    people = [desk.practitioner.pk, desk.colleague.pk]
    for first, more, elsewhere, who in asked:
        wanted = question(
            desk,
            harbour if elsewhere else desk.site,
            [person for bit, person in enumerate(people) if who >> bit & 1],
            first,
            first + more,
        )
        assert calendars.openings(**wanted) == read_openings(**wanted)


def test_what_is_known_is_not_read_again(desk, django_assert_num_queries):
    calendars = Calendars()
    people = [desk.practitioner.pk, desk.colleague.pk]
    calendars.openings(**question(desk, desk.site, people, 0, 30))
    within = question(desk, desk.site, people[:1], 7, 10)
    with django_assert_num_queries(0):
        calendars.openings(**within)


def test_a_later_day_takes_only_the_weeks_of_bits(desk, django_assert_num_queries):
    calendars = Calendars()
    calendars.openings(**question(desk, desk.site, [desk.practitioner.pk], 0, 30))
    later = question(desk, desk.site, [desk.practitioner.pk], 0, 60)
    # Two because inside a transaction the weeks are not kept.
    with django_assert_num_queries(2):
        calendars.openings(**later)


def test_asks_made_from_one_another_share_what_was_read(desk, django_assert_num_queries):
    first = ask(desk)
    assert propose(first).stuck_at is None
    with django_assert_num_queries(0):
        assert propose(first).stuck_at is None


def test_another_ask_reads_anew(desk):
    assert propose(ask(desk)).row(2).place.on == desk.day(7)
    ClosureFactory(site=desk.site, starts_on=desk.day(7), ends_on=desk.day(7))
    assert propose(ask(desk)).row(2).place.on == desk.day(8)


def test_many_questions_are_read_ahead_at_once(desk, django_assert_num_queries):
    neighbours = [desk.neighbour() for _ in range(3)]
    calendars = Calendars()
    asks = [ask(each, calendars=calendars) for each in (desk, *neighbours)]
    read_ahead(asks)
    calendars.openings(**question(desk, desk.site, [desk.practitioner.pk], 0, 1))
    with django_assert_num_queries(0):
        assert [propose(each).stuck_at for each in asks] == [None] * 4


def test_nothing_is_read_ahead_for_no_question(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        read_ahead([])


def test_a_re_plan_takes_nine_queries_with_the_course(desk, django_assert_max_num_queries):
    desk.book(2, 7)
    # One more than when the weeks are ready.
    with django_assert_max_num_queries(9 + 1):
        assert propose(ask(desk, move_from=2)).stuck_at is None
