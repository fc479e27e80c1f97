"""A believable clinic to try the product with."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo clinic and the command that seeds it."""

    name = "demo"
