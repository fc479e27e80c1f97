"""The clinic itself."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Profile, sites, rooms, people's working hours, closures."""

    name = "clinic"
