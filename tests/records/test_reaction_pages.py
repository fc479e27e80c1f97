"""The pages of reactions: report, list, detail, register, hold, emergency cards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.domain.emergency import BY_SLUG
from records.domain.reaction_kinds import REACTION_KINDS
from records.models import AdverseEvent, HoldLift
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.reactions import AdverseEventFactory, AdverseEventUpdateFactory
from tests.factories.treatments import LotFactory, TreatmentCourseFactory, ZoneFactory
from tests.records.conftest import NOW, TODAY
from treatments.actions.courses import hold_course

pytestmark = pytest.mark.django_db


def values(course, **change):
    return {
        "treatment": f"course-{course.pk}",
        "kind": "bruise",
        "grade": "1",
        "description": "A bruise.",
        "onset_on": f"{TODAY:%Y-%m-%d}",
        "source": "SEEN",
        "relatedness": "POSSIBLE",
        "outcome": "ONGOING",
        "key": str(uuid4()),
        "patient": str(course.patient_id),
    } | change


def report_url(course):
    return reverse("records:reaction-report", args=[course.patient_id])


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def doctor_client(site):
    client = Client()
    client.force_login(UserFactory(prescriber=True, first_name="Ines", last_name="Halloran"))
    return client


# Report


def test_a_reaction_is_reported(course, lot, clinician_client):
    zone = course.indication.zones.first()
    answer = clinician_client.post(
        report_url(course),
        values(
            course,
            zone=zone.pk,
            given=f"product-{lot.product.pk}",
            onset_time="14:30",
            action_taken="Pressed on it.",
            expected="no",
            is_serious="on",
            follow_up_on=f"{TODAY + timedelta(days=2):%Y-%m-%d}",
        ),
    )
    [event] = AdverseEvent.objects.all()
    assert answer.url == reverse("records:reaction-detail", args=[event.pk])
    assert (event.zone, event.product, event.lot) == (zone, lot.product, None)
    assert (event.is_expected, event.is_serious) == (False, True)
    assert f"{event.onset_time:%H:%M}" == "14:30"
    assert "A bruise." in text_of(clinician_client.get(answer.url))


def test_a_session_and_the_lot_that_was_given_can_be_named(signed, lot, clinician_client):
    session = signed.session
    session.refresh_from_db()
    page = clinician_client.get(report_url(session.course) + f"?session={session.pk}")
    assert f'<option value="session-{session.pk}" selected>' in text_of(page)
    changes = {"treatment": f"session-{session.pk}", "given": f"lot-{lot.pk}"}
    clinician_client.post(report_url(session.course), values(session.course, **changes))
    [event] = AdverseEvent.objects.all()
    assert (event.session, event.lot, event.product) == (session, lot, lot.product)


def test_a_red_flag_says_that_it_holds_the_course(course, clinician_client):
    answer = clinician_client.post(
        report_url(course), values(course, kind="necrosis_ulcer"), follow=True
    )
    assert "Its course is on clinical hold." in text_of(answer)
    assert "Open red flag: Dead skin or ulcer, grade 1" in text_of(answer)


def test_the_form_leads_back_to_where_it_was_opened(record, clinician_client):
    session = record.session
    aftercare = reverse("records:record-step", args=[session.pk, "aftercare"])
    page = clinician_client.get(aftercare)
    assert "Save, and report a reaction" in text_of(page)
    answer = clinician_client.post(
        aftercare, {"version": record.version, "notes": "Kept.", "go": "reaction"}
    )
    record.refresh_from_db()
    assert record.notes == "Kept."
    form = clinician_client.get(answer.url)
    assert f'name="next" value="{aftercare}"' in text_of(form)
    assert "in treatment now" in text_of(form)
    sent = clinician_client.post(report_url(session.course), values(session.course, next=aftercare))
    assert sent.url == aftercare


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"treatment": ""}, "Choose the session or the course it came after."),
        ({"treatment": "course-999999"}, "Choose a session or course of this patient."),
        ({"kind": "nonsense"}, "Choose one of the kinds."),
        ({"grade": ""}, "Choose a grade from 1 to 5."),
        ({"grade": "9"}, "Choose a grade from 1 to 5."),
        ({"description": ""}, "Say what was seen."),
        ({"description": "x" * 4001}, "at most. Shorten the text."),
        ({"onset_on": "soon"}, "must be a real date"),
        ({"onset_on": "2027-01-01"}, "A reaction cannot begin in the future."),
        ({"onset_time": "noon"}, "Enter a time like 14:30, or none."),
        ({"source": "OTHER"}, "Say who told it."),
        ({"expected": "perhaps"}, "Choose one of the answers."),
        ({"given": "lot-0"}, "Choose one of the products."),
        ({"zone": "0"}, "Choose a zone of this patient."),
        ({"grade": "3", "outcome": "RESOLVED", "resolved_on": "2026-11-26"}, "Only a prescriber"),
        ({"outcome": "RESOLVED"}, "Enter the day it was over."),
        ({"key": "x"}, "valid UUID"),
    ],
)
def test_a_wrong_answer_is_explained_and_nothing_is_lost(
    course, clinician_client, change, sentence
):
    answer = clinician_client.post(report_url(course), values(course, told_by="", **change))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not AdverseEvent.objects.exists()
    if "description" not in change:
        assert "A bruise." in text_of(answer)


def test_zones_and_lots_of_others_are_not_offered(course, clinician_client):
    zone = ZoneFactory()
    answer = clinician_client.post(report_url(course), values(course, zone=zone.pk))
    assert answer.status_code == 422
    other = LotFactory()
    answer = clinician_client.post(report_url(course), values(course, given=f"lot-{other.pk}"))
    assert answer.status_code == 422


def test_the_form_of_another_patient_stores_nothing(course, clinician_client):
    other = TreatmentCourseFactory()
    answer = clinician_client.post(report_url(other), values(course))
    assert answer.status_code == 409
    assert "made for another patient" in text_of(answer)
    assert not AdverseEvent.objects.exists()


def test_the_same_form_sent_twice_is_one_reaction(course, clinician_client):
    sent = values(course)
    first = clinician_client.post(report_url(course), sent)
    assert clinician_client.post(report_url(course), sent).url == first.url
    assert AdverseEvent.objects.count() == 1


def test_a_patient_without_a_course_has_no_reaction_to_report(clinician_client):
    page = clinician_client.get(reverse("records:reaction-report", args=[PatientFactory().pk]))
    assert "No course yet" in text_of(page)


@pytest.mark.parametrize(
    "query", ["?session=999999", "?course=x", "?session=-1", "?course=" + "9" * 400]
)
def test_odd_links_open_an_empty_form(course, clinician_client, query):
    assert clinician_client.get(report_url(course) + query).status_code == 200


# List and detail


def test_the_list_shows_what_is_open(course, clinician_client, clinician):
    AdverseEventFactory(course=course, late_lump=True)
    hold_course(course=course, by=clinician, at=NOW)
    text = text_of(clinician_client.get(reverse("records:reaction-list", args=[course.patient_id])))
    assert "Late lumps or abscess" in text
    assert "Clinical hold: Hair loss" in text
    empty = reverse("records:reaction-list", args=[PatientFactory().pk])
    assert "No reaction on record" in text_of(clinician_client.get(empty))


def test_the_list_costs_the_same_however_long_it_is(
    course, clinician_client, django_assert_max_num_queries
):
    url = reverse("records:reaction-list", args=[course.patient_id])
    AdverseEventUpdateFactory(event=AdverseEventFactory(course=course))
    clinician_client.get(url)
    with CaptureQueriesContext(connection) as one:
        clinician_client.get(url)
    for _number in range(11):
        AdverseEventUpdateFactory(event=AdverseEventFactory(course=course))
    with django_assert_max_num_queries(len(one)):
        clinician_client.get(url)


def update_values(event, **change):
    return {
        "words": "Larger.",
        "grade": "2",
        "outcome": "ONGOING",
        "seen": "0",
        "patient": str(event.patient_id),
    } | change


def test_something_is_added_below_what_was_reported(course, clinician_client):
    event = AdverseEventFactory(course=course)
    url = reverse("records:reaction-update", args=[event.pk])
    changes = {
        "regulator": "Medicines agency",
        "regulator_on": "2026-11-25",
        "regulator_reference": "YC-12",
        "follow_up_on": "2026-12-01",
    }
    answer = clinician_client.post(url, update_values(event, **changes), follow=True)
    text = text_of(answer)
    for words in ("A bruise of two centimetres.", "Larger.", "Medicines agency", "YC-12"):
        assert words in text
    assert "has to see it by" in text


def test_a_prescriber_closes_it(course, doctor_client):
    event = AdverseEventFactory(course=course, late_lump=True)
    url = reverse("records:reaction-update", args=[event.pk])
    changes = {"outcome": "RESOLVED", "resolved_on": "2026-11-25"}
    answer = doctor_client.post(url, update_values(event, **changes), follow=True)
    text = text_of(answer)
    assert "Seen by a prescriber." in text
    assert "Open red flag" not in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"words": ""}, "Say what is new."),
        ({"grade": "0"}, "Choose a grade from 1 to 5."),
        ({"outcome": "GONE"}, "Choose one of the outcomes."),
        ({"outcome": "DIED"}, "The patient died: choose grade 5."),
        ({"grade": "5"}, "Grade 5 is death"),
        ({"resolved_on": "2026-11-25"}, "It is ongoing"),
        ({"follow_up_on": "2026-11-01"}, "Choose today or a later day"),
        ({"regulator": "Agency"}, "Enter the day it was reported."),
        ({"regulator_on": "2026-11-25"}, "Enter to whom it was reported."),
        ({"regulator": "Agency", "regulator_on": "2027-11-25"}, "reported in the future"),
        ({"seen": "x"}, "Enter a whole number."),
    ],
)
def test_a_wrong_addition_is_explained(course, clinician_client, change, sentence):
    event = AdverseEventFactory(course=course)
    url = reverse("records:reaction-update", args=[event.pk])
    answer = clinician_client.post(url, update_values(event, **change))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not event.updates.exists()


def test_who_adds_second_sees_the_first_and_keeps_the_words(course, clinician_client):
    event = AdverseEventFactory(course=course)
    AdverseEventUpdateFactory(event=event, words="Seen on Monday.")
    url = reverse("records:reaction-update", args=[event.pk])
    answer = clinician_client.post(url, update_values(event))
    text = text_of(answer)
    assert answer.status_code == 409
    assert "Seen on Monday." in text
    assert "Larger." in text
    assert 'name="seen" value="1"' in text
    assert clinician_client.post(url, update_values(event, seen="1")).status_code == 302


def test_an_addition_for_another_patient_stores_nothing(course, clinician_client):
    event = AdverseEventFactory(course=course)
    url = reverse("records:reaction-update", args=[event.pk])
    answer = clinician_client.post(url, update_values(event, patient="999999"))
    assert answer.status_code == 409
    assert not event.updates.exists()


def test_an_emergency_leads_to_its_card(course, clinician_client):
    event = AdverseEventFactory(course=course, kind="anaphylaxis", grade=4, is_red_flag=True)
    page = clinician_client.get(reverse("records:reaction-detail", args=[event.pk]))
    assert f"{reverse('records:emergency')}#anaphylaxis" in text_of(page)


def test_an_allergy_leads_to_the_list_of_allergies(course, clinician_client):
    event = AdverseEventFactory(course=course, kind="allergy_local")
    page = clinician_client.get(reverse("records:reaction-detail", args=[event.pk]))
    assert reverse("patients:allergy-add", args=[course.patient_id]) in text_of(page)


def test_the_page_of_the_patient_leads_to_a_report(course, clinician_client, reception_client):
    page = reverse("patients:patient-detail", args=[course.patient_id])
    assert report_url(course) in text_of(clinician_client.get(page))
    assert report_url(course) not in text_of(reception_client.get(page))


def test_words_are_shown_and_never_run(course, clinician_client):
    nasty = "<script>window.__x=1</script>"
    event = AdverseEventFactory(course=course, description=nasty, action_taken=nasty)
    AdverseEventUpdateFactory(event=event, words=nasty)
    page = clinician_client.get(reverse("records:reaction-detail", args=[event.pk]))
    assert nasty not in text_of(page)
    assert text_of(page).count("&lt;script&gt;") == 3


# Hold


def test_a_prescriber_lifts_a_hold(course, clinician, doctor_client):
    hold_course(course=course, by=clinician, at=NOW)
    url = reverse("records:hold-lift", args=[course.pk])
    assert "Lift the hold" in text_of(doctor_client.get(url))
    sent = {"reason": "", "patient": course.patient_id}
    assert doctor_client.post(url, sent).status_code == 422
    answer = doctor_client.post(url, sent | {"reason": "Healed."}, follow=True)
    assert "The clinical hold is lifted." in text_of(answer)
    course.refresh_from_db()
    assert course.is_active
    assert "Healed." in text_of(doctor_client.get(url))


def test_other_clinicians_read_who_can(course, clinician, clinician_client):
    hold_course(course=course, by=clinician, at=NOW)
    url = reverse("records:hold-lift", args=[course.pk])
    assert "Only a prescriber can lift" in text_of(clinician_client.get(url))
    answer = clinician_client.post(url, {"reason": "x", "patient": course.patient_id})
    assert answer.status_code == 422
    assert "Only a prescriber can lift a clinical hold." in text_of(answer)


def test_an_open_red_flag_stands_before_the_lift(course, clinician, doctor_client):
    AdverseEventFactory(course=course, late_lump=True)
    hold_course(course=course, by=clinician, at=NOW)
    url = reverse("records:hold-lift", args=[course.pk])
    assert "A red flag is still open" in text_of(doctor_client.get(url))


def test_the_hold_of_another_patient_is_not_lifted(course, clinician, doctor_client):
    hold_course(course=course, by=clinician, at=NOW)
    url = reverse("records:hold-lift", args=[course.pk])
    assert doctor_client.post(url, {"reason": "x", "patient": "0"}).status_code == 409
    assert not HoldLift.objects.exists()


# Register and file


def register(client, query=""):
    return client.get(reverse("records:reaction-register") + query)


def test_the_register_is_filtered(signed, lot, clinician_client):
    course = signed.session.course
    AdverseEventFactory(course=course, description="Bruise", onset_on=TODAY)
    lump = AdverseEventFactory(
        course=TreatmentCourseFactory(),
        late_lump=True,
        onset_on=TODAY - timedelta(days=30),
        session=signed.session,
    )
    AdverseEventUpdateFactory(
        event=lump, grade=4, outcome="RESOLVED", resolved_on=TODAY, is_red_flag=True
    )

    def kinds(query):
        return [event.kind for event in register(clinician_client, query).context["page"]]

    assert kinds("") == ["bruise", "nodule_late"]
    assert kinds("?kind=bruise") == ["bruise"]
    assert kinds("?grade=4") == ["nodule_late"]
    assert kinds("?is_open=on") == ["bruise"]
    assert kinds(f"?lot={lot.number.lower()}") == ["nodule_late"]
    assert kinds(f"?since={TODAY}") == ["bruise"]
    assert kinds(f"?until={TODAY - timedelta(days=1)}") == ["nodule_late"]
    assert "No reaction here" in text_of(register(clinician_client, "?lot=none"))


@pytest.mark.parametrize(
    "query",
    [
        "?kind=x",
        "?grade=9",
        "?since=soon",
        "?lot=" + "x" * 90,
        "?since=2026-11-02&until=2026-11-01",
    ],
)
def test_a_wrong_filter_is_explained(clinician_client, query):
    for name in ("records:reaction-register", "records:reaction-export"):
        answer = clinician_client.get(reverse(name) + query)
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)


def test_the_file_holds_the_rows_and_no_formula(course, lot, clinician_client):
    AdverseEventFactory(
        course=course,
        description="=HYPERLINK(1)",
        action_taken="@SUM(1)",
        lot=lot,
        product=lot.product,
    )
    AdverseEventFactory(course=course, outcome="RESOLVED", resolved_on=TODAY)
    answer = clinician_client.get(reverse("records:reaction-export"))
    rows = text_of(answer).splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == 3
    assert "'=HYPERLINK(1)" in text_of(answer)
    assert ",'@SUM(1)" in text_of(answer)
    assert "DB-2609" in text_of(answer)


# Alerts


def test_an_open_red_flag_stands_on_every_clinical_page(signed, clinician_client):
    course = signed.session.course
    AdverseEventFactory(course=course, late_lump=True)
    for page in (
        reverse("patients:patient-detail", args=[course.patient_id]),
        reverse("patients:allergy-add", args=[course.patient_id]),
        reverse("records:record-detail", args=[signed.session_id]),
        reverse("records:record-amend", args=[signed.session_id]),
        reverse("sessions:course-detail", args=[course.pk]),
        reverse("treatments:consent-list", args=[course.pk]),
        reverse("treatments:assessment-add", args=[course.patient_id]),
        reverse("records:reaction-list", args=[course.patient_id]),
        reverse("records:reaction-report", args=[course.patient_id]),
    ):
        assert "Open red flag: Late lumps" in text_of(clinician_client.get(page)), page


def test_it_stands_on_the_steps_of_a_record(record, clinician_client):
    AdverseEventFactory(course=record.session.course, late_lump=True)
    for step in ("checks", "anaesthesia", "injections", "aftercare", "sign"):
        page = reverse("records:record-step", args=[record.session_id, step])
        text = text_of(clinician_client.get(page))
        assert "Open red flag: Late lumps" in text
        assert reverse("records:emergency") in text


# Follow-ups


def test_the_follow_ups_name_what_a_prescriber_has_to_see(course, clinician_client):
    AdverseEventFactory(course=course, grade=2, reported_at=NOW)
    text = text_of(clinician_client.get(reverse("sessions:follow-ups")))
    assert "Bruise, grade 2. A prescriber has to see it by 27 Nov 2026, 10:42." in text
    assert "Look at it" in text


def test_the_follow_ups_name_what_is_to_be_looked_at_again(course, clinician_client):
    AdverseEventFactory(course=course, reported_at=NOW, follow_up_on=TODAY)
    AdverseEventFactory(
        course=course, grade=1, kind="pih", reported_at=NOW, follow_up_on=TODAY + timedelta(days=1)
    )
    text = text_of(clinician_client.get(reverse("sessions:follow-ups")))
    assert "Bruise, grade 1. To be looked at again on 26 Nov 2026." in text
    assert "Darker skin" not in text


def test_the_follow_ups_name_what_the_kind_of_reaction_asks_for(
    course, clinician_client, reception_client
):
    """An early lump is looked at within 72 hours, whatever its grade."""
    AdverseEventFactory(course=course, kind="nodule_early", reported_at=NOW)
    old = AdverseEventFactory(
        course=course, kind="pain_burning", reported_at=NOW - timedelta(days=1)
    )
    text = text_of(clinician_client.get(reverse("sessions:follow-ups")))
    assert (
        "Early lump, grade 1. See the patient within 72 hours. "
        "To be looked at by 29 Nov 2026, 10:42." in text
    )
    assert "Overdue: it had to be looked at by 25 Nov 2026, 23:59." in text
    desk = text_of(reception_client.get(reverse("sessions:follow-ups")))
    assert "Clinical follow-up" in desk
    assert "A clinician has to look at this patient by 29 Nov 2026, 10:42." in desk
    assert "Overdue: a clinician had to look at this patient by 25 Nov 2026, 23:59." in desk
    for clinical in (
        "lump",
        "grade",
        "72 hours",
        reverse("records:reaction-detail", args=[old.pk]),
    ):
        assert clinical not in desk


def test_an_update_closes_the_follow_up(course, clinician_client):
    event = AdverseEventFactory(course=course, kind="nodule_early", reported_at=NOW)
    url = reverse("records:reaction-update", args=[event.pk])
    clinician_client.post(url, update_values(event, grade="1"))
    assert "Early lump" not in text_of(clinician_client.get(reverse("sessions:follow-ups")))


# Emergency cards


@pytest.mark.parametrize("who", ["clinician_client", "reception_client", "admin_client"])
def test_everybody_in_the_clinic_reads_the_cards(request, who):
    text = text_of(request.getfixturevalue(who).get(reverse("records:emergency")))
    for name in (
        "Anaphylaxis",
        "Local anaesthetic toxicity",
        "Blocked vessel",
        "Methaemoglobinaemia",
    ):
        assert name in text
    assert "Adrenaline 0.5 mg into the muscle" in text
    assert "Sources:" in text


def test_every_card_that_a_kind_names_exists():
    assert {kind.card for kind in REACTION_KINDS} - {""} == set(BY_SLUG)


def test_clinicians_reach_the_cards_from_every_page(clinician_client):
    assert f'href="{reverse("records:emergency")}"' in text_of(
        clinician_client.get(reverse("sessions:day"))
    )


@pytest.mark.parametrize("who", ["reception_client", "admin_client"])
def test_others_read_nothing_clinical(request, course, who):
    client = request.getfixturevalue(who)
    event = AdverseEventFactory(course=course)
    for name, args in (
        ("reaction-list", [course.patient_id]),
        ("reaction-report", [course.patient_id]),
        ("reaction-register", []),
        ("reaction-export", []),
        ("reaction-detail", [event.pk]),
        ("hold-lift", [course.pk]),
    ):
        assert client.get(reverse(f"records:{name}", args=args)).status_code == 403
