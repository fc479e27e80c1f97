"""Who is treated."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Identity, contact, preferences and allergies of patients."""

    name = "patients"
