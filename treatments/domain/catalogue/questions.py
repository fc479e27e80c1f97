"""What patients are asked about their health, in plain words, and what the clinician looks at.

A clinician of the clinic approves every question before use.
"""

from typing import Final

from patients.domain.screening import Kind
from treatments.domain.catalogue.screening_shapes import QuestionText


def _ask(group: str, code: str, text: str) -> QuestionText:
    return QuestionText(code=code, group=group, text=text)


def _when(group: str, code: str, text: str, detail: str, *, is_short: bool = False) -> QuestionText:
    return QuestionText(
        code=code, group=group, text=text, detail=detail, kind=Kind.DAY, is_short=is_short
    )


def _which(
    group: str, code: str, text: str, detail: str, *, is_short: bool = False
) -> QuestionText:
    return QuestionText(
        code=code, group=group, text=text, detail=detail, kind=Kind.WORDS, is_short=is_short
    )


_CHANGES = (
    _which(
        "CHANGES",
        "medicines_changed",
        "Have you started, stopped or changed a medicine since last time?",
        "Which one, and how?",
        is_short=True,
    ),
    _which(
        "CHANGES",
        "allergy_new",
        "Have you noticed a new allergy since last time?",
        "To what?",
        is_short=True,
    ),
    _which(
        "CHANGES",
        "reaction_last",
        "Did anything after the last session worry you, or last longer than you were told?",
        "What was it, and for how long?",
        is_short=True,
    ),
    _when(
        "CHANGES",
        "infection_site",
        "Do you have, or did you have lately, an infection, a wound or inflamed spots where you "
        "are treated?",
        "On which day had it healed? Leave it empty if it has not.",
        is_short=True,
    ),
    _when(
        "CHANGES",
        "systemic_infection",
        "Do you have, or did you have lately, a fever or an illness that needs antibiotics?",
        "On which day were you well, or took the last dose? Leave it empty if it goes on.",
        is_short=True,
    ),
    _when(
        "CHANGES",
        "hsv_active",
        "Do you have, or did you have lately, a cold sore or shingles?",
        "On which day had it cleared? Leave it empty if it has not.",
        is_short=True,
    ),
    _when(
        "CHANGES",
        "recent_vaccine",
        "Have you had a vaccine in the last two weeks, or will you have one in the next two?",
        "On which day?",
        is_short=True,
    ),
    _when(
        "CHANGES",
        "recent_procedure",
        "Has anything else been done there lately, such as a peel, laser, filler, botulinum toxin, "
        "tattooed make-up or dental work?",
        "On which day?",
        is_short=True,
    ),
)
_PREGNANCY = (
    _when(
        "PREGNANCY",
        "pregnancy",
        "Are you pregnant, could you be, or did a pregnancy end in the last six weeks?",
        "On which day did it end? Leave it empty if you are or may be pregnant.",
        is_short=True,
    ),
    _ask("PREGNANCY", "breastfeeding", "Are you breastfeeding?"),
    _ask("PREGNANCY", "conception_plan", "Could you become pregnant, and use no contraception?"),
    _ask(
        "PREGNANCY",
        "male_fertility",
        "Are you trying to father a child, or was a semen test ever abnormal?",
    ),
)
_ALLERGIES = (
    _ask(
        "ALLERGIES",
        "la_allergy",
        "Are you allergic to a local anaesthetic, such as lidocaine or what a dentist uses?",
    ),
    _which(
        "ALLERGIES",
        "component_allergy",
        "Are you allergic to any other medicine, injection, disinfectant, plaster or to latex?",
        "To what?",
    ),
    _ask("ALLERGIES", "soy_egg_allergy", "Are you allergic to soy, egg or lecithin?"),
    _ask("ALLERGIES", "bee_wasp_allergy", "Are you allergic to bee or wasp stings?"),
    _ask("ALLERGIES", "salicylate_allergy", "Are you allergic to aspirin or other salicylates?"),
    _ask("ALLERGIES", "sulfite_allergy", "Are you allergic to sulfites, for example in wine?"),
    _ask("ALLERGIES", "fish_allergy", "Are you allergic to fish?"),
    _ask(
        "ALLERGIES",
        "asteraceae_allergy",
        "Are you allergic to the daisy family, such as artichoke, chamomile or ragweed?",
    ),
    _ask(
        "ALLERGIES",
        "anaphylaxis_history",
        "Have you ever had a severe allergic reaction, with a swollen face or trouble breathing?",
    ),
)
_ILLNESS = (
    _ask(
        "ILLNESS",
        "bleeding_disorder",
        "Do you have a bleeding disorder or too few platelets?",
    ),
    _ask(
        "ILLNESS",
        "thromboembolism",
        "Have you ever had a blood clot, a stroke or a clotting disorder?",
    ),
    _ask("ILLNESS", "thromboembolism_active", "Are you being treated for a blood clot now?"),
    _ask("ILLNESS", "epilepsy", "Have you ever had a fit or a seizure?"),
    _ask("ILLNESS", "epilepsy_uncontrolled", "Do you still have fits in spite of treatment?"),
    _ask(
        "ILLNESS",
        "cardiac",
        "Do you have a heart disease or an uneven heartbeat, or take medicine for it?",
    ),
    _when(
        "ILLNESS",
        "heart_attack_stroke",
        "Have you had a heart attack or a stroke in the last six months?",
        "On which day?",
    ),
    _ask("ILLNESS", "renal_hepatic", "Do you have a severe kidney or liver disease?"),
    _ask(
        "ILLNESS",
        "diabetes_uncontrolled",
        "Do you have diabetes that is not under control: blood sugar above 14 mmol/l today, or "
        "HbA1c above 8.5 %?",
    ),
    _ask("ILLNESS", "diabetes_insulin", "Do you use insulin?"),
    _ask(
        "ILLNESS",
        "autoimmune",
        "Do you have an autoimmune disease, such as lupus, rheumatoid arthritis or thyroiditis?",
    ),
    _ask("ILLNESS", "autoimmune_flare", "Is an autoimmune disease flaring up now?"),
    _ask(
        "ILLNESS",
        "immunosuppressed",
        "Is your immune system weak, by an illness, a transplant or medicine such as steroids?",
    ),
    _ask("ILLNESS", "chemotherapy", "Are you having chemotherapy?"),
    _ask("ILLNESS", "cancer_active", "Do you have cancer now?"),
    _when(
        "ILLNESS",
        "cancer_history",
        "Have you ever had cancer, including skin cancer?",
        "On which day did its treatment end?",
    ),
    _ask("ILLNESS", "thyroid_hyper", "Do you have an overactive thyroid that is not treated?"),
    _ask("ILLNESS", "gallstones_biliary", "Do you have gallstones or a blocked bile duct?"),
    _ask(
        "ILLNESS",
        "dysphagia_submental",
        "Do you have trouble swallowing, a large thyroid, or had surgery on the neck?",
    ),
    _ask("ILLNESS", "g6pd_methb", "Do you have a G6PD deficiency or methaemoglobinaemia?"),
    _ask("ILLNESS", "blood_borne", "Do you have hepatitis B, hepatitis C or HIV?"),
    _ask("ILLNESS", "vasovagal", "Do you faint easily, or are you afraid of needles?"),
)
_MEDICINES = (
    _ask(
        "MEDICINES",
        "anticoagulant",
        "Do you take a blood thinner, such as warfarin, apixaban, rivaroxaban or heparin?",
    ),
    _ask(
        "MEDICINES",
        "antiplatelet_nsaid",
        "Do you take aspirin, clopidogrel, ibuprofen or similar, fish oil, ginkgo or vitamin E?",
    ),
    _when(
        "MEDICINES",
        "isotretinoin",
        "Have you taken acne tablets (isotretinoin) in the last six months?",
        "On which day was the last one? Leave it empty if you take them still.",
    ),
    _when(
        "MEDICINES",
        "photosensitiser_topical",
        "Do you use a retinoid or an acid on the skin there, or did you in the last four weeks?",
        "On which day did you stop? Leave it empty if you use it still.",
    ),
)
_SKIN = (
    _ask("SKIN", "hsv_history", "Do cold sores come back from time to time?"),
    _ask("SKIN", "keloid", "Do your scars grow thick or raised?"),
    _ask(
        "SKIN",
        "dermatosis_site",
        "Do you have psoriasis, eczema, vitiligo or another skin disease where you are treated?",
    ),
    _ask(
        "SKIN",
        "lesion_site",
        "Is there a mole or spot that changes, and that no doctor has looked at yet?",
    ),
    _when(
        "SKIN",
        "sunburn_tan",
        "Have you been sunburnt there in the last two weeks?",
        "On which day?",
    ),
    _when(
        "SKIN",
        "suntan",
        "Have you had a strong tan there, from the sun or a sunbed, in the last two weeks?",
        "On which day were you in the sun last?",
    ),
    _ask(
        "SKIN",
        "permanent_filler",
        "Has silicone or another filler that stays ever been put where you are treated?",
    ),
    _when(
        "SKIN",
        "surgery_site",
        "Have you had surgery or a deep laser there in the last six months?",
        "On which day?",
    ),
    _when(
        "SKIN",
        "local_steroid",
        "Have you had a steroid injection there in the last month?",
        "On which day?",
    ),
)
_CLINICIAN = (
    _ask(
        "CLINICIAN",
        "hypertension_uncontrolled",
        "Is the blood pressure 180/110 mmHg or higher?",
    ),
    _ask("CLINICIAN", "phototype_4_6", "Is the skin of phototype IV, V or VI?"),
    _ask("CLINICIAN", "bmi_above_30", "Is the body mass index above 30?"),
    _ask(
        "CLINICIAN",
        "bdd_suspected",
        "Are there signs of body dysmorphia, or hopes that no treatment can meet?",
    ),
    _ask(
        "CLINICIAN",
        "capacity_coercion",
        "Is there any doubt that the patient understands and decides freely?",
    ),
)

QUESTIONS: Final = (
    *_CHANGES,
    *_PREGNANCY,
    *_ALLERGIES,
    *_ILLNESS,
    *_MEDICINES,
    *_SKIN,
    *_CLINICIAN,
)
