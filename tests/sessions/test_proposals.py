"""A whole course proposed at once: every session in its window, in time that is really free."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from clinic.actions import close_days, mark_away
from clinic.models import ClinicProfile
from sessions.actions.status import cancel_appointment
from sessions.domain.openings import Need, Obstacle
from sessions.domain.planner import Spread
from sessions.domain.windows import Cadence, Gap
from sessions.models import Appointment
from sessions.planner_words import fix_words
from sessions.selectors.asking import (
    Ask,
    Latitude,
    Outline,
    OutlineSession,
    Place,
    Wishes,
    outline_of_course,
)
from sessions.selectors.chain import course_chain
from sessions.selectors.fixes import FixKind, explain, find_fixes, other_times
from sessions.selectors.free import Taken
from sessions.selectors.search import propose
from tests.factories.clinic import ClinicProfileFactory, RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.sessions.desk import AWAY, Desk

ALL_DAYS = frozenset(range(7))


@pytest.fixture
def desk(db):
    return Desk(total_sessions=8, initial_sessions=5)


def ask(desk, wishes=None, **changes):
    return Ask(
        outline=outline_of_course(course_chain(desk.course)),
        wishes=wishes or Wishes(desk.practitioner),
        now=desk.now,
        **changes,
    )


def new_course(desk, total=8, initial=5, first_on=None):
    return Outline(
        patient=desk.course.patient,
        indication=desk.course.indication,
        site=desk.site,
        practitioner=desk.practitioner,
        cadence=Cadence(total, initial, Gap(7, 10), Gap(28, 35)),
        need=Need(50),
        first_on=first_on or desk.day(0),
        sessions=tuple(OutlineSession(number) for number in range(1, total + 1)),
    )


def days(desk, proposal):
    """Return the days of the places, counted from the first session."""
    return [row.place and (row.place.on - desk.day(0)).days for row in proposal.rows]


def clocks(proposal):
    return [f"{row.place.local:%H:%M}" for row in proposal.rows]


def close(desk, first, last, reason="Christmas"):
    close_days(
        sites=[desk.site],
        starts_on=desk.day(first),
        ends_on=desk.day(last),
        reason=reason,
        by=desk.reception,
        at=desk.now,
    )


def away(desk, first, last, practitioner=None):
    mark_away(
        practitioner=practitioner or desk.practitioner,
        first_on=desk.day(first),
        last_on=desk.day(last),
        by=desk.reception,
        at=desk.now,
    )


def colleague(desk, name="Malik Duarte"):
    given, family = name.split()
    person = UserFactory(clinician=True, first_name=given, last_name=family)
    works_every_day(person, desk.site, time(9), time(17))
    return person


# What is proposed


def test_every_session_is_due_when_everything_is_free(desk):
    proposal = propose(ask(desk))
    assert proposal.stuck_at is None
    # Monthly sessions keep the day of the month: 24 December, 24 January and so on.
    assert days(desk, proposal) == [0, 7, 14, 21, 28, 59, 90, 118]
    assert set(clocks(proposal)) == {"09:00"}
    assert len(proposal.to_book) == 8


def test_all_rooms_are_one_room_when_one_is_free_throughout(desk):
    RoomFactory(site=desk.site, name="Room 0")
    blocker = desk.neighbour()
    blocker.room = desk.site.rooms.get(name="Room 0")
    blocker.practitioner = colleague(desk)
    blocker.book(1, 0, "9:00")
    proposal = propose(ask(desk))
    assert {row.place.room for row in proposal.rows} == {desk.room}


def test_a_closed_week_is_stepped_around(desk):
    close(desk, 27, 33)
    proposal = propose(ask(desk))
    assert proposal.stuck_at is None
    assert days(desk, proposal)[:5] == [0, 7, 14, 24, 34]


def test_wished_weekdays_come_before_the_due_day(desk):
    tuesdays = Wishes(desk.practitioner, weekdays=frozenset({1}))
    proposal = propose(ask(desk, tuesdays))
    assert {row.place.on.weekday() for row in proposal.rows} == {1}


def test_a_wished_time_of_day_is_met_where_it_is_free(desk):
    afternoons = Wishes(desk.practitioner, time_of_day="AFTERNOON")
    assert set(clocks(propose(ask(desk, afternoons)))) == {"12:00"}


def test_the_nearest_time_is_taken_when_the_wished_ones_are_gone(desk):
    other = desk.neighbour()
    for clock in ("12:00", "12:50", "13:40", "14:30", "15:20", "16:10"):
        desk.neighbour().book(1, 0, clock)
    assert other
    proposal = propose(ask(desk, Wishes(desk.practitioner, time_of_day="AFTERNOON")))
    # 11:10 ends when the first one begins; nothing later is free that day.
    assert clocks(proposal)[:2] == ["11:10", "12:00"]


@pytest.mark.parametrize(
    ("spread", "gaps"),
    [(Spread.SOON, [7, 7, 7, 7, 28, 28, 28]), (Spread.WIDE, [10, 10, 10, 10, 35, 35, 35])],
)
def test_the_spread_of_the_gaps_can_be_wished(desk, spread, gaps):
    proposal = propose(ask(desk, Wishes(desk.practitioner, spread=spread)))
    assert [row.link.gap_days for row in proposal.rows[1:]] == gaps


def test_anybody_means_one_person_for_the_whole_course(desk):
    other = colleague(desk)
    away(desk, 28, 40)
    proposal = propose(ask(desk, Wishes(None)))
    assert {row.place.practitioner for row in proposal.rows} == {other}
    assert proposal.practitioner == other


def test_a_new_course_is_proposed_before_it_exists(desk):
    proposal = propose(Ask(new_course(desk), Wishes(desk.practitioner), desk.now))
    assert days(desk, proposal) == [0, 7, 14, 21, 28, 59, 90, 118]


def test_nothing_is_proposed_in_the_past(desk):
    later = desk.moment(0, "15:07")
    proposal = propose(Ask(new_course(desk), Wishes(desk.practitioner), later))
    assert clocks(proposal)[0] == "15:10"
    assert days(desk, proposal)[0] == 0


def test_a_first_day_that_has_passed_means_today(desk):
    outline = new_course(desk, first_on=desk.day(-30))
    proposal = propose(Ask(outline, Wishes(desk.practitioner), desk.now))
    assert days(desk, proposal)[0] == 0
    assert proposal.rows[0].link.window.due == desk.day(0)


def test_times_are_offered_on_the_clinics_grid(desk):
    ClinicProfileFactory(offer_every_minutes=30)
    desk.neighbour().book(1, 0, "9:00")
    assert clocks(propose(ask(desk)))[0] == "10:00"
    ClinicProfile.objects.update(offer_every_minutes=5)
    assert clocks(propose(ask(desk)))[0] == "09:50"


def test_buffers_keep_practitioner_and_room_free_around_a_session(desk):
    neighbour = desk.neighbour()
    neighbour.book(1, 0, "9:00")
    desk.course.buffer_before_minutes, desk.course.buffer_after_minutes = 10, 15
    desk.course.save()
    # Held from 9:50: the patient comes ten minutes later.
    assert clocks(propose(ask(desk)))[0] == "10:00"
    assert clocks(propose(ask(desk)))[1] == "09:10"


def test_done_and_booked_sessions_stay(desk):
    desk.give(1, 0)
    desk.book(2, 9, "11:00")
    proposal = propose(ask(desk))
    assert days(desk, proposal)[:3] == [None, 9, 16]
    assert [row.number for row in proposal.to_book] == [3, 4, 5, 6, 7, 8]


def test_pinned_places_stay_and_the_others_follow(desk):
    pin = Place(desk.moment(9, "14:00"), desk.practitioner, desk.room)
    proposal = propose(ask(desk, pins={2: pin}))
    assert days(desk, proposal)[:4] == [0, 9, 16, 23]
    assert proposal.row(2).is_pinned
    assert proposal.row(2).place == pin


# Moving


def booked(desk):
    """Book all eight sessions on their due days at 9:00."""
    for row in propose(ask(desk)).to_book:
        desk.book(row.number, (row.place.on - desk.day(0)).days, "9:00")


def test_moving_one_session_moves_as_few_others_as_possible(desk):
    booked(desk)
    pin = Place(desk.moment(24, "9:00"), desk.practitioner, desk.room)
    proposal = propose(ask(desk, pins={4: pin}, move_from=5))
    # 28 would be 4 days after 24, so session 5 moves; session 6 may stay, 28 days after 31.
    assert [row.number for row in proposal.to_book] == [4, 5]
    assert days(desk, proposal)[3:6] == [24, 31, 59]


def test_a_session_on_a_closed_day_moves_and_the_rest_stays(desk):
    booked(desk)
    close(desk, 14, 14, "Training day")
    proposal = propose(ask(desk, move_from=1))
    # One day later would bring session 4, and then session 5, too close.
    assert [row.number for row in proposal.to_book] == [3, 4, 5]
    assert days(desk, proposal)[:6] == [0, 7, 15, 22, 29, 59]


def test_a_missed_session_gets_a_new_place_and_the_rest_follows(desk):
    booked(desk)
    cancel_appointment(appointment=desk.place(2), reason="PATIENT", by=desk.reception, at=desk.now)
    close(desk, 7, 7)
    proposal = propose(ask(desk, move_from=2))
    assert proposal.stuck_at is None
    assert 2 in [row.number for row in proposal.to_book]


def test_times_promised_to_others_are_not_proposed_again(desk):
    first = desk.moment(0, "9:00")
    promised = Taken(
        first, first + timedelta(minutes=50), desk.practitioner.pk, desk.room.pk, patient=0
    )
    assert clocks(propose(ask(desk, taken=[promised])))[0] == "09:50"
    own = Taken(first, first + timedelta(minutes=50), 0, 0, patient=desk.course.patient_id)
    assert clocks(propose(ask(desk, taken=[own])))[0] == "09:50"


def test_a_late_session_with_its_reason_stays_when_others_move(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.book(3, 20, late_reason=AWAY, by=desk.practitioner)
    desk.book(4, 27)
    close(desk, 7, 7)
    proposal = propose(ask(desk, move_from=2))
    # From the 8th on, the 20th is only two days late, of the three that the reason allows.
    assert days(desk, proposal)[:4] == [0, 8, 20, 27]


def test_a_session_that_became_late_by_itself_is_proposed_inside_its_window(desk):
    desk.book(1, 0)
    desk.book(2, 10)
    desk.book(3, 20)
    desk.book(4, 30)
    cancel_appointment(appointment=desk.place(2), reason="PATIENT", by=desk.reception, at=desk.now)
    desk.book(2, 10)
    Appointment.objects.filter(pk=desk.place(2).pk).update(
        starts_at=desk.moment(8),
        ends_at=desk.moment(8, "10:50"),
        held_from=desk.moment(8),
        held_until=desk.moment(8, "10:50"),
    )
    proposal = propose(ask(desk, move_from=3))
    assert proposal.to_book[0].number == 3
    assert days(desk, proposal)[2] == 18


def test_a_pinned_time_is_late_only_if_no_other_chain_is_legal(desk):
    desk.book(1, 0)
    pin = Place(desk.moment(20), desk.practitioner, desk.room)
    proposal = propose(ask(desk, pins={3: pin}))
    # Session 2 gives way: ten days after the first, it lets the pinned one be in time.
    assert days(desk, proposal)[:3] == [0, 10, 20]
    assert proposal.row(3).days_late == 0
    later = Place(desk.moment(25), desk.practitioner, desk.room)
    assert propose(ask(desk, pins={3: later})).row(3).days_late == 5


# When nothing fits


def test_the_first_session_without_a_time_is_named_with_its_reasons(desk):
    close(desk, 27, 40)
    away(desk, 24, 26)
    question = ask(desk)
    proposal = propose(question)
    assert proposal.stuck_at == 5
    told = explain(question, proposal)
    assert told.number == proposal.stuck_at
    assert {day.obstacle for day in told.days} <= {Obstacle.CLOSED, Obstacle.AWAY}
    assert "Christmas" in {day.closure for day in told.days}
    assert proposal.row(told.number).place is None


def test_all_is_well_so_nothing_is_explained(desk):
    question = ask(desk)
    assert explain(question, propose(question)) is None
    assert find_fixes(question, propose(question)) == ()


def test_another_practitioner_is_the_first_fix_and_takes_as_little_as_possible(desk):
    other = colleague(desk)
    away(desk, 20, 40)
    question = ask(desk)
    proposal = propose(question)
    fixes = find_fixes(question, proposal)
    assert fixes[0].kind is FixKind.OTHER_PRACTITIONER
    assert fixes[0].proposal.stuck_at is None
    with_other = [row.number for row in fixes[0].proposal.rows if row.place.practitioner == other]
    assert fixes[0].number in with_other
    assert set(fixes[0].pins) >= set(with_other)
    # Using the fix gives a complete course.
    used = propose(ask(desk, pins=fixes[0].pins))
    assert used.stuck_at is None


def test_a_later_start_is_a_fix_of_a_new_course(desk):
    close(desk, 20, 60)
    question = Ask(new_course(desk), Wishes(desk.practitioner), desk.now)
    fixes = find_fixes(question, propose(question))
    later = next(fix for fix in fixes if fix.kind is FixKind.MOVE_NEIGHBOUR)
    assert later.proposal.row(1).place.on > desk.day(20)
    assert (
        propose(
            Ask(new_course(desk), Wishes(desk.practitioner), desk.now, pins=later.pins)
        ).stuck_at
        is None
    )


def test_a_pinned_neighbour_may_be_moved_as_a_fix(desk):
    question = ask(
        desk,
        pins={
            3: Place(desk.moment(14), desk.practitioner, desk.room),
            4: Place(desk.moment(19), desk.practitioner, desk.room),
        },
    )
    proposal = propose(question)
    assert proposal.stuck_at == 4
    assert explain(question, proposal).is_hemmed_in
    fixes = find_fixes(question, proposal)
    assert fixes[0].kind is FixKind.MOVE_NEIGHBOUR
    assert fixes[0].proposal.stuck_at is None


def test_a_pinned_session_after_the_one_without_a_time_is_named_when_it_moves(desk):
    close(desk, 7, 10)
    pins = {
        1: Place(desk.moment(0), desk.practitioner, desk.room),
        3: Place(desk.moment(14), desk.practitioner, desk.room),
    }
    question = ask(desk, pins=pins)
    proposal = propose(question)
    assert proposal.stuck_at == 2
    best = find_fixes(question, proposal)[0]
    assert best.kind is FixKind.MOVE_NEIGHBOUR
    assert [row.number for row in best.moved] == [1, 3]
    assert best.before[3] == pins[3]
    assert "Nothing else moves." not in fix_words(best, proposal)
    assert propose(ask(desk, pins=best.pins)).stuck_at is None


def test_another_site_is_a_fix(desk):
    site = SiteFactory(name="Harbour")
    RoomFactory(site=site, name="Harbour room")
    other = UserFactory(clinician=True)
    works_every_day(other, site, time(9), time(17))
    close(desk, 20, 60)
    question = ask(desk)
    fixes = find_fixes(question, propose(question))
    elsewhere = next(fix for fix in fixes if fix.kind is FixKind.OTHER_SITE)
    assert elsewhere.row.place.room.site == site


def test_past_the_window_is_the_last_fix_and_needs_a_reason(desk):
    close(desk, 20, 42)
    question = ask(desk)
    fixes = find_fixes(question, propose(question))
    assert fixes[-1].kind is FixKind.LATE
    assert fixes[-1].needs_reason
    late = [row for row in fixes[-1].proposal.rows if row.needs_reason]
    assert len(late) == 1
    assert late[0].days_late > 0
    assert late[0].number in fixes[-1].pins


def test_wishes_that_exclude_everything_are_widened_the_narrowest_first(desk):
    away(desk, 6, 8)
    away(desk, 13, 15)
    only = Wishes(desk.practitioner, weekdays=frozenset({3}), time_of_day="MORNING", only=True)
    question = ask(desk, only)
    proposal = propose(question)
    assert proposal.stuck_at == 2
    told = explain(question, proposal)
    assert Obstacle.NOT_WISHED in {day.obstacle for day in told.days}
    fixes = find_fixes(question, proposal)
    assert fixes[0].kind is FixKind.WIDEN
    assert fixes[0].proposal.wishes.weekdays == frozenset()
    assert fixes[0].proposal.wishes.time_of_day == "MORNING"


def test_wishes_for_an_hour_nobody_works_say_so(desk):
    evenings = Wishes(desk.practitioner, time_of_day="EVENING", only=True)
    question = ask(desk, evenings)
    proposal = propose(question)
    assert proposal.stuck_at == 1
    assert {day.obstacle for day in explain(question, proposal).days} == {Obstacle.NOT_WISHED}
    assert find_fixes(question, proposal)[0].proposal.wishes.time_of_day == "ANY"


def test_a_window_that_has_passed_has_no_days(desk):
    desk.give(1, 0)
    desk.now = desk.moment(30)
    question = ask(desk)
    proposal = propose(question)
    assert proposal.stuck_at == 2
    told = explain(question, proposal)
    assert told.days == ()
    fixes = find_fixes(question, proposal)
    assert [fix.kind for fix in fixes] == [FixKind.LATE]
    assert other_times(question, proposal, 2) == ()
    assert other_times(question, proposal, 2, late=True)


def test_a_fix_leaves_what_is_booked_at_another_site_there(desk):
    site = SiteFactory(name="Harbour")
    room = RoomFactory(site=site, name="Harbour room")
    other = colleague(desk)
    works_every_day(other, site, time(18), time(20))
    for number, after in ((1, 0), (2, 7)):
        desk.book(number, after)
    desk.book(3, 14, "18:00", practitioner=other, room=room)
    away(desk, 1, 12)
    question = ask(desk, move_from=2, latitude=Latitude(sites=(site,)))
    proposal = propose(question)
    assert proposal.stuck_at == 2
    best = find_fixes(question, proposal)[0]
    assert best.kind is FixKind.OTHER_PRACTITIONER
    assert best.proposal.row(3).place.room == room


def test_an_evening_that_is_over_is_not_another_appointment(desk):
    tonight = Ask(new_course(desk, first_on=desk.day(0)), Wishes(desk.practitioner), desk.now)
    evening = replace(tonight, now=desk.moment(0, "16:40"))
    offered = other_times(evening, propose(evening), 1)
    assert offered[0].obstacle is Obstacle.PAST


# Other times of a row


def test_other_times_are_those_of_the_rows_window(desk):
    question = ask(desk)
    proposal = propose(question)
    offered = other_times(question, proposal, 2)
    assert [day.gap_days for day in offered] == [7, 8, 9, 10]
    assert all(day.places for day in offered)
    late = other_times(question, proposal, 2, late=True)
    assert [day.days_late for day in late][:3] == [1, 2, 3]


def test_other_times_with_everybody(desk):
    other = colleague(desk)
    question = ask(desk)
    proposal = propose(question)
    assert {place.practitioner for place in other_times(question, proposal, 2)[0].places} == {
        desk.practitioner
    }
    everybody = other_times(question, proposal, 2, anybody=True)
    assert {place.practitioner for place in everybody[0].places} == {desk.practitioner, other}


def test_a_booked_first_session_may_be_moved_earlier(desk):
    desk.course.first_on = desk.day(20)
    desk.course.save()
    start = desk.course.first_on
    desk.book(1, 0)
    desk.now -= timedelta(days=30)
    question = ask(desk)
    offered = other_times(question, propose(question), 1)
    assert offered[0].on == start - timedelta(days=14)
    assert offered[-1].on == start + timedelta(days=14)


def test_other_times_of_a_booked_session_count_its_own_as_free(desk):
    desk.book(1, 0, "9:00")
    question = ask(desk)
    offered = other_times(question, propose(question), 1)
    assert offered[0].places[0].local.hour == 9


@pytest.mark.parametrize("total", [3, 15])
def test_a_proposal_takes_seven_queries_whatever_the_number_of_sessions(
    desk, total, django_assert_max_num_queries
):
    outline = new_course(desk, total=total, initial=3)
    question = Ask(outline, Wishes(desk.practitioner), desk.now)
    # One more than when the weeks are ready: inside a transaction they are not kept.
    with django_assert_max_num_queries(8):
        assert propose(question).stuck_at is None


def test_the_clock_change_moves_no_session(desk):
    outline = new_course(desk, first_on=date(2027, 3, 22))
    proposal = propose(Ask(outline, Wishes(desk.practitioner), desk.now))
    assert set(clocks(proposal)) == {"09:00"}
    assert proposal.rows[0].place.starts_at == datetime(2027, 3, 22, 9, tzinfo=UTC)
    assert proposal.rows[1].place.starts_at == datetime(2027, 3, 29, 8, tzinfo=UTC)
