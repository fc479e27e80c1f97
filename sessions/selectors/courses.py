"""Lists of courses."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from sessions.models import TreatmentSession
from treatments.models import TreatmentCourse

OVERDUE = "overdue"
COURSE_FILTERS = (
    ("", _("Running")),
    (OVERDUE, _("Overdue")),
    ("draft", _("Drafts")),
    ("suspended", _("Suspended")),
    ("ended", _("Ended")),
)


def listed_courses(shown: str, *, today: date) -> QuerySet[TreatmentCourse]:
    """Return the courses of one filter of `COURSE_FILTERS`, those that need attention first."""
    overdue = (
        TreatmentSession.objects.overdue(today)
        .filter(course=OuterRef("pk"), status=TreatmentSession.Status.PLANNED)
        .order_by()
    )
    courses = TreatmentCourse.objects.with_people().annotate(is_behind=Exists(overdue))
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
