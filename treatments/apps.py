"""What is treated."""

from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    """Indications and their text, protocols, products and lots, courses, assessments."""

    name = "treatments"
