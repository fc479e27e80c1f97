"""The zones of each indication, in the order they are offered."""

from typing import Final

from treatments.domain.catalogue.shapes import ZoneName

# Left and right stand apart only where the two sides are treated and judged one by one.
_NAMES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "cellulite_tightening": (
        ("thigh_post", "Back of thigh"),
        ("thigh_lat", "Outer thigh"),
        ("thigh_med", "Inner thigh"),
        ("buttock", "Buttock"),
        ("abdomen", "Abdomen"),
        ("knee_med", "Inner knee"),
        ("upper_arm", "Upper arm"),
    ),
    "skin_radiance": (
        ("face", "Face"),
        ("neck", "Neck"),
        ("decollete", "Upper chest"),
        ("hand_dorsum", "Back of hand"),
    ),
    "body_sculpting": (
        ("submental", "Under the chin"),
        ("abdomen_lower", "Lower abdomen"),
        ("flank", "Side of waist"),
        ("thigh_inner", "Inner thigh"),
        ("thigh_outer", "Outer thigh"),
        ("upper_arm", "Upper arm"),
        ("bra_roll", "Back, along the bra line"),
        ("knee", "Knee"),
    ),
    "ageing_pigmentation": (
        ("forehead", "Forehead"),
        ("periorbital", "Around the eyes"),
        ("malar_left", "Left cheek"),
        ("malar_right", "Right cheek"),
        ("perioral", "Around the mouth"),
        ("chin", "Chin"),
        ("neck", "Neck"),
        ("decollete", "Upper chest"),
        ("hand", "Back of hand"),
    ),
    "hair_loss": (
        ("frontal_hairline", "Front hairline"),
        ("temple_left", "Left temple"),
        ("temple_right", "Right temple"),
        ("mid_scalp", "Middle of the scalp"),
        ("vertex", "Crown"),
    ),
}

ZONES: Final = tuple(
    ZoneName(indication=indication, code=code, name=name, position=position)
    for indication, names in _NAMES.items()
    for position, (code, name) in enumerate(names, start=1)
)
