"""Each promise of the table of appointments, broken once past all Python."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from meso_clinic.core.constraints import violates
from sessions.models import Appointment
from tests.factories.clinic import RoomFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.sessions import AppointmentFactory, TreatmentSessionFactory
from tests.sessions.breaking import broken, unsaved

pytestmark = pytest.mark.django_db


def test_an_appointment_ends_after_it_starts():
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    name = "appointment_ends_after_it_starts"
    # PostgreSQL may meet the empty or turned range of the overlap rule first.
    for ends_at in (place.starts_at, place.starts_at - timedelta(minutes=5)):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            rows.update(ends_at=ends_at)
        assert name in str(refusal.value) or "range lower bound" in str(refusal.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: AppointmentFactory(kind="SESSION", session=None),
        lambda: AppointmentFactory(kind="CONSULTATION", session=TreatmentSessionFactory()),
    ],
    ids=["session without one", "consultation with one"],
)
def test_an_appointment_names_a_session_if_and_only_if_it_is_one(make):
    assert broken("appointment_has_a_session_iff_it_is_one", make) is True


@pytest.mark.parametrize(
    "change",
    [{"status": "CANCELLED"}, {"cancel_reason": "PATIENT"}],
    ids=["no reason", "reason without cancelling"],
)
def test_a_cancelled_appointment_has_a_reason_and_no_other_has(change):
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    assert broken("appointment_is_cancelled_with_a_reason", lambda: rows.update(**change)) is True


def test_a_session_has_one_live_appointment():
    place = AppointmentFactory()
    tomorrow = timedelta(days=1)
    again = unsaved(
        place,
        kind=Appointment.Kind.SESSION,
        session=place.session,
        starts_at=place.starts_at + tomorrow,
        ends_at=place.ends_at + tomorrow,
    )
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Appointment.objects.bulk_create([again])
    assert violates(refusal.value, "session_has_one_live_appointment") or (
        "session_id" in str(refusal.value)
    )


def test_a_session_has_any_number_of_ended_appointments():
    place = AppointmentFactory(status="NO_SHOW")
    AppointmentFactory(of=place.session, status="NO_SHOW")
    AppointmentFactory(of=place.session)
    assert place.session.appointments.count() == 3


def _place_update(place):
    sooner = timedelta(minutes=5)
    Appointment.objects.filter(pk=place.pk).update(
        starts_at=F("starts_at") - sooner, held_from=F("held_from") - sooner
    )


def _place_save(place):
    place.status = "BOOKED"
    place.save(update_fields=["status"])


def _place_delete(place):
    Appointment.objects.filter(pk=place.pk).delete()


def _place_raw(place):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE treatment_sessions_appointment SET status = 'BOOKED' WHERE id = %s",
            [place.pk],
        )


@pytest.mark.parametrize("write", [_place_update, _place_save, _place_delete, _place_raw])
def test_the_appointment_of_a_done_session_is_frozen(write):
    place = AppointmentFactory(status="DONE")
    name = "appointment_of_a_done_session_never_moves"
    assert broken(name, lambda: write(place)) is True
    assert Appointment.objects.get(pk=place.pk).starts_at == place.starts_at


@pytest.mark.parametrize("write", [_place_update, _place_save, _place_delete])
def test_a_consultation_that_is_done_may_still_be_put_right(write):
    write(AppointmentFactory(consultation=True, status="DONE"))


# Nobody and no room is in two places at once


OTHERS = {
    "practitioner_is_in_one_place": ("patient", "room"),
    "room_is_used_once": ("patient", "practitioner"),
    "patient_is_in_one_place": ("practitioner", "room"),
}
FRESH = {
    "patient": PatientFactory,
    "room": RoomFactory,
    "practitioner": lambda: UserFactory(clinician=True),
}
OVERLAPS = {
    "the same time": (0, 0),
    "inside": (10, -10),
    "around": (-10, 10),
    "over the start": (-30, -30),
    "over the end": (30, 30),
    "one minute of it": (49, 49),
}


def sharing(name, place, start=0, end=0, **changes):
    """Return a place that shares only what constraint `name` guards with `place`."""
    others = {other: FRESH[other]() for other in OTHERS[name]}
    return unsaved(
        place,
        starts_at=place.starts_at + timedelta(minutes=start),
        ends_at=place.ends_at + timedelta(minutes=end),
        **others,
        **changes,
    )


@pytest.mark.parametrize("shift", OVERLAPS.values(), ids=OVERLAPS)
@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_inserted(name, shift):
    other = sharing(name, AppointmentFactory(), *shift)
    assert broken(name, lambda: Appointment.objects.bulk_create([other])) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_moving(name):
    place = AppointmentFactory()
    other = sharing(name, place, 120, 120)
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    write = lambda: rows.update(  # noqa: E731
        starts_at=place.starts_at,
        ends_at=place.ends_at,
        held_from=place.held_from,
        held_until=place.held_until,
    )
    assert broken(name, write) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_reviving(name):
    place = AppointmentFactory()
    other = sharing(name, place, status="CANCELLED", cancel_reason="PATIENT")
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    assert broken(name, lambda: rows.update(status="BOOKED", cancel_reason="")) is True


@pytest.mark.parametrize("name", OTHERS)
def test_an_overlap_cannot_be_made_by_handing_over(name):
    place = AppointmentFactory()
    column = {"practitioner_is_in_one_place": "practitioner", "room_is_used_once": "room"}.get(
        name, "patient"
    )
    other = sharing(name, place, **{column: FRESH[column]()})
    other.save()
    rows = Appointment.objects.filter(pk=other.pk)
    write = lambda: rows.update(**{column: getattr(place, column)})  # noqa: E731
    assert broken(name, write) is True


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("status", ["BOOKED", "ARRIVED", "IN_TREATMENT", "DONE"])
def test_every_live_status_holds_its_time(name, status):
    place = AppointmentFactory(status=status)
    assert broken(name, lambda: sharing(name, place).save()) is True


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    "ended", [{"status": "NO_SHOW"}, {"status": "CANCELLED", "cancel_reason": "CLINIC"}]
)
def test_an_ended_appointment_gives_its_time_back(name, ended):
    sharing(name, AppointmentFactory(**ended)).save()


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("shift", [(50, 50), (-50, -50)], ids=["right after", "right before"])
def test_appointments_may_touch(name, shift):
    sharing(name, AppointmentFactory(), *shift).save()


@pytest.mark.parametrize("name", OTHERS)
def test_an_appointment_is_not_in_its_own_way(name):
    place = AppointmentFactory()
    for name in ("starts_at", "ends_at", "held_from", "held_until"):
        setattr(place, name, getattr(place, name) + timedelta(minutes=10))
    place.full_clean()
    place.save()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("practitioner_is_in_one_place", "The practitioner has another appointment then."),
        ("room_is_used_once", "The room is taken then."),
        ("patient_is_in_one_place", "The patient has another appointment then."),
    ],
)
def test_full_clean_says_who_is_taken(name, words):
    other = sharing(name, AppointmentFactory())
    with pytest.raises(ValidationError) as refusal:
        other.full_clean()
    assert refusal.value.messages == [words]


@pytest.mark.parametrize("name", OTHERS)
def test_full_clean_accepts_what_the_database_accepts(name):
    place = AppointmentFactory()
    sharing(name, place, 50, 50).full_clean()
    sharing(name, place, status="NO_SHOW").full_clean()
    sharing(name, AppointmentFactory(status="NO_SHOW", of=place.session)).validate_constraints(
        exclude={"starts_at", "held_from"}
    )
    incomplete = sharing(name, place)
    incomplete.starts_at = incomplete.held_from = None
    incomplete.validate_constraints()


def test_an_overlap_on_another_clock_is_still_one():
    # 10:00 in London is 11:00 in Berlin: instants count, not what the wall says.
    place = AppointmentFactory(of__course__site__timezone="Europe/Berlin", clock=time(11))
    other = unsaved(
        place,
        patient=PatientFactory(),
        room=RoomFactory(),
        starts_at=datetime.fromisoformat("2026-11-26T10:30:00+00:00"),
        ends_at=datetime.fromisoformat("2026-11-26T11:00:00+00:00"),
    )
    assert broken("practitioner_is_in_one_place", other.save) is True


# Buffers: practitioner and room are held for longer than the patient is there


@pytest.mark.parametrize(
    "held",
    [
        {"held_from": "starts_at", "minutes": 5},
        {"held_until": "ends_at", "minutes": -5},
    ],
    ids=["begins inside", "ends inside"],
)
def test_an_appointment_is_held_around_its_time(held):
    place = AppointmentFactory()
    minutes = held.pop("minutes")
    change = {name: F(of) + timedelta(minutes=minutes) for name, of in held.items()}
    rows = Appointment.objects.filter(pk=place.pk)
    assert broken("appointment_is_held_around_its_time", lambda: rows.update(**change)) is True


def buffered(name, minutes):
    """Return an unsaved place that follows another at once and is held `minutes` before.

    Both share what constraint `name` guards; the other is held for ten minutes after its end.
    """
    place = AppointmentFactory()
    rows = Appointment.objects.filter(pk=place.pk)
    rows.update(held_until=place.ends_at + timedelta(minutes=10))
    starts_at = place.ends_at + timedelta(minutes=20)
    return sharing(
        name,
        place,
        70,
        70,
        held_from=starts_at - timedelta(minutes=minutes),
        held_until=starts_at + timedelta(minutes=50),
    )


@pytest.mark.parametrize("name", ["practitioner_is_in_one_place", "room_is_used_once"])
def test_buffers_of_people_and_rooms_do_not_overlap(name):
    other = buffered(name, 15)
    assert broken(name, other.save) is True
    with pytest.raises(ValidationError):
        other.full_clean()


@pytest.mark.parametrize("name", ["practitioner_is_in_one_place", "room_is_used_once"])
def test_buffers_of_people_and_rooms_may_touch(name):
    buffered(name, 10).save()


def test_a_patient_is_not_held_by_buffers():
    buffered("patient_is_in_one_place", 15).save()
