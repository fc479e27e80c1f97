"""Lists of courses."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from patients.models import Patient
from sessions.models import TreatmentSession
from treatments.models import Assessment, Indication, TreatmentCourse

OVERDUE = "overdue"
COURSE_FILTERS = (
    ("", _("Running")),
    (OVERDUE, _("Overdue")),
    ("draft", _("Drafts")),
    ("suspended", _("Suspended")),
    ("ended", _("Ended")),
)


def without_taken_back(courses: QuerySet[TreatmentCourse]) -> QuerySet[TreatmentCourse]:
    """Return `courses` without those whose planning was undone a moment after it."""
    return courses.filter(made_by_change__undone_at__isnull=True)


def listed_courses(shown: str, *, today: date) -> QuerySet[TreatmentCourse]:
    """Return the courses of one filter of `COURSE_FILTERS`, those that need attention first."""
    overdue = (
        TreatmentSession.objects.overdue(today)
        .filter(course=OuterRef("pk"), status=TreatmentSession.Status.PLANNED)
        .order_by()
    )
    planned = without_taken_back(TreatmentCourse.objects.with_people())
    courses = planned.annotate(is_behind=Exists(overdue))
    statuses = TreatmentCourse.Status
    match shown:
        case "overdue":
            found = courses.filter(is_behind=True)
        case "draft":
            found = courses.filter(status=statuses.DRAFT)
        case "suspended":
            found = courses.filter(status=statuses.SUSPENDED)
        case "ended":
            found = courses.filter(ended_at__isnull=False)
        case _other:
            found = courses.filter(status=statuses.ACTIVE)
    return found.order_by("-is_behind", "-planned_at", "-pk")


def newest_assessment(patient: Patient, indication: Indication) -> Assessment | None:
    """Return the newest assessment; for hair loss and the like only a specialist's counts."""
    found = patient.assessments.filter(indication=indication)
    if indication.needs_specialist:
        found = found.filter(kind=Assessment.Kind.SPECIALIST)
    return found.order_by("-assessed_on", "-pk").first()
