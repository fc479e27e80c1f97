"""What is read around a record: vitals, skin, and what is known of the patient besides."""

from collections.abc import Iterable

from patients.models import Allergy, ScreeningAnswer
from records.domain.facts import PatientFacts
from records.domain.skin import Noted, SkinPreparation
from records.domain.vitals import Vitals
from records.models import Administration, SessionRecord, ZoneTreatment
from sessions.models import TreatmentSession

# Questions that ask about diabetes, and about a severe allergic reaction of the past.
DIABETES = frozenset({"diabetes_uncontrolled", "diabetes_insulin"})
SEVERE_ALLERGY = frozenset({"anaphylaxis_history"})


def vitals_of(record: SessionRecord) -> Vitals:
    """Return what was measured."""
    return Vitals(
        systolic_mmhg=record.systolic_mmhg,
        diastolic_mmhg=record.diastolic_mmhg,
        pulse_bpm=record.pulse_bpm,
        temperature_c=record.temperature_c,
        glucose_mmol=record.glucose_mmol,
    )


def preparation_of(record: SessionRecord) -> SkinPreparation:
    """Return how the skin was prepared."""
    return SkinPreparation(
        antiseptic=record.antiseptic,
        contact_seconds=record.contact_seconds,
        is_dried=record.is_dried,
        is_sterile=record.is_sterile,
        is_copied=record.is_preparation_copied,
    )


def patient_facts(
    session: TreatmentSession,
    record: SessionRecord | None = None,
    zones: Iterable[ZoneTreatment] = (),
) -> PatientFacts:
    """Return what is known of the patient of `session` beside its `record` (4 queries)."""
    patient, own = session.course.patient_id, record.pk if record else 0
    said = _said(patient)
    used = {dose.lot.product_id for zone in zones for dose in zone.administrations.all()}
    signed = SessionRecord.objects.filter(signed_at__isnull=False).exclude(pk=own)
    before = Administration.objects.filter(
        record__signed_at__isnull=False, record__session__course__patient=patient
    ).exclude(record=own)
    noted = Allergy.objects.live().filter(patient=patient).order_by("pk")
    return PatientFacts(
        noted=tuple(Noted(*one) for one in noted.values_list("substance", "allergen")),
        has_diabetes=bool(DIABETES & said),
        has_severe_allergy=bool(SEVERE_ALLERGY & said),
        is_first_session=not signed.filter(session__course=session.course_id).exists(),
        has_new_product=bool(used - set(before.values_list("lot__product", flat=True))),
    )


def _said(patient: int) -> frozenset[str]:
    """Return the codes of the questions whose newest answer is not no: unknown is not no."""
    answers = ScreeningAnswer.objects.filter(
        patient=patient, question__is_active=True, question__code__in=DIABETES | SEVERE_ALLERGY
    ).newest()
    said = answers.exclude(value=ScreeningAnswer.Value.NO)
    return frozenset(said.values_list("question__code", flat=True))
