"""Where the numbers of the catalogue come from, in the words of `docs/clinical-sources.md`.

Each constant is listed there under "References", word for word; the tests keep the two in step.
"""

CLINIC_SETTING = "clinic setting"
FOUNDING_RULE = "the clinic's founding rule"

NAPPAGE_DEPTH = "Mesotherapy technique lesson, beautytrainingportal.com/lessons/mesotherapy-2"
CELLULITE_COURSE = "Cellulite course descriptions, healthcentre.org.uk and cellulitetreatment.org"
RADIANCE_COURSE = "Hyaluronic acid skin study, jkslms.or.kr, ML.2018.7.2.69"
HAIR_COURSE = "Hair course, conference abstract, publications.waset.org, 170838"
DEOXYCHOLIC_LABEL = "Deoxycholic acid injection, US label, prescriberpoint.com"
PC_DC_SERIES = "Injection lipolysis, 14 years of experience, PMC6371720"
TXA_4_TRIAL = "Tranexamic acid 4 mg/ml trial, 2025, healthcare-bulletin.co.uk"
TXA_100_TRIAL = "Tranexamic acid 100 mg/ml against hydroquinone, jcadonline.com"
TXA_SPLIT_FACE = "Tranexamic acid split-face trial, discovery.researcher.life"
DUTASTERIDE_REVIEW = "Dutasteride injections, review, EJD 2023, aminer.org"
MINOXIDIL_REVIEW = "Minoxidil injections into the skin, athenaeumpub.com, 2025"
PRP_SUMMARY = "Platelet-rich plasma for the scalp, automated summary, droracle.ai/790033"

AFTERCARE_PAGES = (
    "Aftercare pages of clinics, javafloaesthetics.com, innatebeauty.com, borcianilondon.com"
)
BODY_DYSMORPHIA = "Body dysmorphia and cosmetic procedures, bibliotheek.ehb.be"
BODY_INFORMATION = "Body mesotherapy information, medicinka.com"
CANDIDATES = "Who is a candidate for mesotherapy, dermanetwork.org"
CELLULITE_ARTICLE = "Mesotherapy for cellulite, aestheticsjournal.com"
CONSENT_FORMS = (
    "Consent forms of clinics, sydneydermallounge.com.au, clinicamilano.it, vida-aesthetics.com"
)
CONSENT_GUIDANCE = "Guidance on consent to cosmetic procedures, mddus.com, themdu.com"
CREAM_SAFETY = "Lidocaine and prilocaine cream, safety profile, studylib.net/7555503"
CREAM_TEXT = "Lidocaine and prilocaine cream, product text, scribd 635122428"
DUTASTERIDE_FERTILITY = "Dutasteride and fertility, 2013, tressless.com (OYxL)"
HAIR_CONTRAINDICATIONS = "Contraindications to hair mesotherapy, drserangocer.com"
HERPES_GUIDANCE = "Herpes and injections, guidance, jcadonline.com"
HYALURONIDASE_GUIDANCE = "Hyaluronidase guidance, PMC8570661"
ISOTRETINOIN = "Isotretinoin and procedures, jcasonline.com"
NEARBY_TREATMENTS = "Treatments near each other, advice of clinics, feau.com, domenics.ca"
PRP_LISTS = "Platelet-rich plasma, lists of contraindications, yesprpkit.com"
SILANOL_STUDY = "Salicylate silanol and the dermis, radarciencia.org"
TXA_TEXT = "Tranexamic acid, European product text, rxreasoner.com"
VACCINE_ADVICE = "Vaccines and injections, advice of clinics, hayesvalleymed.com"
GLUTATHIONE_ADVISORY = "Regulator's advisory on glutathione 2019-182, fda.gov.ph"
