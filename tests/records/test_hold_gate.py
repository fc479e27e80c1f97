"""R16: no session begins while a serious reaction of the patient is open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from records.actions import drafts
from records.actions.holds import lift_hold
from sessions.actions.booking import BookingRefused, book_session
from sessions.actions.delivery import DeliveryRefused
from sessions.actions.status import StatusRefused, check_in, start_appointment, undo_status
from sessions.models import Appointment
from tests.factories.reactions import AdverseEventFactory
from tests.factories.sessions import AppointmentFactory
from tests.factories.treatments import TreatmentCourseFactory
from tests.records.conftest import NOW, TODAY, arrive, fill, sign
from tests.records.test_reaction_actions import add, doctor, report, told
from treatments.actions.courses import suspend_course

__all__ = ["doctor"]

pytestmark = pytest.mark.django_db


def place(session):
    return session.appointments.live().get()


def start(session, by):
    return start_appointment(appointment=place(session), by=by, at=NOW)


def test_no_session_begins_while_the_reaction_is_open(session, clinician):
    report(clinician, told(session.course, kind="nodule_late"))
    with pytest.raises(StatusRefused, match="on clinical hold"):
        start(session, clinician)
    with pytest.raises(StatusRefused, match="on clinical hold"):
        drafts.open_record(session=session, by=clinician, at=NOW)
    assert place(session).status == "ARRIVED"


def test_no_session_of_another_course_of_the_patient_begins_either(session, clinician):
    other = TreatmentCourseFactory(patient=session.course.patient, site=session.course.site)
    report(clinician, told(other, grade=3))
    with pytest.raises(StatusRefused, match="a serious reaction of this patient is still open"):
        start(session, clinician)


@pytest.mark.parametrize("change", [{}, {"grade": 2}])
def test_a_mild_reaction_stops_nothing(session, clinician, change):
    report(clinician, told(session.course, **change))
    assert start(session, clinician).status == "IN_TREATMENT"


def test_a_reaction_of_somebody_else_stops_nothing(session, clinician):
    AdverseEventFactory(late_lump=True)
    assert start(session, clinician).status == "IN_TREATMENT"


def test_treatment_goes_on_once_it_is_closed_and_the_hold_is_lifted(session, clinician, doctor):
    event = report(clinician, told(session.course, grade=3))
    add(event, doctor, outcome="RESOLVED", resolved_on=TODAY)
    with pytest.raises(StatusRefused, match="on clinical hold"):
        start(session, clinician)
    lift_hold(course=session.course, reason="Healed.", by=doctor, at=NOW)
    assert start(session, clinician).status == "IN_TREATMENT"


def test_the_patient_is_checked_in_to_be_looked_at(course, clinician, reception):
    booked = arrive(course.sessions.get(number=1), status="BOOKED")
    report(clinician, told(course, grade=3))
    held = place(booked)
    assert check_in(appointment=held, by=reception, at=NOW).status == "ARRIVED"


def test_a_review_takes_place_on_hold(course, clinician):
    report(clinician, told(course, grade=3))
    review = AppointmentFactory(
        kind=Appointment.Kind.REVIEW,
        patient=course.patient,
        practitioner=clinician,
        starts_at=NOW,
        of=course.sessions.get(number=1),
        status="ARRIVED",
    )
    assert start_appointment(appointment=review, by=clinician, at=NOW).status == "IN_TREATMENT"


def test_a_start_can_be_taken_back_on_hold(session, clinician):
    start(session, clinician)
    report(clinician, told(session.course, grade=3))
    undone = undo_status(appointment=place(session), by=clinician, at=NOW)
    assert undone.status == "ARRIVED"


def test_booked_times_stay_and_nothing_new_is_booked(course, clinician):
    booked = arrive(course.sessions.get(number=1), status="BOOKED")
    report(clinician, told(course, grade=3))
    assert place(booked).status == "BOOKED"
    with pytest.raises(BookingRefused, match="on clinical hold"):
        book_session(
            session=course.sessions.get(number=2),
            practitioner=clinician,
            room=place(booked).room,
            starts_at=NOW + timedelta(days=7),
            by=clinician,
            at=NOW,
        )


def test_what_was_begun_is_signed_on_hold(record, lot, crown, clinician):
    """A reaction that comes during a session must not keep its record from being signed."""
    whole = fill(record, lot, crown, clinician)
    report(clinician, told(record.session.course, kind="anaphylaxis", grade=4))
    assert sign(whole, clinician).is_signed
    record.session.course.refresh_from_db()
    assert record.session.course.is_held


def test_the_last_session_completes_the_course_when_the_hold_is_lifted(
    record, lot, crown, clinician, doctor
):
    course = record.session.course
    course.sessions.filter(number__gt=1).update(status="SKIPPED")
    whole = fill(record, lot, crown, clinician)
    event = report(clinician, told(course, grade=3))
    sign(whole, clinician)
    course.refresh_from_db()
    assert course.is_held
    assert not course.is_ended
    add(event, doctor, outcome="RESOLVED", resolved_on=TODAY)
    lift_hold(course=course, reason="Healed.", by=doctor, at=NOW)
    course.refresh_from_db()
    assert course.status == "COMPLETED"


def test_a_suspended_course_without_a_hold_is_as_before(record, lot, crown, clinician):
    whole = fill(record, lot, crown, clinician)
    suspend_course(course=record.session.course, reason="Abroad.", by=clinician, at=NOW)
    with pytest.raises(DeliveryRefused, match="suspended"):
        sign(whole, clinician)


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_reception_sees_the_hold_and_nothing_clinical(course, clinician, reception_client, view):
    later = NOW + timedelta(hours=2)
    booked = arrive(course.sessions.get(number=1), at=later, status="BOOKED")
    report(clinician, told(course, kind="nodule_late", description="MARKER words"))
    held = place(booked)
    pages = [
        reverse("sessions:day") + view,
        reverse("sessions:calendar") + "?view=list",
        reverse("sessions:appointment-detail", args=[held.pk]),
        reverse("sessions:course-detail", args=[course.pk]),
        reverse("sessions:course-list") + "?status=suspended",
        reverse("patients:patient-detail", args=[course.patient_id]),
        reverse("sessions:follow-ups"),
        reverse("sessions:course-print", args=[course.pk]),
    ]
    for page in pages:
        text = reception_client.get(page).content.decode()
        assert "linical hold" in text, page
        for clinical in ("MARKER", "Late lumps", "red flag", "Red flag"):
            assert clinical not in text, page
