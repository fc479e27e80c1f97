"""The audit trail: one line for each thing somebody did, written in the same transaction."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db.models import Model

from meso_clinic.core.models import AuditEvent, User


class Kind(StrEnum):
    """What was done. A stored word never changes its meaning."""

    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    USER_INVITED = "user.invited"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    PASSWORD_CHANGED = "user.password_changed"
    DEVICE_HANDED_OVER = "device.handed_over"
    DEVICE_TAKEN_BACK = "device.taken_back"
    SIGNING_PIN_CHANGED = "user.signing_pin_changed"
    CLINIC_CHANGED = "clinic.changed"
    SITE_CHANGED = "clinic.site_changed"
    ROOM_CHANGED = "clinic.room_changed"
    HOURS_CHANGED = "clinic.hours_changed"
    CLOSURE_CREATED = "clinic.closure_created"
    CLOSURE_REMOVED = "clinic.closure_removed"
    PATIENT_REGISTERED = "patient.registered"
    PATIENT_CHANGED = "patient.changed"
    PATIENT_WEIGHED = "patient.weighed"
    ALLERGY_RECORDED = "patient.allergy_recorded"
    ALLERGY_WITHDRAWN = "patient.allergy_withdrawn"
    SCREENING_RECORDED = "patient.screening_recorded"
    SCREENING_LINK_MADE = "screening_link.made"
    SCREENING_LINK_OPENED = "screening_link.opened"
    SCREENING_LINK_REFUSED = "screening_link.refused"
    SCREENING_LINK_LOCKED = "screening_link.locked"
    SCREENING_LINK_USED = "screening_link.used"
    SCREENING_LINK_WITHDRAWN = "screening_link.withdrawn"
    QUESTION_CHANGED = "screening.question_changed"
    CLEARANCE_GIVEN = "clearance.given"
    CLEARANCE_WITHDRAWN = "clearance.withdrawn"
    CATALOGUE_LOADED = "treatments.catalogue_loaded"
    INDICATION_PUBLISHED = "indication.published"
    INDICATION_CHANGED = "indication.changed"
    PROTOCOL_CHANGED = "protocol.changed"
    PRODUCT_CHANGED = "product.changed"
    LOT_RECEIVED = "lot.received"
    LOT_CHANGED = "lot.status_changed"
    LOT_OPENED = "lot.opened"
    ASSESSMENT_RECORDED = "assessment.recorded"
    CONSENT_TEXT_PUBLISHED = "consent.text_published"
    CONSENT_TEXT_WITHDRAWN = "consent.text_withdrawn"
    CONSENT_SIGNED = "consent.signed"
    CONSENT_DECLINED = "consent.declined"
    CONSENT_REVOKED = "consent.revoked"
    CONSENT_REOPENED = "consent.reopened"
    CONSENT_EXPLAINED = "consent.explained"
    REFLECTION_WAIVED = "consent.reflection_waived"
    COURSE_PLANNED = "course.planned"
    COURSE_ACTIVATED = "course.activated"
    COURSE_CHANGED = "course.changed"
    COURSE_SUSPENDED = "course.suspended"
    COURSE_RESUMED = "course.resumed"
    COURSE_HELD = "course.held"
    COURSE_HOLD_LIFTED = "course.hold_lifted"
    COURSE_DISCONTINUED = "course.discontinued"
    COURSE_COMPLETED = "course.completed"
    COURSE_LAPSED = "course.lapsed"
    SESSION_BOOKED = "session.booked"
    SESSION_MOVED = "session.moved"
    SESSION_KEPT_LATE = "session.kept_late"
    SESSION_BOOKING_UNDONE = "session.booking_undone"
    SESSION_MOVE_UNDONE = "session.move_undone"
    VISIT_BOOKED = "visit.booked"
    VISIT_MOVED = "visit.moved"
    VISIT_BOOKING_UNDONE = "visit.booking_undone"
    VISIT_MOVE_UNDONE = "visit.move_undone"
    SESSION_SKIPPED = "session.skipped"
    SESSION_SKIP_UNDONE = "session.skip_undone"
    SCHEDULE_CHECKED = "schedule.checked"
    APPOINTMENT_STATUS = "appointment.status_changed"
    APPOINTMENT_UNDONE = "appointment.status_undone"
    WAITLIST_ADDED = "waitlist.added"
    WAITLIST_CHANGED = "waitlist.changed"
    WAITLIST_CALLED = "waitlist.called"
    WAITLIST_CALL_UNDONE = "waitlist.call_undone"
    WAITLIST_BOOKED = "waitlist.booked"
    WAITLIST_WITHDRAWN = "waitlist.withdrawn"
    WAITLIST_RETURNED = "waitlist.returned"
    RECORD_OPENED = "record.opened"
    RECORD_SAVED = "record.saved"
    RECORD_SIGNED = "record.signed"
    RECORD_AMENDED = "record.amended"
    RECORD_DEVIATION = "record.deviation_kept"
    OUTCOME_RECORDED = "outcome.recorded"
    OUTCOME_CORRECTED = "outcome.corrected"
    BASELINE_MISSING = "outcome.baseline_missing"
    PHOTO_TAKEN = "photo.taken"
    PHOTO_DECLINED = "photo.declined"
    PHOTO_WITHDRAWN = "photo.withdrawn"
    PHOTO_SEEN = "photo.seen"
    PHOTO_COPIED = "photo.copied"
    REACTION_REPORTED = "reaction.reported"
    REACTION_UPDATED = "reaction.updated"
    REACTION_CLOSED = "reaction.closed"
    AFTERCARE_CALLED = "aftercare.called"
    RECALL_OPENED = "recall.opened"
    RECALL_CONTACTED = "recall.contacted"
    RECALL_CLOSED = "recall.closed"


def record(
    *, kind: Kind, by: User, at: datetime, target: Model, patient_id: int | None = None
) -> AuditEvent:
    """Add a line: `by` did `kind` to `target` at `at` (aware). `patient_id` says whose row it is."""
    event = _line(kind, target, patient_id, by=by, at=at)
    event.save(force_insert=True)
    return event


def record_all(*, lines: Iterable[tuple[Kind, Model, int | None]], by: User, at: datetime) -> None:
    """Add a line for each kind, target and patient of `lines`, in their order, with one query."""
    AuditEvent.objects.bulk_create(_line(*line, by=by, at=at) for line in lines)


def _line(
    kind: Kind, target: Model, patient_id: int | None, *, by: User, at: datetime
) -> AuditEvent:
    return AuditEvent(
        kind=kind,
        by=by,
        at=at,
        target=f"{target._meta.label_lower}:{target.pk}",
        patient_id=patient_id,
    )
