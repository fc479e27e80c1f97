"""The lines of an indication's text, as the pages and the paper lay them out."""

from typing import NamedTuple


class TimedNote(NamedTuple):
    """What to expect, and when: "48 hours", "No sauna." The time may be empty."""

    when: str
    words: str


def lines(text: str) -> list[str]:
    """Return the lines of `text` that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def timed_notes(text: str) -> list[TimedNote]:
    """Return each line "48 hours: No sauna." as its time and its words."""
    notes = []
    for line in lines(text):
        when, colon, words = line.partition(":")
        is_timed = bool(colon) and len(when) <= 40
        notes.append(TimedNote(when.strip(), words.strip()) if is_timed else TimedNote("", line))
    return notes
