"""Planning a course: the course and all its sessions, in one act."""

from datetime import date, datetime

from django.db import transaction

from clinic.models import Site
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.windows import plan
from sessions.models import TreatmentSession
from sessions.selectors.chain import cadence_of
from treatments.actions.courses import create_course
from treatments.models import Indication, Product, TreatmentCourse


@transaction.atomic
def plan_course(
    *,
    patient: Patient,
    indication: Indication,
    site: Site,
    practitioner: User,
    total_sessions: int,
    initial_sessions: int,
    first_on: date,
    goals: str = "",
    product: Product | None = None,
    by: User,
    at: datetime,
) -> TreatmentCourse:
    """Make a draft course with its chain of planned sessions.

    Raises treatments.actions.courses.PlanRefused with what is wrong, in sentences.
    """
    course = create_course(
        patient=patient,
        indication=indication,
        site=site,
        practitioner=practitioner,
        total_sessions=total_sessions,
        initial_sessions=initial_sessions,
        first_on=first_on,
        goals=goals,
        product=product,
        by=by,
        at=at,
    )
    TreatmentSession.objects.bulk_create(
        TreatmentSession(
            course=course,
            number=link.step.number,
            earliest_on=link.window.earliest,
            due_on=link.window.due,
            latest_on=link.window.latest,
        )
        for link in plan(cadence_of(course), course.first_on)
    )
    return course
