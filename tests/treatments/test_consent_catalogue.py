"""The consent texts that a new clinic begins with."""

import pytest

from records.domain.reactions import Grade
from tests.treatments.conftest import NOW
from tests.treatments.test_catalogue_sources import _table_rows
from treatments.actions.catalogue import load_catalogue, load_consent_texts
from treatments.actions.consents import withdraw_consent_text
from treatments.domain import catalogue
from treatments.domain.catalogue.consents import TREATMENT_TOPICS, ConsentText
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.consents import MONTHS_OF_BREAK, MONTHS_VALID, Unit
from treatments.domain.reflection import HOURS
from treatments.models import ConsentTemplate, Indication

TREATMENTS = [text for text in catalogue.CONSENT_TEXTS if text.unit == Unit.TREATMENT]


OTHERS = [text for text in catalogue.CONSENT_TEXTS if not text.indication]


def test_every_indication_and_every_other_unit_has_its_text():
    assert [text.indication for text in TREATMENTS] == list(catalogue.INDICATION_SLUGS)
    assert {text.unit for text in OTHERS} == set(Unit) - {Unit.TREATMENT}
    assert len(OTHERS) == len(Unit) - 1


@pytest.mark.parametrize("text", OTHERS, ids=lambda text: text.unit)
def test_every_other_unit_may_be_declined_and_taken_back(text):
    [choice] = [line for line in text.text.split("\n") if line.startswith("Your choice: ")]
    assert "You decide freely" in choice
    assert "take your consent back at any time" in choice.replace("take it back", "")


@pytest.mark.parametrize("text", TREATMENTS, ids=lambda text: text.indication)
def test_a_consent_to_treatment_speaks_of_everything(text):
    topics = tuple(line.partition(": ")[0] for line in text.text.split("\n"))
    assert topics == TREATMENT_TOPICS
    assert "do nothing" in text.text
    assert "Nobody can promise a result" in text.text
    assert "take your consent back at any time" in text.text


def test_hair_loss_says_that_the_evidence_is_limited_and_a_specialist_is_asked():
    [hair] = [text.text for text in TREATMENTS if text.indication == "hair_loss"]
    assert "evidence that this treatment helps hair loss is limited" in hair
    assert "specialist is to be consulted before the first session" in hair


def test_body_sculpting_passes_the_regulators_warning_on():
    [body] = [text.text for text in TREATMENTS if text.indication == "body_sculpting"]
    assert "regulator warns" in body


@pytest.mark.parametrize(
    "change",
    [{"indication": "toes"}, {"title": ""}, {"text": "No topic."}, {"text": "What: It.\n\nSo: So"}],
)
def test_a_text_that_cannot_be_right_is_refused(change):
    good = {"unit": "PHOTOS", "indication": "", "title": "Photos", "text": "What it is: A photo."}
    with pytest.raises(ValueError, match=r"indication|topic"):
        ConsentText(**good | change)


def test_how_long_consent_lasts_stands_in_the_sources_document():
    assert list(_table_rows("Consent")) == [
        ["Consent is signed again after", f"{MONTHS_VALID} months", CLINIC_SETTING],
        [
            "Consent is signed again after a break of more than",
            f"{MONTHS_OF_BREAK} months",
            CLINIC_SETTING,
        ],
        [
            "Consent is signed again after a reaction of the patient of at least",
            f"grade {Grade.SEVERE.value}",
            CLINIC_SETTING,
        ],
        [
            "Time to reflect before the first session",
            f"{HOURS} hours, which a clinic can change",
            CLINIC_SETTING,
        ],
    ]


@pytest.mark.django_db
class TestLoading:
    def test_texts_are_published_once(self, admin, audited):
        load_catalogue(by=admin, at=NOW)
        assert load_consent_texts(by=admin, at=NOW) == len(catalogue.CONSENT_TEXTS)
        assert load_consent_texts(by=admin, at=NOW) == 0
        assert audited().count("consent.text_published") == len(catalogue.CONSENT_TEXTS)
        for text in ConsentTemplate.objects.in_force():
            assert text.version == 1
            assert "Results vary" in text.shown

    def test_a_withdrawn_text_stays_away(self, admin):
        load_catalogue(by=admin, at=NOW)
        load_consent_texts(by=admin, at=NOW)
        [text] = ConsentTemplate.objects.filter(unit="PHOTOS")
        withdraw_consent_text(template=text, reason="On paper", by=admin, at=NOW)
        assert load_consent_texts(by=admin, at=NOW) == 0
        assert not ConsentTemplate.objects.in_force().filter(unit="PHOTOS").exists()

    def test_a_clinic_without_the_indication_gets_no_text_for_it(self, admin):
        assert not Indication.objects.exists()
        assert load_consent_texts(by=admin, at=NOW) == len(OTHERS)
