"""A session is delivered: its day counts, and the windows of the sessions after it follow."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from sessions.actions.booking import LateReason, late_deviation
from sessions.actions.chain import lock_course, refresh_windows
from sessions.actions.status import lock_appointment
from sessions.domain.lifecycle import Status
from sessions.models import TreatmentSession
from sessions.selectors.chain import ChainRow, CourseChain, course_chain
from sessions.words import days_words
from treatments.actions.courses import complete_course


class DeliveryRefused(ActionRefused):
    """The session cannot count as delivered. `problem` says why, in one sentence.

    `needs_reason` is true when a clinician's reason for the late day is all that is missing.
    """

    def __init__(self, problem: str, *, needs_reason: bool = False) -> None:
        super().__init__(problem)
        self.needs_reason = needs_reason


@transaction.atomic
def deliver_session(
    *,
    session: TreatmentSession,
    on: date,
    late_reason: LateReason | None = None,
    by: User,
    at: datetime,
) -> TreatmentSession:
    """Mark `session` done on `on`, a day of its site. Completes the course after its last session,
    unless it is on clinical hold.

    A day after the window needs `late_reason`, unless one is on record already. Raises
    DeliveryRefused.
    """
    held = session.appointments.live().with_people().first()
    if held is None:
        raise DeliveryRefused(_("This session has no appointment. Book it first."))
    appointment = lock_appointment(held)
    chain = course_chain(lock_course(session.course_id))
    row = chain.row(session)
    _check_day(chain, row, on, at)
    if late := row.link.window.days_late(on):
        _explain_late(row, late, late_reason, by=by, at=at)
    appointment.previous_status, appointment.status = "", Status.DONE
    appointment.status_since = at
    appointment.save(update_fields=["status", "previous_status", "status_since"])
    delivered = row.session
    delivered.status, delivered.delivered_on = TreatmentSession.Status.DONE, on
    delivered.earliest_on, delivered.latest_on = row.link.window.earliest, row.link.window.latest
    delivered.due_on = row.link.window.due
    delivered.save(update_fields=["status", "delivered_on", "earliest_on", "due_on", "latest_on"])
    refresh_windows(chain.course)
    if not chain.course.is_held and not chain.course.sessions.open().exists():
        complete_course(course=chain.course, by=by, at=at)
    return delivered


def _check_day(chain: CourseChain, row: ChainRow, on: date, at: datetime) -> None:
    number = row.session.number
    begun = {TreatmentSession.Status.ARRIVED, TreatmentSession.Status.IN_TREATMENT}
    if row.session.status not in begun:
        raise DeliveryRefused(
            _("Session %(number)s is “%(status)s”. Check the patient in first.")
            % {"number": number, "status": row.session.get_status_display().lower()}
        )
    # What was begun before a clinical hold is signed: it happened.
    was_begun = row.session.status == TreatmentSession.Status.IN_TREATMENT
    if not chain.course.is_active and not (chain.course.is_held and was_begun):
        raise DeliveryRefused(
            _("This course is %(status)s, so no session of it can be signed.")
            % {"status": chain.course.state_words}
        )
    waiting = [
        other for other in chain.rows if other.session.is_open and other.session.number < number
    ]
    if waiting:
        raise DeliveryRefused(
            _("Session %(other)s comes first and is not finished.")
            % {"other": waiting[0].session.number}
        )
    if on > at.astimezone(chain.course.site.zone).date():
        raise DeliveryRefused(_("The day of the session cannot be in the future."))
    if early := row.link.window.days_early(on):
        raise DeliveryRefused(
            _("Session %(number)s would be %(days)s too early.")
            % {"number": number, "days": days_words(early)}
        )


def _explain_late(
    row: ChainRow, days_late: int, reason: LateReason | None, *, by: User, at: datetime
) -> None:
    if reason is not None and reason.is_complete:
        late_deviation(row.session, days_late, reason, by=by, at=at).save(force_insert=True)
    elif days_late > row.excused_days:
        raise DeliveryRefused(
            _("Session %(number)s is %(days)s late. Choose a reason and say why.")
            % {"number": row.session.number, "days": days_words(days_late)},
            needs_reason=True,
        )
