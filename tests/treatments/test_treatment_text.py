"""The disclaimer and the notes of a plan: never missing, never empty, never markup."""

import pytest
from django.template import Context, Template

from tests.factories.treatments import IndicationFactory, IndicationRevisionFactory
from treatments.domain import catalogue
from treatments.templatetags.treatment_text import TextMissing

pytestmark = pytest.mark.django_db

PAYLOAD = "<script>alert('x')</script>"


def drawn(tag, **context):
    return Template("{% load treatment_text %}{% " + tag + " %}").render(Context(context))


@pytest.fixture
def revision():
    return IndicationRevisionFactory(
        number=7,
        indication=IndicationFactory(revision=None, name="Cellulite", short_name="Cellulite"),
        disclaimer_addition="Tell us about vein problems.",
    )


ON_PLANS = {
    "disclaimer": "disclaimer revision",
    "recovery": "recovery_notes revision",
    "care": "care_sheet revision clinic",
}


def test_the_disclaimer_says_the_fixed_text_and_what_the_indication_adds(revision):
    page = drawn("disclaimer revision", revision=revision)
    assert "data-disclaimer" in page
    assert catalogue.DISCLAIMER_HEADING in page
    assert f"{catalogue.DISCLAIMER_TEXT} Tell us about vein problems." in page


@pytest.mark.parametrize("gone", ["DISCLAIMER_TEXT", "DISCLAIMER_HEADING"])
@pytest.mark.parametrize("emptiness", ["", " \n"])
@pytest.mark.parametrize("tag", ["disclaimer revision", "care_sheet revision clinic"])
def test_a_page_without_its_disclaimer_is_never_shown(
    monkeypatch, revision, clinic_profile, gone, emptiness, tag
):
    monkeypatch.setattr(catalogue, gone, emptiness)
    with pytest.raises(TextMissing):
        drawn(tag, revision=revision, clinic=clinic_profile)


@pytest.mark.parametrize("tag", ["recovery_notes revision", "care_sheet revision clinic"])
def test_a_page_without_recovery_notes_is_never_shown(clinic_profile, tag):
    blank = IndicationRevisionFactory(recovery_notes=" \n")
    with pytest.raises(TextMissing):
        drawn(tag, revision=blank, clinic=clinic_profile)


@pytest.mark.parametrize("tag", list(ON_PLANS.values()), ids=list(ON_PLANS))
def test_a_plan_without_a_text_is_never_shown(clinic_profile, tag):
    with pytest.raises(AttributeError):
        drawn(tag, revision=None, clinic=clinic_profile)


def test_the_notes_say_their_version_and_day(revision):
    page = drawn("recovery_notes revision", revision=revision)
    assert "<b>48 hours:</b> No sauna." in page
    assert "Cellulite, version 7, 2 November 2026." in page


def test_the_care_sheet_says_what_to_expect_and_whom_to_call(revision, clinic_profile):
    page = drawn("care_sheet revision clinic", revision=revision, clinic=clinic_profile)
    assert "<dt>48 hours</dt><dd>No sauna.</dd>" in page
    assert "<li>Keep the skin clean.</li>" in page
    assert "Get help the same day if you have" in page
    assert "<li>a fever</li><li>a lump that grows</li>" in page
    assert clinic_profile.phone in page
    assert "<b>999</b>" in page
    assert catalogue.DISCLAIMER_TEXT in page


@pytest.mark.parametrize("tag", list(ON_PLANS.values()), ids=list(ON_PLANS))
def test_a_text_is_words_and_never_markup(clinic_profile, tag):
    hostile = IndicationRevisionFactory(
        indication=IndicationFactory(revision=None, short_name=PAYLOAD[:40]),
        recovery_notes=f"{PAYLOAD}: {PAYLOAD}",
        aftercare=PAYLOAD,
        when_to_call=PAYLOAD,
        disclaimer_addition=PAYLOAD,
    )
    page = drawn(tag, revision=hostile, clinic=clinic_profile)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
