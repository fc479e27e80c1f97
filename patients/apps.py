"""Who is treated."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    """Identity, contact, preferences and allergies of patients."""

    name = "patients"

    def ready(self) -> None:
        """Take a place in the navigation and fill our own part of the patient's page."""
        from meso_clinic.core.commands import register_command
        from meso_clinic.core.context import Place, register_place
        from meso_clinic.core.roles import Right
        from patients import panels
        from patients.commands import COMMANDS
        from patients.documents import questionnaires
        from patients.registry import (
            PatientTab,
            register_documents,
            register_panel,
            register_tab,
        )

        register_place(
            Place(
                order=30,
                label=_("Patients"),
                url_name="patients:patient-list",
                icon="users",
                right=Right.SEE_PATIENTS,
                key="p",
            )
        )
        for command in COMMANDS:
            register_command(command)
        register_tab(PatientTab(order=10, label=_("Courses"), url_name="patients:patient-detail"))
        register_tab(
            PatientTab(
                order=40,
                label=_("Health questions"),
                url_name="patients:screening-list",
                right=Right.SEE_CLINICAL,
            )
        )
        register_tab(
            PatientTab(
                order=80,
                label=_("Documents"),
                url_name="patients:patient-documents",
                right=Right.SEE_COURSES,
            )
        )
        register_tab(
            PatientTab(
                order=90,
                label=_("Activity"),
                url_name="patients:patient-activity",
                right=Right.SEE_CLINICAL,
            )
        )
        register_documents(questionnaires)
        register_panel(panels.ALLERGIES)
        register_panel(panels.DETAILS)
