"""What is treated: indications, protocols, products, courses, assessments, consents, clearances."""

from treatments.models.consents import (
    LANGUAGE,
    Consent,
    ConsentExplanation,
    ConsentReopening,
    ConsentRevocation,
    ConsentTemplate,
    ConsentTemplateWithdrawal,
    ReflectionWaiver,
)
from treatments.models.courses import Assessment, TreatmentCourse
from treatments.models.indications import Indication, IndicationRevision, Protocol, Zone
from treatments.models.products import Lot, LotEvent, Product
from treatments.models.screening import Clearance, ClearanceWithdrawal, ContraindicationRule

__all__ = [
    "LANGUAGE",
    "Assessment",
    "Clearance",
    "ClearanceWithdrawal",
    "Consent",
    "ConsentExplanation",
    "ConsentReopening",
    "ConsentRevocation",
    "ConsentTemplate",
    "ConsentTemplateWithdrawal",
    "ContraindicationRule",
    "Indication",
    "IndicationRevision",
    "Lot",
    "LotEvent",
    "Product",
    "Protocol",
    "ReflectionWaiver",
    "TreatmentCourse",
    "Zone",
]
