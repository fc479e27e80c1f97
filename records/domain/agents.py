"""Which anaesthetic it is, by the words that were typed.

What is not known by its generic name has to be asked: it may neither escape the limit of lidocaine
nor the comparison with allergies.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from records.domain.skin import Noted

AMIDE: Final = "amide_anaesthetic"
ESTER: Final = "ester_anaesthetic"


class Agent(StrEnum):
    """A local anaesthetic by its generic name."""

    LIDOCAINE = "lidocaine"
    PRILOCAINE = "prilocaine"
    MEPIVACAINE = "mepivacaine"
    ARTICAINE = "articaine"
    BUPIVACAINE = "bupivacaine"
    ROPIVACAINE = "ropivacaine"
    PROCAINE = "procaine"
    TETRACAINE = "tetracaine"
    BENZOCAINE = "benzocaine"


ALLERGEN_OF: Final = {
    Agent.LIDOCAINE: AMIDE,
    Agent.PRILOCAINE: AMIDE,
    Agent.MEPIVACAINE: AMIDE,
    Agent.ARTICAINE: AMIDE,
    Agent.BUPIVACAINE: AMIDE,
    Agent.ROPIVACAINE: AMIDE,
    Agent.PROCAINE: ESTER,
    Agent.TETRACAINE: ESTER,
    Agent.BENZOCAINE: ESTER,
}
# Parts of generic names, in the spellings of several languages once they are folded.
_STEMS: Final = {
    Agent.LIDOCAINE: ("lidoc", "lignoc", "lydoc"),
    Agent.PRILOCAINE: ("priloc",),
    Agent.MEPIVACAINE: ("mepivac",),
    Agent.ARTICAINE: ("articain",),
    Agent.BUPIVACAINE: ("bupivac",),
    Agent.ROPIVACAINE: ("ropivac",),
    Agent.PROCAINE: ("procain",),
    Agent.TETRACAINE: ("tetracain", "amethocain"),
    Agent.BENZOCAINE: ("benzocain",),
}
# What numbs without a medicine.
_WITHOUT_MEDICINE: Final = (
    "air",
    "breath",
    "cold",
    "cool",
    "distract",
    "gas",
    "hypnos",
    "ice",
    "music",
    "nitrous",
    "pressure",
    "vibrat",
)


def agents_in(words: str) -> frozenset[Agent]:
    """Return the anaesthetics that `words` name, in any case, spelling or order."""
    # A blank or a sign inside of a name, as in "lido-caine", hides nothing.
    typed = _folded(words).replace(" ", "")
    return frozenset(
        agent for agent, stems in _STEMS.items() if any(stem in typed for stem in stems)
    )


def is_without_medicine(words: str) -> bool:
    """Whether `words` name something that numbs without a medicine, such as vibration."""
    return any(word.startswith(_WITHOUT_MEDICINE) for word in _folded(words).split())


def allergy_to(agents: Iterable[Agent], noted: Iterable[Noted]) -> str:
    """Return the substance that the patient is allergic to and that `agents` are, or ""."""
    families = {ALLERGEN_OF[agent] for agent in agents}
    for one in noted:
        named = {ALLERGEN_OF[agent] for agent in agents_in(one.substance)}
        if families & {one.allergen, *named}:
            return one.substance
    return ""


def _folded(words: str) -> str:
    """Return `words` without case, accents and signs, and with c for k: as names are compared."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(one for one in apart if not unicodedata.combining(one))
    return "".join(one if one.isalpha() else " " for one in letters.replace("k", "c"))
