"""Clinical photographs: which views belong to an area, what a set lacks, what a photo may be used for.

Left and right are the patient's own. Where a line names no source, it is a clinic setting; see
`docs/clinical-sources.md`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.consents import State, Unit

POSE_GUIDE: Final = "Standardised photographs of aesthetic patients, aptos.cz"
STYLING_GUIDE: Final = "Standard clinical photographs, innovationsapp.com and ajops.com"
STANDING_CELLULITE: Final = "Cellulite is mapped standing, dermanetwork.org"
NINE_ITEMS: Final = "Nine items of a photo standard, SEPIA, aestheticsjournal.com"

CELLULITE: Final = "cellulite_tightening"


class Area(StrEnum):
    """What is photographed as a set."""

    FACE = "face"
    SUBMENTAL = "submental"
    ABDOMEN = "abdomen"
    THIGH = "thigh"
    ARM = "arm"
    SCALP = "scalp"
    HANDS = "hands"


class Side(StrEnum):
    """Which side of the patient faces the camera, or which hand or arm it is."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"
    MIDDLE = "MIDDLE"


@dataclass(frozen=True, slots=True)
class View:
    """One way to photograph an area. Its code tells area and side as well, so neither is typed.

    A standard view belongs to every complete set, but where `only_for` names indications, to
    theirs alone.
    """

    code: str
    area: Area
    side: Side
    is_standard: bool = True
    only_for: frozenset[str] = frozenset()

    def is_asked(self, indication: str) -> bool:
        """Whether a set for `indication` is incomplete without it."""
        return self.is_standard and (not self.only_for or indication in self.only_for)


def _sided(area: Area, stem: str, *, is_standard: bool = True) -> tuple[View, ...]:
    return tuple(
        View(f"{area}_{stem}_{side.lower()}", area, side, is_standard)
        for side in (Side.LEFT, Side.RIGHT)
    )


def _middle(area: Area, *stems: str, is_standard: bool = True) -> tuple[View, ...]:
    return tuple(View(f"{area}_{stem}", area, Side.MIDDLE, is_standard) for stem in stems)


def _contracted() -> tuple[View, ...]:
    """Cellulite is photographed with the muscles tensed as well."""
    only = frozenset({CELLULITE})
    sides = (Side.MIDDLE, Side.LEFT, Side.RIGHT, Side.MIDDLE)
    stems = ("back", "lateral_left", "lateral_right", "front")
    return tuple(
        View(f"thigh_{stem}_tensed", Area.THIGH, side, only_for=only)
        for stem, side in zip(stems, sides, strict=True)
    )


VIEWS: Final[tuple[View, ...]] = (
    *_middle(Area.FACE, "front"),
    *_sided(Area.FACE, "oblique"),
    *_sided(Area.FACE, "lateral"),
    *_middle(Area.FACE, "chin_down", "smile", "frown", "close_up", is_standard=False),
    *_sided(Area.FACE, "close_up", is_standard=False),
    *_middle(Area.SUBMENTAL, "front"),
    *_sided(Area.SUBMENTAL, "lateral"),
    *_sided(Area.SUBMENTAL, "oblique"),
    *_middle(Area.SUBMENTAL, "neck_extended", is_standard=False),
    *_middle(Area.ABDOMEN, "front"),
    *_sided(Area.ABDOMEN, "lateral"),
    *_sided(Area.ABDOMEN, "oblique"),
    *_middle(Area.ABDOMEN, "back"),
    *_middle(Area.THIGH, "back"),
    *_sided(Area.THIGH, "lateral"),
    *_middle(Area.THIGH, "front"),
    *_contracted(),
    *_sided(Area.ARM, "front"),
    *_sided(Area.ARM, "back"),
    *_middle(Area.SCALP, "hairline", "vertex", "parting"),
    *_sided(Area.SCALP, "temple"),
    *_middle(Area.SCALP, "occiput"),
    *_middle(Area.SCALP, "dermoscopy", is_standard=False),
    *_sided(Area.HANDS, "dorsum"),
    *_middle(Area.HANDS, "chest"),
)
BY_CODE: Final[Mapping[str, View]] = {view.code: view for view in VIEWS}

# Where the views of an area come from.
AREA_SOURCES: Final[Mapping[Area, str]] = {
    Area.FACE: POSE_GUIDE,
    Area.SUBMENTAL: CLINIC_SETTING,
    Area.ABDOMEN: CLINIC_SETTING,
    Area.THIGH: STANDING_CELLULITE,
    Area.ARM: CLINIC_SETTING,
    Area.SCALP: CLINIC_SETTING,
    Area.HANDS: CLINIC_SETTING,
}

# The areas of an indication, the usual one first; they follow its zones.
_AREAS: Final[Mapping[str, tuple[Area, ...]]] = {
    CELLULITE: (Area.THIGH, Area.ABDOMEN, Area.ARM),
    "skin_radiance": (Area.FACE, Area.HANDS),
    "body_sculpting": (Area.ABDOMEN, Area.SUBMENTAL, Area.THIGH, Area.ARM),
    "ageing_pigmentation": (Area.FACE, Area.HANDS),
    "hair_loss": (Area.SCALP,),
}

# Metres from the lens to the patient: for the face, and for the body. [S58a]
FACE_DISTANCE_M: Final = ("1", "1.5")
BODY_DISTANCE_M: Final = ("2", "2.5")


class Item(StrEnum):
    """What two photographs must have in common to be compared. [S58c]"""

    POSITION = "position"
    EXPRESSION = "expression"
    LIGHT = "light"
    BACKGROUND = "background"
    ZOOM = "zoom"
    STYLING = "styling"
    VIEWS = "views"
    TIMING = "timing"
    DESCRIPTION = "description"


# -- What a file may be. Limits of this software, not of medicine. -----------------------------

MAX_BYTES: Final = 15 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
# An ordinary JPEG of more is decoded at half its width and height.
MAX_PIXELS_KEPT: Final = 20_000_000
# A PNG, a progressive JPEG and a WebP cannot be; they are decoded whole, and some of it twice.
MAX_PIXELS_WHOLE: Final = 16_000_000
MAX_PIXELS_WEBP: Final = 10_000_000
# A longer side is of no camera.
MAX_SIDE: Final = 16_000


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    MOVING = "moving"
    BROKEN = "broken"


def areas_for(indication: str) -> tuple[Area, ...]:
    """Return the areas that are photographed for `indication` (a slug), the usual one first."""
    return _AREAS.get(indication, tuple(Area))


def views_of(area: Area, indication: str) -> tuple[tuple[View, ...], tuple[View, ...]]:
    """Return the views of `area` that a set for `indication` asks for, and the others."""
    known = [view for view in VIEWS if view.area is area]
    asked = tuple(view for view in known if view.is_asked(indication))
    return asked, tuple(view for view in known if view not in asked)


class TileState(StrEnum):
    """How it is with one view of a set."""

    TAKEN = "taken"
    DECLINED = "declined"
    MISSING = "missing"


def tile_state(*, is_taken: bool, is_declined: bool) -> TileState:
    """Return how it is with a view: a photo that was taken after all counts more than a no."""
    if is_taken:
        return TileState.TAKEN
    return TileState.DECLINED if is_declined else TileState.MISSING


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a set holds of what it asks for; `missing` is in the order of the views."""

    taken: int
    declined: int
    missing: tuple[View, ...]

    @property
    def is_begun(self) -> bool:
        """Whether anything was photographed or declined."""
        return bool(self.taken or self.declined)

    @property
    def is_complete(self) -> bool:
        """Whether each view it asks for was taken or declined."""
        return self.is_begun and not self.missing


def coverage(indication: str, *, taken: Collection[str], declined: Collection[str]) -> Coverage:
    """Return what is there of a set, by codes of views, over all areas that it touches.

    A set that touches no area asks for the usual one of `indication`.
    """
    touched = {BY_CODE[code].area for code in (*taken, *declined)}
    areas = touched or set(areas_for(indication)[:1])
    asked = [view for view in VIEWS if view.area in areas and view.is_asked(indication)]
    states = {
        view: tile_state(is_taken=view.code in taken, is_declined=view.code in declined)
        for view in asked
    }
    return Coverage(
        taken=len(set(taken)),
        declined=len(set(declined) - set(taken)),
        missing=tuple(view for view, state in states.items() if state is TileState.MISSING),
    )


# -- What a photo may be used for ---------------------------------------------------------------


class Use(StrEnum):
    """What a copy is made for. The record itself needs none."""

    TEACHING = "teaching"
    PUBLICATION = "publication"


UNIT_OF_USE: Final[Mapping[Use, Unit]] = {
    Use.TEACHING: Unit.TEACHING,
    Use.PUBLICATION: Unit.MARKETING,
}


def may_use(use: Use, states: Mapping[Unit, State]) -> bool:
    """Whether a photo may be copied for `use`: its own unit is asked for, signed and stands. [S58]

    A clinic that publishes no text for the unit may not use photos so, whatever is on paper.
    """
    return states.get(UNIT_OF_USE[use]) is State.VALID


# -- When a photo was taken ---------------------------------------------------------------------

# A clinic setting: the first photos are of the assessment, in the month before a course is planned.
# What says that it is older was taken by a camera that has lost its clock, or is not of this course.
BEFORE_COURSE: Final = timedelta(days=31)


def read_stamp(taken: str, offset: str = "") -> datetime | None:
    """Return what a camera wrote, like "2026:11:25 17:40:02" and "+01:00"; None for anything else.

    It is naive, the wall clock of wherever the camera was set, unless the offset is one.
    """
    try:
        wall = datetime.strptime(taken.strip(), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    try:
        return wall.replace(tzinfo=datetime.strptime(offset.strip(), "%z").tzinfo)
    except ValueError:
        return wall


def taken_at(
    stamp: datetime | None, *, zone: tzinfo, born_on: date, planned_at: datetime, now: datetime
) -> datetime:
    """Return when a photo that is added `now` (aware) was taken: as `stamp` says if that can be.

    It cannot be later than `now`, before the patient's birth, or long before the course was planned.
    """
    if stamp is None:
        return now
    said = stamp if stamp.tzinfo else stamp.replace(tzinfo=zone)
    try:
        on = said.astimezone(zone).date()
        is_possible = planned_at - BEFORE_COURSE <= said <= now
    except OverflowError:  # the first and the last day of the calendar
        return now
    return said if is_possible and on >= born_on else now
