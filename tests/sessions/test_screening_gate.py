"""No session begins while the health questions keep it from beginning."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from patients.actions import record_allergy, record_screening
from patients.domain.screening import Given, Part, Value
from patients.models import Patient, ScreeningQuestion
from records.actions import drafts
from records.actions.zones import DoseGiven, ZoneRefused, save_zone
from records.domain.problems import Lack
from records.selectors.forbidden import (
    forbidden_in,
    forbidden_problems,
    forbidden_zone_problems,
    given_in,
    zones_of,
)
from records.wording import problem_sentence
from sessions.actions.status import StatusRefused, start_appointment
from sessions.selectors.appointments import read_visit
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.screening import ContraindicationRuleFactory, ScreeningQuestionFactory
from tests.factories.treatments import LotFactory, ProductFactory, ZoneFactory
from tests.sessions.desk import Desk
from treatments.domain.screening.verdict import State

pytestmark = pytest.mark.django_db

NO = Given(Value.NO)
SECRET = "zebra marker"


@pytest.fixture(autouse=True)
def now():
    """It is the morning of the first session, also when somebody signs in."""
    moment = datetime(2026, 11, 26, 10, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        yield moment


@pytest.fixture
def desk(site):
    desk = Desk(site=site)
    desk.book(1, 0)
    return desk


@pytest.fixture
def questions():
    """One that is asked at every session, and one that a yes to forbids."""
    fever = ScreeningQuestionFactory(code="fever", short=True)
    heart = ScreeningQuestionFactory(code="heart")
    ContraindicationRuleFactory(question=fever, sign_off=True)
    ContraindicationRuleFactory(question=heart, words=SECRET)


def tell(desk, part=Part.FULL, at=None, **answers):
    record_screening(
        patient=desk.course.patient,
        part=part,
        answers={"fever": NO, **({"heart": NO} if part is Part.FULL else {}), **answers},
        key=uuid4(),
        by=desk.practitioner,
        at=at or desk.now,
    )


def begin(desk):
    desk.arrive(1)
    return start_appointment(
        appointment=desk.place(1), by=desk.practitioner, at=desk.moment(0, "10:00")
    )


def test_a_session_begins_when_all_is_answered(desk, questions):
    tell(desk)
    assert begin(desk).status == "IN_TREATMENT"


def test_a_session_waits_for_answers(desk, questions):
    with pytest.raises(StatusRefused, match="Health questions are open"):
        begin(desk)
    assert desk.place(1).status == "ARRIVED"
    with pytest.raises(StatusRefused):
        drafts.open_record(session=desk.session(1), by=desk.practitioner, at=desk.now)


@pytest.mark.parametrize(
    ("heart", "fever", "words"),
    [
        (Value.YES, Value.NO, "Clinical hold. This treatment cannot start"),
        (Value.UNKNOWN, Value.NO, "Health questions are open"),
        (Value.NO, Value.YES, "Clinical hold. A prescriber"),
        (Value.NO, Value.UNKNOWN, "Clinical hold. A prescriber"),
    ],
)
def test_what_was_answered_keeps_it_from_beginning(desk, questions, heart, fever, words):
    tell(desk, heart=Given(heart), fever=Given(fever))
    with pytest.raises(StatusRefused, match=words) as refused:
        begin(desk)
    assert SECRET not in refused.value.problem
    with pytest.raises(StatusRefused, match=words):
        drafts.open_record(session=desk.session(1), by=desk.practitioner, at=desk.now)


def test_what_changes_is_asked_on_the_day(desk, questions):
    tell(desk, at=desk.now - timedelta(days=1))
    with pytest.raises(StatusRefused, match="Health questions are open"):
        begin(desk)
    tell(desk, Part.SHORT)
    assert start_appointment(appointment=desk.place(1), by=desk.practitioner, at=desk.now)


@pytest.mark.parametrize("asks", [True, False])
def test_nobody_under_18_is_treated_in_any_clinic(desk, questions, asks):
    ScreeningQuestion.objects.update(is_active=asks)
    if asks:
        tell(desk)
    Patient.objects.update(born_on=date(2008, 11, 27))
    with pytest.raises(StatusRefused, match="Clinical hold"):
        begin(desk)
    Patient.objects.update(born_on=date(2008, 11, 26))
    assert start_appointment(appointment=desk.place(1), by=desk.practitioner, at=desk.now)


def test_a_clinic_on_paper_is_asked_nothing(desk, questions):
    ScreeningQuestion.objects.update(is_active=False)
    assert begin(desk).status == "IN_TREATMENT"


def test_a_consultation_needs_no_answers(desk, questions, now):
    visit = desk.place(1)
    type(visit).objects.filter(pk=visit.pk).update(
        kind="CONSULTATION", session=None, status="ARRIVED", arrived_at=now
    )
    visit.refresh_from_db()
    assert start_appointment(appointment=visit, by=desk.practitioner, at=now)
    assert read_visit(visit, now=now, late_after=10).screening is None


# Products


@pytest.fixture
def zone(desk):
    return desk.course.indication.zones.get()


@pytest.fixture
def lot(desk):
    product = ProductFactory(name="Fish extract", allergens=["fish"], product_class="biostimulator")
    product.indications.add(desk.course.indication)
    return LotFactory(product=product)


@pytest.fixture
def record(desk, questions):
    tell(desk)
    desk.arrive(1)
    return drafts.open_record(session=desk.session(1), by=desk.practitioner, at=desk.now)


def inject(desk, record, zone, lot):
    return save_zone(
        record=record,
        zone=zone,
        technique="point_by_point",
        needle="30G, 4 mm",
        depth_mm=Decimal(3),
        points=10,
        seen=[],
        doses=[DoseGiven(lot, Decimal(1))],
        version=record.version,
        by=desk.practitioner,
        at=desk.now,
    )


def note_allergy(desk):
    record_allergy(
        patient=desk.course.patient,
        substance="Salmon",
        reaction="",
        allergen="fish",
        by=desk.practitioner,
        at=desk.now,
    )


def test_a_product_that_the_patient_must_not_get_is_refused(desk, record, zone, lot):
    note_allergy(desk)
    with pytest.raises(ZoneRefused) as refused:
        inject(desk, record, zone, lot)
    [problem] = refused.value.problems
    assert problem.lack is Lack.PRODUCT_FORBIDDEN
    assert problem_sentence(problem) == (
        f"{zone.name}: the patient must not get Fish extract. Allergy to Salmon: not with products "
        "that hold fish. Choose another product."
    )
    assert not record.administrations.exists()


def test_an_allergy_noted_later_is_found_before_the_signature(desk, record, zone, lot):
    record = inject(desk, record, zone, lot)
    assert forbidden_problems(forbidden_in(record, at=desk.now), given_in(record)) == []
    note_allergy(desk)
    [problem] = forbidden_problems(forbidden_in(record, at=desk.now), given_in(record))
    assert (problem.zone, problem.lot) == (zone.name, lot.number)


def test_a_rule_about_a_class_is_kept_as_well(desk, record, zone, lot):
    heart = ScreeningQuestion.objects.get(code="heart")
    ContraindicationRuleFactory(question=heart, product_class="biostimulator", code="class")
    tell(desk, heart=Given(Value.YES))
    with pytest.raises(ZoneRefused):
        inject(desk, record, zone, lot)


def test_a_zone_that_must_not_be_treated_is_refused(desk, record, zone, lot):
    heart = ScreeningQuestion.objects.get(code="heart")
    ContraindicationRuleFactory(
        question=heart, zone=zone.code, code="zone", words="Thick scars: not here."
    )
    tell(desk, heart=Given(Value.YES))
    with pytest.raises(ZoneRefused) as refused:
        inject(desk, record, zone, lot)
    assert [problem_sentence(problem) for problem in refused.value.problems] == [
        f"{zone.name}: must not be treated. Thick scars: not here. Choose another zone."
    ]
    assert not record.zones.exists()


def test_what_is_known_of_a_zone_later_is_found_before_the_signature(desk, record, zone, lot):
    record = inject(desk, record, zone, lot)
    assert forbidden_zone_problems(forbidden_in(record, at=desk.now), zones_of(record)) == []
    heart = ScreeningQuestion.objects.get(code="heart")
    ContraindicationRuleFactory(question=heart, zone=zone.code, code="zone")
    tell(desk, heart=Given(Value.YES))
    [problem] = forbidden_zone_problems(forbidden_in(record, at=desk.now), zones_of(record))
    assert (problem.zone, problem.lack) == (zone.name, Lack.ZONE_FORBIDDEN)


def test_a_product_that_asks_for_a_consent_of_its_own_waits_for_it(desk, record, zone, lot):
    treatment = ConsentTemplateFactory(unit="TREATMENT", indication=desk.course.indication)
    ConsentFactory(of=desk.course, template=treatment, signed_at=desk.now)
    off_label = ConsentTemplateFactory(unit="OFF_LABEL", indication=None)
    lot.product.product_class = "vasodilator"
    lot.product.save()
    with pytest.raises(ZoneRefused) as refused:
        inject(desk, record, zone, lot)
    [sentence] = [problem_sentence(problem) for problem in refused.value.problems]
    assert sentence.startswith(f"{zone.name}: {lot.product} asks for a consent of its own.")
    ConsentFactory(of=desk.course, template=off_label, signed_at=desk.now)
    assert inject(desk, record, zone, lot).administrations.exists()


def test_a_part_of_the_body_that_was_not_agreed_to_is_refused(desk, record, zone, lot):
    treatment = ConsentTemplateFactory(unit="TREATMENT", indication=desk.course.indication)
    first = ConsentFactory(
        of=desk.course, template=treatment, signed_at=desk.now, zone_classes="FACE"
    )
    with pytest.raises(ZoneRefused) as refused:
        inject(desk, record, zone, lot)
    [problem] = refused.value.problems
    assert problem.lack is Lack.ZONE_NOT_CONSENTED
    assert problem_sentence(problem) == (
        f"{zone.name}: the patient has not agreed to injections there, only elsewhere. Let the "
        "patient sign again with “Chest, body, arms and legs” added, under Consent of the course, or "
        "choose another zone."
    )
    assert not record.zones.exists()
    ConsentFactory(
        of=desk.course, template=treatment, signed_at=first.signed_at, zone_classes="FACE,BODY"
    )
    assert inject(desk, record, zone, lot).zones.exists()


def test_a_consent_from_before_names_no_part_and_counts_for_all(desk, record, zone, lot):
    treatment = ConsentTemplateFactory(unit="TREATMENT", indication=desk.course.indication)
    ConsentFactory(of=desk.course, template=treatment, signed_at=desk.now)
    assert inject(desk, record, zone, lot).zones.exists()


def test_the_record_leads_to_the_signature_that_is_lacking(
    desk, record, zone, lot, clinician_client
):
    ZoneFactory(indication=zone.indication, code="chin", name="Chin", position=9)
    treatment = ConsentTemplateFactory(unit="TREATMENT", indication=desk.course.indication)
    ConsentFactory(of=desk.course, template=treatment, signed_at=desk.now, zone_classes="FACE")
    step = reverse("records:record-step", args=[desk.session(1).pk, "injections"])
    shown = clinician_client.get(step, {"zone": zone.pk}).content.decode()
    assert "Not in the consent" in shown
    sign = reverse("treatments:consent-sign", args=[desk.course.pk])
    link = unescape(shown.partition(f'href="{sign}')[2].partition('"')[0])
    page = clinician_client.get(sign + link)
    assert page.status_code == 200
    assert "Chest, body, arms and legs" in page.content.decode()
    assert f"{step}?zone={zone.pk}" in unescape(page.content.decode())
    chin = zone.indication.zones.get(code="chin")
    assert (
        "Not in the consent" not in clinician_client.get(step, {"zone": chin.pk}).content.decode()
    )


# What pages say


def panel(client, desk):
    url = reverse("sessions:appointment-detail", args=[desk.place(1).pk])
    return " ".join(client.get(url).content.decode().split())


@pytest.mark.parametrize("who", ["clinician_client", "reception_client", "admin_client"])
def test_the_panel_says_how_it_is(request, desk, questions, who):
    client = request.getfixturevalue(who)
    said = [panel(client, desk)]
    tell(desk)
    said.append(panel(client, desk))
    tell(desk, heart=Given(Value.YES, words=SECRET))
    said.append(panel(client, desk))
    for page, word in zip(said, ("Open", "Complete", "Clinical hold"), strict=True):
        assert word in page.partition("<dt>Health questions</dt>")[2][:500]
        if who != "clinician_client":
            assert SECRET not in page


def test_the_panel_says_nothing_where_screening_is_on_paper(desk, reception_client):
    assert "<dt>Health questions</dt>" not in panel(reception_client, desk)


def test_before_the_day_the_short_questions_are_not_due(desk, questions, now):
    tell(desk, at=now - timedelta(days=3))
    place = desk.place(1)
    before = read_visit(place, now=now - timedelta(days=2), late_after=10)
    assert before.screening.state is State.COMPLETE
    assert read_visit(place, now=now, late_after=10).screening.state is State.OPEN


def test_the_course_says_how_it_is(desk, questions, reception_client):
    url = reverse("sessions:course-detail", args=[desk.course.pk])
    page = " ".join(reception_client.get(url).content.decode().split())
    assert "Open" in page.partition("Health questions:")[2][:500]


def test_a_start_that_is_refused_says_why(desk, questions, clinician_client):
    tell(desk, heart=Given(Value.YES))
    desk.arrive(1)
    answer = clinician_client.post(
        reverse("sessions:appointment-start", args=[desk.place(1).pk]), follow=True
    )
    assert "Clinical hold." in answer.content.decode()
    assert desk.place(1).status == "ARRIVED"


def test_the_record_says_why_it_does_not_begin(desk, questions, clinician_client):
    desk.arrive(1)
    url = reverse("records:record-step", args=[desk.session(1).pk, "checks"])
    answer = clinician_client.post(url, {"version": 0})
    assert answer.status_code == 422
    assert "Health questions are open." in answer.content.decode()
