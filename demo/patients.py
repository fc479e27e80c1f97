"""Who the patients are: invented people with phones of the range kept free for fiction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from demo.clinic_plan import Clinic
from demo.names import ALLERGIES, FAMILY, FEMALE, MALE, NAMED
from meso_clinic.core.models import User
from patients.actions import record_allergy, register_patient
from patients.domain.searching import fold
from patients.models import Patient

# 07700 900000 to 900999 belong to nobody.
FICTIONAL_PHONES = 1000


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What reception is told about a patient."""

    given_names: str
    family_names: str
    born_on: date
    sex: str
    phone: str
    language: str
    allergies: tuple[tuple[str, str, str], ...]
    fields: tuple[tuple[str, Any], ...]


def invent(count: int, clinic: Clinic, random: Random) -> list[PatientFacts]:
    """Return `count` patients; the first ones are always the same people."""
    phones = random.sample(range(FICTIONAL_PHONES), FICTIONAL_PHONES)
    names = [*NAMED, *_combined(random)]
    return [
        _facts(names[number], f"07700 {900000 + phones[number % FICTIONAL_PHONES]}", clinic, random)
        for number in range(count)
    ]


def register(facts: PatientFacts, *, by: User, clinician: User, at: datetime) -> Patient:
    """Register the patient, and note what they must not get."""
    patient = register_patient(
        by=by,
        at=at,
        given_names=facts.given_names,
        family_names=facts.family_names,
        born_on=facts.born_on,
        sex=facts.sex,
        phone=facts.phone,
        language=facts.language,
        **dict(facts.fields),
    )
    for substance, reaction, allergen in facts.allergies:
        record_allergy(
            patient=patient,
            substance=substance,
            reaction=reaction,
            allergen=allergen,
            by=clinician,
            at=at,
        )
    return patient


def _combined(random: Random) -> list[tuple[str, str, str, str]]:
    """Return every given name with every family name once, in a random order."""
    taken = {(given, family) for given, family, _sex, _language in NAMED}
    pairs = [
        (given, family, sex, "en")
        for sex, names in (("FEMALE", FEMALE), ("MALE", MALE))
        for given in names
        for family in FAMILY
        if (given, family) not in taken
    ]
    random.shuffle(pairs)
    return pairs


def _facts(
    name: tuple[str, str, str, str], phone: str, clinic: Clinic, random: Random
) -> PatientFacts:
    given, family, sex, language = name
    age_in_days = random.randint(19 * 365, 74 * 365)
    allergies = random.sample(ALLERGIES, 1 if random.random() < 0.18 else 0)
    practitioner = random.choice([user for user in clinic.staff.values() if user.is_clinician])
    return PatientFacts(
        given_names=given,
        family_names=family,
        born_on=clinic.today - timedelta(days=age_in_days),
        sex=sex,
        phone=phone,
        language=language,
        allergies=tuple(allergies),
        fields=(
            ("email", _email(given, family, random)),
            ("contact_by", random.choice(Patient.Contact.values)),
            ("preferred_weekdays", sorted(random.sample(range(6), random.choice((0, 0, 1, 2))))),
            ("preferred_time", random.choice(Patient.TimeOfDay.values)),
            ("preferred_practitioner", practitioner if random.random() < 0.3 else None),
        ),
    )


def _email(given: str, family: str, random: Random) -> str:
    """Return an address at a domain kept for examples, or "" for those who gave none."""
    words = "".join(
        letter if letter.isalnum() else "." for letter in fold(f"{given}.{family}")
    ).strip(".")
    has_one = words.isascii() and random.random() < 0.7
    return f"{words}@mail.example" if has_one else ""
