"""A patient answers on a device that was handed over: that form, nothing else, once."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from patients.models import Screening, ScreeningAnswer
from tests.factories.core import PASSWORD
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningQuestionFactory
from tests.patients.test_screening_views import form, page, words
from tests.test_access import ALL

SECRET = "zebra marker"


@pytest.fixture
def patient(db):
    cache.clear()
    return PatientFactory(given_names="Amara", family_names="Whitfield")


@pytest.fixture
def short():
    return ScreeningQuestionFactory(short=True, asks_words=True, text="Has anything changed?")


@pytest.fixture
def illness():
    return ScreeningQuestionFactory(text="Are you ill?")


@pytest.fixture
def seen():
    return ScreeningQuestionFactory(clinicians=True, text="Is the pressure high?")


@pytest.fixture
def questions(short, illness, seen):
    return [short, illness, seen]


@pytest.fixture
def own(short, illness, seen):
    """What a patient is asked."""
    return [short, illness]


@pytest.fixture
def tablet(reception_client, patient, questions):
    give(reception_client, patient)
    return reception_client


def give(client, patient, part="FULL", **more):
    return client.post(page("screening-hand-over", patient), {"part": part} | more)


def tablet_page(patient, part="full"):
    return reverse("patients:screening-tablet", args=[patient.pk, part])


class TestHandingOver:
    def test_all_questions_first_then_what_has_changed(
        self, reception_client, clinician_client, patient, questions
    ):
        address = page("screening-hand-over", patient)
        form_of = reception_client.get(address).context["form"]
        assert form_of["part"].value() == "FULL"
        clinician_client.post(page("screening-fill", patient), form(patient, questions))
        assert reception_client.get(address).context["form"]["part"].value() == "SHORT"

    def test_the_device_goes_to_the_form_and_that_is_put_on_record(
        self, reception_client, reception, patient, questions
    ):
        answer = give(reception_client, patient)
        assert (answer.status_code, answer["Location"]) == (302, tablet_page(patient))
        event = AuditEvent.objects.get(kind="device.handed_over")
        assert (event.by, event.patient_id) == (reception, patient.pk)

    @pytest.mark.parametrize("part", ["", "SOME", "nothing"])
    def test_an_odd_choice_hands_nothing_over(self, reception_client, patient, questions, part):
        answer = give(reception_client, patient, part)
        assert answer.status_code == 422
        assert "Choose which questions the patient answers." in words(answer)
        assert reception_client.get("/today/").status_code == 200

    def test_without_questions_nothing_is_handed_over(self, reception_client, patient, seen):
        answer = give(reception_client, patient)
        assert answer.status_code == 422
        assert "None of these questions is asked at this clinic now." in words(answer)

    def test_admins_hand_nothing_over(self, admin_client, patient, questions):
        assert admin_client.get(page("screening-hand-over", patient)).status_code == 403

    def test_a_tablet_page_is_nothing_without_a_hand_over(
        self, reception_client, patient, questions
    ):
        answer = reception_client.get(tablet_page(patient))
        assert (answer.status_code, answer["Location"]) == (302, "/")
        answer = reception_client.post(tablet_page(patient), form(patient, questions))
        assert answer["Location"] == "/"
        assert not Screening.objects.exists()


class TestInThePatientsHands:
    def test_every_address_of_the_product_leads_back(self, tablet, patient):
        for address in ALL:
            if address.name == "core:take-back":
                continue
            for ask in (tablet.get, tablet.post):
                answer = ask(address.path)
                assert (answer.status_code, answer["Location"]) == (302, tablet_page(patient))

    def test_the_form_of_another_patient_leads_back(self, tablet, patient):
        other = PatientFactory()
        assert tablet.get(tablet_page(other))["Location"] == tablet_page(patient)
        assert tablet.get(tablet_page(patient, "short"))["Location"] == tablet_page(patient)

    def test_it_asks_what_a_patient_can_answer_and_shows_nothing_else(
        self, reception_client, clinician_client, patient, questions, short, illness, seen
    ):
        posted = form(patient, questions)
        posted |= {f"q-{short.pk}-value": "YES", f"q-{short.pk}-words": SECRET}
        clinician_client.post(page("screening-fill", patient), posted)
        give(reception_client, patient)
        answer = words(reception_client.get(tablet_page(patient)))
        assert short.text in answer
        assert illness.text in answer
        assert seen.text not in answer
        assert "Amara Whitfield" in answer
        assert "I do not know" in answer
        for hidden in (SECRET, "Last time", "checked", patient.record_number, patient.phone):
            assert hidden not in answer
        assert 'href="/"' not in answer
        assert "navigation" not in answer

    def test_the_short_part_asks_less(self, reception_client, patient, questions, illness):
        give(reception_client, patient, "SHORT")
        answer = words(reception_client.get(tablet_page(patient, "short")))
        assert illness.text not in answer

    def test_the_answers_are_the_patients(self, tablet, patient, own, short, reception):
        posted = form(patient, own)
        posted |= {f"q-{short.pk}-value": "YES", f"q-{short.pk}-words": "A rash"}
        answer = tablet.post(tablet_page(patient), posted)
        assert (answer.status_code, answer["Location"]) == (302, tablet_page(patient))
        kept = Screening.objects.get()
        assert (kept.is_by_patient, kept.by, kept.part) == (True, reception, "FULL")
        assert ScreeningAnswer.objects.get(question=short).words == "A rash"

    def test_afterwards_it_thanks_and_takes_nothing_more(self, tablet, patient, own):
        tablet.post(tablet_page(patient), form(patient, own))
        for answer in (
            tablet.get(tablet_page(patient)),
            tablet.post(tablet_page(patient), form(patient, own, value="YES")),
        ):
            assert "Thank you" in words(answer)
            assert "Give the tablet back." in words(answer)
            assert "checked" not in words(answer)
        assert tablet.get("/today/")["Location"] == tablet_page(patient)
        assert Screening.objects.count() == 1

    def test_what_is_missing_is_named_and_the_rest_stays(self, tablet, patient, own, illness):
        posted = form(patient, own, **{f"q-{illness.pk}-value": ""})
        answer = tablet.post(tablet_page(patient), posted)
        assert answer.status_code == 422
        assert "Are you ill? Choose “Yes”, “No” or “I do not know”." in words(answer)
        assert words(answer).count("checked") == 1
        assert not Screening.objects.exists()

    def test_a_form_for_somebody_else_is_refused(self, tablet, patient, own):
        other = PatientFactory()
        posted = form(patient, own) | {"patient": str(other.pk)}
        answer = tablet.post(tablet_page(patient), posted)
        assert answer.status_code == 409
        assert "checked" not in words(answer)
        assert not Screening.objects.exists()

    @pytest.mark.parametrize("key", ["", "nothing"])
    def test_an_odd_key_is_refused(self, tablet, patient, own, key):
        answer = tablet.post(tablet_page(patient), form(patient, own, key=key))
        assert answer.status_code == 409

    def test_a_question_switched_off_meanwhile_is_said(self, tablet, patient, own, illness):
        illness.is_active = False
        illness.save(update_fields=["is_active"])
        answer = tablet.post(tablet_page(patient), form(patient, own))
        assert answer.status_code == 409
        assert "The questions were changed" in words(answer)
        assert words(answer).count("checked") == 1

    def test_what_only_clinicians_answer_is_not_taken(self, tablet, patient, questions):
        answer = tablet.post(tablet_page(patient), form(patient, questions))
        assert answer.status_code == 409
        assert not Screening.objects.exists()

    def test_a_form_sent_twice_at_once_is_kept_once(
        self, reception, reception_client, patient, questions, own
    ):
        # The second copy came before the device knew that it was done.
        give(reception_client, patient)
        held = dict(reception_client.session["handed_over"])
        reception_client.post(tablet_page(patient), form(patient, own))
        twin = Client()
        twin.force_login(reception)
        session = twin.session
        session["handed_over"] = held
        session.save()
        answer = twin.post(tablet_page(patient), form(patient, own, key=str(uuid4())))
        assert answer.status_code == 302
        assert Screening.objects.count() == 1


class TestGivenBack:
    def test_staff_go_on_where_they_were(self, reception_client, reception, patient, own):
        give(reception_client, patient, next="/courses/")
        answer = reception_client.post(
            "/take-back/", {"login": reception.username, "password": PASSWORD}
        )
        assert answer["Location"] == "/courses/"
        assert reception_client.get("/today/").status_code == 200

    def test_reception_learns_no_answer(self, tablet, reception, patient, own, short):
        posted = form(patient, own)
        posted |= {f"q-{short.pk}-value": "YES", f"q-{short.pk}-words": SECRET}
        tablet.post(tablet_page(patient), posted)
        tablet.post("/take-back/", {"login": reception.username, "password": PASSWORD})
        answer = tablet.get(page("patient-detail", patient))
        assert answer.status_code == 200
        assert SECRET not in words(answer)
        assert short.text not in words(answer)
        assert tablet.get(tablet_page(patient))["Location"] == "/"
