"""The lines of an indication's text, as the pages and the paper lay them out."""

import re
from typing import NamedTuple

# A colon without a space after it belongs to a time of day or to an address.
_TIMED = re.compile(r"(.{0,40}?)\s*:(?:\s+|$)(.*)", re.DOTALL)


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
        timed = _TIMED.match(line)
        notes.append(TimedNote(*timed.groups()) if timed else TimedNote("", line))
    return notes
