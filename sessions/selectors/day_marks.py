"""What is open about the visits of a day, read for all of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum

from patients.models import Allergy
from sessions.models import Appointment, TreatmentSession
from treatments.models import Assessment


class Mark(StrEnum):
    """Something that the desk has to see to. None of them says anything about a patient's health."""

    NEW_PATIENT = "NEW_PATIENT"
    ASSESSMENT_OPEN = "ASSESSMENT_OPEN"
    CONSENT_OPEN = "CONSENT_OPEN"


def read_findings(visits: Sequence[Appointment]) -> dict[int, Assessment]:
    """Return the newest assessment that counts for each visit, by its primary key (1 query).

    For hair loss and the like only a specialist's counts. Visits without a course have none.
    """
    found = Assessment.objects.filter(patient__in={visit.patient_id for visit in visits})
    newest: dict[tuple[int, int, bool], Assessment] = {}
    for one in found.order_by("assessed_on", "pk"):
        if one.kind == Assessment.Kind.SPECIALIST:
            newest[one.patient_id, one.indication_id, True] = one
        newest[one.patient_id, one.indication_id, False] = one
    counting = {}
    for visit in visits:
        if visit.session is not None:
            indication = visit.session.course.indication
            key = (visit.patient_id, indication.pk, indication.needs_specialist)
            if key in newest:
                counting[visit.pk] = newest[key]
    return counting


def read_marks(
    visits: Sequence[Appointment], findings: Mapping[int, Assessment]
) -> dict[int, tuple[Mark, ...]]:
    """Return the marks of each visit by its primary key (2 queries).

    A patient is new until a first visit was finished. Assessment and consent come before the first
    session of a course, so nobody is asked for them once one was delivered.
    """
    known = set(
        Appointment.objects.filter(
            patient__in={visit.patient_id for visit in visits}, status=Appointment.Status.DONE
        )
        .values_list("patient_id", flat=True)
        .distinct()
    )
    courses = {visit.session.course_id for visit in visits if visit.session}
    begun = set(
        TreatmentSession.objects.filter(course__in=courses, status=TreatmentSession.Status.DONE)
        .values_list("course_id", flat=True)
        .distinct()
    )
    return {visit.pk: tuple(_marks(visit, known, begun, findings)) for visit in visits}


def _marks(
    visit: Appointment, known: set[int], begun: set[int], findings: Mapping[int, Assessment]
) -> list[Mark]:
    marks = [] if visit.patient_id in known else [Mark.NEW_PATIENT]
    if visit.session is not None and visit.session.course_id not in begun:
        if visit.pk not in findings:
            marks.append(Mark.ASSESSMENT_OPEN)
        marks.append(Mark.CONSENT_OPEN)
    return marks


def read_allergies(visits: Sequence[Appointment]) -> dict[int, list[Allergy]]:
    """Return what each patient must not get, the oldest first, by the patient (1 query)."""
    by_patient: dict[int, list[Allergy]] = defaultdict(list)
    live = Allergy.objects.live().filter(patient__in={visit.patient_id for visit in visits})
    for allergy in live:
        by_patient[allergy.patient_id].append(allergy)
    return by_patient
