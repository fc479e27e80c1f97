"""What is made from the patient's own blood: the draw, the spin, the plasma and the minutes."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from records.actions.drafts import open_record
from records.actions.zones import DoseGiven, save_zone
from records.domain.blood import NO_BLOOD, Blood
from records.domain.problems import Caution
from records.domain.readiness import cautions, missing_to_sign
from records.models import SessionRecord
from records.record_words import blood_words
from records.selectors.seal import content_hash
from tests.factories.treatments import LotFactory, ProductFactory
from tests.records.conftest import NOW, arrive, fill, sign, zone_values
from tests.records.test_record_rules import COMPLETE, CROWN, DOSE, TODAY
from tests.records.test_step_pages import typed, url

DRAWN = Blood(
    kit_lot="KIT-77",
    anticoagulant="CITRATE",
    drawn_at=time(10, 5),
    drawn_ml=Decimal("16.0"),
    spin="8 min at 1500 g",
    plasma_ml=Decimal("4.5"),
    is_activated=True,
    injected_at=time(10, 40),
)


def given_own(blood, volume="1.20"):
    own = replace(
        DOSE, product_class="autologous", is_donor_patient=True, volume_ml=Decimal(volume)
    )
    return replace(COMPLETE, zones=(replace(CROWN, doses=(own,)),), blood=blood)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (given_own(DRAWN), []),
        (given_own(DRAWN, volume="4.50"), []),
        (given_own(DRAWN, volume="4.51"), [Caution.BLOOD_MORE_THAN_MADE]),
        (given_own(NO_BLOOD), [Caution.BLOOD_NOT_TRACED]),
        (given_own(replace(DRAWN, kit_lot="")), [Caution.BLOOD_NOT_TRACED]),
        (given_own(replace(DRAWN, drawn_at=None)), [Caution.BLOOD_NOT_TRACED]),
        (COMPLETE, []),
    ],
)
def test_a_draw_that_cannot_be_traced_is_to_be_looked_at(facts, expected):
    assert [one.lack for one in cautions(facts, on=TODAY)] == expected
    assert missing_to_sign(facts, delivered_on=TODAY) == []


@given(st.times(), st.times())
def test_the_minutes_from_the_draw_are_those_on_the_clock(drawn, injected):
    minutes = replace(DRAWN, drawn_at=drawn, injected_at=injected).minutes_to_injection
    assert 0 <= minutes < 24 * 60
    begun = drawn.hour * 60 + drawn.minute
    assert (begun + minutes) % (24 * 60) == injected.hour * 60 + injected.minute
    assert replace(DRAWN, injected_at=None).minutes_to_injection is None


@pytest.fixture
def plasma(indication):
    product = ProductFactory(name="Platelet-rich plasma", product_class="autologous")
    product.indications.add(indication)
    return LotFactory(product=product)


def posted(plasma, crown, record, **change):
    values = {
        "donor_number": record.session.course.patient.record_number,
        "blood_kit_lot": "KIT-77",
        "blood_anticoagulant": "CITRATE",
        "blood_drawn_at": "10:05",
        "blood_drawn_ml": "16",
        "blood_spin": "8 min at 1500 g",
        "blood_plasma_ml": "4.5",
        "blood_is_activated": "on",
        "blood_injected_at": "10:40",
    }
    return typed(plasma, crown, record.version, **(values | change))


@pytest.mark.django_db
def test_the_draw_is_kept_read_and_carried_to_the_next_zone(
    clinician_client, record, plasma, crown
):
    step = url(record.session, "injections")
    assert "The patient’s own blood" in clinician_client.get(step).content.decode()
    assert clinician_client.post(step, posted(plasma, crown, record)).status_code == 302
    page = clinician_client.get(step).content.decode()
    assert "35 minutes from the draw to the injection." in page
    assert 'value="KIT-77"' in page
    page = clinician_client.get(reverse("records:record-sign", args=[record.session_id]))
    said = " ".join(page.content.decode().split())
    assert (
        "tube kit lot KIT-77, anticoagulant: Sodium citrate, 16.0 ml drawn, drawn at 10:05, spun 8 min at 1500 g"
        in said
    )
    assert "4.5 ml plasma, activated, injected at 10:40, 35 minutes after the draw" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"blood_plasma_ml": "17"}, "There cannot be more plasma than blood was drawn."),
        ({"blood_drawn_ml": "501"}, "Blood drawn must be between 0.5 and 500 ml"),
        ({"blood_drawn_at": "25:00"}, "Drawn at must be a time, like 10:15."),
        ({"blood_anticoagulant": "RUM"}, "Choose the anticoagulant from the list."),
    ],
)
def test_a_slip_is_told_and_nothing_is_kept(clinician_client, record, plasma, crown, change, words):
    answer = clinician_client.post(
        url(record.session, "injections"), posted(plasma, crown, record, **change)
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    record.refresh_from_db()
    assert record.blood_kit_lot == ""


@pytest.mark.django_db
def test_where_no_blood_is_given_nobody_is_asked_about_it(clinician_client, record, lot, crown):
    step = url(record.session, "injections")
    assert "Lot of the tube kit" not in clinician_client.get(step).content.decode()


@pytest.mark.django_db
def test_another_zone_leaves_the_draw_and_the_signature_seals_it(
    record, plasma, lot, crown, frontal, clinician
):
    own = record.session.course.patient.record_number
    dose = DoseGiven(plasma, Decimal("1.20"), donor_number=own)
    record = fill(record, lot, frontal, clinician)
    record = save_zone(
        record=record,
        blood=DRAWN,
        version=record.version,
        by=clinician,
        at=NOW,
        **zone_values(plasma, crown, doses=[dose]),
    )
    record = save_zone(
        record=record, version=record.version, by=clinician, at=NOW, **zone_values(lot, frontal)
    )
    signed = sign(record, clinician)
    signed.refresh_from_db()
    assert (signed.blood_kit_lot, signed.blood_plasma_ml) == ("KIT-77", Decimal("4.5"))
    signed.blood_kit_lot = "OTHER"
    assert content_hash(signed) != signed.content_hash


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"blood_drawn_ml": Decimal("0.4")},
        {"blood_plasma_ml": Decimal(0)},
        {"blood_drawn_ml": Decimal(4), "blood_plasma_ml": Decimal("4.1")},
    ],
)
def test_the_database_takes_no_impossible_draw(record, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(**columns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("CITRATE_DEXTROSE", "anticoagulant: Acid citrate dextrose"),
        ("NONE", "no anticoagulant"),
        ("", ""),
    ],
)
def test_what_kept_the_blood_from_clotting_is_read(record, chosen, words):
    record.blood_anticoagulant = chosen
    assert blood_words(record) == ([words] if words else [])


@pytest.mark.django_db
def test_the_database_takes_no_unknown_anticoagulant(record):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(blood_anticoagulant="RUM")


@pytest.mark.django_db
def test_what_was_in_the_tube_is_taken_over_from_the_last_session(
    record, plasma, lot, crown, clinician, course, clinician_client
):
    own = record.session.course.patient.record_number
    draft = fill(record, lot, crown, clinician)
    draft = save_zone(
        record=draft,
        blood=DRAWN,
        version=draft.version,
        by=clinician,
        at=NOW,
        **zone_values(plasma, crown, doses=[DoseGiven(plasma, Decimal("1.20"), donor_number=own)]),
    )
    sign(draft, clinician)
    later = NOW + timedelta(days=7)
    second = arrive(course.sessions.get(number=2), at=later)
    open_record(session=second, by=clinician, at=later)
    step = f"{url(second, 'injections')}?zone={crown.pk}"
    plain = clinician_client.get(step).content.decode()
    copied = clinician_client.get(f"{step}&copy=1").content.decode()
    chosen = '<option value="CITRATE" selected>'
    assert chosen not in plain
    assert chosen in copied
    assert 'value="KIT-77"' not in copied
