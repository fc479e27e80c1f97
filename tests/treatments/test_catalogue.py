"""The clinical catalogue: complete, as agreed, and plainly worded."""

import re
from collections.abc import Iterator
from dataclasses import astuple
from decimal import Decimal

import pytest

from treatments.domain.catalogue import (
    ALLERGENS,
    DISCLAIMER_HEADING,
    DISCLAIMER_TEXT,
    EMERGENCY_HEADING,
    EMERGENCY_TEXT,
    INDICATION_SLUGS,
    INDICATIONS,
    PRODUCTS,
    PROTOCOLS,
    ZONES,
)

INDICATION = {text.slug: text for text in INDICATIONS}
PROTOCOL = {protocol.indication: protocol for protocol in PROTOCOLS}
PRODUCT = {product.code: product for product in PRODUCTS}

# slug: total, initial, monthly, procedure minutes, slot minutes, depth, downtime, largest volume
PROTOCOL_TABLE = {
    "cellulite_tightening": (10, 6, 4, 40, 60, ("2.0", "4.0"), (0, 3), "20"),
    "skin_radiance": (5, 3, 2, 30, 60, ("1.0", "2.0"), (0, 2), "5"),
    "body_sculpting": (8, 6, 2, 45, 60, ("3.0", "4.0"), (1, 5), "20"),
    "ageing_pigmentation": (8, 5, 3, 40, 60, ("1.0", "3.0"), (0, 3), "5"),
    "hair_loss": (10, 6, 4, 30, 45, ("2.0", "4.0"), (0, 1), "8"),
}
TECHNIQUE_TABLE = {
    "cellulite_tightening": ("point_by_point",),
    "skin_radiance": ("nappage",),
    "body_sculpting": ("point_by_point",),
    "ageing_pigmentation": ("papular", "linear_retrograde"),
    "hair_loss": ("nappage", "point_by_point"),
}
SCALE_TABLE = {
    "cellulite_tightening": "nm css circumference_cm gais satisfaction",
    "skin_radiance": "gais radiance_vas faceq_skin satisfaction",
    "body_sculpting": "circumference_cm caliper_mm weight_bmi gais",
    "ageing_pigmentation": "wsrs glogau mmasi gais faceq_skin",
    "hair_loss": "norwood ludwig sinclair hair_density hair_pull gais",
}
ZONE_TABLE = {
    "cellulite_tightening": "thigh_post thigh_lat thigh_med buttock abdomen knee_med upper_arm",
    "skin_radiance": "face neck decollete hand_dorsum",
    "body_sculpting": (
        "submental abdomen_lower flank thigh_inner thigh_outer upper_arm bra_roll knee"
    ),
    "ageing_pigmentation": (
        "forehead periorbital malar_left malar_right perioral chin neck decollete hand"
    ),
    "hair_loss": "frontal_hairline temple_left temple_right mid_scalp vertex",
}
DISABLED = {
    "glutathione_100",
    "collagenase_rec",
    "deoxycholic_10",
    "pc_dc_50_25",
    "minoxidil_05",
    "dutasteride_01",
}
# code: usual ml, largest ml, least days between; each as a clinician reads it in the list
PRODUCT_TABLE = {
    "ha_ncl_10": ("2", "5", 7),
    "ha_ncl_16": ("1.6", "4", 14),
    "ha_multi": ("3", "5", 7),
    "polynucleotide_20": ("2", "4", 14),
    "vit_c_100": ("1", "3", 7),
    "vit_b_complex": ("2", "4", 7),
    "biotin_5": ("1", "2", 7),
    "dexpanthenol_250": ("2", "4", 7),
    "glutathione_100": ("1", "2", 7),
    "txa_4": ("2", "4", 7),
    "txa_100": ("1", "2", 28),
    "silicon_org_05": ("3", "10", 7),
    "caffeine_20": ("4", "10", 7),
    "carnitine_200": ("5", "10", 7),
    "artichoke": ("5", "10", 7),
    "rutin_melilot": ("2", "4", 7),
    "hyaluronidase_150": ("1", "3", 14),
    "collagenase_rec": ("1", "2", 28),
    "deoxycholic_10": ("4", "10", 28),
    "pc_dc_50_25": ("5", "20", 28),
    "minoxidil_05": ("2", "3", 7),
    "dutasteride_01": ("1", "2", 28),
    "prp": ("5", "7", 28),
    "lidocaine_1": ("5", None, 0),
    "lidocaine_2": ("5", None, 0),
    "procaine_2": ("1", "2", 7),
    "lido_prilo_cream": (None, None, 0),
    "saline_09": ("2", "10", 0),
}
FORBIDDEN = re.compile(
    r"\b(cure[sd]?|melt\w*|guarantee\w*|permanent\w*|miracle|painless|risk-free|please|oops"
    r"|botox\w*|kybella|emla|juvederm|restylane|profhilo|mesohyal)\b",
    re.IGNORECASE,
)


def _every_text() -> Iterator[str]:
    yield from (DISCLAIMER_HEADING, DISCLAIMER_TEXT, EMERGENCY_HEADING, EMERGENCY_TEXT)
    yield from ALLERGENS.values()
    rows = [astuple(text) for text in INDICATIONS]
    rows += [astuple(zone) for zone in ZONES]
    rows += [astuple(product) for product in PRODUCTS]
    yield from (value for row in rows for value in row if isinstance(value, str))


def test_every_indication_has_text_protocol_zones_and_products() -> None:
    assert tuple(INDICATION) == INDICATION_SLUGS
    assert [text.position for text in INDICATIONS] == [1, 2, 3, 4, 5]
    assert set(PROTOCOL) == set(INDICATION_SLUGS)
    assert {zone.indication for zone in ZONES} == set(INDICATION_SLUGS)
    for slug in INDICATION_SLUGS:
        enabled = [p for p in PRODUCTS if p.is_enabled and slug in p.indications]
        assert {p.product_class for p in enabled} - {"anaesthetic", "topical_anaesthetic"}


def test_codes_are_not_repeated() -> None:
    assert len(INDICATION) == len(INDICATIONS)
    assert len(PROTOCOL) == len(PROTOCOLS)
    assert len(PRODUCT) == len(PRODUCTS)
    assert len({(zone.indication, zone.code) for zone in ZONES}) == len(ZONES)


@pytest.mark.parametrize("slug", INDICATION_SLUGS)
def test_protocol_numbers_are_the_agreed_ones(slug: str) -> None:
    protocol = PROTOCOL[slug]
    total, initial, monthly, procedure, slot, depth, downtime, volume = PROTOCOL_TABLE[slug]
    assert (protocol.total_sessions, protocol.initial_sessions) == (total, initial)
    assert protocol.monthly_sessions == monthly
    assert initial + monthly == total
    assert (protocol.initial_min_days, protocol.initial_max_days) == (7, 10)
    assert (protocol.monthly_min_days, protocol.monthly_max_days) == (28, 35)
    assert (protocol.procedure_minutes, protocol.session_minutes) == (procedure, slot)
    assert (protocol.depth_min_mm, protocol.depth_max_mm) == tuple(map(Decimal, depth))
    assert (protocol.downtime_min_days, protocol.downtime_max_days) == downtime
    assert protocol.max_volume_ml == Decimal(volume)
    assert protocol.techniques == TECHNIQUE_TABLE[slug]
    assert protocol.outcome_scales == tuple(SCALE_TABLE[slug].split())
    assert protocol.needs_specialist is (slug == "hair_loss")


@pytest.mark.parametrize("slug", INDICATION_SLUGS)
def test_zones_are_the_agreed_ones_in_order(slug: str) -> None:
    zones = [zone for zone in ZONES if zone.indication == slug]
    assert [zone.code for zone in zones] == ZONE_TABLE[slug].split()
    assert [zone.position for zone in zones] == list(range(1, len(zones) + 1))


def test_product_numbers_are_the_agreed_ones() -> None:
    numbers = {
        code: (
            product.usual_volume_ml and str(product.usual_volume_ml),
            product.max_volume_ml and str(product.max_volume_ml),
            product.min_interval_days,
        )
        for code, product in PRODUCT.items()
    }
    assert numbers == PRODUCT_TABLE


def test_products_with_weak_safety_data_start_disabled() -> None:
    assert {product.code for product in PRODUCTS if not product.is_enabled} == DISABLED


def test_detergents_go_under_the_skin_at_least_four_weeks_apart() -> None:
    detergents = [p for p in PRODUCTS if p.product_class == "detergent"]
    assert detergents
    assert all(p.route == "subcutaneous" and p.min_interval_days >= 28 for p in detergents)


@pytest.mark.parametrize(
    ("code", "allergens"),
    [
        ("polynucleotide_20", {"fish"}),
        ("silicon_org_05", {"salicylate"}),
        ("artichoke", {"asteraceae"}),
        ("hyaluronidase_150", {"bee_wasp", "animal_protein"}),
        ("pc_dc_50_25", {"soy", "egg", "benzyl_alcohol"}),
        ("procaine_2", {"ester_anaesthetic", "sulfonamide"}),
        ("lidocaine_1", {"amide_anaesthetic", "preservative"}),
        ("saline_09", set()),
    ],
)
def test_products_name_their_allergens(code: str, allergens: set[str]) -> None:
    assert set(PRODUCT[code].allergens) == allergens


def test_anaesthetics_and_diluent_serve_every_indication() -> None:
    for code in ("lidocaine_1", "lidocaine_2", "lido_prilo_cream", "saline_09"):
        assert PRODUCT[code].indications == INDICATION_SLUGS


def test_no_text_is_empty() -> None:
    assert all(text.strip() for text in _every_text())


def test_no_text_promises_or_names_a_brand() -> None:
    found = [match.group() for text in _every_text() for match in FORBIDDEN.finditer(text)]
    assert found == []


@pytest.mark.parametrize("slug", INDICATION_SLUGS)
def test_recovery_notes_say_what_the_clinic_tells_every_patient(slug: str) -> None:
    notes = INDICATION[slug].recovery_notes
    labels = [line.split(": ")[0] for line in notes.splitlines()]
    assert labels[:3] == ["Same day", "48 hours", "10 days"]
    assert "usually go back to normal daily life at once" in notes
    assert "at least two days of rest because of swelling or bruising" in notes
    assert re.search(r"[Rr]edness.*swelling.*usually temporary", notes)


@pytest.mark.parametrize("slug", INDICATION_SLUGS)
def test_signs_to_call_about_are_phrases_with_same_day_and_later_ones(slug: str) -> None:
    signs = INDICATION[slug].when_to_call.splitlines()
    assert all(sign[0].islower() and not sign.endswith(".") for sign in signs)
    assert any(sign.startswith("redness that spreads") for sign in signs)
    assert any(sign.startswith("even 3 months later: a new lump") for sign in signs)


@pytest.mark.parametrize("slug", INDICATION_SLUGS)
def test_aftercare_and_summaries_are_short_whole_sentences(slug: str) -> None:
    text = INDICATION[slug]
    assert all(line.endswith(".") for line in text.aftercare.splitlines())
    for field in ("summary", "who_it_suits", "evidence", "disclaimer_addition"):
        sentences = re.split(r"(?<=\.) ", getattr(text, field))
        assert all(len(sentence.split()) <= 32 for sentence in sentences)


def test_hair_loss_says_evidence_is_limited_and_a_specialist_comes_first() -> None:
    hair = INDICATION["hair_loss"]
    assert "limited" in hair.evidence
    for text in (hair.who_it_suits, hair.disclaimer_addition):
        assert "specialist is to be consulted before" in text
    assert "limited evidence" in hair.disclaimer_addition


def test_the_disclaimer_says_results_vary_and_names_the_doctor() -> None:
    assert DISCLAIMER_HEADING == "Talk to a doctor before you start"
    assert "Results vary" in DISCLAIMER_TEXT
    assert "does not replace a consultation" in DISCLAIMER_TEXT
