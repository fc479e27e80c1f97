"""The questions that a desk asks of the planner, for the measured clinic."""

from datetime import date, datetime, timedelta

from bench import recipe
from bench.clinic import Clinic
from meso_clinic.core.models import User
from patients.models import Patient
from sessions.domain.openings import Need
from sessions.domain.windows import Cadence, Gap
from sessions.selectors.asking import Ask, Outline, OutlineSession, Wishes, outline_of_course
from sessions.selectors.chain import course_chain
from treatments.models import TreatmentCourse

INITIAL_GAP, MONTHLY_GAP = Gap(7, 10), Gap(28, 35)


def cadence(total: int) -> Cadence:
    """Return the rhythm of a course of `total` sessions, up to five of them initial ones."""
    return Cadence(total, min(5, total), INITIAL_GAP, MONTHLY_GAP)


def new_course(
    clinic: Clinic,
    patient: Patient,
    total: int,
    practitioner: User | None,
    *,
    first_on: date | None = None,
    wishes: Wishes | None = None,
) -> Ask:
    """Ask for a new course of `total` sessions with `practitioner`, None for the best of all."""
    own = practitioner or clinic.practitioners[0]
    return Ask(
        outline=Outline(
            patient=patient,
            indication=clinic.indication,
            site=clinic.site,
            practitioner=own,
            cadence=cadence(total),
            need=Need(recipe.MINUTES),
            first_on=first_on or recipe.NOW.date() + timedelta(days=1),
            sessions=tuple(OutlineSession(number) for number in range(1, total + 1)),
        ),
        wishes=wishes or Wishes(practitioner=practitioner),
        now=recipe.NOW,
    )


def rest_of_course(course: TreatmentCourse, from_number: int, now: datetime) -> Ask:
    """Ask for session `from_number` again; later ones may move, as few and as little as possible."""
    return Ask(
        outline=outline_of_course(course_chain(course)),
        wishes=Wishes(practitioner=course.practitioner),
        now=now,
        move_from=from_number,
    )
