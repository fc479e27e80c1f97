"""What patients read about each indication, and the note that stands on every plan.

Our own plain words for a reading age of 11 to 12, with no promises and no brand names. The facts
behind them are listed in `docs/clinical-sources.md`; a doctor of the clinic approves every text.
"""

from typing import Final

from treatments.domain.catalogue.shapes import IndicationText

DISCLAIMER_HEADING: Final = "Talk to a doctor before you start"
DISCLAIMER_TEXT: Final = (
    "Results vary from person to person. This is general information and does not replace a "
    "consultation with a doctor. Talk to a doctor first, above all if you are pregnant or "
    "breastfeeding, take blood thinners or other regular medicines, or have a skin infection, "
    "an allergy or a long-term illness."
)
EMERGENCY_HEADING: Final = "Get emergency help at once"
EMERGENCY_TEXT: Final = (
    "Call an ambulance at once if you have trouble breathing, a swollen face or tongue, a faint, "
    "a fit, a sudden change in your sight, or tingling lips with a taste of metal."
)

_DAILY_LIFE = "You can usually go back to normal daily life at once."
_REST = "Some people need at least two days of rest because of swelling or bruising."
_BRUISES = "10 days: Bruises have usually faded by now. Call us if they have not."

_CLEAN_AND_DRY = "Keep the treated skin clean and dry for 8 hours, and do not press or rub it."
_NO_HEAT = "For 48 hours: no massage, sauna, hot bath or hard exercise, and little alcohol."
_NO_POOL = "Stay out of swimming pools for 72 hours."
_SUN = "Keep bruises out of the sun, and use sun cream of SPF 30 or more until they have gone."
_FACE_SUN = "Use sun cream of SPF 30 or more every day, and keep bruises out of the sun."
_NO_MAKE_UP = "Wear no make-up on the day of treatment."
_PAIN = "If it hurts, paracetamol is usually the first choice. Follow the leaflet."
_BLOOD_THINNERS = "Keep taking blood thinners a doctor has given you."
_NO_OTHER = "Have no peel, laser or facial there for 14 days. Your next planned session is fine."

# Signs of a blocked blood vessel cannot wait for a call later in the day.
_WITHIN_THE_HOUR = "pain that keeps growing, or skin that turns white or patchy blue: call at once"
_SPREADING = "redness that spreads or feels hot"
_FEVER = "a fever of 38 °C or more"
_DARK = "blisters, pus or skin that turns dark"
_LATE_LUMP = "even 3 months later: a new lump, a spot that drains or a change in skin colour"


def _lines(*lines: str) -> str:
    return "\n".join(lines)


INDICATIONS: Final = (
    IndicationText(
        slug="cellulite_tightening",
        name="Cellulite and skin tightening",
        short_name="Cellulite",
        position=1,
        summary=(
            "You have a series of very small injections into the middle layer of the skin, for "
            "example on the thighs or buttocks. The aim is smoother, firmer-looking skin. The "
            "first sessions are 7 to 10 days apart, then you usually come once a month."
        ),
        who_it_suits=(
            "It may suit healthy adults with dimpled or slightly loose skin. It is not a way to "
            "lose weight. Tell us about vein or lymph problems, an uneven heartbeat or an "
            "overactive thyroid, as it may not suit you."
        ),
        evidence=(
            "The evidence is weak. In one study of 21 women the skin looked smoother and the "
            "treated parts measured less, but no untreated group was there to compare with. "
            "Groups of doctors disagree: one says it can help, another says good proof is missing."
        ),
        evidence_grade="low",
        recovery_notes=_lines(
            f"Same day: {_DAILY_LIFE} Redness, swelling and small bumps are common and usually "
            "temporary.",
            f"48 hours: {_REST}",
            _BRUISES,
        ),
        aftercare=_lines(
            _CLEAN_AND_DRY, _NO_HEAT, _NO_POOL, _SUN, _PAIN, _BLOOD_THINNERS, _NO_OTHER
        ),
        when_to_call=_lines(_WITHIN_THE_HOUR, _SPREADING, _FEVER, _DARK, _LATE_LUMP),
        disclaimer_addition=(
            "Your skin may change only a little or not at all. In some countries there are "
            "special rules for this treatment. Ask the doctor what applies to you."
        ),
    ),
    IndicationText(
        slug="skin_radiance",
        name="Skin radiance",
        short_name="Skin radiance",
        position=2,
        summary=(
            "You have very small, shallow injections in the face, neck, upper chest or hands. "
            "They can help the skin to renew itself, and the aim is skin that looks fresher and "
            "feels smoother. The first sessions are 7 to 10 days apart, then usually monthly."
        ),
        who_it_suits=(
            "It may suit healthy adults whose skin looks dull or feels dry. Wait until a cold "
            "sore, sunburn or skin infection has healed. Darker skin can mark more easily, so "
            "talk this through first."
        ),
        evidence=(
            "The evidence is low to moderate. A review of 13 studies found that hyaluronic acid "
            "can improve the skin, and that on its own it did at least as well as mixtures. Two "
            "very small studies of vitamin mixtures found no benefit."
        ),
        evidence_grade="low to moderate",
        recovery_notes=_lines(
            f"Same day: {_DAILY_LIFE} Redness, swelling and small bumps are common and usually "
            "temporary.",
            f"48 hours: Bumps have usually settled. {_REST}",
            _BRUISES,
        ),
        aftercare=_lines(
            _CLEAN_AND_DRY,
            _NO_MAKE_UP,
            _NO_HEAT,
            _NO_POOL,
            _FACE_SUN,
            _PAIN,
            _BLOOD_THINNERS,
            _NO_OTHER,
        ),
        when_to_call=_lines(
            _WITHIN_THE_HOUR,
            _SPREADING,
            _FEVER,
            "tingling or small blisters like a cold sore",
            _DARK,
            _LATE_LUMP,
        ),
        disclaimer_addition=(
            "Tell the doctor if you get cold sores, have an immune system illness or have ever "
            "reacted to a filler. This treatment is not meant to lighten your skin colour."
        ),
    ),
    IndicationText(
        slug="body_sculpting",
        name="Body sculpting and local fat",
        short_name="Body sculpting",
        position=3,
        summary=(
            "You have a series of small injections into one area, such as the lower abdomen or "
            "the sides of the waist. The aim is to change how that area looks, not to lose "
            "weight. The first sessions are 7 to 10 days apart, then usually monthly. Some "
            "products need longer gaps, and the doctor then plans for that."
        ),
        who_it_suits=(
            "It may suit healthy adults with a small pad of fat in one place. It is not a "
            "treatment for being overweight. Tell us about allergies to soy or egg, gallstones, "
            "trouble swallowing, blood thinners or a lump that no doctor has looked at."
        ),
        evidence=(
            "For the milder mixtures, the studies do not show that they work. In one study the "
            "treated side was no slimmer than the other side, and many people were not satisfied. "
            "Stronger, fat-dissolving injections have good support only for one approved kind, "
            "under the chin. They often cause swelling, bruising, pain and numbness."
        ),
        evidence_grade="negative to low",
        recovery_notes=_lines(
            f"Same day: {_DAILY_LIFE} Redness, swelling and soreness are common and usually "
            "temporary.",
            f"48 hours: {_REST}",
            "10 days: Bruises and swelling have usually faded by now.",
            "Longer: After a fat-dissolving product, numb or firm skin may last for some weeks.",
        ),
        aftercare=_lines(
            _CLEAN_AND_DRY, _NO_HEAT, _NO_POOL, _SUN, _PAIN, _BLOOD_THINNERS, _NO_OTHER
        ),
        when_to_call=_lines(
            _WITHIN_THE_HOUR,
            _SPREADING,
            _FEVER,
            _DARK,
            "a crooked smile or trouble swallowing",
            _LATE_LUMP,
        ),
        disclaimer_addition=(
            "Regulators warn that fat-dissolving injections that are not approved have caused "
            "infections, scars and painful lumps. Ask the doctor which product is planned and "
            "whether it is approved for that area."
        ),
    ),
    IndicationText(
        slug="ageing_pigmentation",
        name="Wrinkles, signs of ageing and pigment",
        short_name="Wrinkles and pigment",
        position=4,
        summary=(
            "You have very small injections in the face, neck, upper chest or hands. The aim is "
            "skin that is more elastic, with finer lines or a more even tone. The first sessions "
            "are 7 to 10 days apart, then you usually come once a month."
        ),
        who_it_suits=(
            "It may suit healthy adults with fine lines, less elastic skin or uneven colour. "
            "Tell us about cold sores, blood clots, fits, or acne tablets in the last 6 months. "
            "Wait until a tan or sunburn has faded."
        ),
        evidence=(
            "The evidence is low, and studies disagree. Two studies of vitamin mixtures, with 16 "
            "people in all, found no benefit. A study of 50 people with hyaluronic acid mixtures "
            "saw some improvement after two months. For brown patches, tranexamic acid has "
            "moderate support, but the patches often come back."
        ),
        evidence_grade="low, conflicting",
        recovery_notes=_lines(
            f"Same day: {_DAILY_LIFE} Redness, swelling and small bumps are common and usually "
            "temporary.",
            f"48 hours: {_REST}",
            _BRUISES,
        ),
        aftercare=_lines(
            _CLEAN_AND_DRY,
            _NO_MAKE_UP,
            _NO_HEAT,
            _NO_POOL,
            "Keep out of strong sun, and use sun cream of SPF 50 every day of your course if you "
            "are treated for pigment.",
            "If you are not treated for pigment, use SPF 30 or more every day.",
            _PAIN,
            _BLOOD_THINNERS,
            _NO_OTHER,
        ),
        when_to_call=_lines(
            _WITHIN_THE_HOUR,
            _SPREADING,
            _FEVER,
            "tingling or small blisters like a cold sore",
            _DARK,
            _LATE_LUMP,
        ),
        disclaimer_addition=(
            "Brown patches can come back or get darker, above all with sun. Tell the doctor if you "
            "have ever had a blood clot, a fit or kidney disease."
        ),
    ),
    IndicationText(
        slug="hair_loss",
        name="Hair loss",
        short_name="Hair loss",
        position=5,
        summary=(
            "You have a series of very small injections in the scalp. The aim is a healthier "
            "scalp and, for some people, a limited amount of hair growth. The first sessions are "
            "7 to 10 days apart, then usually monthly."
        ),
        who_it_suits=(
            "It may suit healthy adults with pattern hair loss or heavy shedding. A specialist "
            "is to be consulted before the course starts, to find the cause. It does not suit "
            "hair loss with scars. Some products are not for you if you may become pregnant or "
            "plan to have a child."
        ),
        evidence=(
            "The evidence that mesotherapy helps hair loss is limited. It is seen as promising "
            "for the scalp and for limited hair growth. A 2010 review did not support routine "
            "use. Small studies of some medicines, and most studies of the patient's own "
            "platelets, were positive, but the methods differed. It can take 3 to 6 months to judge."
        ),
        evidence_grade="low",
        recovery_notes=_lines(
            f"Same day: {_DAILY_LIFE} Tiny blood spots, redness and swelling are common and "
            "usually temporary.",
            f"48 hours: The scalp may ache, or you may have a headache. {_REST}",
            _BRUISES,
        ),
        aftercare=_lines(
            "Do not wash your hair until the next morning, and do not press or rub the scalp.",
            "Use no styling products on the day of treatment.",
            _NO_HEAT,
            "Stay out of swimming pools and saunas for at least 72 hours.",
            "Keep your scalp out of strong sun while it is sore or bruised.",
            _PAIN,
            _BLOOD_THINNERS,
            _NO_OTHER,
        ),
        when_to_call=_lines(
            _WITHIN_THE_HOUR,
            _SPREADING,
            _FEVER,
            _DARK,
            _LATE_LUMP,
            "even months later: more hair falling out where you had injections",
        ),
        disclaimer_addition=(
            "There is only limited evidence that this treatment helps hair loss. A specialist is "
            "to be consulted before the first session."
        ),
    ),
)
