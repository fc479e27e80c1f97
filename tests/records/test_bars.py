"""R11: what anaphylaxis came after is never given to the patient again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from patients.actions import OnlyAPrescriberLifts, withdraw_allergy
from patients.models import Allergy
from records.actions.reactions import News, Report, report_reaction, update_reaction
from records.actions.zones import ZoneRefused, save_zone
from records.models import AdverseEvent
from records.selectors.bars import allergens_to_note, barring_events, products_before
from sessions.models import TreatmentSession
from tests.factories.core import UserFactory
from tests.factories.reactions import AdverseEventFactory
from tests.factories.treatments import LotFactory, ProductFactory, TreatmentCourseFactory
from tests.records.conftest import NOW, TODAY, numb, sign, zone_values
from treatments.selectors.screening import Forbidden, read_screening

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def doctor(site):
    return UserFactory(prescriber=True, first_name="Ines", last_name="Halloran")


def tell(session, by, kind="anaphylaxis", grade=4, *, is_linked=True, at=SOON, **change):
    session.refresh_from_db()
    values = {
        "course": session.course,
        "session": session if is_linked else None,
        "kind": kind,
        "grade": grade,
        "onset_on": TODAY,
        "source": "SEEN",
        "relatedness": "PROBABLE",
        "is_serious": True,
        "description": "Hives, then short of breath.",
    }
    return report_reaction(report=Report(**values | change), key=uuid4(), by=by, at=at)


def barred(patient):
    rows = Allergy.objects.live().filter(patient=patient).exclude(product_code="")
    return sorted(rows.values_list("product_code", flat=True))


def again(course, lot, at=SOON):
    """Why the patient must not get `lot` in another course."""
    found = Forbidden(course, at=at).products([lot.product])
    return [one.reason for one in found.get(lot.product_id, ())]


def test_what_was_given_is_barred_at_once(complete, lot, patient, clinician):
    tell(complete.session, clinician)
    assert barred(patient) == [lot.product.code]
    [allergy] = patient.allergies.exclude(product_code="")
    assert (allergy.substance, allergy.reaction) == ("Dexpanthenol", "Anaphylaxis, 26 Nov 2026")
    other = TreatmentCourseFactory(patient=patient, site=complete.session.course.site)
    assert again(other, lot) == ["REACTED"]
    type(other).objects.filter(pk=other.pk).update(product=lot.product)
    planned = TreatmentCourseFactory._meta.model.objects.with_people().get(pk=other.pk)
    verdict = read_screening(planned, at=SOON)
    assert not verdict.may_start
    assert "REACTED" in {one.reason for one in verdict.holding_up}
    assert AuditEvent.objects.filter(kind="patient.allergy_recorded", by=clinician).count() == 1


def test_another_patient_gets_it_as_before(complete, lot, other_record, crown, clinician):
    tell(complete.session, clinician)
    zone = zone_values(lot, crown)
    assert save_zone(record=other_record, version=1, by=clinician, at=NOW, **zone)


@pytest.mark.parametrize(
    ("kind", "grade", "is_barred"),
    [
        ("anaphylaxis", 3, True),
        ("allergy_local", 4, True),
        ("allergy_delayed", 4, True),
        ("allergy_local", 3, False),
        ("vascular_occlusion", 4, False),
    ],
)
def test_only_a_grave_allergy_bars(complete, patient, clinician, kind, grade, is_barred):
    tell(complete.session, clinician, kind, grade)
    assert bool(barred(patient)) is is_barred


def test_an_allergy_that_gets_worse_bars_then(complete, patient, clinician):
    event = tell(complete.session, clinician, "allergy_local", 2)
    assert barred(patient) == []
    news = News(words="Blisters in the throat.", grade=4, outcome="ONGOING")
    update_reaction(event=event, seen=0, news=news, by=clinician, at=SOON)
    assert len(barred(patient)) == 1


def test_what_numbed_is_barred_too(complete, cream, lot, patient, clinician):
    record = numb(complete, cream, clinician)
    tell(record.session, clinician)
    assert barred(patient) == sorted([cream.product.code, lot.product.code])


def test_the_product_that_was_named_is_barred_without_a_record(session, lot, patient, clinician):
    TreatmentSession.objects.filter(pk=session.pk).update(status="IN_TREATMENT")
    tell(session, clinician, lot=lot)
    assert barred(patient) == [lot.product.code]


def test_without_a_session_those_of_its_day_count(signed, patient, lot, clinician):
    event = tell(signed.session, clinician, is_linked=False)
    assert barred(patient) == [lot.product.code]
    assert products_before(event) == [lot.product]
    older = AdverseEventFactory(
        course=event.course,
        kind="anaphylaxis",
        is_red_flag=True,
        onset_on=TODAY - timedelta(days=9),
    )
    assert products_before(older) == []
    assert barring_events(signed.session) == [AdverseEvent.objects.get(pk=event.pk)]


# The record of the session itself


@pytest.mark.parametrize("is_linked", [True, False])
def test_the_session_that_it_came_after_is_recorded_as_it_was(
    complete, lot, frontal, patient, clinician, doctor, is_linked
):
    """Another zone is typed after the reaction was told: it was given before."""
    event = tell(complete.session, clinician, is_linked=is_linked)
    zone = zone_values(lot, frontal)
    record = save_zone(record=complete, version=complete.version, by=clinician, at=SOON, **zone)
    assert record.zones.count() == 2
    assert event.course.sessions.exists()


def test_what_is_typed_after_the_report_is_barred_with_the_signature(
    complete, indication, frontal, lot, patient, clinician
):
    tell(complete.session, clinician)
    late = LotFactory(product=ProductFactory(name="Vitamins"))
    late.product.indications.add(indication)
    zone = zone_values(late, frontal)
    record = save_zone(record=complete, version=complete.version, by=clinician, at=SOON, **zone)
    assert barred(patient) == [lot.product.code]
    sign(record, clinician, at=SOON)
    assert barred(patient) == sorted([lot.product.code, late.product.code])


def test_what_was_barred_before_stays_forbidden_after_its_own_reaction(
    complete, lot, frontal, patient, clinician
):
    Allergy.objects.create(
        patient=patient,
        substance="Dexpanthenol",
        product_code=lot.product.code,
        noted_at=NOW - timedelta(days=90),
        noted_by=clinician,
    )
    tell(complete.session, clinician)
    with pytest.raises(ZoneRefused):
        save_zone(
            record=complete,
            version=complete.version,
            by=clinician,
            at=SOON,
            **zone_values(lot, frontal),
        )


def test_the_next_session_is_refused(complete, lot, crown, course, patient, clinician):
    tell(complete.session, clinician)
    second = course.sessions.get(number=2)
    assert barring_events(second) == []
    assert again(type(course).objects.with_people().get(pk=course.pk), lot) == ["REACTED"]


# Lifting


def test_a_prescriber_alone_lifts_it(complete, lot, patient, clinician, doctor):
    event = tell(complete.session, clinician)
    [allergy] = patient.allergies.exclude(product_code="")
    with pytest.raises(OnlyAPrescriberLifts):
        withdraw_allergy(allergy=allergy, reason="Never mind", by=clinician, at=SOON)
    withdraw_allergy(allergy=allergy, reason="It was the latex.", by=doctor, at=SOON)
    assert barred(patient) == []
    # Lifted is lifted: neither news nor the signature brings it back.
    news = News(words="Well again.", grade=4, outcome="ONGOING")
    update_reaction(event=event, seen=0, news=news, by=clinician, at=SOON)
    assert barred(patient) == []


def test_it_is_noted_once(complete, patient, clinician):
    event = tell(complete.session, clinician)
    tell(complete.session, clinician, "allergy_local", 4)
    assert len(barred(patient)) == 1
    [allergy] = patient.allergies.exclude(product_code="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Allergy.objects.create(
            patient=patient,
            substance="Twice",
            product_code=allergy.product_code,
            noted_at=NOW,
            noted_by=event.reported_by,
        )


# The pages


def said(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_of_the_reaction_proposes_what_to_note(
    complete, lot, patient, clinician, clinician_client
):
    type(lot.product).objects.filter(pk=lot.product_id).update(allergens=["sulfite", "latex"])
    event = tell(complete.session, clinician)
    assert [code for code, _name in allergens_to_note(event)] == ["latex", "sulfite"]
    page = said(clinician_client.get(reverse("records:reaction-detail", args=[event.pk])))
    add = reverse("patients:allergy-add", args=[patient.pk])
    assert f"{add}?allergen=sulfite" in page
    form = said(clinician_client.get(f"{add}?allergen=sulfite"))
    assert 'value="Sulfites"' in form
    assert '<option value="sulfite" selected>' in form
    clinician_client.post(add, {"substance": "Sulfites", "allergen": "sulfite", "reaction": ""})
    assert [code for code, _name in allergens_to_note(event)] == ["latex"]


def test_a_mild_reaction_proposes_nothing(complete, lot, clinician, clinician_client):
    type(lot.product).objects.filter(pk=lot.product_id).update(allergens=["sulfite"])
    event = tell(complete.session, clinician, "bruise", 1)
    page = said(clinician_client.get(reverse("records:reaction-detail", args=[event.pk])))
    assert "allergen=sulfite" not in page


def test_who_is_no_prescriber_is_told_and_the_reason_stays(
    complete, patient, clinician, clinician_client
):
    tell(complete.session, clinician)
    [allergy] = patient.allergies.exclude(product_code="")
    url = reverse("patients:allergy-withdraw", args=[patient.pk, allergy.pk])
    answer = clinician_client.post(url, {"reason": "Never mind."})
    assert answer.status_code == 422
    assert "Only a prescriber lets a product be given again." in said(answer)
    assert "Never mind." in said(answer)
