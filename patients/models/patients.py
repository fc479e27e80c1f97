"""Who is treated: identity, contact, preferences and allergies."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Prefetch, Q, When
from django.utils.translation import gettext_lazy as _

from patients.domain.allergens import ALLERGENS, ELSEWHERE
from patients.domain.searching import Query, digits
from patients.domain.weight import WEIGHT_KG


class PatientQuerySet(models.QuerySet["Patient"]):
    """Patients, found the way a person at the desk asks for them."""

    def matching(self, query: Query) -> Self:
        """Patients that `query` describes: every word, or the phone's tail, birth date or number."""
        return self.filter(_named(query.words) | _numbered(query))

    def matching_names(self, query: Query) -> Self:
        """Patients whose names hold every word that was typed; those it begins come first."""
        return self.filter(_named(query.words)).best_first(query)

    def matching_numbers(self, query: Query) -> Self:
        """Patients with the phone's tail, the birth date or the record number that was typed."""
        return self.filter(_numbered(query))

    def best_first(self, query: Query) -> Self:
        """Those before the others in whose names every word typed begins a word; then by name."""
        begins = Q()
        for word in query.words:
            begins &= Q(search_names__startswith=word) | Q(search_names__contains=f" {word}")
        if not begins:
            return self.by_name()
        rank = Case(When(begins, then=0), default=1, output_field=models.IntegerField())
        return self.order_by(rank, "search_names", "pk")

    def by_name(self) -> Self:
        """In the order of a card index."""
        return self.order_by("search_names", "pk")

    def newest_first(self) -> Self:
        """Those registered last at the top."""
        return self.order_by("-registered_at", "-pk")

    def registered_since(self, at: datetime) -> Self:
        """Only those registered at `at` (aware) or later."""
        return self.filter(registered_at__gte=at)

    def with_live_allergies(self) -> Self:
        """With `live_allergies`, a list of what each must not get, read in one further query."""
        live = Prefetch("allergies", Allergy.objects.live(), to_attr="live_allergies")
        return self.prefetch_related(live)


def _named(words: tuple[str, ...]) -> Q:
    """Every one of `words` is somewhere in the names; nobody if there are none."""
    named = Q() if words else Q(pk__in=[])
    for word in words:
        named &= Q(search_names__contains=word)
    return named


def _numbered(query: Query) -> Q:
    """The phone's tail, the birth date or the record number; the name before it fits as well."""
    found = Q(pk__in=[])
    if query.phone_tail:
        found |= Q(phone_digits__endswith=query.phone_tail)
        found |= Q(other_phone_digits__endswith=query.phone_tail)
    if query.born_on:
        found |= Q(born_on=query.born_on)
    if query.name_words:
        found &= _named(query.name_words)
    if query.record_number:
        found |= Q(record_number__iendswith=query.record_number)
    return found


class Patient(models.Model):
    """A person who is treated. A name may be one letter, have no surname, and be in any script."""

    class Sex(models.TextChoices):
        FEMALE = "FEMALE", _("Female")
        MALE = "MALE", _("Male")
        OTHER = "OTHER", _("Other")
        UNKNOWN = "UNKNOWN", _("Not stated")

    class Contact(models.TextChoices):
        PHONE = "PHONE", _("Phone call")
        SMS = "SMS", _("SMS")
        EMAIL = "EMAIL", _("E-mail")

    class TimeOfDay(models.TextChoices):
        ANY = "ANY", _("Any time")
        MORNING = "MORNING", _("Mornings")
        AFTERNOON = "AFTERNOON", _("Afternoons")
        EVENING = "EVENING", _("Evenings")

    record_number = models.CharField(_("record number"), max_length=20, unique=True)
    given_names = models.CharField(_("given names"), max_length=200)
    family_names = models.CharField(_("family names"), max_length=200, blank=True)
    born_on = models.DateField(_("born on"))
    sex = models.CharField(_("sex"), max_length=8, choices=Sex)
    phone = models.CharField(_("phone"), max_length=40)
    other_phone = models.CharField(_("other phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=16, default="en")
    contact_by = models.CharField(_("prefers"), max_length=8, choices=Contact, default=Contact.SMS)
    # Preferences: weekdays as Python counts them (0 is Monday); empty means any.
    preferred_weekdays = models.JSONField(_("preferred days"), default=list, blank=True)
    preferred_time = models.CharField(
        _("preferred time"), max_length=12, choices=TimeOfDay, default=TimeOfDay.ANY
    )
    preferred_practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("preferred practitioner"),
    )
    weight_kg = models.DecimalField(
        _("weight (kg)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    weighed_on = models.DateField(_("weighed on"), null=True, blank=True)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    # What search reads: names without case and accents, phones as digits alone.
    search_names = models.CharField(max_length=820, editable=False)
    phone_digits = models.CharField(max_length=40, editable=False)
    other_phone_digits = models.CharField(max_length=40, editable=False, blank=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["search_names"], name="patient_by_name"),
            models.Index(fields=["-registered_at", "-id"], name="patient_by_registration"),
            models.Index(fields=["born_on"], name="patient_by_birth"),
            models.Index(fields=["phone_digits"], name="patient_by_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(given_names=""),
                name="patient_has_a_name",
                violation_error_message=_("Enter at least one name."),
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True, weighed_on__isnull=True)
                | Q(weight_kg__range=WEIGHT_KG, weighed_on__isnull=False),
                name="weight_is_plausible_and_dated",
                violation_error_message=_("Weight must be between 2 and 400 kg, with its day."),
            ),
        ]

    def __str__(self) -> str:
        return self.record_number

    @property
    def full_name(self) -> str:
        """Given names, then family names."""
        return f"{self.given_names} {self.family_names}".strip()

    @property
    def phone_link(self) -> str:
        """The address that calls the first phone."""
        return phone_link(self.phone)

    @property
    def other_phone_link(self) -> str:
        """The address that calls the second phone."""
        return phone_link(self.other_phone)


def phone_link(phone: str) -> str:
    """Return the `tel:` address of a phone number as it was typed, or "" for none."""
    called = digits(phone)
    return f"tel:{'+' if phone.startswith('+') else ''}{called}" if called else ""


def _allergens() -> list[tuple[str, Any]]:
    """Return the codes with their names; a function, so that a new code needs no migration."""
    return [*((code, _(name)) for code, name in ALLERGENS.items()), (ELSEWHERE, _("None of these"))]


class AllergyQuerySet(models.QuerySet["Allergy"]):
    """Allergies of patients."""

    def live(self) -> Self:
        """Those not withdrawn, the oldest first."""
        return self.filter(withdrawn_at__isnull=True).order_by("noted_at", "pk")


class Allergy(models.Model):
    """Something a patient must not get. Withdrawn with a reason, never deleted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergies")
    substance = models.CharField(_("allergic to"), max_length=120)
    # What products are compared by; "" while nobody has said what the words stand for.
    allergen = models.CharField(_("found in"), max_length=40, blank=True, choices=_allergens)
    # The code of a product that is not given again after a severe reaction to it; "" for a substance.
    product_code = models.SlugField(max_length=40, blank=True)
    reaction = models.CharField(_("reaction"), max_length=200, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = AllergyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="allergy_is_withdrawn_with_a_reason",
                violation_error_message=_("Say why the allergy is withdrawn."),
            ),
            models.CheckConstraint(condition=~Q(substance=""), name="allergy_names_a_substance"),
            models.UniqueConstraint(
                fields=["patient", "product_code"],
                condition=~Q(product_code="") & Q(withdrawn_at__isnull=True),
                name="product_is_barred_once",
            ),
        ]

    def __str__(self) -> str:
        return f"allergy {self.pk}"
