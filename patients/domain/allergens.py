"""What people are allergic to and products hold, as codes that can be compared."""

from typing import Final

ALLERGENS: Final[dict[str, str]] = {
    "amide_anaesthetic": "Lidocaine and other amide anaesthetics",
    "animal_protein": "Animal protein",
    "asteraceae": "Daisy family plants",
    "bee_wasp": "Bee or wasp venom",
    "benzyl_alcohol": "Benzyl alcohol",
    "castor_oil": "Castor oil",
    "chlorhexidine": "Chlorhexidine",
    "citrate": "Citrate",
    "cobalt": "Cobalt",
    "collagenase": "Collagenase",
    "coumarin": "Coumarin",
    "egg": "Egg",
    "ester_anaesthetic": "Procaine and other ester anaesthetics",
    "fish": "Fish",
    "hyaluronic_acid": "Hyaluronic acid",
    "iodine": "Iodine on the skin",
    "latex": "Latex",
    "preservative": "Preservatives in injections",
    "salicylate": "Aspirin and other salicylates",
    "soy": "Soy",
    "streptococcal_protein": "Streptococcal protein",
    "sulfite": "Sulfites",
    "sulfonamide": "Sulfonamides",
    "sulfur": "Sulfur compounds",
    "thiamine": "Thiamine (vitamin B1)",
}

# An allergy to something that no product of the clinic holds, such as pollen.
ELSEWHERE: Final = "elsewhere"

# Gloves and what the skin is cleaned with: in no product, and part of every session.
IN_THE_ROOM: Final = frozenset({"chlorhexidine", "iodine", "latex"})
