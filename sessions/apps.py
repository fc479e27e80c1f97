"""When it happens."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Windows, free time, appointments and the day."""

    name = "sessions"
    label = "treatment_sessions"  # django.contrib.sessions owns the label "sessions"

    def ready(self) -> None:
        """Add our pages and panels to what the lower apps show."""
        from sessions import extensions

        extensions.register()
