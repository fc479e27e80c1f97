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
