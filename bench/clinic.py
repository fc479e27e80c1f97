"""The measured clinic in the database: founded once, read back by whoever measures."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection

from bench import recipe
from bench.loading import bare, copy_rows
from bench.recipe import Place
from clinic.models import ClinicProfile, Room, Shift, Site
from meso_clinic.core.models import User
from patients.domain.searching import fold
from patients.models import Patient
from sessions.models import Appointment, BusyWeek
from treatments.models import Indication, IndicationRevision, Protocol

PATIENT_FIELDS = (
    "record_number", "given_names", "family_names", "born_on", "sex", "phone", "other_phone",
    "email", "language", "contact_by", "preferred_weekdays", "preferred_time", "registered_at",
    "version", "search_names", "phone_digits", "other_phone_digits",
)  # fmt: skip
APPOINTMENT_FIELDS = (
    "kind", "patient", "practitioner", "room", "session", "starts_at", "ends_at", "held_from",
    "held_until", "status", "previous_status", "status_since", "arrived_at", "cancel_reason",
    "cancel_words", "booked_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who works where, in the order in which the recipe counts them."""

    site: Site
    practitioners: list[User]
    rooms: list[Room]
    reception: User
    indication: Indication


def read_clinic() -> Clinic:
    """Read the clinic of the database in use."""
    return Clinic(
        site=Site.objects.get(),
        practitioners=list(User.objects.filter(is_clinician=True).order_by("pk")),
        rooms=list(Room.objects.order_by("pk")),
        reception=User.objects.get(is_reception=True),
        indication=Indication.objects.select_related("protocol").get(),
    )


def found_clinic(rows: int) -> None:
    """Make the clinic with `rows` appointments in its past, and its future, in an empty database."""
    _make_people()
    clinic = read_clinic()
    _add_patients(0, recipe.patients_for(rows))
    with bare(Appointment):
        add_places(clinic, recipe.past(rows), Appointment.Status.DONE)
        add_places(clinic, recipe.future(), Appointment.Status.BOOKED)


def lengthen_past(have: int, rows: int) -> None:
    """Give the clinic with `have` appointments in its past so many more that it has `rows`."""
    clinic = read_clinic()
    _add_patients(recipe.patients_for(have), recipe.patients_for(rows))
    with bare(Appointment):
        add_places(clinic, recipe.past(rows, skip=have), Appointment.Status.DONE)


def fill_gaps(clinic: Clinic, days: int) -> None:
    """Book everything that is free on the next `days` days of a clinic that nobody has used yet.

    And before and after the shifts, so that a working day has 144 visits.

    Raises ValueError if somebody has: weeks of bits that are kept would not hear of it.
    """
    if BusyWeek.objects.exists():
        raise ValueError("only a clinic without weeks of bits can be filled")
    with bare(Appointment) if connection.vendor == "sqlite" else nullcontext():
        add_places(clinic, recipe.gaps(days), Appointment.Status.BOOKED)
        add_places(clinic, recipe.early_and_late(days), Appointment.Status.BOOKED)


def add_places(clinic: Clinic, places: Iterable[Place], status: str) -> None:
    """Write `places` in `status` as consultations, which belong to no course."""
    first_patient = Patient.objects.order_by("pk").values_list("pk", flat=True)[0]
    practitioners = [person.pk for person in clinic.practitioners]
    rooms = [room.pk for room in clinic.rooms]
    copy_rows(
        Appointment,
        APPOINTMENT_FIELDS,
        (
            (
                Appointment.Kind.CONSULTATION.value,
                first_patient + place.patient,
                practitioners[place.practitioner],
                rooms[place.room],
                None,
                place.starts_at,
                place.ends_at,
                place.starts_at,
                place.ends_at,
                status,
                "",
                place.starts_at,
                None,
                "",
                "",
                clinic.reception.pk,
            )
            for place in places
        ),
    )


def _make_people() -> None:
    ClinicProfile.objects.create(pk=1, name="Measured clinic", phone="020 7946 0000")
    site = Site.objects.create(name="Measured site", timezone=recipe.ZONE.key)
    for number in range(recipe.ROOMS):
        Room.objects.create(site=site, name=f"Room {number + 1}")
    for number in range(recipe.PRACTITIONERS):
        person = User.objects.create(
            username=f"clinician{number}",
            first_name="Practitioner",
            last_name=f"{number + 1:02}",
            is_clinician=True,
        )
        starts, ends = recipe.SHIFTS[number // recipe.ROOMS]
        Shift.objects.bulk_create(
            Shift(practitioner=person, site=site, weekday=weekday, starts=starts, ends=ends)
            for weekday in recipe.WORKING_WEEKDAYS
        )
    User.objects.create(username="reception", last_name="Reception", is_reception=True)
    _make_indication(User.objects.create(username="admin", last_name="Admin", is_admin=True))


def _make_indication(admin: User) -> None:
    indication = Indication.objects.create(
        slug="measured", name="Measured course", short_name="Measured"
    )
    IndicationRevision.objects.create(
        indication=indication,
        number=1,
        summary="What the course is.",
        who_it_suits="Whom it suits.",
        evidence="What is known.",
        recovery_notes="48 hours: No sauna.",
        aftercare="Keep the skin clean.",
        when_to_call="a fever",
        reason="First version",
        published_at=recipe.NOW,
        published_by=admin,
    )
    Protocol.objects.create(
        indication=indication,
        total_sessions=15,
        initial_sessions=5,
        session_minutes=recipe.MINUTES,
        depth_min_mm=Decimal("2.0"),
        depth_max_mm=Decimal("4.0"),
        max_volume_ml=Decimal(20),
        techniques=["point_by_point"],
    )


def _add_patients(first: int, end: int) -> None:
    registered_at = datetime.combine(date(1999, 1, 4), time(9), recipe.ZONE)
    copy_rows(
        Patient,
        PATIENT_FIELDS,
        (
            (
                f"MC-{number:07}", "Given", f"Family {number}", "1980-05-17", Patient.Sex.FEMALE.value,
                f"020 79{number:07}", "", "", "en", Patient.Contact.SMS.value, "[]",
                Patient.TimeOfDay.ANY.value, registered_at, 1, fold(f"Given Family {number}"),
                f"4420 79{number:07}".replace(" ", ""), "",
            )
            for number in range(first, end)
        ),
    )  # fmt: skip
