"""What is treated: indications, protocols, products, courses, assessments, consents."""

from treatments.models.consents import (
    Consent,
    ConsentRevocation,
    ConsentTemplate,
    ConsentTemplateWithdrawal,
)
from treatments.models.courses import Assessment, TreatmentCourse
from treatments.models.indications import Indication, IndicationRevision, Protocol, Zone
from treatments.models.products import Lot, LotEvent, Product

__all__ = [
    "Assessment",
    "Consent",
    "ConsentRevocation",
    "ConsentTemplate",
    "ConsentTemplateWithdrawal",
    "Indication",
    "IndicationRevision",
    "Lot",
    "LotEvent",
    "Product",
    "Protocol",
    "TreatmentCourse",
    "Zone",
]
