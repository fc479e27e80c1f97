"""What each answer means: for all treatments or some, for all products or some, and for how long.

Days are whole days around the day that was answered; `docs/clinical-sources.md` lists each rule
with its source. A licensed clinician of the clinic reviews all of them before go-live.
"""

from typing import Final

from treatments.domain.catalogue import sources
from treatments.domain.catalogue.contraindications_health import HEALTH
from treatments.domain.catalogue.screening_shapes import (
    HALF_A_YEAR,
    RuleFacts,
    block,
    sign_off,
    warn,
)
from treatments.domain.screening.rules import Level

_CE, _SR, _BS, _AP, _HL = (
    "cellulite_tightening",
    "skin_radiance",
    "body_sculpting",
    "ageing_pigmentation",
    "hair_loss",
)


_CHANGES = (
    sign_off("medicines_changed", "A medicine has changed since last time."),
    sign_off("allergy_new", "A new allergy. Enter it on the patient’s page."),
    sign_off("reaction_last", "Something happened after the last session."),
    block(
        "infection_site",
        "Infection, wound or inflamed skin where it is treated, or healed less than 7 days ago.",
        sources.DEOXYCHOLIC_LABEL,
        days_after=7,
    ),
    block(
        "systemic_infection",
        "Fever, infection or antibiotics, or well again for less than 7 days.",
        days_after=7,
    ),
    *(
        block(
            "hsv_active",
            "Cold sore or shingles, or cleared less than 21 days ago.",
            sources.HERPES_GUIDANCE,
            indication=slug,
            days_after=21,
        )
        for slug in (_SR, _AP)
    ),
    sign_off(
        "hsv_active",
        "Cold sore or shingles, or cleared less than 21 days ago. Not under the chin.",
        sources.HERPES_GUIDANCE,
        indication=_BS,
        days_after=21,
    ),
    block(
        "hsv_active",
        "Cold sore or shingles, or cleared less than 21 days ago: not under the chin.",
        sources.HERPES_GUIDANCE,
        indication=_BS,
        zone="submental",
        days_after=21,
    ),
    warn(
        "recent_vaccine",
        "A vaccine less than 14 days before or after. Another day is better.",
        sources.VACCINE_ADVICE,
        days_before=14,
        days_after=14,
    ),
    warn(
        "recent_procedure",
        "Another treatment there: leave 14 days after a peel, laser, toxin or dental work, and 28 "
        "after filler or tattooed make-up.",
        sources.NEARBY_TREATMENTS,
        days_before=14,
        days_after=28,
    ),
)
_PREGNANCY = (
    block(
        "pregnancy",
        "Pregnant or possibly pregnant, or less than 42 days after a pregnancy.",
        sources.CONSENT_FORMS,
        days_after=42,
    ),
    block("breastfeeding", "Breastfeeding.", sources.CONSENT_FORMS),
    sign_off(
        "conception_plan",
        "Can become pregnant and uses no contraception.",
        sources.DUTASTERIDE_FERTILITY,
        indication=_HL,
    ),
    block(
        "conception_plan",
        "Can become pregnant: no product of the dutasteride kind.",
        sources.DUTASTERIDE_FERTILITY,
        product_class="five_ari",
    ),
    block(
        "male_fertility",
        "Wants to father a child, or abnormal semen: no product of the dutasteride kind.",
        sources.DUTASTERIDE_FERTILITY,
        product_class="five_ari",
    ),
)
_ALLERGIES = (
    *(
        block(
            "la_allergy",
            "Allergic to a local anaesthetic. Treat without one.",
            sources.CREAM_SAFETY,
            allergen=allergen,
        )
        for allergen in ("amide_anaesthetic", "ester_anaesthetic")
    ),
    sign_off(
        "component_allergy",
        "Allergic to a medicine or material. Enter it on the patient’s page, so that products are "
        "compared with it.",
    ),
    *(
        block("soy_egg_allergy", "Allergic to soy, egg or lecithin.", allergen=allergen)
        for allergen in ("soy", "egg")
    ),
    block(
        "bee_wasp_allergy",
        "Allergic to bee or wasp venom: no hyaluronidase.",
        sources.HYALURONIDASE_GUIDANCE,
        allergen="bee_wasp",
    ),
    block(
        "salicylate_allergy",
        "Allergic to salicylates.",
        sources.SILANOL_STUDY,
        allergen="salicylate",
    ),
    block("sulfite_allergy", "Allergic to sulfites.", sources.TXA_TEXT, allergen="sulfite"),
    block("fish_allergy", "Allergic to fish.", allergen="fish"),
    block("asteraceae_allergy", "Allergic to the daisy family.", allergen="asteraceae"),
    sign_off(
        "anaphylaxis_history",
        "A severe allergic reaction in the past. If treated, watch for 30 minutes afterwards.",
    ),
)
_SKIN = (
    *(
        sign_off(
            "hsv_history",
            "Cold sores that come back: decide about prevention.",
            sources.HERPES_GUIDANCE,
            indication=slug,
        )
        for slug in (_SR, _AP)
    ),
    sign_off(
        "keloid",
        "Thick scars. Not on the chest, the shoulder or the jaw.",
        sources.CONSENT_FORMS,
    ),
    block("keloid", "Thick scars: not on the chest.", zone="decollete"),
    block("keloid", "Thick scars: not along the jaw.", zone="chin"),
    block(
        "dermatosis_site",
        "Skin disease where it is treated.",
        sources.CONSENT_FORMS,
    ),
    block("lesion_site", "A mole or spot that has to be looked at by a doctor first."),
    *(
        block("sunburn_tan", "Sunburn less than 14 days ago.", indication=slug, days_after=14)
        for slug in (_SR, _AP)
    ),
    *(
        warn("suntan", "A strong tan less than 14 days ago.", indication=slug, days_after=14)
        for slug in (_SR, _AP)
    ),
    *(
        block(
            "permanent_filler",
            "A filler that stays, such as silicone, where it is treated.",
            indication=slug,
        )
        for slug in (_SR, _AP, _BS)
    ),
    block(
        "surgery_site",
        "Surgery or a deep laser there less than 6 months ago.",
        days_after=HALF_A_YEAR,
    ),
    warn(
        "local_steroid",
        "A steroid injection there less than 30 days ago.",
        sources.PRP_LISTS,
        days_after=30,
    ),
)
_CLINICIAN = (
    *(
        warn(
            "phototype_4_6",
            "Darker skin can mark more easily.",
            sources.CELLULITE_ARTICLE,
            indication=slug,
        )
        for slug in (_SR, _AP, _CE)
    ),
    warn("bmi_above_30", "Not a way to lose weight.", indication=_BS),
    sign_off(
        "bdd_suspected",
        "Signs of body dysmorphia. Refer before treatment.",
        sources.BODY_DYSMORPHIA,
    ),
    block(
        "capacity_coercion",
        "Doubt that the patient understands and decides freely.",
        sources.CONSENT_GUIDANCE,
    ),
    RuleFacts(
        question="",
        above_age=75,
        level=Level.SIGNOFF,
        words="Above 75 years.",
        source=sources.CELLULITE_ARTICLE,
    ),
)

CONTRAINDICATIONS: Final = (
    *_CHANGES,
    *_PREGNANCY,
    *_ALLERGIES,
    *HEALTH,
    *_SKIN,
    *_CLINICIAN,
)
