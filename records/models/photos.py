"""Clinical photographs. Every row is written once; a change of mind is a row of its own."""

from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from meso_clinic.core.constraints import FrozenRows
from records.domain import photos as rules
from treatments.domain.consents import Unit
from treatments.models import Consent


class Side(models.TextChoices):
    """Which side of the patient it shows."""

    LEFT = rules.Side.LEFT.value, _("the patient’s left")
    RIGHT = rules.Side.RIGHT.value, _("the patient’s right")
    MIDDLE = rules.Side.MIDDLE.value, _("middle")


def _known_views() -> Q:
    """Whether area, side and view belong together: no row says left and shows the right."""
    groups: dict[tuple[str, str], list[str]] = {}
    for view in rules.VIEWS:
        groups.setdefault((view.area.value, view.side.value), []).append(view.code)
    return reduce(
        or_, (Q(area=area, side=side, view__in=codes) for (area, side), codes in groups.items())
    )


class PhotoQuerySet(models.QuerySet["Photo"]):
    """Photographs."""

    def visible(self) -> Self:
        """Those that anybody may still see.

        One is gone once it was withdrawn, once the consent that it was taken under was taken back,
        and while the newest word of the patient about photos is a no.
        """
        said = Consent.objects.filter(patient=OuterRef("patient_id"), unit=Unit.PHOTOS.value)
        is_no = Q(is_given=False) | Q(revocation__isnull=False)
        last = Consent.objects.filter(pk=OuterRef("last_word")).filter(is_no)
        return (
            self.alias(last_word=Subquery(said.order_by("-signed_at", "-pk").values("pk")[:1]))
            .filter(withdrawal__isnull=True, consent__revocation__isnull=True)
            .filter(~Exists(last))
        )

    def newest_first(self) -> Self:
        """The last one taken stands first."""
        return self.order_by("-taken_at", "-pk")

    def with_people(self) -> Self:
        """With patient, course, session and who took it, in one query."""
        return self.select_related(
            "patient", "course__indication", "course__site", "session", "taken_by"
        )


class Photo(models.Model):
    """One photograph of one view, upright and without anything but its pixels. Never changed.

    `key` names it in addresses; the files have names of their own. `session` is null for a
    follow-up photo. `consent` is the signed unit it was taken under, null in a clinic that keeps
    consent on paper. Sizes are in pixels and bytes; the digest is that of the large file.
    """

    key = models.UUIDField(unique=True)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="photos")
    course = models.ForeignKey(
        "treatments.TreatmentCourse", on_delete=models.PROTECT, related_name="photos"
    )
    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="photos",
        null=True,
        blank=True,
    )
    consent = models.ForeignKey(
        "treatments.Consent", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    area = models.CharField(max_length=12)
    view = models.CharField(max_length=40)
    side = models.CharField(max_length=6, choices=Side)
    taken_at = models.DateTimeField()
    # When it was added, which may be days after; null for photos from before that was kept.
    kept_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    device = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=80, unique=True)
    thumbnail_name = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    form_key = models.UUIDField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["course", "view", "taken_at"], name="photo_by_view")]
        constraints = [
            models.UniqueConstraint(fields=["form_key", "view"], name="photo_is_sent_once"),
            models.CheckConstraint(
                condition=_known_views(),
                name="photo_view_area_and_side_agree",
                violation_error_message=_("Choose a view of this area."),
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(kept_at__gte=F("taken_at")),
                name="photo_is_kept_after_it_was_taken",
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0, size_bytes__gt=0) & ~Q(sha256=""),
                name="photo_says_what_its_file_is",
            ),
            FrozenRows(
                name="photo_is_immutable",
                violation_error_message=_("A photo is never changed; withdraw it."),
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"


class ReactionPhoto(models.Model):
    """A photo that shows a reaction. It is kept, hidden and withdrawn as every other photo."""

    event = models.ForeignKey(
        "records.AdverseEvent", on_delete=models.PROTECT, related_name="photo_links"
    )
    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, related_name="reaction_link")

    class Meta:
        constraints = [FrozenRows(name="reaction_photo_is_append_only")]

    def __str__(self) -> str:
        return f"photo {self.photo_id} of reaction {self.event_id}"


class PhotoWithdrawal(models.Model):
    """A photo that was taken out of the record. From then on nobody sees it."""

    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="photo_is_withdrawn_with_a_reason",
                violation_error_message=_("Say why the photo is withdrawn."),
            ),
            FrozenRows(name="photo_withdrawal_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"withdrawal of photo {self.photo_id}"


class PhotoDecline(models.Model):
    """A view that was not photographed in a session, with the reason."""

    session = models.ForeignKey(
        "treatment_sessions.TreatmentSession",
        on_delete=models.PROTECT,
        related_name="photo_declines",
    )
    view = models.CharField(max_length=40)
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "view"], name="photo_is_declined_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="photo_is_declined_with_a_reason",
                violation_error_message=_("Say why there is no photo."),
            ),
            models.CheckConstraint(
                condition=Q(view__in=[view.code for view in rules.VIEWS]),
                name="declined_photo_is_a_known_view",
            ),
            FrozenRows(name="photo_decline_is_append_only"),
        ]

    def __str__(self) -> str:
        return f"no photo of {self.view} in session {self.session_id}"
