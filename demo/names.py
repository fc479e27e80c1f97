# ruff: noqa: RUF001 - names in other alphabets are what this list is for
"""Names of people who do not exist. Any likeness is chance."""

FEMALE = (
    "Hana", "Mina", "Greta", "Tamsin", "Priya", "Esther", "Joanna", "Lucia", "Noor", "Soraya",
    "Odile", "Rosa", "Marguerite", "Carys", "Amara", "Beatriz", "Wren", "Ingrid", "Zoë", "Aoife",
    "Renée", "Małgorzata", "Şebnem", "Thandeka", "Yuki", "Leocadia", "Anneke", "Fatou", "Ottilie",
    "Saoirse", "Delphine", "Ximena", "Perpetua", "Ngozi", "Halima", "Katarína", "Elif", "Ruth",
    "Winifred", "Chiara", "Sunniva", "Padma", "Mairead", "Tova", "Isolde", "Nadezhda", "Lerato",
    "Philippa", "Bronwen", "Ayesha",
)  # fmt: skip
MALE = (
    "Dmitri", "Farid", "Ivo", "Sami", "Kofi", "Jun", "Emrys", "Tobiah", "Anselm", "Rafael",
    "Søren", "Łukasz", "Iñigo", "Bartholomew", "Chidi", "Ewan", "Hamza", "Laszlo", "Mattias",
    "Osric", "Pádraig", "Quentin", "Rohan", "Stellan", "Tariq", "Ulric", "Vikram", "Yannick",
    "Zubin", "Aurelio",
)  # fmt: skip
FAMILY = (
    "Mirzaei", "Okafor", "Sandoval", "Oyelaran", "Castell", "Quayle", "Trask", "Ferrand",
    "Castellan", "Blackwood", "Amadi", "Penhallow", "Whitfield", "Nolan", "Halvorsen", "Lund",
    "Benning", "Kettering", "Rautio", "Arden", "Takeda", "Hall", "Vörösmarty", "Ó Laoghaire",
    "d’Aubrac", "Świderska", "Çelebi", "Mthembu", "Ravensdale", "Quispe", "Van der Linde",
    "Njie", "Thistlewood", "Brannagh", "Delacourt", "Ibarra", "Ogunleye", "Šimková", "Yalçın",
    "Hartigan", "Merriweather", "Bellandi", "Storheim", "Raghunathan", "MacAskill", "Lindenbaum",
    "Vereshchagin", "Mokoena", "Fairweather", "Llewelyn", "Ashgrove", "Copperfield-Nnadi",
    "Haddon", "Iversen", "Jankauskas", "Kirkbride", "Lomax", "Marchetti", "Northcote", "Osei",
    "Pellingham", "Rosendal", "Sallow", "Tremayne", "Underhill", "Valtonen", "Winterbourne",
    "Yarrow", "Zielonka", "Appleyard", "Birtwhistle", "Chaudhry", "Dunmore", "Eversley",
)  # fmt: skip

# Given names, family names, sex, language. They come first, so that the day shows them.
NAMED = (
    ("Amara", "Whitfield", "FEMALE", "en"),
    ("Mina", "Okafor", "FEMALE", "en"),
    ("Dmitri", "Lund", "MALE", "en"),
    ("Hana", "Mirzaei", "FEMALE", "fa"),
    ("Beatriz", "Nolan", "FEMALE", "pt"),
    ("Ivo", "Kettering", "MALE", "en"),
    ("Greta", "Sandoval", "FEMALE", "es"),
    ("Tamsin", "Oyelaran", "FEMALE", "en"),
    ("Priya", "Castell", "FEMALE", "hi"),
    ("Sami", "Rautio", "MALE", "en"),
    ("Wren", "Halvorsen", "OTHER", "en"),
    ("ليلى", "حداد", "FEMALE", "ar"),
    ("Carys", "Penhallow", "FEMALE", "en"),
    ("Ελένη", "Βαλσαμίδη", "FEMALE", "el"),
    ("慧敏", "林", "FEMALE", "zh"),
    ("Farid", "Benning", "MALE", "en"),
    # A namesake of the fourth, born on another day.
    ("Hana", "Mirzaei", "FEMALE", "en"),
    ("Олена", "Ковальчук", "FEMALE", "uk"),
    ("Sari", "", "FEMALE", "en"),
    ("Thuỳ Dương", "Đặng", "FEMALE", "vi"),
    ("Esther", "Quayle", "FEMALE", "en"),
    ("Joanna", "Trask", "FEMALE", "en"),
    ("Lucia", "Ferrand", "FEMALE", "it"),
    ("Noor", "Castellan", "FEMALE", "ur"),
    ("Soraya", "Blackwood", "FEMALE", "en"),
    ("Odile", "Brandt", "FEMALE", "fr"),
    ("Kofi", "Arden", "MALE", "en"),
    ("Rosa", "Amadi", "FEMALE", "it"),
    ("Jun", "Takeda", "MALE", "ja"),
    ("Marguerite", "Hall", "FEMALE", "en"),
)

# Substance, what happened, and its code. None of them is in the products that the demo gives.
ALLERGIES = (
    ("Latex", "Rash on the hands", "latex"),
    ("Penicillin", "Hives", "elsewhere"),
    ("Lidocaine", "Swelling of the lips", "amide_anaesthetic"),
    ("Nickel", "Itching rash", "elsewhere"),
    ("Peanuts", "Carries an adrenaline pen", "elsewhere"),
    ("Chlorhexidine", "Redness where it was applied", "chlorhexidine"),
)

GOALS = (
    "Smoother skin by the summer.",
    "Even tone, less make-up.",
    "Less shedding, thicker look at the crown.",
    "Softer lines around the eyes.",
    "Firmer contour before a family event.",
    "",
)
