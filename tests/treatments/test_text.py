"""What a patient reads: its lines, what must be said, and the tags that say it."""

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.clinic import ClinicProfileFactory
from tests.factories.treatments import AT, IndicationFactory, IndicationRevisionFactory
from treatments.domain import catalogue
from treatments.domain.notes import TimedNote, lines, timed_notes
from treatments.domain.stock import volume_fits, volumes_in_order
from treatments.domain.text import FIELDS, PatientText, has_words, notes_without_words, tidy
from treatments.models import IndicationRevision
from treatments.templatetags.treatment_text import TextMissing

FULL = PatientText(**dict.fromkeys(FIELDS, "Same day: Something."))


def test_lines_that_say_nothing_are_left_out():
    assert lines(" one \n\n \t\n two") == ["one", "two"]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("48 hours: No sauna.", TimedNote("48 hours", "No sauna.")),
        ("No sauna.", TimedNote("", "No sauna.")),
        ("48 hours:", TimedNote("48 hours", "")),
        ("Until 10:30: Rest.", TimedNote("Until 10", "30: Rest.")),
        (
            "If you have a history of swelling after treatments: Call.",
            TimedNote("", "If you have a history of swelling after treatments: Call."),
        ),
    ],
)
def test_a_line_is_its_time_and_its_words(line, note):
    assert timed_notes(line) == [note]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b", "\u2060\u00ad", "\ufeff"])
def test_a_text_without_a_visible_sign_has_no_words(text):
    assert not has_words(text)
    assert tidy(text) == ""


def test_times_without_words_are_named():
    assert notes_without_words("Day 1: Rest.\n48 hours: \nNo sauna.") == ["48 hours"]


@given(st.text())
def test_tidying_twice_changes_nothing(text):
    once = tidy(text)
    assert tidy(once) == once
    assert bool(once) == has_words(once)


def test_a_full_text_lacks_nothing_and_the_addition_may_be_empty():
    assert FULL.missing() == []
    assert (
        PatientText.tidied({**dict.fromkeys(FIELDS, "x"), "disclaimer_addition": ""}).missing()
        == []
    )


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "disclaimer_addition"])
def test_what_is_empty_is_missing(field):
    text = PatientText.tidied({name: "x" for name in FIELDS if name != field})
    assert text.missing() == [field]
    assert text.differences(PatientText.tidied(dict.fromkeys(FIELDS, "x"))) == [field]


@pytest.mark.parametrize(
    ("usual", "most", "fits"),
    [(None, None, True), (None, 1, True), (2, None, True), (2, 2, True), (3, 2, False)],
)
def test_volumes_are_in_order(usual, most, fits):
    assert volumes_in_order(usual, most) is fits


def test_a_volume_that_is_not_set_fits():
    assert volume_fits(None)


def render(words, **context):
    return Template("{% load treatment_text %}" + words).render(Context(context))


@pytest.fixture
def revision(db):
    return IndicationRevisionFactory(disclaimer_addition="Tell us about new moles.")


TAGS = ["{% recovery_notes revision %}", "{% care_sheet revision clinic %}"]


def test_the_disclaimer_says_its_text_and_the_addition(revision):
    html = render("{% disclaimer revision %}", revision=revision)
    assert "data-disclaimer" in html
    assert catalogue.DISCLAIMER_TEXT in html
    assert "Tell us about new moles." in html


def test_the_recovery_notes_say_their_lines_and_their_version(revision):
    html = render("{% recovery_notes revision %}", revision=revision)
    assert "data-recovery" in html
    assert "<b>48 hours:</b> No sauna." in html
    assert "version 1, 2 November 2026" in html


def test_the_care_sheet_says_everything(revision):
    clinic = ClinicProfileFactory()
    html = render("{% care_sheet revision clinic %}", revision=revision, clinic=clinic)
    for said in (
        "data-recovery",
        "data-disclaimer",
        "No sauna.",
        "Keep the skin clean.",
        "a lump that grows",
        clinic.phone,
        catalogue.DISCLAIMER_TEXT,
        catalogue.EMERGENCY_TEXT,
    ):
        assert said in html


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("notes", ["", " ", "\n\n"])
def test_a_plan_without_recovery_notes_is_never_shown(tag, notes):
    empty = IndicationRevision(recovery_notes=notes, indication=IndicationFactory.build())
    with pytest.raises(TextMissing, match="recovery notes"):
        render(tag, revision=empty, clinic=ClinicProfileFactory.build())


@pytest.mark.parametrize("tag", ["{% disclaimer revision %}", TAGS[1]])
def test_a_plan_without_the_disclaimer_is_never_shown(tag, monkeypatch):
    monkeypatch.setattr(catalogue, "DISCLAIMER_TEXT", "")
    text = IndicationRevision(recovery_notes="Now: Rest.", published_at=AT)
    with pytest.raises(TextMissing, match="disclaimer"):
        render(tag, revision=text, clinic=ClinicProfileFactory.build())
