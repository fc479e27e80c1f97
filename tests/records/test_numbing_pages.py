"""Anaesthesia, routes, donors and limits, through the pages and into the signed record."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.actions import set_signing_pin
from meso_clinic.core.models import AuditEvent
from patients.actions import weigh_patient
from patients.models import Patient
from records.actions import drafts, signing
from records.actions.anaesthesia import Numbed, NumbingRefused, save_anaesthesia
from records.actions.zones import DoseGiven, ZoneRefused, save_zone
from records.domain.problems import Lack
from records.models import Administration, ZoneTreatment
from records.selectors.drafts import record_facts
from sessions.models import TreatmentSession
from tests.factories.treatments import LotFactory, ProductFactory
from tests.records.conftest import NOW, TODAY, arrive, fill, sign, zone_values
from tests.records.conftest import numb as numb_from
from tests.records.test_step_pages import typed, url
from treatments.actions.stock import quarantine_lot

pytestmark = pytest.mark.django_db

INJECTED = {
    "kind": "INJECTED",
    "agent": "Lidocaine",
    "strength_percent": "1",
    "volume_ml": "10",
    "weight_kg": "60",
    "has_adrenaline": "on",
}


def numb(record, by, **amounts):
    return save_anaesthesia(
        record=record,
        kind="INJECTED",
        agent="Lidocaine",
        dose="x",
        applied_at=None,
        numbed=Numbed(**amounts),
        version=record.version,
        by=by,
        at=NOW,
    )


def problems(refused):
    return [problem.lack for problem in refused.value.problems]


def test_what_was_injected_is_kept_with_the_weight(clinician_client, record, patient):
    step = url(record.session, "anaesthesia")
    assert clinician_client.post(step, {"version": 1, **INJECTED}).status_code == 302
    kept = record.anaesthesia
    assert (kept.dose, kept.has_adrenaline) == ("10 ml of 1 %", True)
    patient.refresh_from_db()
    assert (patient.weight_kg, patient.weighed_on) == (60, TODAY)
    page = " ".join(clinician_client.get(step).content.decode().split())
    assert "Lidocaine in this session: 100 mg, 1.67 mg/kg. Limit 420 mg." in page
    assert "60 kg on 26 Nov 2026" in page
    assert AuditEvent.objects.filter(kind="patient.weighed", patient_id=patient.pk).count() == 1


def test_without_a_weight_nothing_is_injected(clinician_client, record):
    step = url(record.session, "anaesthesia")
    answer = clinician_client.post(step, {"version": 1, **INJECTED, "weight_kg": ""})
    assert answer.status_code == 422
    assert "100 mg lidocaine needs a weight from the last 90 days." in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"strength_percent": ""}, "Enter the strength"),
        ({"volume_ml": ""}, "Enter the volume that was injected."),
        ({"weight_kg": "1.5"}, "Weight must be between 2 and 400 kg"),
        ({"strength_percent": "11"}, "at most 10 percent"),
        ({"kind": ""}, "Choose how the area was numbed."),
        ({"kind": "OTHER"}, "Enter the dose of the agent."),
        ({"kind": "CREAM", "grams": "61", "area_cm2": "90"}, "More than 60 g of cream."),
        ({"kind": "CREAM", "grams": "2", "area_cm2": "601"}, "more than 600 cm²"),
        ({"kind": "CREAM", "grams": "2", "removed_at": "11:00"}, "Enter when it was applied."),
        ({"kind": "CREAM", "grams": "2", "wait_minutes": "5"}, "between 10 and 120 minutes"),
        ({"kind": "CREAM", "grams": "2", "area_cm2": "x"}, "Area must be between"),
    ],
)
def test_amounts_that_cannot_be_are_asked_for_again(clinician_client, record, change, words):
    answer = clinician_client.post(
        url(record.session, "anaesthesia"), {"version": 1, **INJECTED, **change}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    record.refresh_from_db()
    assert record.version == 1


def test_another_kind_empties_what_was_kept_of_the_first(clinician_client, record):
    step = url(record.session, "anaesthesia")
    clinician_client.post(step, {"version": 1, **INJECTED})
    clinician_client.post(step, {"version": 2, **INJECTED, "kind": "COLD"})
    kept = record.anaesthesia
    assert (kept.volume_ml, kept.has_adrenaline, kept.agent) == (None, False, "")


def test_the_cream_is_timed_from_what_the_server_keeps(clinician_client, record):
    values = {"kind": "CREAM", "agent": "Lidocaine cream", "grams": "2", "area_cm2": "40"}
    times = {"applied_at": "10:10", "removed_at": "11:15", "is_covered": "on", "wait_minutes": "45"}
    clinician_client.post(url(record.session, "anaesthesia"), {"version": 1, **values, **times})
    page = clinician_client.get(url(record.session, "anaesthesia")).content.decode()
    assert 'data-removed_at="11:15"' in page
    assert "covered for more than an hour" in page
    assert record_facts(record).numbing.covered_minutes == 65


def test_lidocaine_in_the_mixture_counts_with_what_was_injected(
    record, lot, crown, frontal, clinician, patient
):
    product = ProductFactory(lidocaine_percent=Decimal(1), route="ANY")
    product.indications.add(crown.indication)
    mixed = LotFactory(product=product)
    record = numb(
        record,
        clinician,
        strength_percent=Decimal(1),
        volume_ml=Decimal(20),
        weight_kg=Decimal(60),
    )
    doses = [DoseGiven(lot=mixed, volume_ml=Decimal("7.01"))]
    with pytest.raises(ZoneRefused) as refused:
        save_zone(
            record=record,
            version=record.version,
            by=clinician,
            at=NOW,
            **zone_values(lot, crown, doses=doses),
        )
    assert problems(refused) == [Lack.LIDOCAINE_OVER]


def test_the_lot_that_numbed_is_kept_with_its_amounts(clinician_client, record, cream):
    step = url(record.session, "anaesthesia")
    values = {
        "kind": "CREAM",
        "agent": "Lidocaine cream",
        "grams": "2",
        "area_cm2": "40",
        "cream_lot": cream.pk,
    }
    assert clinician_client.post(step, {"version": 1, **values}).status_code == 302
    kept = record.anaesthesia
    assert (kept.lot, kept.dose, kept.area_cm2) == (cream, "2 g", 40)
    assert f'value="{cream.pk}" selected' in clinician_client.get(step).content.decode()
    quarantine_lot(lot=cream, reason="Torn tube", by=kept.record.opened_by, at=NOW)
    answer = clinician_client.post(step, {"version": 2, **values, "grams": "3"})
    assert answer.status_code == 422
    assert "is in quarantine. Choose another lot." in answer.content.decode()


def test_a_lot_of_lidocaine_counts_whatever_it_is_called(record, clinician):
    product = ProductFactory(lidocaine_percent=Decimal(2), product_class="anaesthetic")
    amounts = {"strength_percent": Decimal(2), "volume_ml": Decimal(14)}
    with pytest.raises(NumbingRefused) as refused:
        numb_from(
            record,
            LotFactory(product=product),
            clinician,
            kind="INJECTED",
            agent="The usual",
            numbed=Numbed(**amounts, weight_kg=Decimal(60)),
        )
    assert problems(refused) == [Lack.LIDOCAINE_OVER]


def test_the_weight_of_the_day_is_frozen_with_the_signature(record, lot, crown, clinician, patient):
    product = ProductFactory(lidocaine_percent=Decimal(1), route="ANY")
    product.indications.add(crown.indication)
    record = fill(record, LotFactory(product=product), crown, clinician)
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(record, clinician)
    assert problems(refused) == [Lack.NO_RECENT_WEIGHT]
    weigh_patient(patient=patient, weight_kg=Decimal(60), on=TODAY, by=clinician, at=NOW)
    signed = sign(record, clinician)
    weigh_patient(
        patient=patient, weight_kg=Decimal(70), on=TODAY + timedelta(1), by=clinician, at=NOW
    )
    signed.refresh_from_db()
    assert (signed.anaesthesia.weight_kg, signed.anaesthesia.weighed_on) == (60, TODAY)
    assert record_facts(signed).weight_kg == 60


def test_a_weight_is_kept_once_and_an_earlier_one_does_not_win(patient, clinician):
    kept = weigh_patient(patient=patient, weight_kg=Decimal(60), on=TODAY, by=clinician, at=NOW)
    weigh_patient(patient=patient, weight_kg=Decimal(60), on=TODAY, by=clinician, at=NOW)
    older = TODAY - timedelta(days=3)
    weigh_patient(patient=patient, weight_kg=Decimal(58), on=older, by=clinician, at=NOW)
    assert Patient.objects.get(pk=kept.pk).weight_kg == 60
    assert AuditEvent.objects.filter(kind="patient.weighed").count() == 1
    with pytest.raises(ValidationError, match="between 2 and 400"):
        weigh_patient(patient=patient, weight_kg=Decimal(1), on=TODAY, by=clinician, at=NOW)


def test_a_known_weight_needs_no_new_day(record, clinician, patient):
    before = TODAY - timedelta(days=60)
    weigh_patient(patient=patient, weight_kg=Decimal(60), on=before, by=clinician, at=NOW)
    amounts = {"strength_percent": Decimal(1), "volume_ml": Decimal(5), "weight_kg": Decimal(60)}
    numb(record, clinician, **amounts)
    assert Patient.objects.get(pk=patient.pk).weighed_on == before


def test_the_tube_must_be_the_patients_own(clinician_client, record, crown, patient):
    blood = ProductFactory(product_class="autologous", name="Plasma")
    blood.indications.add(crown.indication)
    tube = LotFactory(product=blood)
    step = url(record.session, "injections")
    for donor, words in [("", "scan or type the record number"), ("LSC-99999", "from another")]:
        answer = clinician_client.post(step, typed(tube, crown, 1, donor_number=donor))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    own = typed(tube, crown, 1, donor_number=f" {patient.record_number.lower()} ")
    assert clinician_client.post(step, own).status_code == 302
    assert Administration.objects.get().donor_number == patient.record_number.lower()


def test_a_detergent_goes_under_the_skin(clinician_client, record, crown):
    detergent = ProductFactory(product_class="detergent", route="SUBCUTANEOUS", name="Acid")
    detergent.indications.add(crown.indication)
    step = url(record.session, "injections")
    values = typed(LotFactory(product=detergent), crown, 1)
    answer = clinician_client.post(step, values)
    assert answer.status_code == 422
    assert "Acid never goes into the skin." in answer.content.decode()
    assert clinician_client.post(step, values | {"route": "SUBCUTANEOUS"}).status_code == 302
    assert ZoneTreatment.objects.get().is_under_skin


def test_a_product_is_limited_over_all_zones_and_sessions(
    record, lot, crown, frontal, course, clinician
):
    type(lot.product).objects.filter(pk=lot.product_id).update(
        max_volume_ml=Decimal("1.5"), max_treatments=1
    )
    lot.product.refresh_from_db()
    record = fill(record, lot, crown, clinician)
    with pytest.raises(ZoneRefused) as refused:
        save_zone(
            record=record,
            version=record.version,
            by=clinician,
            at=NOW,
            **zone_values(lot, frontal),
        )
    assert problems(refused) == [Lack.OVER_MAX_VOLUME_ML]
    sign(record, clinician)
    later = NOW + timedelta(days=7)
    second = arrive(course.sessions.get(number=2), at=later)
    next_record = drafts.open_record(session=second, by=clinician, at=later)
    with pytest.raises(ZoneRefused) as refused:
        fill(next_record, lot, crown, clinician, at=later)
    assert problems(refused) == [Lack.OVER_MAX_TREATMENTS]


def test_more_than_a_syringe_holds_cannot_be_drawn_up(record, lot, crown, clinician):
    with pytest.raises(ValidationError, match="Drawn up"):
        save_zone(
            record=record,
            version=record.version,
            by=clinician,
            at=NOW,
            **zone_values(lot, crown, drawn_up_ml=Decimal(101)),
        )


def test_the_same_as_last_time_needs_no_word_about_numbing(
    clinician_client, signed, course, clinician
):
    later = NOW + timedelta(days=7)
    second = arrive(course.sessions.get(number=2), at=later)
    record = drafts.open_record(session=second, by=clinician, at=later)
    step = url(second, "anaesthesia")
    assert "Same as session 1" in clinician_client.get(step).content.decode()
    answer = clinician_client.post(step, {"version": 1, "go": "same"})
    assert answer.url == url(second, "injections")
    assert record.anaesthesia.kind == "NONE"


def test_an_amount_is_never_taken_from_the_last_time(clinician_client, record, course, clinician):
    step = url(record.session, "anaesthesia")
    assert "Same as session" not in clinician_client.get(step).content.decode()
    answer = clinician_client.post(step, {"version": 1, "go": "same"})
    assert answer.status_code == 302
    assert not hasattr(record, "anaesthesia")


def test_a_pin_signs_and_wrong_ones_are_counted(clinician_client, complete, clinician):
    set_signing_pin(user=clinician, pin="407193", at=NOW)
    step = url(complete.session, "sign")
    assert "Signing PIN or password" in clinician_client.get(step).content.decode()
    values = {"version": complete.version, "delivered_on": TODAY.isoformat()}
    for _try in range(5):
        answer = clinician_client.post(step, values | {"password": "407194"})
        assert "Neither your PIN nor your password." in answer.content.decode()
    answer = clinician_client.post(step, values | {"password": "407193"})
    assert "Five wrong tries." in answer.content.decode()


def test_a_pin_in_place_of_the_password(complete, clinician):
    set_signing_pin(user=clinician, pin="407193", at=NOW)
    assert sign(complete, clinician, password="407193").is_signed
    assert TreatmentSession.objects.get(record=complete).delivered_on == date(2026, 11, 26)
