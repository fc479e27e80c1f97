"""What is open about the visits of a day, read for all of them at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from patients.models import Allergy
from sessions.models import Appointment, TreatmentSession
from treatments.domain.consents import Standing
from treatments.models import Assessment
from treatments.selectors.consents import read_standings


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
    visits: Sequence[Appointment], findings: Mapping[int, Assessment], now: datetime
) -> dict[int, tuple[Mark, ...]]:
    """Return the marks of each visit (with its course's site) at `now` by its primary key.

    A patient is new until a first visit was finished. Assessment and consent come before the first
    session of a course, so nobody is asked for them once one was delivered; a consent that is kept
    here and no longer stands is asked for again. Takes 3 queries, and 3 more where the clinic asks
    for consent.
    """
    known = set(
        Appointment.objects.filter(
            patient__in={visit.patient_id for visit in visits}, status=Appointment.Status.DONE
        )
        .values_list("patient_id", flat=True)
        .distinct()
    )
    courses = {visit.session.course_id: visit.session.course for visit in visits if visit.session}
    consents = read_standings(list(courses.values()), at=now)
    begun = set(
        TreatmentSession.objects.filter(
            course__in=list(courses), status=TreatmentSession.Status.DONE
        )
        .values_list("course_id", flat=True)
        .distinct()
    )
    return {visit.pk: tuple(_marks(visit, known, begun, findings, consents)) for visit in visits}


def _marks(
    visit: Appointment,
    known: set[int],
    begun: set[int],
    findings: Mapping[int, Assessment],
    consents: Mapping[int, Standing],
) -> list[Mark]:
    marks = [] if visit.patient_id in known else [Mark.NEW_PATIENT]
    if visit.session is not None:
        course = visit.session.course_id
        if course not in begun and visit.pk not in findings:
            marks.append(Mark.ASSESSMENT_OPEN)
        # On paper nobody here knows of it: it is asked for until the course has begun.
        consent = consents[course]
        if consent.is_open or (not consent.is_asked and course not in begun):
            marks.append(Mark.CONSENT_OPEN)
    return marks


def read_allergies(visits: Sequence[Appointment]) -> dict[int, list[Allergy]]:
    """Return what each patient must not get, the oldest first, by the patient (1 query)."""
    by_patient: dict[int, list[Allergy]] = defaultdict(list)
    live = Allergy.objects.live().filter(patient__in={visit.patient_id for visit in visits})
    for allergy in live:
        by_patient[allergy.patient_id].append(allergy)
    return by_patient
