"""`manage.py seed_demo`: a believable clinic to try the product with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from demo.clinic_seed import SIZES, seed
from meso_clinic.core.models import User


class Command(BaseCommand):
    """Fill an empty database with a demo clinic: people, patients, courses, a full today."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The size of the clinic, and the number that decides everything left to chance."""
        parser.add_argument("--size", choices=list(SIZES), default="medium")
        parser.add_argument("--seed", type=int, default=1, help="same number, same clinic")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse, or make it whole."""
        if not settings.DEMO:
            raise CommandError("Demo accounts are only made in demo mode: DEMO=1.")
        if User.objects.exists():
            raise CommandError(
                "This database already has people; the demo clinic needs an empty one."
            )
        seed(
            size=SIZES[options["size"]],
            number=options["seed"],
            now=timezone.now(),
            say=self.stdout.write if options["verbosity"] else lambda _words: None,
        )
