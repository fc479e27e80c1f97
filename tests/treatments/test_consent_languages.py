"""Consent in the patient's own language: writing it, reading and signing it, keeping it."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from pypdf import PdfReader

from patients.languages import LANGUAGES, direction
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.treatments import TreatmentCourseFactory
from tests.treatments.conftest import NOW
from treatments.actions.consents import (
    ConsentTextMissing,
    SameConsentText,
    publish_consent_text,
    withdraw_consent_text,
)
from treatments.domain.consents import State, digest
from treatments.models import Consent, ConsentTemplate
from treatments.selectors.consents import read_standing

pytestmark = pytest.mark.usefixtures("now")

ARABIC = "ما هو: حقن صغيرة."


@pytest.fixture
def course(patient, hair_loss, site, clinician):
    return TreatmentCourseFactory(
        patient=patient, indication=hair_loss, site=site, practitioner=clinician
    )


@pytest.fixture
def own(hair_loss):
    return ConsentTemplateFactory(
        indication=hair_loss, title="Consent to the injections", published_at=NOW
    )


@pytest.fixture
def arabic(own):
    return ConsentTemplateFactory(
        indication=own.indication,
        language="ar",
        title="موافقة",
        text=ARABIC,
        published_at=NOW,
    )


def publish(own, admin, language="en", base_version=0, at=NOW, **change):
    values = {"title": "Zgoda", "text": "Co to jest: Zastrzyki.", "reason": "New"} | change
    return publish_consent_text(
        unit=own.unit,
        indication=own.indication,
        language=language,
        base_version=base_version,
        by=admin,
        at=at,
        **values,
    )


def state(course, at=NOW):
    [finding] = read_standing(course, at=at).findings
    return finding.state


def page(name, row):
    return reverse(f"treatments:{name}", args=[row.pk])


def words(answer):
    return " ".join(answer.content.decode().split())


def answers(course, text, language):
    return {
        "key": str(uuid4()),
        "patient": str(course.patient_id),
        "shown": str(text.pk),
        "language": language,
        "signed_name": "Amara Whitfield",
        f"text-{text.pk}-choice": "yes",
    }


class TestStanding:
    def test_a_text_in_another_language_counts_like_the_own_one(self, course, own, arabic):
        ConsentFactory(of=course, template=arabic, signed_at=NOW)
        assert state(course) is State.VALID

    def test_a_newer_own_text_leaves_the_others_behind(self, course, own, arabic, admin):
        ConsentFactory(of=course, template=arabic, signed_at=NOW)
        later = NOW + timedelta(minutes=5)
        publish(own, admin, base_version=1, at=later)
        assert state(course, later) is State.OUTDATED
        again = publish(
            own, admin, "ar", 1, later, title=arabic.title, text=arabic.text, reason="Still right"
        )
        assert state(course, later) is State.OUTDATED
        ConsentFactory(of=course, template=again, signed_at=later)
        assert state(course, later) is State.VALID

    def test_a_newer_text_in_that_language_is_signed_again(self, course, own, arabic, admin):
        ConsentFactory(of=course, template=arabic, signed_at=NOW)
        publish(own, admin, "ar", 1, text="ما هو: شيء آخر.")
        assert state(course) is State.OUTDATED

    def test_a_text_that_is_withdrawn_is_not_the_one_in_force(self, course, own, arabic, admin):
        ConsentFactory(of=course, template=arabic, signed_at=NOW)
        withdraw_consent_text(template=arabic, reason="Wrong word", by=admin, at=NOW)
        assert state(course) is State.OUTDATED

    def test_a_text_for_another_indication_says_nothing(self, course, own, cellulite):
        other = ConsentTemplateFactory(indication=cellulite, language="ar")
        ConsentFactory(of=course, template=other, signed_at=NOW)
        assert state(course) is State.OUTDATED


class TestPublishing:
    def test_each_language_counts_its_own_versions(self, own, arabic, admin):
        assert publish(own, admin, "pl").version == 1
        assert publish(own, admin, "pl", 1, text="Co to jest: Krew.").version == 2
        assert ConsentTemplate.objects.in_force().get() == own
        assert ConsentTemplate.objects.live().count() == 3

    def test_the_same_text_again_is_refused_unless_it_was_left_behind(self, own, arabic, admin):
        same = {"title": arabic.title, "text": arabic.text}
        with pytest.raises(SameConsentText):
            publish(own, admin, "ar", 1, **same)
        later = NOW + timedelta(minutes=5)
        publish(own, admin, base_version=1, at=later)
        assert publish(own, admin, "ar", 1, later, **same).version == 2

    def test_there_is_nothing_to_say_again_without_the_own_text(self, own, arabic, admin):
        withdraw_consent_text(template=own, reason="On paper", by=admin, at=NOW)
        with pytest.raises(ConsentTextMissing):
            publish(own, admin, "pl")


class TestEditor:
    def test_it_is_written_beside_the_own_text(self, admin_client, own):
        base = reverse("treatments:consent-text-edit", args=["treatment", "hair_loss"])
        url = reverse("treatments:consent-text-translate", args=["treatment", "hair_loss", "ar"])
        assert admin_client.get(base, {"language": "ar"})["Location"] == url
        said = words(admin_client.get(url))
        assert 'dir="rtl"' in said
        assert own.title in said
        posted = {"title": "موافقة", "text": ARABIC, "reason": "New", "base_version": "0"}
        assert admin_client.post(url, posted)["Location"] == url
        made = ConsentTemplate.objects.get(language="ar")
        said = words(admin_client.get(base))
        assert "Arabic" in said
        assert url in said
        detail = words(admin_client.get(page("consent-text-detail", made)))
        assert 'lang="ar" dir="rtl"' in detail
        assert url in detail

    def test_it_says_that_a_text_was_left_behind(self, admin_client, own, arabic, admin):
        base = reverse("treatments:consent-text-edit", args=["treatment", "hair_loss"])
        publish(own, admin, base_version=1, at=NOW + timedelta(minutes=5))
        assert "nobody is shown it" in words(admin_client.get(base))
        newest = ConsentTemplate.objects.get(language="ar")
        withdraw_consent_text(template=newest, reason="Wrong", by=admin, at=NOW)
        assert "Withdrawn" in words(admin_client.get(base))

    @pytest.mark.parametrize("language", ["xx", "en-GB", "a" * 300])
    def test_a_language_that_nobody_knows_is_no_page(self, admin_client, own, language):
        url = reverse(
            "treatments:consent-text-translate", args=["treatment", "hair_loss", language]
        )
        assert admin_client.get(url).status_code == 404

    def test_there_is_no_page_without_the_own_text(self, admin_client, hair_loss, own, admin):
        url = reverse("treatments:consent-text-translate", args=["treatment", "hair_loss", "ar"])
        shown = admin_client.get(url)
        assert shown.status_code == 200
        withdraw_consent_text(template=own, reason="On paper", by=admin, at=NOW)
        assert admin_client.get(url).status_code == 404


class TestSigning:
    def test_the_patients_language_comes_first(self, clinician_client, course, own, arabic):
        type(course.patient).objects.update(language="ar")
        said = words(clinician_client.get(page("consent-sign", course)))
        assert ARABIC.partition(": ")[2] in said
        assert 'lang="ar" dir="rtl"' in said
        assert "Not every text" not in said
        said = words(clinician_client.get(page("consent-sign", course), {"language": "en"}))
        assert "Small injections." in said
        assert ARABIC.partition(": ")[2] not in said

    def test_the_clinics_own_text_stands_in_with_a_sentence(self, clinician_client, course, own):
        type(course.patient).objects.update(language="pl")
        said = words(clinician_client.get(page("consent-sign", course)))
        assert "Not every text is written in Polish" in said
        assert "These are shown in English" in said
        assert own.title in said

    @pytest.mark.parametrize("language", ["", "xx", "zz" * 200])
    def test_a_language_that_nobody_knows_shows_the_own_text(
        self, clinician_client, course, own, language
    ):
        answer = clinician_client.get(page("consent-sign", course), {"language": language})
        assert answer.status_code == 200
        assert own.title in words(answer)

    def test_what_is_kept_is_the_text_that_was_read(self, clinician_client, course, own, arabic):
        answer = clinician_client.post(page("consent-sign", course), answers(course, arabic, "ar"))
        assert answer.status_code == 302
        consent = Consent.objects.get()
        assert consent.template == arabic
        assert consent.text == arabic.shown_for("What is treated: Chest, body, arms and legs.")
        assert consent.text_sha256 == digest(consent.text)
        assert state(course) is State.VALID
        said = words(clinician_client.get(page("consent-detail", consent)))
        assert '<h1 lang="ar" dir="rtl">' in said
        assert "Arabic" in said
        pdf = clinician_client.get(page("consent-pdf", consent)).content
        assert "Text version 1, Arabic" in PdfReader(BytesIO(pdf)).pages[0].extract_text()

    def test_a_text_that_was_left_behind_is_not_signed(
        self, clinician_client, course, own, arabic, admin
    ):
        publish(own, admin, base_version=1, at=NOW + timedelta(minutes=5))
        answer = clinician_client.post(page("consent-sign", course), answers(course, arabic, "ar"))
        assert answer.status_code == 409
        assert "A text was changed" in words(answer)
        assert not Consent.objects.exists()


def test_every_language_has_a_direction():
    found = {code for code, _name, _own in LANGUAGES if direction(code) == "rtl"}
    assert found == {"ar", "fa", "he", "ur"}
    assert direction("ar-EG") == "rtl"
