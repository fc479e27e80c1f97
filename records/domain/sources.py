"""Where the facts about reactions come from, in the words of `docs/clinical-sources.md`."""

from typing import Final

from treatments.domain.catalogue.sources import CLINIC_SETTING, DEOXYCHOLIC_LABEL

GRADES: Final = "Common terminology criteria for adverse events, version 5, studylib.net"
MYCOBACTERIA: Final = "Mycobacterial infection after mesotherapy, PubMed 17550571"
SKIN_CASES: Final = "Skin reactions after mesotherapy, case reports, scribd 630422488"
LIVER_CASE: Final = "Reaction with raised liver enzymes, case report, docslib.org/95916"
HERPES: Final = "Herpes and injections, guidance, jcadonline.com"
ANAPHYLAXIS: Final = "Anaphylaxis in clinics, newcastlecosmeticdoctor.com.au, droracle.ai/501145"
ANAESTHETIC: Final = "Lidocaine, automated label summary, droracle.ai/537887"
CREAM: Final = "Lidocaine and prilocaine cream, product text, scribd 635122428"
OCCLUSION: Final = "Vascular occlusion, guidance for clinics, aestheticscpd.co.uk, drtimpearce.com"
HAIR_LOSS_SITES: Final = "Hair loss at injection sites, litmetric.com 28160387"
DETERGENT_WARNING: Final = (
    "Regulator's warning on fat-dissolving injections, 2023, medicalxpress.com 2023-12"
)
REVIEW: Final = "Mesotherapy, what is new: dermatology review, studyres.com/doc/8011354"

__all__ = [
    "ANAESTHETIC",
    "ANAPHYLAXIS",
    "CLINIC_SETTING",
    "CREAM",
    "DEOXYCHOLIC_LABEL",
    "DETERGENT_WARNING",
    "GRADES",
    "HAIR_LOSS_SITES",
    "HERPES",
    "LIVER_CASE",
    "MYCOBACTERIA",
    "OCCLUSION",
    "REVIEW",
    "SKIN_CASES",
]
