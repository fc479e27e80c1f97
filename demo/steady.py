"""Numbers that are the same in every clinic of one seed, whatever keys the database gives."""

from zlib import crc32

from patients.models import Patient
from treatments.models import TreatmentCourse


def patient_number(patient: Patient) -> int:
    """Return the number in the patient's record number: 1 for the first."""
    return int(patient.record_number.rpartition("-")[2])


def course_number(course: TreatmentCourse) -> int:
    """Return a number that belongs to the patient and the indication."""
    return crc32(f"{course.patient.record_number} {course.indication.slug}".encode())
