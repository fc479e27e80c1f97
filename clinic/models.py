"""The clinic itself: its profile, sites, rooms, working hours and closures."""

import zoneinfo
from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def validate_timezone(name: str) -> None:
    """Refuse a name that is not an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, like Europe/London."))


class ClinicProfile(models.Model):
    """The one row that says who the clinic is and how it runs its day."""

    name = models.CharField(_("clinic name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40)
    emergency_phone = models.CharField(_("emergency number"), max_length=40, default="999")
    email = models.EmailField(_("e-mail"), blank=True)
    opening_words = models.CharField(
        _("opening days in words"), max_length=120, blank=True, help_text=_("Monday to Saturday")
    )
    legal_lines = models.TextField(_("legal lines"), blank=True)
    record_prefix = models.CharField(_("record number begins with"), max_length=8, default="MC")
    country = models.CharField(_("country"), max_length=2, default="GB")
    # Defaults of a clinic setting, not of medicine.
    late_after_minutes = models.PositiveSmallIntegerField(
        _("late after (minutes)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    no_show_after_minutes = models.PositiveSmallIntegerField(
        _("no-show after (minutes)"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    offer_every_minutes = models.PositiveSmallIntegerField(
        _("sessions begin every (minutes)"),
        default=5,
        choices=[(minutes, str(minutes)) for minutes in (5, 10, 15, 20, 30, 60)],
        help_text=_("Times are offered on this grid, counted from the full hour."),
    )

    reflect_hours = models.PositiveSmallIntegerField(
        _("time to reflect (hours)"),
        default=24,
        validators=[MaxValueValidator(336)],
        help_text=_(
            "Between the explanation and the first session, for fat reduction and the patient’s own "
            "blood. 24 to 48 hours is usual; 0 asks for none."
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="clinic_profile_is_one_row"),
            models.CheckConstraint(
                condition=Q(reflect_hours__lte=336),
                name="time_to_reflect_is_at_most_two_weeks",
                violation_error_message=_("Time to reflect is 336 hours at most."),
            ),
            models.CheckConstraint(
                condition=Q(late_after_minutes__lte=F("no_show_after_minutes")),
                name="late_comes_before_no_show",
                violation_error_message=_("Late must come before no-show."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites of the clinic."""

    def open(self) -> Self:
        """Sites in use, by name."""
        return self.filter(is_active=True).order_by("position", "name", "pk")


class Site(models.Model):
    """A place where the clinic works. Its days are days of its own time zone."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_timezone]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = SiteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The site's time zone."""
        return zoneinfo.ZoneInfo(self.timezone)


class Room(models.Model):
    """A room that one appointment at a time can have. `treatments` says which indications it suits."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                name="room_name_is_unique_at_its_site",
                violation_error_message=_("This site has a room of that name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Weekday(models.IntegerChoices):
    """Days of the week, as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Shift(models.Model):
    """Weekly working hours: `practitioner` works at `site` every `weekday` from `starts` to `ends`.

    Times are wall-clock times of the site. A lunch break is the gap between two shifts.
    """

    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="shift_ends_after_it_starts",
                violation_error_message=_("Working hours must end after they start."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="shift_is_on_a_weekday"),
            models.UniqueConstraint(
                fields=["practitioner", "site", "weekday", "starts"], name="shift_starts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M} to {self.ends:%H:%M}"


class ShiftException(models.Model):
    """A one-off change of somebody's hours on one day.

    AWAY takes hours away (the whole day when no times are given, at every site when no site is);
    EXTRA adds hours at a site.
    """

    class Kind(models.TextChoices):
        AWAY = "AWAY", _("Away")
        EXTRA = "EXTRA", _("Extra hours")

    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shift_exceptions"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="shift_exceptions", null=True, blank=True
    )
    kind = models.CharField(_("change"), max_length=8, choices=Kind)
    on = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # Both times or neither: a comparison with NULL would let one alone pass.
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(starts__isnull=False, ends__isnull=False, ends__gt=F("starts")),
                name="shift_exception_ends_after_it_starts",
                violation_error_message=_("The change must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(kind="AWAY") | Q(site__isnull=False, starts__isnull=False),
                name="extra_hours_say_where_and_when",
                violation_error_message=_("Extra hours need a site, a start and an end."),
            ),
        ]
        indexes = [models.Index(fields=["on", "practitioner"], name="shift_exception_by_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d %b %Y}"


class ClosureQuerySet(models.QuerySet["Closure"]):
    """Days on which a site is closed."""

    def touching(self, first: date, last: date) -> Self:
        """Closures that share a day with `first` to `last`, both included, in order."""
        return self.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on", "pk")


class Closure(models.Model):
    """Days, both included, on which a site is closed: a public holiday, a move, a training day."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closures")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120)
    is_public_holiday = models.BooleanField(_("public holiday"), default=False)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="closure_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=["site", "starts_on", "reason"],
                name="closure_is_entered_once",
                violation_error_message=_("This closure is entered already."),
            ),
        ]
        indexes = [models.Index(fields=["site", "starts_on"], name="closure_by_site")]

    def __str__(self) -> str:
        return f"{self.reason} {self.starts_on:%d %b %Y}"
