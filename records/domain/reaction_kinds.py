"""What may happen after injections: the kinds of reaction, what is usual, and what is not.

The words are for clinicians. A licensed clinician of the clinic reviews all of it.
"""

from dataclasses import dataclass
from typing import Final

from records.domain.sources import (
    ANAESTHETIC,
    ANAPHYLAXIS,
    CLINIC_SETTING,
    CREAM,
    DEOXYCHOLIC_LABEL,
    DETERGENT_WARNING,
    HAIR_LOSS_SITES,
    HERPES,
    LIVER_CASE,
    MYCOBACTERIA,
    OCCLUSION,
    REVIEW,
    SKIN_CASES,
)

# Before the day of the report is over.
SAME_DAY: Final = 0
# A bruise is gone by then; what is still there is looked at: [PK].
LOOK_AT_LATEST_HOURS: Final = 14 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionKind:
    """One kind of reaction.

    It begins `onset_days` (first, last) after the injection; None means that there is no last day.
    `clears` says in words when it is over. `red_flag` is the sign that makes it a red flag, ""
    if there is none to look for because `is_always_red`. `is_common` kinds are what patients are
    told to expect. `is_spread` kinds point to a source that several patients may share, `is_allergy`
    kinds to a substance that this patient must not get again. Somebody looks at the patient again
    within `look_within_hours` of the report, 0 meaning before its day is over. `card` names the emergency card, "" if there is none.
    """

    code: str
    name: str
    signs: str
    onset_days: tuple[int, int | None]
    onset: str
    clears: str
    red_flag: str = ""
    action: str
    look_within_hours: int
    is_always_red: bool = False
    is_common: bool = False
    is_spread: bool = False
    is_allergy: bool = False
    card: str = ""
    sources: tuple[str, ...] = (CLINIC_SETTING,)

    def __post_init__(self) -> None:
        first, last = self.onset_days
        if first < 0 or (last is not None and last < first):
            raise ValueError(f"{self.code} begins on impossible days: {self.onset_days}")
        if bool(self.red_flag) is self.is_always_red:
            raise ValueError(f"{self.code} needs a red flag, or is always one")
        if not 0 <= self.look_within_hours <= LOOK_AT_LATEST_HOURS:
            raise ValueError(f"{self.code} is looked at too late: {self.look_within_hours} hours")
        if not self.sources:
            raise ValueError(f"{self.code} has no source")


REACTION_KINDS: Final = (
    ReactionKind(
        code="pain_burning",
        name="Pain or burning",
        signs="Pain or stinging where the needle went in.",
        onset_days=(0, 0),
        onset="within minutes",
        clears="within 24 hours",
        red_flag="Severe, out of proportion, or rising after 6 hours",
        action="See the patient the same day and rule out a blocked vessel.",
        is_common=True,
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="erythema_oedema",
        name="Redness or swelling",
        signs="Redness, swelling or wheals in the treated area.",
        onset_days=(0, 0),
        onset="within minutes",
        clears="in 1 to 3 days; 7 to 14 days after a detergent",
        red_flag="Spreading, hot, with fever, or longer than 72 hours",
        action="See the patient within 24 hours.",
        is_common=True,
        look_within_hours=24,
    ),
    ReactionKind(
        code="bruise",
        name="Bruise",
        signs="A bruise or a collection of blood.",
        onset_days=(0, 1),
        onset="within hours",
        clears="in 5 to 14 days",
        red_flag="Growing or tense",
        action="Press on it. Check the medicines that thin the blood.",
        is_common=True,
        look_within_hours=336,
    ),
    ReactionKind(
        code="papules_itch",
        name="Papules or itch",
        signs="Small raised spots that itch.",
        onset_days=(0, 0),
        onset="within minutes",
        clears="within 72 hours",
        red_flag="Hives over the whole body",
        action="An antihistamine. Go on as for an allergy if it spreads.",
        is_common=True,
        look_within_hours=72,
    ),
    ReactionKind(
        code="vasovagal",
        name="Faint",
        signs="Pale, sweating, slow pulse, faint.",
        onset_days=(0, 0),
        onset="during the session or in the 15 minutes after it",
        clears="within minutes of lying down",
        red_flag="Does not pass, or no pulse",
        action="Lay the patient flat. Make sure that it is not anaphylaxis.",
        is_common=True,
        look_within_hours=24,
    ),
    ReactionKind(
        code="headache_tender_scalp",
        name="Headache or tender scalp",
        signs="An aching scalp or a headache.",
        onset_days=(0, 1),
        onset="within hours",
        clears="within 48 hours",
        red_flag="Weakness, trouble speaking or seeing, or confusion",
        action="Call the patient.",
        is_common=True,
        look_within_hours=24,
    ),
    ReactionKind(
        code="numbness_induration",
        name="Numbness or hardness",
        signs="Numb skin or a hard area, mostly after a detergent.",
        onset_days=(0, 14),
        onset="within days",
        clears="in 4 to 12 weeks",
        red_flag="Weak face, uneven smile or trouble swallowing",
        action="Look for a nerve injury within 48 hours.",
        is_common=True,
        sources=(DEOXYCHOLIC_LABEL, CLINIC_SETTING),
        look_within_hours=48,
    ),
    ReactionKind(
        code="nodule_early",
        name="Early lump",
        signs="A lump in the first two weeks.",
        onset_days=(0, 13),
        onset="within days",
        clears="within 4 weeks",
        red_flag="Tender or red",
        action="See the patient within 72 hours.",
        is_common=True,
        look_within_hours=72,
    ),
    ReactionKind(
        code="nodule_late",
        name="Late lumps or abscess",
        signs="Lumps, abscesses or draining sores, often several, along the points.",
        onset_days=(7, 84),
        onset="after 1 to 12 weeks, mostly about 3",
        clears="only with treatment",
        is_always_red=True,
        is_spread=True,
        action=(
            "Suspect mycobacteria: biopsy and a mycobacterial culture, no antibiotic on "
            "suspicion. Report it, and look back at the lots."
        ),
        sources=(MYCOBACTERIA,),
        look_within_hours=24,
    ),
    ReactionKind(
        code="bacterial_infection",
        name="Bacterial infection",
        signs="Spreading redness with warmth, or an abscess.",
        onset_days=(1, 7),
        onset="after 1 to 7 days",
        clears="with treatment",
        red_flag="Fever, or spreading fast",
        is_spread=True,
        action="See the patient the same day.",
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="hsv_reactivation",
        name="Cold sore virus",
        signs="Tingling, then small blisters in a group.",
        onset_days=(1, 2),
        onset="after 24 to 48 hours",
        clears="in 1 to 2 weeks",
        red_flag="Near the eye, or widespread",
        action="An antiviral. Make sure that it is not a blocked vessel.",
        sources=(HERPES, CLINIC_SETTING),
        look_within_hours=24,
    ),
    ReactionKind(
        code="allergy_local",
        name="Allergy in the treated area",
        signs="Eczema, plaques or small blisters where it was injected.",
        onset_days=(0, 14),
        onset="minutes to 2 weeks after",
        clears="days to weeks after the product is stopped",
        red_flag="Mouth or eyes, large blisters, or fever",
        is_allergy=True,
        action="Stop the product. Patch test. Add the substance to the patient’s allergies.",
        sources=(SKIN_CASES, CLINIC_SETTING),
        look_within_hours=24,
    ),
    ReactionKind(
        code="allergy_delayed",
        name="Delayed allergy",
        signs="A rash or plaques that begin days later.",
        onset_days=(0, 14),
        onset="up to 2 weeks after, for example 1 week",
        clears="days to weeks after the product is stopped",
        red_flag="Mouth or eyes, large blisters, or fever",
        is_allergy=True,
        action="Stop the product. Patch test. Add the substance to the patient’s allergies.",
        sources=(SKIN_CASES, CLINIC_SETTING),
        look_within_hours=24,
    ),
    ReactionKind(
        code="anaphylaxis",
        name="Anaphylaxis",
        signs="Hives with a tight airway, trouble breathing or low blood pressure.",
        onset_days=(0, 0),
        onset="within minutes, up to 1 hour",
        clears="only with treatment",
        is_always_red=True,
        is_allergy=True,
        action="Emergency. Follow the card. The product is never given to this patient again.",
        card="anaphylaxis",
        sources=(ANAPHYLAXIS,),
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="last",
        name="Local anaesthetic toxicity",
        signs="Tingling lips, a metal taste, ringing ears, twitching, a seizure.",
        onset_days=(0, 0),
        onset="within minutes, up to 30",
        clears="only with treatment",
        is_always_red=True,
        action="Emergency. Follow the card. Check the dose that was given.",
        card="anaesthetic",
        sources=(ANAESTHETIC, CLINIC_SETTING),
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="vascular_occlusion",
        name="Blocked vessel",
        signs="White or net-like skin, slow refill, severe pain; blisters after 1 to 3 days.",
        onset_days=(0, 1),
        onset="seconds to 24 hours after",
        clears="only with treatment",
        is_always_red=True,
        action="Emergency. Follow the card. Signs in the eye are an eye emergency.",
        card="occlusion",
        sources=(OCCLUSION,),
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="necrosis_ulcer",
        name="Dead skin or ulcer",
        signs="Dark, dead or open skin.",
        onset_days=(1, 10),
        onset="after 1 to 10 days",
        clears="over weeks, with a scar",
        is_always_red=True,
        action="Wound care, and a photo every day. Look for a detergent or an irritant.",
        sources=(DEOXYCHOLIC_LABEL, REVIEW),
        look_within_hours=24,
    ),
    ReactionKind(
        code="pih",
        name="Darker skin",
        signs="Brown marks where it was injected.",
        onset_days=(14, 56),
        onset="after 2 to 8 weeks",
        clears="over months",
        red_flag="Melasma that spreads",
        action="Pause. Protect from the sun. No further session until it was looked at.",
        look_within_hours=168,
    ),
    ReactionKind(
        code="hypopig",
        name="Lighter skin",
        signs="Pale marks where it was injected.",
        onset_days=(14, 56),
        onset="after 2 to 8 weeks",
        clears="over months",
        red_flag="Pale marks that spread",
        action="Pause. Protect from the sun. No further session until it was looked at.",
        look_within_hours=168,
    ),
    ReactionKind(
        code="scar_atrophy_contour",
        name="Scar, dent or uneven shape",
        signs="A scar, a dent or one side unlike the other.",
        onset_days=(14, None),
        onset="after weeks to months",
        clears="may stay",
        is_always_red=True,
        action="A senior doctor looks at it. Was it a detergent?",
        sources=(DETERGENT_WARNING, CLINIC_SETTING),
        look_within_hours=24,
    ),
    ReactionKind(
        code="granuloma_panniculitis",
        name="Granuloma or inflamed fat",
        signs="A firm lump, inflamed fat, or a rash like lichen or psoriasis.",
        onset_days=(14, None),
        onset="after weeks to months",
        clears="over months",
        is_always_red=True,
        action="Biopsy. What helps is known from single cases only.",
        sources=(SKIN_CASES, CLINIC_SETTING),
        look_within_hours=24,
    ),
    ReactionKind(
        code="alopecia_site",
        name="Hair loss at the points",
        signs="Bare spots where it was injected.",
        onset_days=(14, 365),
        onset="after weeks, up to 12 months",
        clears="may stay",
        is_always_red=True,
        action="Dermoscopy and biopsy. Stop the course.",
        sources=(HAIR_LOSS_SITES,),
        look_within_hours=24,
    ),
    ReactionKind(
        code="methaemoglobin",
        name="Methaemoglobinaemia",
        signs="Grey-blue lips and skin after prilocaine.",
        onset_days=(0, 0),
        onset="after 1 to 4 hours",
        clears="only with treatment",
        is_always_red=True,
        action="Emergency. Follow the card. To hospital.",
        card="methaemoglobin",
        sources=(CREAM, CLINIC_SETTING),
        look_within_hours=SAME_DAY,
    ),
    ReactionKind(
        code="systemic_other",
        name="Something else in the whole body",
        signs="Feeling sick, a racing heart, raised liver values, few white blood cells.",
        onset_days=(0, 7),
        onset="hours to days after",
        clears="depends on the cause",
        is_always_red=True,
        action="Blood tests.",
        sources=(LIVER_CASE,),
        look_within_hours=24,
    ),
)

BY_CODE: Final = {kind.code: kind for kind in REACTION_KINDS}
ALWAYS_RED: Final = tuple(kind.code for kind in REACTION_KINDS if kind.is_always_red)
SPREAD: Final = tuple(kind.code for kind in REACTION_KINDS if kind.is_spread)
