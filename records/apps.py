"""What happened."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The signed record of each session and its amendments."""

    name = "records"
