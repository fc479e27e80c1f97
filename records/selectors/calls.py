"""Reads of the calls after a session."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from clinic.models import Site
from records.domain.calls import FIRST_AFTER, LISTED_UNTIL, Answer, DueCall, due_call
from records.models import AdverseEvent, AftercareCall
from sessions.models import TreatmentSession


@dataclass(frozen=True, slots=True)
class CallToMake:
    """A call that is due after a session."""

    session: TreatmentSession
    due: DueCall


def calls_to_make(site: Site, today: date) -> list[CallToMake]:
    """Return the calls due at `site`, the longest due first (2 queries).

    They follow the last session of a course that was given: with the next one the patient is seen.
    Nobody calls for a patient who died.
    """
    later = TreatmentSession.objects.filter(
        course=OuterRef("course"), delivered_on__gt=OuterRef("delivered_on")
    )
    died = AdverseEvent.objects.filter(patient=OuterRef("course__patient")).fatal()
    found = list(
        TreatmentSession.objects.filter(
            course__site=site,
            delivered_on__range=(today - LISTED_UNTIL, today - FIRST_AFTER),
        )
        .filter(~Exists(later), ~Exists(died))
        .select_related("course__patient", "course__indication")
    )
    answered = _answered(found)
    calls = []
    for session in found:
        assert session.delivered_on is not None
        due = due_call(session.delivered_on, answered[session.pk], today=today)
        if due is not None:
            calls.append(CallToMake(session, due))
    return sorted(calls, key=lambda one: (one.due.on, one.session.pk))


def _answered(sessions: list[TreatmentSession]) -> dict[int, set[str]]:
    """Return the calls after each session that somebody answered (1 query)."""
    reached = AftercareCall.objects.filter(session__in=sessions).exclude(answer=Answer.UNREACHED)
    found: dict[int, set[str]] = defaultdict(set)
    for session, time in reached.values_list("session", "time"):
        found[session].add(time)
    return found


def calls_after(session: TreatmentSession) -> QuerySet[AftercareCall]:
    """Return the calls after a session, the newest first, with who called."""
    found = AftercareCall.objects.filter(session=session)
    return found.select_related("by").order_by("-at", "-pk")
