"""Each broken promise is named by the check of the whole schedule."""

from datetime import timedelta

import pytest

from sessions.actions.status import mark_no_show
from sessions.models import Appointment
from sessions.selectors.checking import follow_up_words
from tests.factories.clinic import RoomFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.sessions import DeviationFactory
from tests.factories.treatments import AT, AssessmentFactory
from tests.sessions.desk import AWAY, Desk
from tests.sessions.schedule_check.rows import courses, found, only, places, sessions, shift
from treatments.models import Assessment


def test_too_many_sessions(desk, unguarded):
    courses(desk).update(total_sessions=16)
    sentences, _tally = found()
    assert "has 16 sessions; 3 to 15 are allowed" in sentences[0]
    assert "should have sessions 1 to 16" in sentences[1]


def test_more_first_sessions_than_sessions(desk, unguarded):
    courses(desk).update(initial_sessions=9)
    sentences, _tally = found()
    assert (
        f"Course {desk.course.pk} of {desk.course.patient.record_number} has 9 first"
        in (sentences[0])
    )


@pytest.mark.parametrize(
    ("field", "days", "words"),
    [
        ("initial_max_days", 11, "first gaps of 7 to 11 days"),
        ("monthly_min_days", 27, "monthly gaps of 27 to 35 days"),
    ],
)
def test_gaps_outside_their_limits(desk, unguarded, field, days, words):
    courses(desk).update(**{field: days})
    assert words in found()[0][0]


def test_a_hole_in_the_numbers(desk):
    sessions(desk, 4).delete()
    assert any("it has 1, 2, 3, 5, 6, 7, 8." in sentence for sentence in found()[0])


def test_a_course_without_sessions(desk):
    desk.course.sessions.all().delete()
    assert only("it has none")


def test_a_stored_window_that_the_chain_does_not_give(busy_desk):
    four = busy_desk.session(4)
    sessions(busy_desk, 4).update(latest_on=four.latest_on + timedelta(days=1))
    sentence = only("the stored window is")
    assert f"{four.earliest_on} / {four.due_on} / {four.latest_on}." in sentence
    assert "session 4" in sentence


def test_booked_before_the_window(busy_desk, unguarded):
    shift(places(busy_desk, 3), -1)
    sentences, tally = found()
    words = "session 3: booked for 2026-12-09, 1 day before its window opens on 2026-12-10"
    assert any(words in sentence for sentence in sentences)
    assert tally["booked_early"] == 0


def test_delivered_before_the_window(busy_desk, unguarded):
    sessions(busy_desk, 2).update(delivered_on=busy_desk.day(6))
    shift(places(busy_desk, 2), -1)
    assert any("session 2: delivered on 2026-12-02, 1 day before" in s for s in found()[0])


def test_booked_early_behind_a_session_that_waits_is_to_follow_up(busy_desk):
    busy_desk.book(4, 21)
    at = busy_desk.moment(14, "12:00")
    mark_no_show(appointment=busy_desk.place(3), by=busy_desk.reception, at=at)
    courses(busy_desk).update(product_min_days=8)
    sessions(busy_desk, 3).update(due_on=busy_desk.day(15))
    sentences, tally = found()
    assert not [sentence for sentence in sentences if "session 4: booked" in sentence]
    assert tally["booked_early"] == 1


def test_booked_early_because_the_one_before_was_given_later_is_to_follow_up(busy_desk):
    busy_desk.book(4, 21)
    busy_desk.arrive(3)
    busy_desk.deliver(3, 15)
    sentences, tally = found()
    assert sentences == []
    assert follow_up_words(tally) == [
        "1 booked before their window, because the session before changed",
        "1 delivered on a later day than booked",
    ]


def test_delivered_late_without_a_reason(busy_desk, unguarded):
    busy_desk.book(4, 21)
    sessions(busy_desk, 2).update(delivered_on=busy_desk.day(12))
    sentences, _tally = found()
    assert any("session 2: delivered on 2026-12-08, 2 days after" in s for s in sentences)


def test_delivered_late_with_a_reason_is_in_order(desk):
    desk.give(1, 0)
    desk.book(2, 12, late_reason=AWAY, by=desk.practitioner)
    assert found()[1]["booked_late"] == 0
    desk.arrive(2)
    desk.deliver(2, 12)
    assert found()[0] == []


def test_a_gap_stretched_on_purpose_is_a_reason_too(busy_desk):
    shift(places(busy_desk, 3), 5)
    DeviationFactory(session=busy_desk.session(3), kind="STRETCHED")
    assert found()[1]["booked_late"] == 0


def test_booked_late_without_a_reason_is_to_follow_up(busy_desk):
    shift(places(busy_desk, 3), 5)
    _sentences, tally = found()
    assert follow_up_words(tally) == ["1 booked after their window without a reason"]


def test_done_without_its_day(busy_desk, unguarded):
    sessions(busy_desk, 2).update(delivered_on=None)
    assert any("session 2 is DONE and its day of delivery is empty" in s for s in found()[0])


def test_delivered_without_being_done(busy_desk, unguarded):
    sessions(busy_desk, 3).update(delivered_on=busy_desk.day(14))
    assert only("session 3 is BOOKED and its day of delivery is 2026-12-10")


def test_done_without_an_appointment(busy_desk, unguarded):
    places(busy_desk, 2).update(status="NO_SHOW")
    assert only("session 2 is DONE and has no appointment")


def test_done_on_a_day_before_its_appointment(busy_desk, unguarded):
    shift(places(busy_desk, 2), 1)
    pk = busy_desk.place(2).pk
    assert only(f"delivered on 2026-12-03, but appointment {pk} is on 2026-12-04")


def test_delivered_in_the_future(busy_desk):
    sentences, _tally = found(at=busy_desk.moment(6))
    assert len(sentences) == 1
    assert "session 2: delivered on 2026-12-03, which is still to come" in sentences[0]


def test_a_status_that_its_appointment_denies(busy_desk):
    sessions(busy_desk, 3).update(status="ARRIVED")
    assert only(f"session 3 is ARRIVED, but appointment {busy_desk.place(3).pk} is BOOKED")


def test_a_status_without_an_appointment(busy_desk):
    sessions(busy_desk, 4).update(status="BOOKED")
    assert only("session 4 is BOOKED and has no appointment")


def test_two_live_appointments_of_a_session(busy_desk, unguarded):
    place = busy_desk.place(3)
    place.pk = None
    place.starts_at, place.ends_at = place.ends_at, place.ends_at + timedelta(minutes=50)
    place.held_from, place.held_until = place.starts_at, place.ends_at
    place.save(force_insert=True)
    assert only("session 3 has live appointments")


def test_an_appointment_of_somebody_else(busy_desk, unguarded):
    other = PatientFactory()
    places(busy_desk, 3).update(patient=other)
    assert only(f"belongs to patient {other.pk}, not to {busy_desk.course.patient_id}")


def test_skipped_without_a_reason(busy_desk, unguarded):
    sessions(busy_desk, 8).update(status="SKIPPED")
    assert only("session 8 is SKIPPED without a reason")


def test_delivered_out_of_order(busy_desk, unguarded):
    sessions(busy_desk, 1).update(delivered_on=busy_desk.day(8))
    assert any("not after session 1, delivered on 2026-12-04" in s for s in found()[0])


def test_open_behind_a_delivered_one(busy_desk, unguarded):
    sessions(busy_desk, 1).update(status="BOOKED", delivered_on=None)
    assert any("session 1 is open, but session 2 is delivered" in s for s in found()[0])


def test_a_specialist_who_was_not_asked(desk):
    indication = desk.course.indication
    indication.needs_specialist = True
    indication.save(update_fields=["needs_specialist"])
    assert only("without the specialist consultation")
    seen = AssessmentFactory(
        patient=desk.course.patient,
        indication=indication,
        kind=Assessment.Kind.SPECIALIST,
        assessed_on=AT.date(),
    )
    assert found()[0] == []
    Assessment.objects.filter(pk=seen.pk).update(recorded_at=AT + timedelta(hours=1))
    assert only("without the specialist consultation")


def test_a_draft_waits_for_the_specialist_in_order(db):
    desk = Desk(status="DRAFT", activated_at=None, indication__needs_specialist=True)
    assert found(at=desk.now)[0] == []


def test_an_appointment_to_come_of_an_ended_course(busy_desk, unguarded):
    courses(busy_desk).update(status="DISCONTINUED", ended_at=AT)
    sentences, _tally = found(at=busy_desk.moment(8))
    assert len(sentences) == 1
    assert "the course is DISCONTINUED, but appointment" in sentences[0]


def test_an_appointment_that_is_not_held_for_all_of_its_time(busy_desk, unguarded):
    place = busy_desk.place(3)
    places(busy_desk, 3).update(held_until=place.ends_at - timedelta(minutes=5))
    assert only(f"Appointment {place.pk} of {place.patient.record_number} is not held")


def test_an_appointment_that_ends_before_it_begins(busy_desk, unguarded):
    place = busy_desk.place(3)
    places(busy_desk, 3).update(ends_at=place.starts_at - timedelta(minutes=5))
    assert only("does not end after it begins")


@pytest.mark.parametrize("shared", ["practitioner", "room", "patient"])
def test_two_appointments_at_once(busy_desk, unguarded, shared):
    place = busy_desk.place(3)
    other = Appointment.objects.get(pk=place.pk)
    other.pk, other.kind, other.session = None, Appointment.Kind.REVIEW, None
    other.practitioner, other.patient = UserFactory(clinician=True), PatientFactory()
    other.room = RoomFactory(site=busy_desk.site)
    setattr(other, shared, getattr(place, shared))
    other.starts_at += timedelta(minutes=20)
    other.save(force_insert=True)
    who = f"{shared} {getattr(place, shared).pk}"
    only(f"Appointments {place.pk} and {other.pk} both take {who}")
