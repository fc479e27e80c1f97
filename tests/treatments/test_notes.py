"""The lines of an indication's text, taken apart for pages and paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.domain.catalogue import INDICATIONS
from treatments.domain.notes import TimedNote, lines, timed_notes


def test_a_note_is_its_time_and_its_words():
    assert timed_notes("Same day: Redness is common.\n48 hours: No sauna.") == [
        TimedNote("Same day", "Redness is common."),
        TimedNote("48 hours", "No sauna."),
    ]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("Keep it dry.", TimedNote("", "Keep it dry.")),
        ("  10 days :  Bruises fade. ", TimedNote("10 days", "Bruises fade.")),
        ("At 10:30: Call.", TimedNote("At 10:30", "Call.")),
        ("48 hours:", TimedNote("48 hours", "")),
        (f"{'a' * 40}: b", TimedNote("a" * 40, "b")),
        # A sentence that happens to hold a colon is no time.
        (f"{'a' * 41}: b", TimedNote("", f"{'a' * 41}: b")),
    ],
)
def test_one_line(line, note):
    assert timed_notes(line) == [note]


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \r\n\t"])
def test_nothing_said_is_no_line(text):
    assert lines(text) == []
    assert timed_notes(text) == []


def test_lines_of_any_system_and_spaces_around_them():
    assert lines(" a fever\r\n\r\n  a lump \n") == ["a fever", "a lump"]


@pytest.mark.parametrize("text", INDICATIONS, ids=lambda text: text.slug)
def test_every_note_of_the_catalogue_has_its_time(text):
    assert all(note.when and note.words for note in timed_notes(text.recovery_notes))


@given(st.text())
def test_no_word_is_lost(text):
    said = "".join(note.when + note.words for note in timed_notes(text))
    assert "".join(said.split()).replace(":", "") == "".join(text.split()).replace(":", "")
