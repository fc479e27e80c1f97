"""Booking and moving a session: what is written, what is refused, and in which words."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import (
    BookingRefused,
    LateReason,
    LateReasonMissing,
    MovedMeanwhile,
    Placement,
    SlotTaken,
    book_session,
    place_sessions,
)
from sessions.actions.status import cancel_appointment, mark_no_show
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.selectors.asking import Place
from tests.factories.clinic import ClosureFactory, RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.sessions import AppointmentFactory, TreatmentSessionFactory
from tests.factories.treatments import IndicationFactory
from tests.sessions.desk import AWAY, Desk
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


def everything():
    """Return all rows that booking writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Appointment, TreatmentSession, Deviation, AuditEvent)
    ]


def refused(book, kind=BookingRefused):
    """Return why `book` was refused, and make sure that it left nothing behind."""
    before = everything()
    with pytest.raises(BookingRefused) as refusal:
        book()
    assert type(refusal.value) is kind
    assert everything() == before
    return refusal.value.problem


# What is written


def test_booking_writes_the_place_the_status_and_one_audit_line(desk, audited):
    place = desk.book(1, 0)
    place.refresh_from_db()
    assert place.starts_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert place.minutes == desk.course.session_minutes == 50
    assert (place.practitioner, place.room) == (desk.practitioner, desk.room)
    assert (place.patient, place.session) == (desk.course.patient, desk.session(1))
    assert (place.kind, place.status, place.previous_status) == ("SESSION", "BOOKED", "")
    assert (place.booked_by, place.status_since) == (desk.reception, desk.now)
    assert desk.session(1).status == "BOOKED"
    assert audited() == ["session.booked"]


def test_the_audit_line_names_the_place_the_person_and_the_patient(desk):
    place = desk.book(1, 0)
    line = AuditEvent.objects.get()
    assert (line.by, line.at) == (desk.reception, desk.now)
    assert line.patient_id == desk.course.patient_id
    assert line.target == f"treatment_sessions.appointment:{place.pk}"


def test_a_booked_session_opens_the_window_of_the_next(desk):
    assert desk.window(2) == (7, 7, 10)
    desk.book(1, 3)
    assert desk.window(2) == (10, 10, 13)
    assert desk.window(3) == (17, 17, 20)
    desk.book(2, 12)
    assert desk.window(3) == (19, 19, 22)


def test_a_session_may_be_booked_up_to_the_last_day_of_its_window(desk):
    desk.book(1, 0)
    assert desk.book(2, 10).starts_at == desk.moment(10)


def test_a_time_given_in_another_zone_is_the_same_time(desk):
    place = desk.book(1, 0, starts_at=datetime.fromisoformat("2026-11-26T11:00:00+01:00"))
    place.refresh_from_db()
    assert place.starts_at == desk.moment(0, "10:00")


def test_the_day_is_the_day_of_the_site():
    # Half past midnight UTC is the evening before in New York, where Thursday is not over.
    desk = Desk(site__timezone="America/New_York", hours=(time(9), time(22)))
    desk.book(1, 0)
    assert desk.window(2) == (7, 7, 10)
    evening = datetime(2026, 12, 4, 0, 30, tzinfo=UTC)
    place = desk.book(2, 0, starts_at=evening)
    assert place.starts_at == desk.moment(7, "19:30")
    assert desk.window(3) == (14, 14, 17)


@pytest.mark.parametrize(
    ("zone", "first_on", "utc"),
    [
        # The clocks change on the day of the second session: 28 March, 31 October, 4 April 2027.
        ("Europe/London", date(2027, 3, 21), "09:00"),
        ("Europe/London", date(2027, 10, 24), "10:00"),
        ("Australia/Lord_Howe", date(2027, 3, 28), "23:30"),
    ],
)
def test_a_week_is_seven_days_when_the_clocks_change(zone, first_on, utc):
    desk = Desk(site__timezone=zone, first_on=first_on)
    desk.book(1, 0)
    place = desk.book(2, 7)
    assert f"{place.starts_at.astimezone(UTC):%H:%M}" == utc
    assert place.starts_at == desk.moment(7, "10:00")
    assert desk.window(3) == (14, 14, 17)
    assert "1 day too early" in refused(lambda: desk.book(3, 13, "16:10"))


def test_somebody_else_and_another_room_may_take_the_session(desk):
    other, room = UserFactory(clinician=True), RoomFactory(site=desk.site)
    works_every_day(other, desk.site)
    place = desk.book(1, 0, practitioner=other, room=room)
    assert (place.practitioner, place.room) == (other, room)


def test_a_session_gets_another_place_after_a_no_show(desk, audited):
    place = desk.book(1, 0)
    mark_no_show(appointment=place, by=desk.reception, at=desk.moment(0, "10:30"))
    again = desk.book(1, 1, at=desk.moment(0, "11:00"))
    assert again.pk != place.pk
    assert desk.place(1) == again
    assert audited() == ["session.booked", "appointment.status_changed", "session.booked"]


# Moving


@pytest.mark.parametrize(("after", "opens"), [(8, 15), (10, 17), (7, 14)])
def test_moving_keeps_the_place_and_moves_the_windows_that_follow(desk, audited, after, opens):
    desk.book(1, 0)
    place = desk.book(2, 9)
    moved = desk.book(2, after, "14:00")
    assert moved.pk == place.pk
    moved.refresh_from_db()
    assert moved.starts_at == desk.moment(after, "14:00")
    assert moved.ends_at == desk.moment(after, "14:50")
    assert desk.window(3) == (opens, opens, opens + 3)
    assert desk.window(4) == (opens + 7, opens + 7, opens + 10)
    assert audited() == ["session.booked", "session.booked", "session.moved"]


def test_a_place_may_move_into_the_time_it_holds_itself(desk):
    desk.book(1, 0)
    assert desk.book(1, 0, "10:30").starts_at == desk.moment(0, "10:30")


def test_moving_so_that_the_next_session_is_early_is_refused(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.book(3, 14)
    problem = refused(lambda: desk.book(2, 9))
    assert "Session 3 would then be 2 days too early." in problem


def test_moving_is_free_again_once_the_next_session_has_moved(desk):
    desk.book(1, 0)
    desk.book(2, 7)
    desk.book(3, 14)
    desk.book(3, 16)
    desk.book(2, 9)
    assert desk.window(3) == (16, 16, 19)


def test_a_session_that_has_begun_cannot_be_moved(desk):
    desk.book(1, 0)
    desk.arrive(1)
    problem = refused(lambda: desk.book(1, 1))
    assert problem == "Session 1 has begun, so it cannot be moved."


# Windows


@pytest.mark.parametrize("role", ["reception", "clinician", "admin"])
@pytest.mark.parametrize("reason", [None, AWAY], ids=["no reason", "reason"])
def test_too_early_is_refused_to_everyone(desk, role, reason):
    desk.book(1, 0)
    problem = refused(lambda: desk.book(2, 6, by=UserFactory(**{role: True}), late_reason=reason))
    assert problem == ("Session 2 would be 1 day too early. Its window opens on Thu 3 Dec 2026.")
    assert desk.session(2).status == "PLANNED"


def test_too_late_asks_for_a_reason(desk):
    desk.book(1, 0)
    problem = refused(lambda: desk.book(2, 12, by=desk.practitioner), LateReasonMissing)
    assert problem == (
        "Session 2 would be 2 days late: its window closes on Sun 6 Dec 2026. "
        "A clinician must give a reason."
    )


@pytest.mark.parametrize("reason", [LateReason("TRAVEL", "  "), LateReason("BORED", "Words.")])
def test_an_incomplete_reason_is_no_reason(desk, reason):
    desk.book(1, 0)
    refused(lambda: desk.book(2, 12, by=desk.practitioner, late_reason=reason), LateReasonMissing)


@pytest.mark.parametrize("role", ["reception", "admin"])
def test_too_late_is_refused_to_who_is_no_clinician_even_with_a_reason(desk, role):
    desk.book(1, 0)
    problem = refused(lambda: desk.book(2, 12, by=UserFactory(**{role: True}), late_reason=AWAY))
    assert "A clinician must give a reason." in problem


def test_a_clinicians_reason_is_kept_as_a_deviation(desk, audited):
    desk.book(1, 0)
    place = desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    kept = Deviation.objects.get()
    assert (kept.session, kept.kind, kept.days_late) == (desk.session(2), "LATE", 2)
    assert (kept.reason, kept.words) == ("TRAVEL", "On a journey until Sunday.")
    assert (kept.by, kept.at) == (desk.practitioner, desk.now)
    assert place.starts_at == desk.moment(12)
    assert desk.window(3) == (19, 19, 22)
    assert audited() == ["session.booked", "session.booked"]


def test_a_reason_that_is_not_needed_is_not_kept(desk):
    desk.book(1, 0)
    desk.book(2, 10, by=desk.practitioner, late_reason=AWAY)
    assert not Deviation.objects.exists()


def test_a_late_booking_that_finds_no_free_time_keeps_no_deviation(desk):
    desk.book(1, 0)
    neighbour = desk.neighbour()
    neighbour.book(1, 12)
    with pytest.raises(SlotTaken):
        desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    assert not Deviation.objects.exists()


def test_the_session_before_has_to_be_booked_first(desk):
    problem = refused(lambda: desk.book(2, 7))
    assert problem == "Book session 1 first: it opens this window."


# The calendar


def test_a_closed_day_is_refused_with_its_reason(desk):
    ClosureFactory(site=desk.site, starts_on=desk.day(-1), ends_on=desk.day(1), reason="New floors")
    problem = refused(lambda: desk.book(1, 0))
    assert problem == f"{desk.site.name} is closed on that day: New floors. Choose another day."


def test_another_sites_closure_does_not_matter(desk):
    ClosureFactory(site=SiteFactory(), starts_on=desk.day(0), ends_on=desk.day(0))
    desk.book(1, 0)


@pytest.mark.parametrize("clock", ["8:55", "16:15", "17:00", "23:30"])
def test_a_time_outside_working_hours_is_refused(desk, clock):
    problem = refused(lambda: desk.book(1, 0, clock))
    name = desk.practitioner.display_name
    assert problem == f"{name} does not work then. Choose another time."


def test_the_last_time_of_the_day_ends_with_the_hours(desk):
    assert desk.book(1, 0, "16:10").ends_at == desk.moment(0, "17:00")


def test_somebody_who_does_not_work_at_the_site_cannot_be_booked(desk):
    stranger = UserFactory(clinician=True)
    works_every_day(stranger, SiteFactory())
    assert "does not work then" in refused(lambda: desk.book(1, 0, practitioner=stranger))


def test_a_room_set_up_for_something_else_is_refused(desk):
    IndicationFactory().rooms.add(desk.room)
    problem = refused(lambda: desk.book(1, 0))
    assert problem == "Room 1 is not set up for this. Choose another room."


def test_a_room_set_up_for_this_is_taken(desk):
    desk.course.indication.rooms.add(desk.room)
    desk.book(1, 0)


def test_a_room_out_of_use_is_refused(desk):
    desk.room.is_active = False
    desk.room.save(update_fields=["is_active"])
    assert "is not set up for this" in refused(lambda: desk.book(1, 0))


@pytest.mark.parametrize("clock", ["10:01", "10:04", "10:52"])
def test_a_time_off_the_five_minutes_is_refused(desk, clock):
    assert refused(lambda: desk.book(1, 0, clock)) == "Times are on the 5 minutes, like 10:05."


def test_seconds_are_off_the_grid_too(desk):
    crooked = desk.moment(0) + timedelta(seconds=30)
    assert "5 minutes" in refused(lambda: desk.book(1, 0, starts_at=crooked))


def test_a_time_that_has_passed_is_refused(desk):
    problem = refused(lambda: desk.book(1, 0, at=desk.moment(0, "10:16")))
    assert problem == "This time has passed. Choose a later one."


def test_a_patient_at_the_desk_gets_the_time_that_has_just_begun(desk):
    desk.book(1, 0, at=desk.moment(0, "10:15"))


# Taken


def test_a_taken_practitioner_is_answered_with_the_next_free_time(desk):
    desk.neighbour().book(1, 0)
    room = RoomFactory(site=desk.site)
    with pytest.raises(SlotTaken) as refusal:
        desk.book(1, 0, room=room)
    assert refusal.value.problem == "10:00 was taken a moment ago. Next free: 10:50."
    assert refusal.value.next_free is not None
    assert refusal.value.next_free.starts_at == desk.moment(0, "10:50")
    assert refusal.value.next_free.practitioner == desk.practitioner.pk
    assert desk.session(1).status == "PLANNED"


def test_a_taken_room_is_answered_with_a_room_that_is_free(desk):
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    desk.neighbour().book(1, 0, practitioner=other)
    problem = refused(lambda: desk.book(1, 0), SlotTaken)
    assert problem == "10:00 was taken a moment ago. Next free: 10:50."
    free = RoomFactory(site=desk.site, name="Room 2")
    with pytest.raises(SlotTaken) as refusal:
        desk.book(1, 0)
    assert refusal.value.next_free is not None
    assert refusal.value.next_free.starts_at == desk.moment(0, "10:00")
    assert refusal.value.next_free.room == free.pk


def test_a_patient_who_is_elsewhere_is_taken_too(desk):
    AppointmentFactory(
        consultation=True,
        of=desk.session(1),
        clock=time(10, 30),
        practitioner=UserFactory(clinician=True),
    )
    problem = refused(lambda: desk.book(1, 0), SlotTaken)
    assert problem == "10:00 was taken a moment ago. Next free: 11:20."


def test_what_is_taken_at_another_site_counts_for_people(desk):
    elsewhere = SiteFactory()
    works_every_day(desk.practitioner, elsewhere)
    other = desk.neighbour()
    other.book(1, 0, room=RoomFactory(site=elsewhere))
    assert "taken" in refused(lambda: desk.book(1, 0), SlotTaken)


def test_the_next_free_time_may_be_on_another_day():
    desk = Desk(hours=(time(10), time(10, 50)))
    desk.neighbour().book(1, 0)
    problem = refused(lambda: desk.book(1, 0), SlotTaken)
    assert problem == "10:00 was taken a moment ago. Next free: Fri 27 Nov, 10:00."


def test_no_time_after_the_window_is_named_as_the_next_free_one():
    desk = Desk(hours=(time(10), time(10, 50)))
    desk.book(1, 0)
    neighbour = desk.neighbour(practitioner=desk.practitioner)
    neighbour.book(1, 10)
    with pytest.raises(SlotTaken) as refusal:
        desk.book(2, 10)
    assert refusal.value.problem == "10:00 was taken a moment ago."
    assert refusal.value.next_free is None


def test_a_late_booking_is_told_the_next_free_time_beyond_the_window():
    desk = Desk(hours=(time(10), time(10, 50)))
    desk.book(1, 0)
    desk.neighbour().book(1, 12)
    with pytest.raises(SlotTaken) as refusal:
        desk.book(2, 12, by=desk.practitioner, late_reason=AWAY)
    assert refusal.value.problem.endswith("Next free: Wed 9 Dec, 10:00.")


@pytest.mark.parametrize("end", [cancel_appointment, mark_no_show])
def test_a_time_that_was_given_back_is_free(desk, end):
    neighbour = desk.neighbour()
    place = neighbour.book(1, 0)
    reason = {"reason": "PATIENT"} if end is cancel_appointment else {}
    end(appointment=place, by=desk.reception, at=desk.moment(0), **reason)
    desk.book(1, 0, at=desk.moment(0))


def _meddle(sql_sqlite, sql_postgresql):
    """Let the database do something of its own when a session is booked."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TEMP TRIGGER meddler BEFORE INSERT ON treatment_sessions_appointment "
                f"WHEN NEW.kind = 'SESSION' BEGIN {sql_sqlite}; END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $body$ "
                f"BEGIN {sql_postgresql}; RETURN NEW; END $body$; "
                "CREATE TRIGGER meddler BEFORE INSERT ON treatment_sessions_appointment "
                "FOR EACH ROW WHEN (NEW.kind = 'SESSION') EXECUTE FUNCTION meddle()"
            )


def test_a_rival_that_no_lock_keeps_apart_is_met_by_the_database(desk):
    # A writer that asks nobody, in the moment between the check and the write.
    columns = (
        "kind, patient_id, practitioner_id, room_id, starts_at, ends_at, held_from, held_until,"
        " status, previous_status, status_since, cancel_reason, cancel_words, booked_by_id"
    )
    rival = (
        f"INSERT INTO treatment_sessions_appointment ({columns}) VALUES ('REVIEW', "
        "NEW.patient_id, NEW.practitioner_id, NEW.room_id, NEW.starts_at, NEW.ends_at, "
        "NEW.held_from, NEW.held_until, 'BOOKED', '', NEW.status_since, '', '', NEW.booked_by_id)"
    )
    with transaction.atomic():
        _meddle(rival, rival)
        assert "was taken a moment ago" in refused(lambda: desk.book(1, 0), SlotTaken)
        transaction.set_rollback(True)
    assert desk.session(1).status == "PLANNED"


def test_another_trouble_of_the_database_is_not_called_a_taken_time(desk):
    with transaction.atomic():
        _meddle(
            "SELECT RAISE(ABORT, 'something else')",
            "RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'something else'",
        )
        with pytest.raises(IntegrityError, match="something else"):
            desk.book(1, 0)
        transaction.set_rollback(True)


# Courses that cannot be booked


@pytest.mark.parametrize(
    ("status", "fields", "word"),
    [
        ("DRAFT", {"activated_at": None}, "draft"),
        ("SUSPENDED", {"status_reason": "Unwell"}, "suspended"),
        ("DISCONTINUED", {"status_reason": "Moved away"}, "discontinued"),
        ("LAPSED", {"status_reason": "No answer"}, "lapsed"),
        ("COMPLETED", {}, "completed"),
    ],
)
def test_only_an_active_course_is_booked(desk, status, fields, word):
    ended = {"DISCONTINUED", "LAPSED", "COMPLETED"}
    TreatmentCourse.objects.filter(pk=desk.course.pk).update(
        status=status, ended_at=desk.now if status in ended else None, **fields
    )
    problem = refused(lambda: desk.book(1, 0))
    assert problem == f"This course is {word}, so its sessions cannot be booked."


def test_a_stale_course_in_hand_does_not_open_what_is_shut(desk):
    session = desk.session(1)
    assert session.course.is_active
    TreatmentCourse.objects.filter(pk=desk.course.pk).update(
        status="SUSPENDED", status_reason="Unwell"
    )
    assert "suspended" in refused(lambda: desk.book(1, 0, session=session))


@pytest.mark.parametrize("status", ["DONE", "SKIPPED"])
def test_a_finished_session_is_never_booked(desk, status):
    done = {"delivered_on": date(2026, 11, 20)} if status == "DONE" else {}
    desk.course.sessions.filter(number=1).update(status=status, **done)
    assert refused(lambda: desk.book(1, 0)) == "Session 1 is finished, so it never moves."


def test_a_refusal_is_also_what_its_words_say(desk):
    with pytest.raises(BookingRefused, match="Book session 1 first"):
        book_session(
            session=desk.session(2),
            practitioner=desk.practitioner,
            room=desk.room,
            starts_at=desk.moment(7),
            by=desk.reception,
            at=desk.now,
        )


def test_a_course_with_one_session_booked_leaves_other_courses_alone(desk):
    other = TreatmentSessionFactory(second=True)
    window = (other.earliest_on, other.due_on, other.latest_on)
    desk.book(1, 3)
    other.refresh_from_db()
    assert (other.earliest_on, other.due_on, other.latest_on) == window


def test_somebody_who_left_gives_no_more_sessions(desk):
    desk.practitioner.is_active = False
    desk.practitioner.save(update_fields=["is_active"])
    with pytest.raises(BookingRefused, match="gives no sessions any more"):
        desk.book(1, 0)


# What was seen before


def moved(desk, was, after=1, clock="10:00"):
    """Move session 1 as somebody does who saw it at `was`."""
    return place_sessions(
        placements=[
            Placement(
                desk.session(1), desk.practitioner, desk.room, desk.moment(after, clock), was=was
            )
        ],
        key=uuid4(),
        by=desk.reception,
        at=desk.now,
    )


def seen(place):
    return Place(place.starts_at, place.practitioner, place.room).value


def test_a_session_is_moved_from_where_it_was_seen(desk):
    moved(desk, "")
    assert desk.place(1).starts_at == desk.moment(1)
    moved(desk, seen(desk.place(1)), 2)
    assert desk.place(1).starts_at == desk.moment(2)


def test_a_session_moved_meanwhile_stays_there(desk):
    was = seen(desk.book(1, 0))
    desk.book(1, 2)
    problem = refused(lambda: moved(desk, was), MovedMeanwhile)
    assert problem == (
        f"Session 1 was moved to Sat 28 Nov, 10:00 with {desk.practitioner.display_name} "
        "meanwhile. Check it, then move it again."
    )


def test_a_session_booked_meanwhile_stays_there(desk):
    desk.book(1, 2)
    problem = refused(lambda: moved(desk, ""), MovedMeanwhile)
    assert problem.startswith("Session 1 was booked for Sat 28 Nov, 10:00 with ")


def test_a_session_cancelled_meanwhile_is_told(desk):
    place = desk.book(1, 0)
    cancel_appointment(appointment=place, reason="PATIENT", by=desk.reception, at=desk.now)
    problem = refused(lambda: moved(desk, seen(place)), MovedMeanwhile)
    assert problem == "Session 1 has no time any more. Check it, then choose again."


def test_whoever_wants_what_was_done_meanwhile_has_it(desk):
    was = seen(desk.book(1, 0))
    desk.book(1, 1)
    moved(desk, was, 1)
    assert desk.place(1).starts_at == desk.moment(1)
