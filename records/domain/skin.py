"""How the skin was prepared: with what, for how long, and what must not be used on whom or where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from records.domain.problems import Caution, Lack, Problem, Step

CHLORHEXIDINE: Final = "CHLORHEXIDINE"
ALCOHOL: Final = "ALCOHOL"
IODINE: Final = "IODINE"
HYPOCHLOROUS: Final = "HYPOCHLOROUS"
ANTISEPTICS: Final = (CHLORHEXIDINE, ALCOHOL, IODINE, HYPOCHLOROUS)
CONTACT_SECONDS: Final = (5, 600)
# What can be typed; more in one session is a slip of the finger.
NEEDLE_CHANGES: Final = (0, 99)

# What a person who is allergic to the key must not be cleaned with, and how it is typed.
ALLERGEN_OF: Final = {CHLORHEXIDINE: "chlorhexidine", IODINE: "iodine"}
_SPIRIT: Final = ("isopropyl", "ethanol", "surgical spirit")
_TYPED: Final = {
    CHLORHEXIDINE: ("chlorhex", *_SPIRIT),
    ALCOHOL: _SPIRIT,
    IODINE: ("iodine", "iodophor"),
    HYPOCHLOROUS: ("hypochlor",),
}
# [PK] parts of a zone's code that say that it is at an eye or an ear.
NEAR_EYES_OR_EARS: Final = frozenset(
    {"auricle", "ear", "ears", "eye", "eyelid", "eyelids", "eyes", "orbital", "periorbital"}
)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that the patient must not get: the words, and the allergen's code or ""."""

    substance: str
    allergen: str = ""


@dataclass(frozen=True, slots=True)
class SkinPreparation:
    """How the skin was prepared. `antiseptic` is "" while nothing is said."""

    antiseptic: str = ""
    contact_seconds: int | None = None
    is_dried: bool = False
    is_sterile: bool = False
    is_copied: bool = False


UNPREPARED: Final = SkinPreparation()


def skin_missing(skin: SkinPreparation) -> list[Problem]:
    """Return what is not said about the skin."""
    found = []
    if not skin.antiseptic:
        found.append(_problem(Lack.ANTISEPTIC_MISSING, "antiseptic"))
    if not skin.is_sterile:
        found.append(_problem(Lack.NOT_STERILE, "is_sterile"))
    return found


def antiseptic_problems(
    antiseptic: str, noted: Iterable[Noted], zones: Iterable[tuple[str, str]]
) -> list[Problem]:
    """Return why `antiseptic` must not be used on this patient or there. [R11]

    `zones` are the codes and names of what is treated.
    """
    found = [
        _problem(Lack.ANTISEPTIC_ALLERGY, "antiseptic", why=one.substance)
        for one in noted
        if is_allergic_to(antiseptic, one)
    ]
    if antiseptic == CHLORHEXIDINE:
        found += [
            _problem(Lack.ANTISEPTIC_NEAR_EYES, "antiseptic", zone=name)
            for code, name in zones
            if is_near_eyes_or_ears(code)
        ]
    return found


def is_allergic_to(antiseptic: str, noted: Noted) -> bool:
    """Whether what was noted is an allergy to `antiseptic`, by its code or as it was typed."""
    if noted.allergen and noted.allergen == ALLERGEN_OF.get(antiseptic):
        return True
    words = noted.substance.casefold()
    return any(part in words for part in _TYPED.get(antiseptic, ()))


def is_near_eyes_or_ears(zone_code: str) -> bool:
    """Whether a zone is at an eye or an ear, by the parts of its code."""
    return bool(NEAR_EYES_OR_EARS & set(zone_code.casefold().replace("-", "_").split("_")))


def skin_cautions(skin: SkinPreparation) -> list[Problem]:
    """Return what to look at again: an antiseptic that was not left to dry."""
    is_wet = bool(skin.antiseptic) and not skin.is_dried
    return [Problem(Step.ANAESTHESIA, Caution.NOT_DRIED, field="is_dried")] if is_wet else []


def _problem(lack: Lack, field: str, why: str = "", zone: str = "") -> Problem:
    return Problem(Step.ANAESTHESIA, lack, field=field, why=why, zone=zone)
