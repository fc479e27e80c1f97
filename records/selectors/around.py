"""What is read around a record: vitals, skin, and what is known of the patient besides."""

from collections.abc import Iterable

from patients.models import Allergy, ScreeningAnswer
from records.domain.blood import Blood
from records.domain.facts import PatientFacts
from records.domain.skin import Noted, SkinPreparation
from records.domain.vitals import Vitals
from records.models import Administration, Anaesthesia, SessionRecord, ZoneTreatment
from sessions.models import TreatmentSession

# Questions that ask about diabetes, and about a severe allergic reaction of the past.
DIABETES = frozenset({"diabetes_uncontrolled", "diabetes_insulin"})
SEVERE_ALLERGY = frozenset({"anaphylaxis_history"})
ANAESTHETIC_ALLERGY = frozenset({"la_allergy"})
SLOW_TO_CLEAR = frozenset({"cardiac", "heart_attack_stroke", "renal_hepatic"})
_ASKED = DIABETES | SEVERE_ALLERGY | ANAESTHETIC_ALLERGY | SLOW_TO_CLEAR


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


def blood_of(record: SessionRecord) -> Blood:
    """Return how the patient's own blood was drawn and prepared."""
    return Blood(
        kit_lot=record.blood_kit_lot,
        anticoagulant=record.blood_anticoagulant,
        drawn_at=record.blood_drawn_at,
        drawn_ml=record.blood_drawn_ml,
        spin=record.blood_spin,
        plasma_ml=record.blood_plasma_ml,
        is_activated=record.blood_is_activated,
        injected_at=record.blood_injected_at,
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
        has_anaesthetic_allergy=bool(ANAESTHETIC_ALLERGY & said),
        is_slow_to_clear=bool(SLOW_TO_CLEAR & said),
        is_first_session=not signed.filter(session__course=session.course_id).exists(),
        has_new_product=bool(used - set(before.values_list("lot__product", flat=True))),
    )


def known_height_cm(session: TreatmentSession, numbed: Anaesthesia | None) -> int | None:
    """Return the patient's height: as `numbed` has it, else as it was entered last, else None."""
    if numbed and numbed.height_cm is not None:
        return numbed.height_cm
    if numbed and numbed.is_locked:
        return None
    entered = Anaesthesia.objects.filter(
        record__session__course__patient=session.course.patient_id, height_cm__isnull=False
    )
    return entered.order_by("-pk").values_list("height_cm", flat=True).first()


def _said(patient: int) -> frozenset[str]:
    """Return the codes of the questions whose newest answer is not no: unknown is not no."""
    answers = ScreeningAnswer.objects.filter(
        patient=patient, question__is_active=True, question__code__in=_ASKED
    ).newest()
    said = answers.exclude(value=ScreeningAnswer.Value.NO)
    return frozenset(said.values_list("question__code", flat=True))
