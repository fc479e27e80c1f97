"""The health questions: a form for each question, and the questionnaire that holds them."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final, Self
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm, DayField
from patients.domain.screening import Given, Kind, Part, Value
from patients.forms.fields import PlainTextField
from patients.models import Patient, ScreeningAnswer, ScreeningQuestion

LONGEST_WORDS: Final = 400
_CHOICES: Final = (
    (Value.YES.value, gettext_lazy("Yes")),
    (Value.NO.value, gettext_lazy("No")),
    (Value.UNKNOWN.value, gettext_lazy("Not known")),
)
_CHOICES_OF_PATIENT: Final = (
    *_CHOICES[:2],
    (Value.UNKNOWN.value, gettext_lazy("I do not know")),
)


class FillingForm(ClinicForm):
    """Whose questions they are, what part of them was shown, and the key by which it is sent once."""

    patient = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=4000, required=False)


class AnswerForm(ClinicForm):
    """The answer to one question. Nothing is chosen beforehand.

    `is_set` says that “No” was set for the person, who has not looked at it yet.
    """

    value = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("Answer"))
    day = DayField(label=gettext_lazy("The day"), required=False)
    words = PlainTextField(
        label=gettext_lazy("More about it"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        question: ScreeningQuestion,
        last: ScreeningAnswer | None,
        is_by_patient: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=f"q-{question.pk}", **kwargs)
        self.question, self.last, self.is_set = question, last, False
        choices = _CHOICES_OF_PATIENT if is_by_patient else _CHOICES
        value = self.fields["value"]
        value.choices = choices  # type: ignore[attr-defined]
        sentence = _("Choose “%(yes)s”, “%(no)s” or “%(unknown)s”.") % {
            code.lower(): words for code, words in choices
        }
        value.error_messages |= {"required": sentence, "invalid_choice": sentence}
        if question.kind == Kind.DAY:
            self.fields["day"].label = question.detail
        else:
            del self.fields["day"]
        if question.kind == Kind.WORDS:
            self.fields["words"].label = question.detail

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("value") != Value.YES:
            # What a yes is asked further is out of sight, and not meant any more.
            for name in ("day", "words"):
                self.errors.pop(name, None)
            return cleaned | {"day": None, "words": ""}
        is_missing = not cleaned.get("words") and "words" not in self.errors
        if self.question.kind == Kind.WORDS and is_missing:
            self.add_error("words", _("Fill in: %(detail)s") % {"detail": self.question.detail})
        return cleaned

    def field_id(self, name: str) -> str:
        """Return where a link to a field leads: of three choices, to the first."""
        field = self[name]
        return f"{field.auto_id}_0" if name == "value" else field.auto_id

    @property
    def given(self) -> Given:
        """The answer, once the form is valid."""
        cleaned = self.cleaned_data
        return Given(Value(cleaned["value"]), cleaned.get("day"), cleaned["words"])


class Questionnaire:
    """The questions of one filling in, asked of `patient`, with what was typed.

    `questions` are those that the page shows, in their order; `last` the newest answers by the
    code of the question, which a patient is not shown.
    """

    def __init__(
        self,
        *,
        patient: Patient,
        part: Part,
        questions: list[ScreeningQuestion],
        last: Mapping[str, ScreeningAnswer],
        posted: QueryDict | None = None,
        key: UUID | None = None,
        is_by_patient: bool = False,
    ) -> None:
        self.patient, self.part = patient, part
        self._questions, self._last, self._is_by_patient = questions, last, is_by_patient
        initial = {"patient": patient.pk, "key": key, "shown": shown(questions)}
        self.head = FillingForm(posted, initial=initial)
        self.forms = [self._form(question, posted) for question in questions]

    def _form(
        self,
        question: ScreeningQuestion,
        posted: QueryDict | None,
        initial: Mapping[str, Any] | None = None,
    ) -> AnswerForm:
        return AnswerForm(
            posted,
            question=question,
            last=self._last.get(question.code),
            is_by_patient=self._is_by_patient,
            initial=initial,
        )

    @property
    def groups(self) -> Iterator[tuple[str, list[AnswerForm]]]:
        """Each group's name with its questions."""
        for _code, found in groupby(self.forms, key=lambda form: form.question.group):
            forms_of_group = list(found)
            yield forms_of_group[0].question.get_group_display(), forms_of_group

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every sentence about what is wrong, with its question, and the field that it is about."""
        return [
            (form.field_id(name), f"{form.question.text} {error}")
            for form in self.forms
            if form.is_bound
            for name, errors in form.errors.items()
            for error in errors
        ]

    def is_valid(self) -> bool:
        """Whether every question shown has a good answer."""
        # Each is looked at, so that each says what is wrong.
        answered = [form.is_valid() for form in self.forms]
        return self.head.is_valid() and all(answered)

    @property
    def answers(self) -> dict[str, Given]:
        """The answers by the code of the question, once it is valid."""
        return {form.question.code: form.given for form in self.forms}

    @property
    def key(self) -> UUID:
        """The key of a valid form."""
        key: UUID = self.head.cleaned_data["key"]
        return key

    def as_typed(self, posted: QueryDict, *, no_to_the_rest: bool = False) -> Self:
        """Return the same questions with what was typed and without complaints.

        With `no_to_the_rest` those without an answer get “No”, and a mark that it was set.
        """
        self.forms = [self._typed(question, posted, no_to_the_rest) for question in self._questions]
        return self

    def _typed(
        self, question: ScreeningQuestion, posted: QueryDict, no_to_rest: bool
    ) -> AnswerForm:
        prefix = f"q-{question.pk}"
        typed = {name: posted.get(f"{prefix}-{name}", "") for name in ("value", "day", "words")}
        is_set = no_to_rest and not typed["value"]
        form = self._form(question, None, typed | ({"value": Value.NO.value} if is_set else {}))
        form.is_set = is_set
        return form


def shown(questions: list[ScreeningQuestion]) -> str:
    """Return by what a form says which questions stood on its page."""
    return ",".join(str(question.pk) for question in questions)


class HandOverForm(ClinicForm):
    """Which questions a patient answers on the device."""

    part = forms.ChoiceField(
        label=gettext_lazy("Which questions"),
        choices=[
            (Part.FULL.value, gettext_lazy("All questions")),
            (Part.SHORT.value, gettext_lazy("Anything changed?")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose which questions the patient answers."),
            "invalid_choice": gettext_lazy("Choose which questions the patient answers."),
        },
    )


class LinkForm(HandOverForm):
    """Which questions a patient answers at home; with the patient whose page showed the form."""

    patient = forms.IntegerField(widget=forms.HiddenInput)


class BirthDateForm(ClinicForm):
    """The date of birth, by which a link opens."""

    born_on = DayField(
        label=gettext_lazy("Your date of birth"),
        example="22 Aug 1990",
        help_text=gettext_lazy("Day first, like 22 Aug 1990 or 22/8/1990."),
        error_messages={"required": gettext_lazy("Enter your date of birth, like 22 Aug 1990.")},
        widget=forms.TextInput(attrs={"autocomplete": "bday", "maxlength": 40}),
    )
