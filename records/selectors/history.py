"""Reads of a patient's history: what was given, session by session, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DecimalField,
    Field,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)

from patients.models import Patient
from records.models import Administration, Amendment, Seen, SessionRecord, ZoneTreatment
from sessions.models import Appointment, TreatmentSession
from treatments.models import TreatmentCourse


@dataclass(frozen=True, slots=True)
class GivenSession:
    """A delivered session with what its record says. `gap_days` is None for a course's first.

    `record` is None where nothing was written, and unsigned while it is a draft.
    """

    session: TreatmentSession
    on: date
    gap_days: int | None
    record: SessionRecord | None
    volume_ml: Decimal | None
    points: int | None
    notes: int
    skin: str

    @property
    def is_signed(self) -> bool:
        """Whether its record is locked for good."""
        return self.record is not None and self.record.is_signed


def given_sessions(patient: Patient) -> list[GivenSession]:
    """Return the delivered sessions of all courses of `patient`, newest first (3 queries)."""
    sessions = (
        TreatmentSession.objects.filter(course__patient=patient, status="DONE")
        .select_related("course__indication", "course__site")
        .order_by("course", "number")
    )
    records = {record.session_id: record for record in _records(patient)}
    seen = _seen(patient)
    rows: list[GivenSession] = []
    before: TreatmentSession | None = None
    for session in sessions:
        assert session.delivered_on is not None  # a done session was delivered
        record = records.get(session.pk)
        follows = before is not None and before.course_id == session.course_id
        rows.append(
            GivenSession(
                session=session,
                on=session.delivered_on,
                gap_days=_days(before, session) if follows else None,
                record=record,
                volume_ml=getattr(record, "volume_ml", None),
                points=getattr(record, "points", None),
                notes=getattr(record, "notes_added", 0),
                skin=_skin(record, seen.get(record.pk, ())) if record else "",
            )
        )
        before = session
    return sorted(rows, key=lambda row: (row.on, row.session.pk), reverse=True)


def missed_appointments(patient: Patient) -> QuerySet[Appointment]:
    """Return the appointments to which `patient` did not come, newest first (1 query)."""
    return (
        Appointment.objects.filter(patient=patient, status=Appointment.Status.NO_SHOW)
        .with_people()
        .order_by("-starts_at")
    )


def treated_zones(course: TreatmentCourse) -> list[str]:
    """Return the codes of the zones that `course` was treated on, each once, signed or not (1 query)."""
    found = ZoneTreatment.objects.filter(record__session__course=course)
    return list(found.order_by().values_list("zone__code", flat=True).distinct())


def _days(before: TreatmentSession | None, session: TreatmentSession) -> int | None:
    if before is None or before.delivered_on is None or session.delivered_on is None:
        return None
    return (session.delivered_on - before.delivered_on).days


def _records(patient: Patient) -> QuerySet[SessionRecord]:
    return (
        SessionRecord.objects.filter(session__course__patient=patient)
        .select_related("signed_by", "opened_by")
        .annotate(
            volume_ml=_total(Administration.objects.all(), Sum("volume_ml"), DecimalField),
            points=_total(ZoneTreatment.objects.all(), Sum("points"), IntegerField),
            notes_added=_total(Amendment.objects.all(), Count("pk"), IntegerField),
        )
    )


def _total(parts: QuerySet[Any], total: Aggregate, kind: "type[Field[Any, Any]]") -> Subquery:
    """Return the `total` over those of `parts` that belong to the record of the outer query."""
    of_record = parts.filter(record=OuterRef("pk")).order_by().values("record")
    return Subquery(of_record.annotate(total=total).values("total"), output_field=kind())


def _seen(patient: Patient) -> dict[int, list[str]]:
    """Return the codes of what was seen straight after, by record."""
    found: dict[int, list[str]] = {}
    zones = ZoneTreatment.objects.filter(record__session__course__patient=patient)
    for record, seen in zones.order_by("pk").values_list("record", "seen"):
        found.setdefault(record, []).extend(code for code in seen.split(",") if code)
    return found


def _skin(record: SessionRecord, codes: Iterable[str]) -> str:
    """Say how the skin was straight after: what was seen, each once, else the reaction."""
    words = [str(Seen(code).label) for code in dict.fromkeys(codes)]
    return ", ".join(words) or record.reaction
