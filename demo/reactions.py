"""A few reactions: usual ones that went away, one to look at again, one that holds its course."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from demo.clinic_plan import Clinic
from meso_clinic.core.models import User
from records.actions.reactions import News, Report, report_reaction, update_reaction
from records.models import Administration, AdverseEvent
from sessions.models import Appointment, TreatmentSession

_KEYS: Final = UUID("0b6f6a0e-5c1f-4c53-9a3c-7d5b9f0d2c61")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Tale:
    """What is told `after` so many days, and after how many more it was over (0: it is not)."""

    kind: str
    grade: int
    after: int
    words: str
    done: str
    over_after: int = 0
    look_again: bool = False


_USUAL: Final = (
    _Tale("bruise", 1, 0, "Two bruises of 1 cm.", "Cool pack.", over_after=6),
    _Tale("erythema_oedema", 2, 0, "Swollen until the next evening.", "Seen.", over_after=2),
    _Tale("nodule_early", 1, 2, "A small firm lump, not tender.", "", look_again=True),
)
_INFECTION: Final = _Tale(
    "bacterial_infection", 2, 3, "Warm, red, 3 cm, no fever.", "Antibiotic.", over_after=9
)
_HELD: Final = _Tale(
    "nodule_late", 2, 14, "Three tender lumps in a row along the points.", "Sent for a biopsy."
)


def add_reactions(clinic: Clinic) -> None:
    """Report them after sessions that were given, as far as the clinic has such sessions."""
    today = clinic.today
    given = TreatmentSession.objects.filter(
        delivered_on__lte=today - 3 * _DAY, course__ended_at=None, course__status="ACTIVE"
    )
    given = given.exclude(course__patient__in=_coming_soon(clinic))
    old = list(given.filter(delivered_on__lte=today - 15 * _DAY).order_by("-delivered_on", "-pk"))
    held = next((one for one in old if _comes_again(one, clinic)), None)
    if held is not None:
        alike = next((one for one in old if _is_alike(one, held)), None)
        if alike is not None:
            _tell(clinic, alike, _INFECTION)
        _tell(clinic, held, _HELD)
    used = set(AdverseEvent.objects.values_list("course__patient", flat=True))
    recent = given.exclude(course__patient__in=used).order_by("-delivered_on", "-pk")
    tales = iter(_USUAL)
    for session in recent:
        if session.course.patient_id in used:
            continue
        used.add(session.course.patient_id)
        if (tale := next(tales, None)) is None:
            break
        _tell(clinic, session, tale)


def _coming_soon(clinic: Clinic) -> list[int]:
    """Return who has an appointment about now: none of them is on hold."""
    near = (clinic.now - _DAY, clinic.now + 2 * _DAY)
    return list(Appointment.objects.filter(starts_at__range=near).values_list("patient", flat=True))


def _is_alike(session: TreatmentSession, held: TreatmentSession) -> bool:
    """Whether another patient was treated by the same person, which makes a cluster."""
    one, other = session.course, held.course
    is_another = one.patient_id != other.patient_id
    return is_another and one.practitioner_id == other.practitioner_id


def _comes_again(session: TreatmentSession, clinic: Clinic) -> bool:
    """Whether the course has a booked time ahead, which a hold then marks."""
    return Appointment.objects.filter(
        session__course=session.course, status="BOOKED", starts_at__gt=clinic.now
    ).exists()


def _tell(clinic: Clinic, session: TreatmentSession, tale: _Tale) -> None:
    """Report `tale` after `session`, and say that it is over if it is."""
    course, given_on = session.course, session.delivered_on
    assert given_on is not None
    dose = Administration.objects.filter(record__session=session).order_by("pk").first()
    doctor = next(user for user in clinic.staff.values() if user.is_prescriber)
    onset_on = min(given_on + tale.after * _DAY, clinic.today - _DAY)
    event = report_reaction(
        report=Report(
            course=course,
            session=session,
            kind=tale.kind,
            grade=tale.grade,
            onset_on=onset_on,
            source=AdverseEvent.Source.PATIENT,
            relatedness=AdverseEvent.Relatedness.PROBABLE,
            is_serious=False,
            description=tale.words,
            action_taken=tale.done,
            follow_up_on=clinic.today if tale.look_again else None,
            lot=dose.lot if dose else None,
        ),
        key=uuid5(_KEYS, f"{session.pk}"),
        by=_practitioner(session),
        at=clinic.now,
    )
    if tale.over_after:
        over_on = min(onset_on + tale.over_after * _DAY, clinic.today)
        news = News(words="Gone.", grade=tale.grade, outcome="RESOLVED", resolved_on=over_on)
        update_reaction(event=event, seen=0, news=news, by=doctor, at=clinic.now)


def _practitioner(session: TreatmentSession) -> User:
    practitioner: User = session.course.practitioner
    return practitioner
