"""What a patient reads about an indication, and when it is fit to be published."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, Self

from treatments.domain.notes import timed_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientText:
    """The text of an indication, field by field. Lists hold one entry a line."""

    summary: str
    who_it_suits: str
    evidence: str
    recovery_notes: str
    aftercare: str
    when_to_call: str
    disclaimer_addition: str = ""

    @classmethod
    def tidied(cls, typed: Mapping[str, str]) -> Self:
        """Return the text of `typed`, without loose spaces, odd line ends and empty lines."""
        return cls(**{name: tidy(typed.get(name) or "") for name in FIELDS})

    def missing(self) -> list[str]:
        """Return the names of the fields that must say something and do not."""
        lacking = [name for name in REQUIRED if not has_words(getattr(self, name))]
        if "recovery_notes" not in lacking and notes_without_words(self.recovery_notes):
            lacking.append("recovery_notes")
        return lacking

    def differences(self, other: Self) -> list[str]:
        """Return the names of the fields in which the texts differ."""
        return [name for name in FIELDS if getattr(self, name) != getattr(other, name)]


FIELDS: Final = tuple(field.name for field in fields(PatientText))
REQUIRED: Final = tuple(name for name in FIELDS if name != "disclaimer_addition")


def tidy(text: str) -> str:
    """Return the lines of `text` that hold something visible, without spaces around them."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if has_words(line))


def has_words(text: str) -> bool:
    """Whether `text` holds a sign with a shape: not only spaces, controls and joiners."""
    return any(unicodedata.category(sign)[0] not in "CZ" for sign in text)


def notes_without_words(recovery_notes: str) -> list[str]:
    """Return the times of the notes that say when and not what: "48 hours:"."""
    return [note.when for note in timed_notes(recovery_notes) if not has_words(note.words)]
