"""A patient in the chair: session 1 of a course of three, checked in at 10:30."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from patients.models import Allergy
from records.actions import drafts, signing
from records.actions.aftercare import save_aftercare
from records.actions.anaesthesia import Numbed, save_anaesthesia
from records.actions.checks import save_checks
from records.actions.zones import DoseGiven, save_zone
from records.domain.checks import CHECKS
from records.domain.skin import SkinPreparation
from records.domain.vitals import Vitals
from sessions.actions.chain import refresh_windows
from sessions.models import Appointment, TreatmentSession
from tests.factories.clinic import RoomFactory
from tests.factories.core import PASSWORD
from tests.factories.patients import PatientFactory
from tests.factories.treatments import (
    IndicationFactory,
    LotFactory,
    ProductFactory,
    TreatmentCourseFactory,
    ZoneFactory,
)

TODAY = date(2026, 11, 26)
MEASURED = Vitals(systolic_mmhg=120, diastolic_mmhg=80, pulse_bpm=70)
CLEAN = SkinPreparation("ALCOHOL", contact_seconds=30, is_dried=True, is_sterile=True)
NOW = datetime(2026, 11, 26, 10, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def indication(db):
    indication = IndicationFactory(slug="hair_loss", name="Hair loss", zone=None)
    for position, name in enumerate(["Frontal", "Crown"]):
        ZoneFactory(indication=indication, name=name, position=position)
    return indication


@pytest.fixture
def crown(indication):
    return indication.zones.get(name="Crown")


@pytest.fixture
def frontal(indication):
    return indication.zones.get(name="Frontal")


@pytest.fixture
def lot(indication):
    product = ProductFactory(name="Dexpanthenol")
    product.indications.add(indication)
    return LotFactory(product=product, number="DB-2609", expires_on=date(2027, 9, 30))


@pytest.fixture
def cream(db):
    return LotFactory(product=ProductFactory(name="Cream", product_class="topical_anaesthetic"))


@pytest.fixture
def patient(clinician):
    patient = PatientFactory(given_names="Amara", family_names="Whitfield")
    Allergy.objects.create(
        patient=patient, substance="penicillin", noted_at=NOW, noted_by=clinician
    )
    return patient


@pytest.fixture
def course(patient, indication, site, clinician):
    course = TreatmentCourseFactory(
        patient=patient,
        indication=indication,
        site=site,
        practitioner=clinician,
        total_sessions=3,
        initial_sessions=3,
        first_on=TODAY,
    )
    for number in (1, 2, 3):
        due = TODAY + timedelta(days=7 * (number - 1))
        TreatmentSession.objects.create(
            course=course, number=number, earliest_on=due, due_on=due, latest_on=due
        )
    refresh_windows(course)
    return course


def arrive(session, at=NOW, status="ARRIVED"):
    """Give `session` an appointment that began 12 minutes before `at`, with the patient there."""
    room, _is_new = session.course.site.rooms.get_or_create(name="Room 1")
    Appointment.objects.create(
        patient=session.course.patient,
        practitioner=session.course.practitioner,
        room=room,
        session=session,
        starts_at=at - timedelta(minutes=12),
        ends_at=at + timedelta(minutes=38),
        held_from=at - timedelta(minutes=12),
        held_until=at + timedelta(minutes=38),
        status=status,
        status_since=at,
        booked_by=session.course.practitioner,
    )
    session.status = status
    session.save(update_fields=["status"])
    return session


@pytest.fixture
def session(course):
    RoomFactory(site=course.site, name="Room 1")
    return arrive(course.sessions.get(number=1))


@pytest.fixture
def record(session, clinician):
    return drafts.open_record(session=session, by=clinician, at=NOW)


def numb(record, lot, by, kind="CREAM", **change):
    """Numb the area with cream from `lot`."""
    values = {
        "agent": "Lidocaine cream",
        "dose": "2 g",
        "applied_at": None,
        "numbed": Numbed(grams=Decimal(2), area_cm2=40),
        "skin": CLEAN,
    }
    return save_anaesthesia(
        record=record,
        kind=kind,
        lot=lot,
        version=record.version,
        by=by,
        at=NOW,
        **(values | change),
    )


def fill(record, lot, zone, by, at=NOW):
    """Fill `record` in so that nothing is missing."""
    record = save_checks(
        record=record,
        answers=dict.fromkeys(CHECKS, "CLEAR"),
        words="",
        vitals=MEASURED,
        version=record.version,
        by=by,
        at=at,
    )
    record = save_anaesthesia(
        record=record,
        kind="NONE",
        agent="",
        dose="",
        applied_at=None,
        skin=CLEAN,
        version=record.version,
        by=by,
        at=at,
    )
    record = save_zone(
        record=record, version=record.version, by=by, at=at, **zone_values(lot, zone)
    )
    return save_aftercare(
        record=record,
        reaction="None",
        notes="",
        given=True,
        end_points="PINPOINT",
        pain=2,
        observed_minutes=30,
        version=record.version,
        by=by,
        at=at,
    )


def zone_values(lot, zone, **change):
    return {
        "zone": zone,
        "technique": "point_by_point",
        "needle": "30G, 4 mm",
        "depth_mm": Decimal("2.0"),
        "points": 24,
        "seen": ["REDNESS"],
        "doses": [DoseGiven(lot=lot, volume_ml=Decimal("1.20"))],
    } | change


def sign(record, by, at=NOW, **change):
    values = {"password": PASSWORD, "version": record.version, "delivered_on": at.date()} | change
    return signing.sign_record(record=record, by=by, at=at, **values)


@pytest.fixture
def complete(record, lot, crown, clinician):
    return fill(record, lot, crown, clinician)


@pytest.fixture
def signed(complete, clinician):
    return sign(complete, clinician)


@pytest.fixture
def other_record(course, clinician):
    """The draft of somebody else who is here at the same time."""
    other = TreatmentCourseFactory(
        patient=PatientFactory(),
        indication=course.indication,
        site=course.site,
        total_sessions=3,
        initial_sessions=3,
        first_on=TODAY,
    )
    session = TreatmentSession.objects.create(
        course=other, number=1, earliest_on=TODAY, due_on=TODAY, latest_on=TODAY
    )
    # The room and the practitioner are free again in two hours; the patient is here already.
    arrive(session, at=NOW + timedelta(hours=2))
    return drafts.open_record(session=session, by=clinician, at=NOW)
