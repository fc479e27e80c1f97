"""What answers about illness and medicines mean. See `contraindications.py`."""

from typing import Final

from treatments.domain.catalogue import sources
from treatments.domain.catalogue.screening_shapes import (
    FIVE_YEARS,
    HALF_A_YEAR,
    block,
    sign_off,
    warn,
)

_CE, _SR, _BS, _AP = (
    "cellulite_tightening",
    "skin_radiance",
    "body_sculpting",
    "ageing_pigmentation",
)

_BLOOD_AND_HEART = (
    sign_off("bleeding_disorder", "Bleeding disorder.", sources.PRP_LISTS),
    block("bleeding_disorder", "Bleeding disorder.", indication=_BS),
    block(
        "bleeding_disorder",
        "Bleeding disorder: no platelet-rich plasma.",
        sources.PRP_LISTS,
        product_class="autologous",
    ),
    *(
        sign_off(
            "thromboembolism",
            "A blood clot or stroke in the past, or a clotting disorder.",
            indication=slug,
        )
        for slug in (_CE, _AP)
    ),
    block(
        "thromboembolism",
        "A blood clot in the past: no tranexamic acid.",
        sources.TXA_TEXT,
        product_class="antifibrinolytic",
    ),
    block("thromboembolism_active", "A blood clot that is being treated.", sources.TXA_TEXT),
    sign_off("epilepsy", "A fit or seizure in the past."),
    block(
        "epilepsy",
        "A fit in the past: no tranexamic acid.",
        sources.TXA_TEXT,
        product_class="antifibrinolytic",
    ),
    block(
        "epilepsy_uncontrolled",
        "Epilepsy that is not under control: no injected anaesthetic.",
        product_class="anaesthetic",
    ),
    sign_off("cardiac", "Heart disease or uneven heartbeat.", sources.HAIR_CONTRAINDICATIONS),
    *(
        block(
            "cardiac",
            "Heart disease: no caffeine and no minoxidil.",
            sources.CANDIDATES,
            product_class=product_class,
        )
        for product_class in ("xanthine", "vasodilator")
    ),
    block(
        "heart_attack_stroke",
        "A heart attack or stroke less than 6 months ago.",
        days_after=HALF_A_YEAR,
    ),
    block("hypertension_uncontrolled", "Blood pressure of 180/110 mmHg or higher."),
)
_ILLNESS = (
    sign_off("renal_hepatic", "Severe kidney or liver disease."),
    block(
        "renal_hepatic",
        "Severe kidney disease: no tranexamic acid.",
        sources.TXA_TEXT,
        product_class="antifibrinolytic",
    ),
    block("diabetes_uncontrolled", "Diabetes that is not under control."),
    sign_off("diabetes_insulin", "Diabetes with insulin.", sources.CANDIDATES),
    sign_off("autoimmune", "Autoimmune disease.", sources.CONSENT_FORMS),
    block("autoimmune_flare", "Autoimmune disease that flares up."),
    sign_off("immunosuppressed", "Weak immune system.", sources.PRP_LISTS),
    block("chemotherapy", "Chemotherapy."),
    block("cancer_active", "Cancer.", sources.PRP_LISTS),
    sign_off(
        "cancer_history",
        "Cancer less than 5 years ago.",
        sources.CANDIDATES,
        days_after=FIVE_YEARS,
    ),
    block(
        "thyroid_hyper",
        "Overactive thyroid without treatment: no caffeine.",
        product_class="xanthine",
    ),
    *(
        sign_off(
            "gallstones_biliary",
            "Gallstones: a prescriber decides about artichoke and fat-dissolving products.",
            sources.BODY_INFORMATION,
            product_class=product_class,
        )
        for product_class in ("plant", "detergent")
    ),
    block(
        "dysphagia_submental",
        "Trouble swallowing, large thyroid or surgery on the neck: nothing that dissolves fat.",
        sources.DEOXYCHOLIC_LABEL,
        product_class="detergent",
    ),
    block(
        "g6pd_methb",
        "G6PD deficiency or methaemoglobinaemia: no prilocaine cream.",
        sources.CREAM_TEXT,
        product_class="topical_anaesthetic",
    ),
    block(
        "g6pd_methb",
        "G6PD deficiency: no vitamin C.",
        sources.GLUTATHIONE_ADVISORY,
        product="vit_c_100",
    ),
    sign_off(
        "blood_borne",
        "An infection that blood passes on: a prescriber decides about platelet-rich plasma.",
        sources.PRP_LISTS,
        product_class="autologous",
    ),
    warn("vasovagal", "Faints easily. Treat lying down."),
)
_MEDICINES = (
    sign_off(
        "anticoagulant",
        "Takes a blood thinner. Never tell a patient to stop it.",
        sources.DEOXYCHOLIC_LABEL,
    ),
    block(
        "anticoagulant",
        "Takes a blood thinner: no platelet-rich plasma.",
        sources.PRP_LISTS,
        product_class="autologous",
    ),
    warn(
        "antiplatelet_nsaid",
        "Takes something that makes bruises likelier. Never tell a patient to stop a medicine.",
        sources.CONSENT_FORMS,
    ),
    sign_off(
        "isotretinoin",
        "Acne tablets (isotretinoin), or stopped less than 6 months ago.",
        sources.ISOTRETINOIN,
        days_after=HALF_A_YEAR,
    ),
    *(
        warn(
            "photosensitiser_topical",
            "Retinoid or acid on the skin: leave 2 days after a retinoid, up to 28 after an acid.",
            sources.AFTERCARE_PAGES,
            indication=slug,
            days_after=28,
        )
        for slug in (_SR, _AP)
    ),
)

HEALTH: Final = (*_BLOOD_AND_HEART, *_ILLNESS, *_MEDICINES)
