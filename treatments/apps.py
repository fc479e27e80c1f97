"""What is treated."""

from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    """Indications and their text, protocols, products, courses, assessments, consents."""

    name = "treatments"

    def ready(self) -> None:
        """Fill the registries of the apps below."""
        from treatments import extensions

        extensions.register()
