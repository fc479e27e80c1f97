"""Which part of the body a zone belongs to: consent is given for parts, not for single zones."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final


class ZoneClass(StrEnum):
    """A part of the body that is talked about by itself: what can go wrong there differs."""

    FACE = "FACE"
    SCALP = "SCALP"
    BODY = "BODY"


SCALP_ZONES: Final = frozenset(
    {"frontal_hairline", "temple_left", "temple_right", "mid_scalp", "vertex"}
)
FACE_ZONES: Final = frozenset(
    {
        "face",
        "neck",
        "submental",
        "forehead",
        "periorbital",
        "malar_left",
        "malar_right",
        "perioral",
        "chin",
    }
)
_APART: Final = ","


def class_of(code: str) -> ZoneClass:
    """Return the part of the body that the zone with `code` belongs to."""
    if code in SCALP_ZONES:
        return ZoneClass.SCALP
    return ZoneClass.FACE if code in FACE_ZONES else ZoneClass.BODY


def classes_of(codes: Iterable[str]) -> tuple[ZoneClass, ...]:
    """Return the parts that zones with `codes` belong to, each once, in the order of `ZoneClass`."""
    found = {class_of(code) for code in codes}
    return tuple(one for one in ZoneClass if one in found)


def usual_class(codes: Sequence[str]) -> ZoneClass | None:
    """Return the part that most zones with `codes` belong to, of several the first; None of none."""
    counted = Counter(class_of(code) for code in codes)
    return max(counted, key=lambda one: counted[one], default=None)


def to_words(classes: Iterable[ZoneClass]) -> str:
    """Return `classes` as they are kept: each once, in the order of `ZoneClass`."""
    kept = set(classes)
    return _APART.join(one for one in ZoneClass if one in kept)


def from_words(kept: str) -> frozenset[ZoneClass]:
    """Return what `to_words` kept."""
    return frozenset(ZoneClass(one) for one in kept.split(_APART) if one)


def all_words() -> list[str]:
    """Return all that `to_words` can return."""
    parts = list(ZoneClass)
    picks = range(2 ** len(parts))
    return [to_words(one for n, one in enumerate(parts) if pick >> n & 1) for pick in picks]
