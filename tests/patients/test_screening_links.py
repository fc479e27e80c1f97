"""A patient answers at home by a one-time link: that form, nothing else, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from meso_clinic.core.models import AuditEvent, hash_token
from patients.actions_links import (
    LINK_LIFE,
    TRIES,
    LinkEnded,
    answer_link,
    make_link,
    open_link,
    withdraw_link,
)
from patients.domain.screening import Given, Value
from patients.models import Screening, ScreeningAnswer, ScreeningLink
from patients.selectors import contested_answers
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningAnswerFactory, ScreeningQuestionFactory
from tests.patients.test_screening_views import form, page, words

NOW = datetime(2026, 11, 26, 10, 42, tzinfo=UTC)
SECRET = "zebra marker"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


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
def own(short, illness, seen):
    """What a patient is asked."""
    return [short, illness]


@pytest.fixture
def token(patient, own, reception):
    return make_link(patient=patient, part="FULL", by=reception, at=NOW)


@pytest.fixture
def link(token):
    return ScreeningLink.objects.get()


@pytest.fixture
def url(token):
    return reverse("patients:screening-link", args=[token])


@pytest.fixture
def home():
    """A browser that nobody is signed in to."""
    return Client()


def born(patient):
    return {"born_on": patient.born_on.isoformat()}


@pytest.fixture
def opened(home, url, patient):
    answer = home.post(url, born(patient))
    assert (answer.status_code, answer["Location"]) == (302, url)
    return home


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


class TestMaking:
    @pytest.mark.parametrize("who", ["reception_client", "clinician_client"])
    def test_the_link_is_shown_once_and_its_token_kept_nowhere(self, request, who, patient, own):
        client = request.getfixturevalue(who)
        address = page("screening-link-make", patient)
        answer = client.post(address, {"part": "FULL", "patient": patient.pk})
        shown = words(answer).partition("http://testserver/questions/")[2].partition("/")[0]
        kept = ScreeningLink.objects.get()
        assert kept.token_hash == hash_token(shown)
        assert len(shown) >= 43
        assert kept.expires_at == NOW + LINK_LIFE
        assert kinds() == ["screening_link.made"]
        again = words(client.get(address))
        assert shown not in again
        assert "A link works now" in again

    def test_a_new_link_ends_the_one_before(self, patient, own, reception, token):
        make_link(patient=patient, part="SHORT", by=reception, at=NOW)
        first, second = ScreeningLink.objects.order_by("pk")
        assert (first.end, second.end) == ("WITHDRAWN", "")
        with pytest.raises(IntegrityError), transaction.atomic():
            ScreeningLink.objects.filter(pk=first.pk).update(ended_at=None, end="")

    def test_it_is_withdrawn(self, reception_client, home, patient, link, url):
        address = page("screening-link-withdraw", patient, link.pk)
        assert address in words(reception_client.get(page("screening-link-make", patient)))
        answer = reception_client.post(address, follow=True)
        assert "The link is withdrawn." in words(answer)
        assert "Withdrawn" in words(answer)
        assert home.get(url).status_code == 404
        assert "ended already" in words(reception_client.post(address, follow=True))
        assert kinds()[-1] == "screening_link.withdrawn"

    def test_a_link_of_another_patient_is_not_withdrawn(self, reception_client, link):
        address = page("screening-link-withdraw", PatientFactory(), link.pk)
        assert reception_client.post(address).status_code == 404

    def test_a_form_of_another_patient_is_refused(self, reception_client, patient, own):
        posted = {"part": "FULL", "patient": patient.pk}
        answer = reception_client.post(page("screening-link-make", PatientFactory()), posted)
        assert answer.status_code == 409
        assert not ScreeningLink.objects.exists()

    @pytest.mark.parametrize("part", ["", "SOME", "x" * 300])
    def test_an_odd_choice_makes_no_link(self, reception_client, patient, own, part):
        posted = {"part": part, "patient": patient.pk}
        answer = reception_client.post(page("screening-link-make", patient), posted)
        assert answer.status_code == 422
        assert "Choose which questions" in words(answer)
        assert not ScreeningLink.objects.exists()

    def test_without_questions_there_is_nothing_to_link_to(self, reception_client, patient, seen):
        posted = {"part": "FULL", "patient": patient.pk}
        answer = reception_client.post(page("screening-link-make", patient), posted)
        assert answer.status_code == 422
        assert "None of these questions" in words(answer)

    def test_admins_make_no_links(self, admin_client, patient, own):
        assert admin_client.get(page("screening-link-make", patient)).status_code == 403

    def test_staff_find_it_where_they_ask(self, clinician_client, reception_client, patient, own):
        address = page("screening-link-make", patient)
        assert address in words(clinician_client.get(page("screening-list", patient)))
        assert address in words(reception_client.get(page("screening-hand-over", patient)))


class TestOpening:
    def test_nothing_is_said_before_the_date_of_birth(self, home, url, patient, own):
        answer = home.get(url)
        assert answer.status_code == 200
        for hidden in ("Amara", "Whitfield", patient.record_number, own[0].text):
            assert hidden not in words(answer)
        assert not AuditEvent.objects.filter(kind="screening_link.opened").exists()

    @pytest.mark.parametrize("given", ["", "31 Feb 1990", "x" * 300])
    def test_what_is_no_date_costs_no_try(self, home, url, link, given):
        answer = home.post(url, {"born_on": given})
        assert answer.status_code == 422
        link.refresh_from_db()
        assert link.tries_left == TRIES

    def test_a_few_wrong_dates_end_the_link(self, home, url, patient, link):
        wrong = {"born_on": (patient.born_on + timedelta(days=1)).isoformat()}
        for left in range(TRIES - 1, 0, -1):
            answer = Client().post(url, wrong)
            assert answer.status_code == 422
            assert f"{left} tr" in words(answer)
            assert "Amara" not in words(answer)
        answer = home.post(url, wrong)
        assert answer.status_code == 404
        assert "This link has ended" in words(answer)
        assert home.post(url, born(patient)).status_code == 404
        link.refresh_from_db()
        assert (link.end, link.tries_left) == ("LOCKED", 0)
        assert kinds()[1:] == ["screening_link.refused"] * (TRIES - 1) + ["screening_link.locked"]

    def test_it_opens_in_that_browser_alone(self, opened, url, own):
        assert own[0].text in words(opened.get(url))
        assert own[0].text not in words(Client().get(url))
        assert kinds() == ["screening_link.made", "screening_link.opened"]

    def test_it_closes_by_itself(self, opened, url, own, clock):
        clock.move_to(NOW + timedelta(hours=2))
        answer = opened.get(url)
        assert answer.status_code == 200
        assert own[0].text not in words(answer)

    def test_one_that_was_opened_opens_no_other(self, opened, own, reception):
        other = make_link(patient=PatientFactory(), part="FULL", by=reception, at=NOW)
        answer = opened.get(reverse("patients:screening-link", args=[other]))
        assert own[0].text not in words(answer)

    @pytest.mark.parametrize("after", [LINK_LIFE, LINK_LIFE + timedelta(days=99)])
    def test_it_works_for_some_days(self, opened, url, clock, after):
        clock.move_to(NOW + after)
        assert opened.get(url).status_code == 404

    def test_a_leavers_link_works_no_more(self, opened, url, reception):
        type(reception).objects.filter(pk=reception.pk).update(is_active=False)
        assert opened.get(url).status_code == 404

    @pytest.mark.parametrize("odd", ["nothing", "x" * 900, "%E2%80%AE", "%00", "' OR 1=1"])
    def test_what_never_was_looks_like_what_has_ended(self, home, link, odd):
        assert home.get(f"/questions/{odd}/").status_code in (400, 404)

    def test_no_cache_and_no_other_site_learns_of_it(self, home, url, patient):
        for answer in (home.get(url), home.post(url, {}), home.get(url + "x/")):
            if answer.status_code != 404 or answer.has_header("X-Robots-Tag"):
                assert answer["Cache-Control"] == "no-store, private"
                assert answer["Referrer-Policy"] == "same-origin"
                assert answer["X-Robots-Tag"] == "noindex, nofollow"

    def test_it_leads_nowhere_else(self, opened, url):
        for address in ("/", "/patients/", "/today/"):
            assert opened.get(address)["Location"].startswith("/login/")
        page = words(opened.get(url)).partition("<body")[2]
        assert page.count("<a ") == page.count('<a class="skip" href="#main"') == 1


class TestAnswering:
    def test_the_answers_are_the_patients_and_the_link_ends(
        self, opened, url, patient, own, short, link, reception, clinician_client
    ):
        posted = form(patient, own)
        posted |= {f"q-{short.pk}-value": "YES", f"q-{short.pk}-words": SECRET}
        answer = opened.post(url, posted)
        assert (answer.status_code, answer["Location"]) == (302, url)
        kept = Screening.objects.get()
        assert (kept.is_by_patient, kept.is_by_link, kept.by) == (True, True, reception)
        assert (kept.completed_at, kept.key) == (NOW, link.key)
        assert ScreeningAnswer.objects.get(question=short).words == SECRET
        thanks = words(opened.get(url))
        assert "Thank you" in thanks
        assert SECRET not in thanks
        assert Client().get(url).status_code == 404
        assert kinds()[-2:] == ["patient.screening_recorded", "screening_link.used"]
        listed = words(clinician_client.get(page("screening-list", patient)))
        assert "by the patient, with a link from Maya Brandt" in listed

    def test_what_only_clinicians_answer_is_neither_asked_nor_taken(
        self, opened, url, patient, own, seen
    ):
        assert seen.text not in words(opened.get(url))
        assert opened.post(url, form(patient, [*own, seen])).status_code == 409
        assert not Screening.objects.exists()

    def test_what_is_missing_is_named_and_the_rest_stays(self, opened, url, patient, own, illness):
        answer = opened.post(url, form(patient, own, **{f"q-{illness.pk}-value": ""}))
        assert answer.status_code == 422
        assert "Are you ill? Choose “Yes”, “No” or “I do not know”." in words(answer)
        assert words(answer).count("checked") == 1

    @pytest.mark.parametrize("change", [{"patient": "0"}, {"key": ""}, {"shown": "1,x"}])
    def test_an_odd_form_is_refused(self, opened, url, patient, own, change):
        assert opened.post(url, form(patient, own) | change).status_code == 409
        assert not Screening.objects.exists()

    def test_a_question_switched_off_meanwhile_is_said(self, opened, url, patient, own, illness):
        type(illness).objects.filter(pk=illness.pk).update(is_active=False)
        answer = opened.post(url, form(patient, own))
        assert answer.status_code == 409
        assert "The questions were changed" in words(answer)

    def test_answers_are_not_taken_before_the_date_of_birth(self, home, url, patient, own):
        assert home.post(url, form(patient, own)).status_code == 422
        assert not Screening.objects.exists()

    def test_a_link_withdrawn_meanwhile_takes_nothing(
        self, opened, url, patient, own, link, reception
    ):
        withdraw_link(link=link, by=reception, at=NOW)
        assert opened.post(url, form(patient, own)).status_code == 404
        assert not Screening.objects.exists()

    def test_two_people_with_one_link_are_one_answer(self, link, own):
        answers = {one.code: Given(Value.NO) for one in own}
        answer_link(link=link, answers=answers, at=NOW)
        with pytest.raises(LinkEnded):
            answer_link(link=link, answers=answers, at=NOW)
        with pytest.raises(LinkEnded):
            open_link(link=link, born_on=link.patient.born_on, at=NOW)
        with pytest.raises(LinkEnded):
            withdraw_link(link=link, by=link.made_by, at=NOW)
        assert Screening.objects.count() == 1

    def test_a_no_at_home_takes_no_yes_of_a_clinician_away(
        self, opened, url, patient, own, illness
    ):
        before = NOW - timedelta(days=1)
        ScreeningAnswerFactory(patient=patient, question=illness, value="YES", answered_at=before)
        opened.post(url, form(patient, own))
        [pair] = contested_answers(patient)
        assert (pair.noted.value, pair.told.value) == ("YES", "NO")


@pytest.mark.parametrize(
    "change",
    [
        {"part": "SOME"},
        {"tries_left": 0},
        {"ended_at": NOW},
        {"end": "USED"},
        {"ended_at": NOW, "end": "OTHER"},
    ],
)
def test_the_database_refuses_what_cannot_be(link, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ScreeningLink.objects.update(**change)


def test_only_a_patient_answers_by_link(link):
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.create(
            patient=link.patient,
            part="FULL",
            is_by_link=True,
            completed_at=NOW,
            by=link.made_by,
            key=link.key,
        )
