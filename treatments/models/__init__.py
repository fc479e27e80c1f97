"""What is treated: indications, protocols, products, courses, assessments."""

from treatments.models.courses import Assessment, TreatmentCourse
from treatments.models.indications import Indication, IndicationRevision, Protocol, Zone
from treatments.models.products import Lot, Product

__all__ = [
    "Assessment",
    "Indication",
    "IndicationRevision",
    "Lot",
    "Product",
    "Protocol",
    "TreatmentCourse",
    "Zone",
]
