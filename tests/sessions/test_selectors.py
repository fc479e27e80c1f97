"""Reads of the working day: what they say, and with how few queries."""

from datetime import date, datetime, time, timedelta

import pytest

from clinic.models import ShiftException
from sessions.actions.status import cancel_appointment, check_in, mark_no_show, start_appointment
from sessions.domain.openings import Need
from sessions.domain.timeline import indexes, part
from sessions.models import Appointment
from sessions.selectors.calendars import Calendars, read_openings
from sessions.selectors.chain import course_chain, course_chains, next_to_book
from sessions.selectors.day import in_state, read_day
from sessions.selectors.free import working_hours
from sessions.words import visit_words
from tests.factories.clinic import (
    ClinicProfileFactory,
    ClosureFactory,
    RoomFactory,
    SiteFactory,
    works_every_day,
)
from tests.factories.core import UserFactory
from tests.factories.sessions import AppointmentFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.desk import AWAY, Desk
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


# Openings


def openings(desk, first=0, last=None, **changes):
    return read_openings(
        **{
            "site": desk.site,
            "practitioners": [desk.practitioner.pk],
            "indication": desk.course.indication,
            "patient": desk.course.patient,
            "need": Need(50),
            "first": desk.day(first),
            "last": desk.day(first if last is None else last),
            "now": desk.moment(first, "0:00"),
            **changes,
        }
    )


def stretches(bits, read, zone):
    """Return runs of steps as clocks of the site."""
    steps, found = list(indexes(bits)), []
    for step in steps:
        if found and found[-1][1] == step:
            found[-1][1] = step + 1
        else:
            found.append([step, step + 1])
    moments = [[read.timeline.moment(end).astimezone(zone) for end in pair] for pair in found]
    return [f"{start:%d %H:%M}-{end:%H:%M}" for start, end in moments]


def hours(desk, first=0, last=None, **changes):
    """Return the practitioner's open hours as clocks of the site."""
    read = openings(desk, first, last, **changes)
    return stretches(read.practitioners[desk.practitioner.pk].open, read, desk.site.zone)


def offered(desk, first=0, last=None, **changes):
    """Return the offered times as clocks."""
    read = openings(desk, first, last, **changes)
    return [
        f"{moment.astimezone(desk.site.zone):%H:%M}"
        for day in read.days
        for moment in read.packed(desk.practitioner.pk, day, 6)
    ]


@pytest.mark.parametrize("days", [0, 1, 13, 60, 420])
def test_openings_take_as_many_queries_for_any_number_of_days(
    desk, django_assert_num_queries, days
):
    for number, after in enumerate((0, 7, 14), start=1):
        desk.book(number, after)
    assert desk.course.patient  # read once
    # Rooms included; one reads appointments, because inside a transaction weeks are not kept.
    with django_assert_num_queries(6):
        openings(desk, 0, days)


def test_as_many_queries_are_enough_for_many_people_and_rooms(desk, django_assert_num_queries):
    people = [desk.practitioner, *(UserFactory(clinician=True) for _ in range(4))]
    for person in people[1:]:
        works_every_day(person, desk.site)
    for _ in range(4):
        RoomFactory(site=desk.site)
    assert desk.course.patient  # read once
    with django_assert_num_queries(6):
        openings(desk, 0, 6, practitioners=[person.pk for person in people])


def test_hours_are_those_of_the_sites_own_clock():
    desk = Desk(site__timezone="America/New_York")
    assert hours(desk) == ["26 09:00-17:00"]
    first = next(openings(desk).moments(desk.practitioner.pk, desk.day(0)))
    assert f"{first:%H:%M}" == "14:00"


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Africa/Casablanca",
        "UTC",
    ],
)
def test_working_steps_follow_the_wall_clock_for_eleven_years(name):
    """Nights, when clocks change, included: no step is lost, doubled or shifted."""
    desk = Desk(site__timezone=name, first_on=date(2026, 1, 1), hours=(time(0), time(23, 55)))
    last = (date(2036, 12, 31) - desk.day(0)).days
    read = openings(desk, 0, last)
    by_clock = working_hours(desk.site, [desk.practitioner.pk], list(read.days))
    worked = read.practitioners[desk.practitioner.pk].open
    assert worked == read.timeline.inside(by_clock[desk.practitioner.pk])
    # On each day the five minutes before midnight are free, whatever the day's length.
    rest = read.timeline.all & ~worked
    assert list(indexes(rest)) == [end - 1 for _first, end in read.days.values()]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"kind": "AWAY"}, []),
        ({"kind": "AWAY", "site": None}, []),
        (
            {"kind": "AWAY", "starts": time(12), "ends": time(13)},
            ["26 09:00-12:00", "26 13:00-17:00"],
        ),
        ({"kind": "EXTRA", "starts": time(17), "ends": time(19)}, ["26 09:00-19:00"]),
        (
            {"kind": "EXTRA", "starts": time(18), "ends": time(19)},
            ["26 09:00-17:00", "26 18:00-19:00"],
        ),
    ],
)
def test_a_one_off_change_changes_that_day_alone(desk, change, left):
    ShiftException.objects.create(
        **{"practitioner": desk.practitioner, "site": desk.site, "on": desk.day(0), **change}
    )
    assert hours(desk) == left
    assert hours(desk, 1) == ["27 09:00-17:00"]


def test_a_change_at_another_site_changes_nothing_here(desk):
    ShiftException.objects.create(
        practitioner=desk.practitioner, site=SiteFactory(), kind="AWAY", on=desk.day(0)
    )
    assert hours(desk) == ["26 09:00-17:00"]


def test_a_closed_day_has_no_hours_and_no_rooms(desk):
    shut = ClosureFactory(site=desk.site, starts_on=desk.day(1), ends_on=desk.day(2))
    assert hours(desk, 0, 3) == ["26 09:00-17:00", "29 09:00-17:00"]
    read = openings(desk, 0, 3)
    assert read.closed == {desk.day(1): shut.reason, desk.day(2): shut.reason}
    first, end = read.days[desk.day(1)][0], read.days[desk.day(2)][1]
    assert not part(read.rooms[desk.room.pk].open, first, end)


def test_a_stretch_of_closed_days_has_nothing_at_all(desk):
    ClosureFactory(site=desk.site, starts_on=desk.day(0), ends_on=desk.day(5))
    assert openings(desk, 0, 5).practitioners[desk.practitioner.pk].open == 0
    assert offered(desk, 0, 5) == []


def test_an_appointment_that_is_about_to_move_is_not_in_its_own_way(desk):
    place = desk.book(1, 0, "9:00")
    assert offered(desk)[0] == "09:50"
    assert offered(desk, ignoring=[place])[0] == "09:00"


def test_ended_appointments_take_no_time(desk):
    place = desk.book(1, 0, "9:00")
    cancel_appointment(appointment=place, reason="PATIENT", by=desk.reception, at=desk.now)
    read = openings(desk)
    assert read.practitioners[desk.practitioner.pk].busy == 0
    assert read.rooms[desk.room.pk].busy == 0
    assert read.patient_busy == 0


def test_free_times_are_offered_between_appointments(desk):
    desk.neighbour().book(1, 0, "10:00")
    assert offered(desk)[:4] == ["09:00", "10:50", "11:20", "11:50"]


def test_whatever_is_offered_can_be_booked(desk):
    desk.neighbour(
        indication=IndicationFactory(protocol__session_minutes=47), session_minutes=47
    ).book(1, 0, "9:30")
    read = openings(desk)
    moments = list(read.moments(desk.practitioner.pk, desk.day(0)))
    assert len(moments) > 70
    for moment in moments[::7]:
        place = desk.book(1, 0, starts_at=moment)
        assert (place.starts_at, place.minutes) == (moment, 50)


def test_rooms_suit_what_they_are_set_up_for(desk):
    indication = desk.course.indication
    own = RoomFactory(site=desk.site, name="Room 2")
    indication.rooms.add(own)
    elsewhere = RoomFactory(site=desk.site, name="Room 3")
    IndicationFactory().rooms.add(elsewhere)
    RoomFactory(site=desk.site, name="Room 4", is_active=False)
    RoomFactory(name="Room 5")
    assert Calendars().rooms([desk.site], indication) == [desk.room, own]
    assert Calendars().rooms([desk.site], None) == [desk.room, own, elsewhere]


# Chains


def test_several_courses_take_as_many_queries_as_one(desk, django_assert_num_queries):
    desks = [desk, desk.neighbour(), desk.neighbour(), desk.neighbour()]
    for number, each in enumerate(desks):
        each.book(1, 0, f"{10 + number}:00")
    courses = list(TreatmentCourse.objects.order_by("pk"))
    with django_assert_num_queries(3):
        course_chains(courses[:1])
    with django_assert_num_queries(3):
        chains = course_chains(courses)
    assert [chain.course for chain in chains] == courses
    assert [len(chain.rows) for chain in chains] == [8] * 4


def test_no_course_has_no_chain(django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert course_chains([]) == []


def test_a_chain_says_what_comes_next(desk):
    desk.give(1, 0)
    desk.book(2, 7)
    chain = course_chain(desk.course)
    assert chain.done_count == 1
    assert chain.next_row is not None
    assert chain.next_row.session == desk.session(2)
    assert chain.to_book is not None
    assert chain.to_book.session == desk.session(3) == next_to_book(desk.course)
    assert (chain.starts_on, chain.ends_on) == (date(2026, 11, 26), date(2027, 3, 24))
    assert [link.step.number for link in chain.links] == list(range(1, 9))
    first, second, third = chain.rows[:3]
    assert (first.is_bookable, second.is_bookable, third.is_bookable) == (False, False, True)
    assert (first.is_movable, second.is_movable, third.is_movable) == (False, True, False)


def test_a_finished_chain_has_nothing_next():
    desk = Desk(total_sessions=3, initial_sessions=3)
    for number, after in ((1, 0), (2, 7), (3, 14)):
        desk.give(number, after)
    chain = course_chain(desk.course)
    assert (chain.next_row, chain.to_book) == (None, None)
    assert next_to_book(desk.course) is None
    assert not chain.is_overdue(desk.day(300))


def test_ended_places_stay_with_their_session(desk):
    place = desk.book(1, 0)
    mark_no_show(appointment=place, by=desk.reception, at=desk.moment(0, "10:30"))
    row = course_chain(desk.course).row(desk.session(1))
    assert (row.appointment, row.ended) == (None, (place,))


def test_a_session_pushed_out_of_its_window_is_seen(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.arrive(1)
    desk.deliver(1, 2)
    assert course_chain(desk.course).row(desk.session(2)).is_out_of_window


def test_a_late_session_with_its_reason_is_not_out_of_window(desk):
    desk.book(1, 0)
    desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    row = course_chain(desk.course).row(desk.session(2))
    assert row.link.is_late
    assert [kept.words for kept in row.deviations] == [AWAY.words]
    assert not row.is_out_of_window


def test_a_course_is_overdue_the_day_after_its_next_window_closed(desk):
    desk.give(1, 0)
    chain = course_chain(desk.course)
    assert not chain.is_overdue(desk.day(10))
    assert chain.is_overdue(desk.day(11))
    desk.book(2, 9)
    assert not course_chain(desk.course).is_overdue(desk.day(11))


def test_overdue_sessions_are_found_in_the_database_too(desk):
    desk.give(1, 0)
    sessions = desk.course.sessions
    assert not sessions.overdue(desk.day(10)).exists()
    assert sessions.overdue(desk.day(11)).get() == desk.session(2)


# The day


@pytest.fixture
def profile(db):
    return ClinicProfileFactory(late_after_minutes=10, no_show_after_minutes=20)


def day(desk, clock="10:00", after=0, **changes):
    return read_day(
        **{
            "site": desk.site,
            "on": desk.day(after),
            "now": desk.moment(after, clock),
            **changes,
        }
    )


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_day_takes_two_queries_whatever_the_number_of_rows(
    desk, profile, django_assert_num_queries, count
):
    for number in range(count):
        desk.neighbour().book(1, 0, f"{10 + number}:00")
    site = desk.site
    with django_assert_num_queries(2):
        read = day(desk, site=site)
    for row in read.rows:
        place = Appointment.objects.get(pk=row.pk)
        assert row.name == place.patient.full_name
        assert row.practitioner_name == place.practitioner.display_name
        assert row.visit == visit_words(place)
        assert (row.room_name, row.minutes) == (place.room.name, place.minutes)
    assert len(read.rows) == count


def test_the_day_is_in_order_and_holds_its_own_site_alone(desk, profile):
    late, early = desk.neighbour(), desk.neighbour()
    late.book(1, 0, "14:00")
    early.book(1, 0, "9:00")
    desk.book(1, 1)
    AppointmentFactory()
    read = day(desk)
    assert [row.patient for row in read.rows] == [early.course.patient.pk, late.course.patient.pk]
    assert [row.pk for row in day(desk, after=1).rows] == [desk.place(1).pk]


def test_the_day_begins_and_ends_with_the_sites_own_midnight(profile):
    desk = Desk(site__timezone="Pacific/Kiritimati", hours=(time(0), time(23, 55)))
    desk.now -= timedelta(days=1)
    desk.book(1, 0, "0:00")
    neighbour = desk.neighbour()
    neighbour.now = desk.now
    neighbour.book(1, 0, "23:00")
    assert len(day(desk).rows) == 2
    assert len(day(desk, after=1).rows) == 0


def test_the_day_of_one_practitioner(desk, profile):
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    desk.book(1, 0)
    own = desk.neighbour().book(1, 0, practitioner=other, room=RoomFactory(site=desk.site))
    read = day(desk, practitioner=other)
    assert [row.pk for row in read.rows] == [own.pk]


def test_each_row_says_how_late_and_what_may_be_done(desk, profile):
    desk.book(1, 0)
    early, late = day(desk, "9:59").rows[0], day(desk, "10:12").rows[0]
    assert (early.state, early.late_minutes, early.is_no_show_due) == ("BOOKED", 0, False)
    assert (late.state, late.late_minutes, late.is_no_show_due) == ("LATE", 12, True)
    assert late.can_check_in
    assert late.can_cancel
    assert not late.can_start
    assert not late.can_undo
    assert not late.is_finished


def test_a_patient_who_waits_shows_for_how_long(desk, profile):
    place = desk.book(1, 0)
    check_in(appointment=place, by=desk.reception, at=desk.moment(0, "9:50"))
    row = day(desk, "10:07").rows[0]
    assert (row.state, row.waiting_minutes, row.late_minutes) == ("ARRIVED", 17, 0)
    assert row.can_start
    assert row.can_undo
    start_appointment(appointment=place, by=desk.reception, at=desk.moment(0, "10:08"))
    row = day(desk, "10:20").rows[0]
    assert row.is_in_treatment
    assert not row.is_finished
    assert row.waiting_minutes == 0


def test_the_day_counts_its_states_and_filters_by_them(desk, profile):
    desk.book(1, 0)
    gone = desk.neighbour().book(1, 0, "9:00")
    mark_no_show(appointment=gone, by=desk.reception, at=desk.moment(0, "9:30"))
    read = day(desk, "10:12")
    assert read.counts == {"LATE": 1, "NO_SHOW": 1}
    assert [row.pk for row in in_state(read.rows, "NO_SHOW")] == [gone.pk]
    assert in_state(read.rows, "NO_SHOW")[0].is_finished
    assert in_state(read.rows, "") == read.rows


def test_a_closed_day_says_why(desk, profile):
    shut = ClosureFactory(site=desk.site, starts_on=desk.day(0), ends_on=desk.day(2))
    assert day(desk, after=1).closure == shut
    assert day(desk, after=3).closure is None


def test_an_appointment_is_on_the_day_it_begins(desk):
    from sessions.models import Appointment

    place = AppointmentFactory(consultation=True, of=desk.session(1), clock=time(23, 30))
    assert place.minutes == 50
    begins = datetime.combine(desk.day(1), time.min, desk.site.zone)
    assert place.ends_at > begins
    assert list(Appointment.objects.on_days(desk.day(0), desk.day(0), desk.site)) == [place]
    assert not Appointment.objects.on_days(desk.day(1), desk.day(1), desk.site).exists()
