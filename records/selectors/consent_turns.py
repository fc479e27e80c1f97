"""After what a course's consents are signed again, as expressions over `TreatmentCourse`."""

from django.db.models import Exists, OuterRef, Subquery

from records.domain.reactions import Grade
from records.models import AdverseEvent, AdverseEventUpdate, HoldLift


def newest_severe_report() -> Subquery:
    """When a severe reaction of the patient was last reported, after whatever course."""
    found = AdverseEvent.objects.filter(patient=OuterRef("patient"), grade__gte=Grade.SEVERE)
    return Subquery(found.order_by("-reported_at").values("reported_at")[:1])


def newest_worsening() -> Subquery:
    """When a reaction of the patient last turned out to be severe that was reported as less."""
    severe = AdverseEventUpdate.objects.filter(grade__gte=Grade.SEVERE)
    before = severe.filter(event=OuterRef("event"), number__lt=OuterRef("number"))
    found = severe.filter(
        ~Exists(before), event__patient=OuterRef("patient"), event__grade__lt=Grade.SEVERE
    )
    return Subquery(found.order_by("-at").values("at")[:1])


def newest_hold_lift() -> Subquery:
    """When a clinical hold of the course was last lifted."""
    found = HoldLift.objects.filter(course=OuterRef("pk"))
    return Subquery(found.order_by("-at").values("at")[:1])
