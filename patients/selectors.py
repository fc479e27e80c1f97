"""Reads that join patients with what is known about them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from patients.domain.duplicates import Identity, Reason, likeness
from patients.models import Allergy, Patient
from patients.phones import comparable_digits

# More people than this do not share one birthday or one phone in one clinic.
MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A patient who may be the person now registered, and why."""

    patient: Patient
    reason: Reason


def possible_duplicates(
    *, names: str, born_on: date, phones: list[str], country: str
) -> list[Duplicate]:
    """Return patients who may be this person, the likeliest first. `phones` are as typed."""
    typed = {comparable_digits(phone, country=country) for phone in phones} - {""}
    same = Q(born_on=born_on) | Q(phone_digits__in=typed) | Q(other_phone_digits__in=typed)
    new = Identity(names=names, born_on=born_on, phones=frozenset(typed))
    found = [
        Duplicate(patient=known, reason=reason)
        for known in Patient.objects.filter(same).by_name()[:MOST_CANDIDATES]
        if (reason := likeness(new, _identity(known))) is not None
    ]
    return sorted(found, key=lambda duplicate: list(Reason).index(duplicate.reason))


def live_allergies(patient: Patient) -> list[Allergy]:
    """Return what `patient` must not get; no query if it was read `with_live_allergies()`."""
    kept: list[Allergy] | None = getattr(patient, "live_allergies", None)
    return list(patient.allergies.live()) if kept is None else kept


def _identity(patient: Patient) -> Identity:
    return Identity(
        names=patient.full_name,
        born_on=patient.born_on,
        phones=frozenset({patient.phone_digits, patient.other_phone_digits}),
    )
