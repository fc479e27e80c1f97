"""One-time links by which patients answer the health questions at home."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.models import hash_token
from patients.models.patients import Patient
from patients.models.screening import Screening


class ScreeningLinkQuerySet(models.QuerySet["ScreeningLink"]):
    """Links to the health questions."""

    def usable(self, at: datetime) -> Self:
        """Those that still work at `at` (aware): a leaver's work no more."""
        return self.filter(ended_at=None, expires_at__gt=at, made_by__is_active=True)

    def with_token(self, token: str) -> Self:
        """The one that `token` opens."""
        return self.filter(token_hash=hash_token(token))


class ScreeningLink(models.Model):
    """A link to one filling in by one patient. Only the hash of its token is kept.

    It opens after the date of birth was given, for which there are `tries_left`.
    """

    class End(models.TextChoices):
        USED = "USED", _("Used")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        LOCKED = "LOCKED", _("Too many wrong dates of birth")

    token_hash = models.CharField(max_length=64, unique=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_links")
    part = models.CharField(max_length=8, choices=Screening.Part)
    key = models.UUIDField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=9, choices=End, blank=True)

    objects = ScreeningLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_at__isnull=True),
                name="patient_has_one_live_link",
            ),
            models.CheckConstraint(
                condition=Q(part__in=["FULL", "SHORT"]), name="link_is_for_a_whole_part"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False, end__in=["USED", "WITHDRAWN", "LOCKED"]),
                name="link_ends_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(tries_left__gt=0) | Q(ended_at__isnull=False),
                name="link_without_tries_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"
