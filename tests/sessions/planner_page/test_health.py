"""What the planner says about the patient's health, before the course exists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.patients import AllergyFactory
from tests.factories.screening import ContraindicationRuleFactory, ScreeningAnswerFactory
from tests.factories.treatments import IndicationFactory, ProductFactory
from tests.sessions.planner_page.page import plan_url, read, settings_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("petra")]


def answered(patient, value, **rule):
    rule = ContraindicationRuleFactory(words="Not while pregnant.", **rule)
    ScreeningAnswerFactory(patient=patient, question=rule.question, value=value)
    return rule


def test_a_clinic_that_asks_nothing_reads_nothing_about_it(show, indication):
    assert "Health questions" not in read(show())


def test_open_questions_are_handed_over_by_reception_and_asked_by_a_clinician(
    show, indication, patient, clinician_client
):
    ContraindicationRuleFactory()
    here = f"next={plan_url(patient)}"
    reception = show()
    assert "Health questions: Open The course can be planned and booked" in read(reception)
    hand_over = reverse("patients:screening-hand-over", args=[patient.pk])
    assert f'href="{hand_over}?{here}"' in reception.content.decode()
    fill = reverse("patients:screening-fill", args=[patient.pk])
    asked = show(client=clinician_client).content.decode()
    assert f'href="{fill}?part=full&amp;{here}"' in asked


def test_complete_answers_are_one_line(show, indication, patient):
    answered(patient, "NO")
    assert "Health questions: complete." in read(show())


def test_a_clinician_reads_why_and_reception_that_there_is_a_hold(
    show, indication, patient, clinician_client
):
    answered(patient, "YES")
    page = read(show(client=clinician_client))
    assert "Health questions: Clinical hold Must not be treated: Not while pregnant." in page
    page = read(show())
    assert "Health questions: Clinical hold The course can be planned" in page
    assert "Not while" not in page


def test_a_rule_of_another_indication_does_not_count(show, indication, patient, clinician_client):
    rule = answered(patient, "YES", indication=IndicationFactory())
    assert "Health questions: complete." in read(show(client=clinician_client))
    rule.indication = indication
    rule.save()
    assert "Not while pregnant." in read(show(client=clinician_client))


def test_it_is_about_the_product_that_is_chosen(show, indication, patient, petra, clinician_client):
    product = ProductFactory(allergens=["FISH"])
    product.indications.add(indication)
    AllergyFactory(patient=patient, substance="Salmon", allergen="FISH")
    before = show(settings_of(indication, petra), clinician_client)
    assert "Clinical hold" not in read(before)
    chosen = settings_of(indication, petra, product=product.pk)
    page = read(show(chosen, clinician_client, **{"HX-Request": "true"}))
    assert "Must not be treated: Allergy to Salmon" in page


def test_the_course_can_be_booked_all_the_same(show, indication, patient, petra):
    answered(patient, "YES")
    assert "Book 8 sessions" in read(show(settings_of(indication, petra)))


def test_it_takes_four_queries_more_where_questions_are_asked(
    show, indication, patient, petra, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as without:
        show(settings_of(indication, petra))
    for _number in range(3):
        answered(patient, "YES")
    with django_assert_max_num_queries(len(without) + 4):
        show(settings_of(indication, petra))
