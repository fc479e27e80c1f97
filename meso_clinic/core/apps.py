"""The core app: what every other app stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """People, roles, access, the audit trail, and the glue for pages and forms."""

    name = "meso_clinic.core"
    label = "core"
