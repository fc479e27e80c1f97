"""Who is treated: identity, contact, preferences, allergies, and the answers about health."""

from patients.models.links import ScreeningLink
from patients.models.patients import Allergy, AllergyQuerySet, Patient, PatientQuerySet, phone_link
from patients.models.screening import (
    Screening,
    ScreeningAnswer,
    ScreeningQuestion,
    ScreeningQuestionChange,
)

__all__ = [
    "Allergy",
    "AllergyQuerySet",
    "Patient",
    "PatientQuerySet",
    "Screening",
    "ScreeningAnswer",
    "ScreeningLink",
    "ScreeningQuestion",
    "ScreeningQuestionChange",
    "phone_link",
]
