"""The core app: what every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """People, roles, access, the audit trail, and the glue for pages and forms."""

    name = "meso_clinic.core"
    label = "core"

    def ready(self) -> None:
        """Offer in the palette what belongs to no other app."""
        from meso_clinic.core.commands import register_command
        from meso_clinic.core.own_commands import COMMANDS

        for command in COMMANDS:
            register_command(command)
