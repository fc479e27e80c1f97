"""Reporting a reaction, adding to it, lifting a hold, and choosing what the register shows."""

from typing import Any, cast
from urllib.parse import urlencode

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm, DayField
from patients.forms.fields import LinesField, PlainTextField
from patients.models import Patient
from records.actions.reactions import News, Report
from records.domain.reaction_kinds import REACTION_KINDS, ReactionKind
from records.models import AdverseEvent, Grade, OutcomeChoice
from records.selectors.reactions import lots_given, products_known, sessions_begun, zones_of
from sessions.models import TreatmentSession
from treatments.models import Lot, Product, TreatmentCourse, Zone

LONGEST = 4000
AS_USUAL, YES, NO = "", "yes", "no"


class WordsField(LinesField):
    """Several lines of a clinician's own words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)


def _grade_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Grade"),
        choices=Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a grade from 1 to 5."),
            "invalid_choice": gettext_lazy("Choose a grade from 1 to 5."),
        },
    )


def _follow_up_field() -> DayField:
    return DayField(label=gettext_lazy("Look again on"), required=False)


def _outcome_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=OutcomeChoice.choices,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the outcomes.")},
    )


class ReportForm(ClinicForm):
    """A reaction of one patient, as it is told."""

    treatment = forms.ChoiceField(
        label=gettext_lazy("After"),
        error_messages={
            "required": gettext_lazy("Choose the session or the course it came after."),
            "invalid_choice": gettext_lazy("Choose a session or course of this patient."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of reaction"),
        error_messages={
            "required": gettext_lazy("Choose what kind of reaction it is."),
            "invalid_choice": gettext_lazy("Choose one of the kinds."),
        },
    )
    has_sign = forms.BooleanField(
        label=gettext_lazy("The red flag of its kind was seen"),
        required=False,
        help_text=gettext_lazy("The list of kinds says what it is."),
    )
    grade = _grade_field()
    description = WordsField(
        label=gettext_lazy("What was seen"),
        error_messages={"required": gettext_lazy("Say what was seen.")},
    )
    action_taken = WordsField(label=gettext_lazy("What was done"), required=False, rows=2)
    onset_on = DayField(
        label=gettext_lazy("First noticed on"),
        error_messages={"required": gettext_lazy("Enter the day it was first noticed.")},
    )
    onset_time = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time like 14:30, or none.")},
    )
    source = forms.ChoiceField(
        label=gettext_lazy("How it became known"),
        choices=AdverseEvent.Source.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how it became known."),
            "invalid_choice": gettext_lazy("Choose how it became known."),
        },
    )
    told_by = PlainTextField(
        label=gettext_lazy("Who told it, if somebody else"), max_length=200, required=False
    )
    relatedness = forms.ChoiceField(
        label=gettext_lazy("Related to treatment"),
        choices=AdverseEvent.Relatedness.choices,
        error_messages={
            "required": gettext_lazy("Choose how far it is related to treatment."),
            "invalid_choice": gettext_lazy("Choose how far it is related to treatment."),
        },
    )
    expected = forms.ChoiceField(
        label=gettext_lazy("Expected"),
        required=False,
        choices=[
            (AS_USUAL, gettext_lazy("As the list of kinds says")),
            (YES, gettext_lazy("Yes")),
            (NO, gettext_lazy("No")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
    )
    is_serious = forms.BooleanField(
        label=gettext_lazy("Serious: hospital, lasting harm, or a danger to life"), required=False
    )
    outcome = _outcome_field()
    resolved_on = DayField(label=gettext_lazy("Over on"), required=False)
    follow_up_on = _follow_up_field()
    zone = forms.ModelChoiceField(
        label=gettext_lazy("Zone, if known"),
        queryset=Zone.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not known"),
        error_messages={"invalid_choice": gettext_lazy("Choose a zone of this patient.")},
    )
    given = forms.ChoiceField(
        label=gettext_lazy("Product and lot, if known"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the products.")},
    )
    key = forms.UUIDField(label=gettext_lazy("This form"), widget=forms.HiddenInput)
    patient = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, of: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._treatments = _treatments(of)
        self._given = _given(of)
        self._offer("treatment", [("", _("Choose")), *_labels(self._treatments)])
        self._offer("kind", [("", _("Choose")), *((k.code, _(k.name)) for k in REACTION_KINDS)])
        self._offer("given", [("", _("Not known")), *_labels(self._given)])
        self.fields["zone"].queryset = zones_of(of)  # type: ignore[attr-defined]

    def build_layout(self) -> Layout:
        return Layout(
            Fieldset(_("What happened"), "treatment", "kind", "has_sign", "grade", "description"),
            Fieldset(
                _("When, and how it became known"),
                Row(Column("onset_on"), Column("onset_time")),
                "source",
                "told_by",
            ),
            Fieldset(
                _("What it may come from"),
                Row(Column("zone"), Column("given")),
                Row(Column("relatedness"), Column("expected")),
            ),
            Fieldset(
                _("What comes next"),
                "action_taken",
                "is_serious",
                Row(Column("outcome"), Column("resolved_on")),
                "follow_up_on",
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("source") == AdverseEvent.Source.OTHER and not cleaned.get("told_by"):
            self.add_error("told_by", _("Say who told it."))
        return cleaned

    @property
    def report(self) -> Report:
        """What a valid form tells."""
        told = dict(self.cleaned_data)
        course, session = self._treatments[told.pop("treatment")][1]
        given = told.pop("given")
        product, lot = self._given[given][1] if given else (None, None)
        expected = told.pop("expected")
        for name in ("key", "patient"):
            told.pop(name)
        return Report(
            course=course,
            session=session,
            product=product,
            lot=lot,
            is_expected=None if expected == AS_USUAL else expected == YES,
            **told,
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


_Treatment = tuple[TreatmentCourse, TreatmentSession | None]
_Given = tuple[Product | None, Lot | None]


def _labels(known: dict[str, tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(value, label) for value, (label, _what) in known.items()]


def _treatments(patient: Patient) -> dict[str, tuple[str, _Treatment]]:
    """Return by its value in the form what a reaction can come after, the newest first."""
    found: dict[str, tuple[str, _Treatment]] = {}
    for session in sessions_begun(patient):
        on = session.delivered_on
        words = {
            "what": session.course.indication.short_name,
            "number": session.number,
            "day": date_format(on, "j M Y") if on else "",
        }
        label = (
            _("%(what)s, session %(number)s, %(day)s") % words
            if on
            else _("%(what)s, session %(number)s, in treatment now") % words
        )
        found[f"session-{session.pk}"] = (label, (session.course, session))
    for course in patient.courses.with_people().order_by("-planned_at", "-pk"):
        label = _("%(what)s, not known which session") % {"what": course.indication.short_name}
        found[f"course-{course.pk}"] = (label, (course, None))
    return found


def _given(patient: Patient) -> dict[str, tuple[str, _Given]]:
    """Return by its value in the form what may have been given: lots that were, then products."""
    found: dict[str, tuple[str, _Given]] = {}
    for lot in lots_given(patient):
        label = _("%(product)s, lot %(lot)s") % {"product": lot.product, "lot": lot.number}
        found[f"lot-{lot.pk}"] = (label, (lot.product, lot))
    for product in products_known():
        label = _("%(product)s, lot not known") % {"product": product}
        found[f"product-{product.pk}"] = (label, (product, None))
    return found


class NewsForm(ClinicForm):
    """What is known of a reaction now. `seen` is the number of the newest row that was shown."""

    words = WordsField(
        label=gettext_lazy("What is new"),
        error_messages={"required": gettext_lazy("Say what is new.")},
    )
    grade = _grade_field()
    has_sign = forms.BooleanField(required=False)
    outcome = _outcome_field()
    resolved_on = DayField(label=gettext_lazy("Over on"), required=False)
    follow_up_on = _follow_up_field()
    regulator = PlainTextField(
        label=gettext_lazy("Reported to"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The authority for medicines or devices, if it was told now."),
    )
    regulator_reference = PlainTextField(
        label=gettext_lazy("Their reference"), max_length=120, required=False
    )
    regulator_on = DayField(label=gettext_lazy("Reported on"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32000)
    patient = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: ReactionKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.is_always_red:
            del self.fields["has_sign"]
        else:
            self.fields["has_sign"].label = _("Red flag: %(sign)s") % {"sign": _(kind.red_flag)}

    def build_layout(self) -> Layout:
        sign = ["has_sign"] if "has_sign" in self.fields else []
        return Layout(
            "words",
            "grade",
            *sign,
            Row(Column("outcome"), Column("resolved_on")),
            "follow_up_on",
            Fieldset(
                _("Report to an authority"),
                "regulator",
                Row(Column("regulator_reference"), Column("regulator_on")),
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_more = cleaned.get("regulator_reference") or cleaned.get("regulator_on")
        if has_more and not cleaned.get("regulator"):
            self.add_error("regulator", _("Enter to whom it was reported."))
        if cleaned.get("regulator") and not cleaned.get("regulator_on"):
            self.add_error("regulator_on", _("Enter the day it was reported."))
        return cleaned

    @property
    def news(self) -> News:
        """What a valid form tells."""
        told = {k: v for k, v in self.cleaned_data.items() if k not in ("seen", "patient")}
        return News(**told)

    def take_seen(self, number: int) -> None:
        """Carry `number` from now on: what was typed is added below what somebody else added."""
        typed = cast(QueryDict, self.data).copy()
        typed["seen"] = str(number)
        self.data = typed


class LiftForm(ClinicForm):
    """Why a course on clinical hold may go on."""

    reason = PlainTextField(
        label=gettext_lazy("Why treatment may go on"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why treatment may go on.")},
    )
    patient = forms.IntegerField(widget=forms.HiddenInput)

    def build_layout(self) -> Layout:
        return Layout("reason")


class RegisterForm(ClinicForm):
    """What the register shows."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the kinds, or all.")},
    )
    grade = forms.TypedChoiceField(
        label=gettext_lazy("Grade now"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("All")), *((grade.value, str(grade.value)) for grade in Grade)],
        error_messages={"invalid_choice": gettext_lazy("Choose a grade from 1 to 5, or all.")},
    )
    lot = PlainTextField(label=gettext_lazy("Lot"), max_length=60, required=False)
    since = DayField(label=gettext_lazy("Begun from"), required=False)
    until = DayField(label=gettext_lazy("Begun until"), required=False)
    is_open = forms.BooleanField(label=gettext_lazy("Open only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("All")), *((kind.code, _(kind.name)) for kind in REACTION_KINDS)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def build_layout(self) -> Layout:
        return Layout(
            Row(Column("kind"), Column("grade"), Column("lot")),
            Row(Column("since"), Column("until"), Column("is_open")),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not lie before the first."))
        return cleaned

    @property
    def query(self) -> str:
        """The filter as a query string that ends in "&", or ""; the form must be valid."""
        given = urlencode({name: value for name, value in self.cleaned_data.items() if value})
        return f"{given}&" if given else ""
