"""A day with as many visits as one wants, and the sheets of it, read back."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO

from django.urls import reverse
from pypdf import PdfReader

from patients.models import Patient
from sessions.models import Appointment
from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.sessions import AppointmentFactory, TreatmentSessionFactory
from tests.factories.treatments import TreatmentCourseFactory

DAY = datetime(2026, 11, 26, tzinfo=UTC)
MORNING = DAY.replace(hour=8)


def busy_day(site, *, visits, practitioners):
    """Book `visits` half hours from 09:00 on in London, going round the practitioners."""
    people = [UserFactory(clinician=True) for _ in range(practitioners)]
    rooms = [RoomFactory(site=site) for _ in people]
    for person in people:
        works_every_day(person, site, time(9), time(18))
    course = TreatmentCourseFactory(site=site, practitioner=people[0])
    for number in range(visits):
        turn, who = divmod(number, practitioners)
        session = TreatmentSessionFactory(
            course__site=site,
            course__patient__given_names=f"Visitor{number}",
            course__practitioner=people[who],
            course__indication=course.indication,
            course__revision=course.revision,
        )
        AppointmentFactory(
            of=session,
            room=rooms[who],
            starts_at=DAY + timedelta(hours=9, minutes=30 * turn),
            minutes=30,
        )
    return people


def guest(site, *, names=("Nour", "Haddad"), clock="10:00", person=None, minutes=50, **patient):
    """Book somebody for a consultation on the day."""
    hours, rest = clock.split(":")
    return AppointmentFactory(
        consultation=True,
        patient=PatientFactory(given_names=names[0], family_names=names[1], **patient),
        practitioner=person or UserFactory(clinician=True),
        room=RoomFactory(site=site),
        starts_at=DAY + timedelta(hours=int(hours), minutes=int(rest)),
        minutes=minutes,
        of=TreatmentSessionFactory(course__site=site),
    )


def page_of(client, status=200, **asked):
    answer = client.get(reverse("sessions:day-sheet"), {"date": "2026-11-26", **asked})
    assert answer.status_code == status
    return answer.content.decode()


def pdf_of(client, **asked):
    answer = client.get(reverse("sessions:day-sheet-pdf"), {"date": "2026-11-26", **asked})
    assert answer.status_code == 200
    return PdfReader(BytesIO(answer.content))


def text_of(pdf):
    """Return all that a PDF says, with every stretch of white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def names_on_the_day():
    visits = Appointment.objects.live().in_order().values_list("patient", flat=True)
    names = {patient.pk: patient.full_name for patient in Patient.objects.all()}
    return [names[pk] for pk in visits]
