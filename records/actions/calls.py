"""Noting a call after a session."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from records.domain.calls import CallTime, call_on
from records.models import AftercareCall
from sessions.models import TreatmentSession


class CallRefused(ActionRefused):
    """The call cannot be noted; `problem` says why, as one plain sentence."""


@transaction.atomic
def note_call(
    *,
    session: TreatmentSession,
    time: CallTime,
    answer: str,
    words: str = "",
    by: User,
    at: datetime,
) -> AftercareCall:
    """Add a call after a session that was given, and what came of it.

    Raises CallRefused before the call is due, ValidationError, also once somebody was reached.
    """
    # One at a time, so that a second answer meets the first.
    session = TreatmentSession.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=session.pk
    )
    today = at.astimezone(session.course.site.zone).date()
    if session.delivered_on is None or call_on(time, session.delivered_on) > today:
        raise CallRefused(_("It is too early for this call."))
    call = AftercareCall(
        session=session, time=time.value, answer=answer, words=words.strip(), at=at, by=by
    )
    call.full_clean()
    call.save(force_insert=True)
    audit.record(
        kind=audit.Kind.AFTERCARE_CALLED,
        by=by,
        at=at,
        target=call,
        patient_id=session.course.patient_id,
    )
    return call
