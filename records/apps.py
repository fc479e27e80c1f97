"""What happened."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The signed record of each session and its amendments."""

    name = "records"

    def ready(self) -> None:
        """Put unsigned records on the follow-ups list, and look at the signed ones each night."""
        from records import extensions

        extensions.register()
