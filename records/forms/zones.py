"""What was done in one zone."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from records.actions.zones import DoseGiven
from records.domain.facts import AUTOLOGOUS
from records.domain.skin import NEEDLE_CHANGES
from records.domain.zones import MAX_VOLUME_ML
from records.forms.blood import BloodFields
from records.forms.numbers import whole
from records.models import Seen, ZoneTreatment
from treatments.domain.limits import DEPTH_MM, POINTS
from treatments.domain.stock import POINT_ML
from treatments.models import Lot
from treatments.selectors.stock import lot_facts

NEEDLES: Sequence[str] = ("30G, 4 mm", "32G, 4 mm", "27G, 4 mm", "30G, 13 mm")
OTHER_NEEDLE = "other"


def _number(sentence: Any) -> dict[str, Any]:
    codes = ("required", "invalid", "min_value", "max_value", "max_decimal_places", "max_digits")
    return dict.fromkeys((*codes, "max_whole_digits"), sentence)


_POINT_WORDS = _("Each point must be between 0.005 and 1 ml.")
_VOLUME_WORDS = _("Volume must be more than 0 and at most 100 ml, like 1.20.")


class LotChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A lot, shown with its product and the last day on which it may be used."""

    def label_from_instance(self, obj: Lot) -> str:
        if obj.status == Lot.Status.QUARANTINED:
            return str(_("%(product)s. Lot %(lot)s. In quarantine.")) % {
                "product": obj.product,
                "lot": obj.number,
            }
        return str(_("%(product)s. Lot %(lot)s. Use by %(expires_on)s.")) % {
            "product": obj.product,
            "lot": obj.number,
            "expires_on": date_format(lot_facts(obj, spent=0).beyond_use_on, "j M Y"),
        }


class VolumeField(forms.DecimalField):
    """Millilitres, to 0.01 ml."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            min_value=Decimal("0.01"),
            max_value=MAX_VOLUME_ML,
            max_digits=5,
            decimal_places=2,
            step_size=Decimal("0.01"),
            error_messages=_number(_VOLUME_WORDS) | {"step_size": _VOLUME_WORDS},
            **kwargs,
        )


class ZoneForm(BloodFields):
    """What was done in one zone. The second product is for zones that got two."""

    technique = forms.ChoiceField(
        label=_("Technique"),
        choices=ZoneTreatment.Technique.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the technique.")},
    )
    points = forms.IntegerField(
        label=_("Points"),
        min_value=POINTS[0],
        max_value=POINTS[1],
        widget=forms.NumberInput(attrs={"class": "stepped"}),
        error_messages=_number(_("Points must be between 1 and 400.")),
    )
    depth_mm = forms.DecimalField(
        label=_("Depth (mm)"),
        min_value=DEPTH_MM[0],
        max_value=DEPTH_MM[1],
        max_digits=2,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.5", "class": "stepped"}),
        error_messages=_number(_("Depth must be 1.0 to 4.0 mm.")),
    )
    needle = forms.ChoiceField(
        label=_("Needle"),
        choices=[*((needle, needle) for needle in NEEDLES), (OTHER_NEEDLE, _("Other"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the needle.")},
    )
    needle_other = forms.CharField(
        label=_("Other needle"), required=False, max_length=30, help_text=_("Like 27G, 6 mm.")
    )
    point_ml = forms.DecimalField(
        label=_("Each point (ml)"),
        required=False,
        min_value=POINT_ML[0],
        max_value=POINT_ML[1],
        max_digits=4,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "0.01", "class": "stepped"}),
        error_messages=_number(_POINT_WORDS),
    )
    route = forms.ChoiceField(
        label=_("Where it goes"),
        required=False,
        choices=ZoneTreatment.Route.choices,
        widget=forms.RadioSelect,
    )
    drawn_up_ml = VolumeField(label=_("Drawn up for the session (ml)"))
    needle_changes = whole(
        _("Needle changes in the session"),
        NEEDLE_CHANGES,
        _("Needle changes must be between 0 and 99."),
        widget=forms.NumberInput(attrs={"class": "stepped"}),
    )
    donor_number = forms.CharField(
        label=_("Record number on the tube"),
        required=False,
        max_length=20,
        help_text=_("Only for what is made from the patient’s own blood."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    lot = LotChoice(
        label=_("Product and lot"),
        queryset=Lot.objects.none(),
        empty_label=_("Choose from the box in your hand"),
        error_messages={"required": _("Choose the product and its lot.")},
    )
    volume_ml = VolumeField(label=_("Volume (ml)"))
    lot_2 = LotChoice(
        label=_("Second product and lot"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    is_said_given = forms.BooleanField(label=_("It was given already"), required=False)
    volume_2_ml = VolumeField(label=_("Volume of the second (ml)"))
    seen = forms.MultipleChoiceField(
        label=_("Seen in this zone"),
        required=False,
        choices=Seen.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, lots: QuerySet[Lot], techniques: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lot", "lot_2"):
            self.fields[name].queryset = lots  # type: ignore[attr-defined]
        first = list(techniques)
        choices = sorted(ZoneTreatment.Technique.choices, key=lambda one: one[0] not in first)
        self.fields["technique"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("needle") == OTHER_NEEDLE and not cleaned.get("needle_other"):
            self.add_error("needle_other", _("Enter the needle, like 27G, 6 mm."))
        for lot, volume in (("lot", "volume_ml"), ("lot_2", "volume_2_ml")):
            is_typed = volume not in self.errors and cleaned.get(volume) is not None
            if cleaned.get(lot) and not is_typed and volume not in self.errors:
                self.add_error(volume, _VOLUME_WORDS)
            elif is_typed and not cleaned.get(lot) and lot not in self.errors:
                self.add_error(lot, _("Choose the product and its lot."))
        return cleaned

    @property
    def is_untouched(self) -> bool:
        """Whether what was sent is what is kept already; a route that was not sent is the usual."""
        usual = {"version"} if self["route"].data else {"version", "route"}
        return not set(self.changed_data) - usual

    @property
    def needle_words(self) -> str:
        """The needle as it is kept."""
        chosen = str(self.cleaned_data["needle"])
        return str(self.cleaned_data["needle_other"]) if chosen == OTHER_NEEDLE else chosen

    @property
    def doses(self) -> list[DoseGiven]:
        """The products that were given."""
        typed = [
            (self.cleaned_data["lot"], self.cleaned_data["volume_ml"]),
            (self.cleaned_data["lot_2"], self.cleaned_data["volume_2_ml"]),
        ]
        donor = self.cleaned_data["donor_number"]
        return [
            DoseGiven(
                lot=lot,
                volume_ml=volume,
                donor_number=donor if lot.product.product_class == AUTOLOGOUS else "",
                is_said_given=self.cleaned_data["is_said_given"],
            )
            for lot, volume in typed
            if lot
        ]
