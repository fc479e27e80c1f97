"""Signed records for the measured clinic: what a recall looks through."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Model

from bench import recipe
from bench.clinic import Clinic
from bench.loading import bare, copy_rows
from patients.models import Patient
from records.models import Administration, SessionRecord, ZoneTreatment
from sessions.models import Appointment, TreatmentSession
from treatments.models import IndicationRevision, Lot, Product, TreatmentCourse, Zone

# One visit in five of the past is a session with a signed record; ten of them make a course.
VISITS_A_RECORD = 5
SESSIONS_A_COURSE = 10
# So many sessions took from each lot, however long the past is.
SESSIONS_A_LOT = 200


def add_records(clinic: Clinic) -> list[int]:
    """Add courses of the past with a signed record for each session; return the keys of the lots."""
    past = Appointment.objects.filter(status=Appointment.Status.DONE).count()
    courses = max(1, past // (VISITS_A_RECORD * SESSIONS_A_COURSE))
    count = courses * SESSIONS_A_COURSE
    lots = _lots(max(1, count // SESSIONS_A_LOT))
    session = _write(TreatmentSession, _sessions(_courses(clinic, courses), count))
    record = _write(SessionRecord, _records(clinic, session, count))
    zone = _write(ZoneTreatment, _zones(clinic, record, count))
    _write(Administration, _administrations(lots, record, zone, count))
    return lots


def _write(model: type[Model], rows: Iterable[dict[str, Any]]) -> int:
    """Write `rows`, all with the same names; return the key of the first."""
    first = (model._base_manager.aggregate(most=Max("pk"))["most"] or 0) + 1
    kept = iter(rows)
    head = next(kept)
    empty = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key or {field.name, field.attname} & head.keys())
    }
    names: Sequence[str] = ["id", *head, *empty]
    values = (
        [first + n, *row.values(), *empty.values()] for n, row in enumerate(_chained(head, kept))
    )
    with bare(model):
        copy_rows(model, names, values)
    return first


def _chained(head: dict[str, Any], rest: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    yield head
    yield from rest


def _lots(number: int) -> list[int]:
    product = Product.objects.create(
        code="measured",
        name="Measured product",
        product_class="vitamin",
        route=Product.Route.INTRADERMAL,
        source="clinic setting",
    )
    made = Lot.objects.bulk_create(
        Lot(product=product, number=f"M-{n:06}", expires_on=date(2030, 1, 31))
        for n in range(number)
    )
    return [lot.pk for lot in made]


def _day(number: int) -> date:
    return recipe.NOW.date() - timedelta(days=8 + number % 3_000)


def _courses(clinic: Clinic, count: int) -> list[int]:
    """Make courses that are over; return their keys."""
    patients = list(Patient.objects.order_by("pk").values_list("pk", flat=True)[:count])
    revision = IndicationRevision.objects.get()
    made = TreatmentCourse.objects.bulk_create(
        (
            TreatmentCourse(
                patient_id=patients[n % len(patients)],
                indication=clinic.indication,
                revision=revision,
                site=clinic.site,
                practitioner=clinic.practitioners[n % len(clinic.practitioners)],
                total_sessions=SESSIONS_A_COURSE,
                initial_sessions=5,
                session_minutes=recipe.MINUTES,
                first_on=_day(n),
                status=TreatmentCourse.Status.COMPLETED,
                planned_at=recipe.NOW,
                planned_by=clinic.reception,
                activated_at=recipe.NOW,
                ended_at=recipe.NOW,
            )
            for n in range(count)
        ),
        batch_size=500,
    )
    return [course.pk for course in made]


def _sessions(courses: list[int], count: int) -> Iterable[dict[str, Any]]:
    for n in range(count):
        on = _day(n)
        yield {
            "course": courses[n // SESSIONS_A_COURSE],
            "number": n % SESSIONS_A_COURSE + 1,
            "status": TreatmentSession.Status.DONE.value,
            "delivered_on": on,
            "earliest_on": on,
            "due_on": on,
            "latest_on": on,
        }


def _records(clinic: Clinic, session: int, count: int) -> Iterable[dict[str, Any]]:
    by = clinic.practitioners[0].pk
    for n in range(count):
        yield {
            "session": session + n,
            "opened_at": recipe.NOW,
            "opened_by": by,
            "saved_at": recipe.NOW,
            "version": 5,
            "identity_check": "CLEAR",
            "consent_check": "CLEAR",
            "pregnancy_check": "CLEAR",
            "infection_check": "CLEAR",
            "medicines_check": "CLEAR",
            "reaction_check": "CLEAR",
            "checks_words": "",
            "reaction": "None.",
            "notes": "",
            "aftercare_given": True,
            "signed_at": recipe.NOW,
            "signed_by": by,
        }


def _zones(clinic: Clinic, record: int, count: int) -> Iterable[dict[str, Any]]:
    zone = Zone.objects.create(indication=clinic.indication, code="measured", name="Measured")
    for n in range(count):
        yield {
            "record": record + n,
            "zone": zone.pk,
            "technique": "point_by_point",
            "needle": "30G, 4 mm",
            "depth_mm": "2.0",
            "points": 20,
            "seen": "",
            "is_locked": True,
        }


def _administrations(
    lots: list[int], record: int, zone: int, count: int
) -> Iterable[dict[str, Any]]:
    for n in range(count):
        yield {
            "record": record + n,
            "zone_treatment": zone + n,
            # Spread over the whole past, as boxes that are opened side by side are.
            "lot": lots[n % len(lots)],
            "volume_ml": str(Decimal("1.00")),
            "is_locked": True,
        }
