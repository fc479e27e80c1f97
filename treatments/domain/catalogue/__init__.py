"""The clinical catalogue: indications, protocols, zones and products as plain data.

It fills an empty clinic. A licensed clinician reviews every number and text before go-live.
"""

from patients.domain.allergens import ALLERGENS
from treatments.domain.catalogue.consents import CONSENT_TEXTS, ConsentText
from treatments.domain.catalogue.contraindications import CONTRAINDICATIONS
from treatments.domain.catalogue.indications import (
    DISCLAIMER_HEADING,
    DISCLAIMER_TEXT,
    EMERGENCY_HEADING,
    EMERGENCY_TEXT,
    INDICATIONS,
)
from treatments.domain.catalogue.products import PRODUCTS
from treatments.domain.catalogue.protocols import PROTOCOLS
from treatments.domain.catalogue.questions import QUESTIONS
from treatments.domain.catalogue.screening_shapes import QuestionText, RuleFacts
from treatments.domain.catalogue.shapes import (
    IndicationText,
    ProductFacts,
    ProtocolNumbers,
    ZoneName,
)
from treatments.domain.catalogue.vocabulary import INDICATION_SLUGS
from treatments.domain.catalogue.zones import ZONES

__all__ = [
    "ALLERGENS",
    "CONSENT_TEXTS",
    "CONTRAINDICATIONS",
    "DISCLAIMER_HEADING",
    "DISCLAIMER_TEXT",
    "EMERGENCY_HEADING",
    "EMERGENCY_TEXT",
    "INDICATIONS",
    "INDICATION_SLUGS",
    "PRODUCTS",
    "PROTOCOLS",
    "QUESTIONS",
    "ZONES",
    "ConsentText",
    "IndicationText",
    "ProductFacts",
    "ProtocolNumbers",
    "QuestionText",
    "RuleFacts",
    "ZoneName",
]
