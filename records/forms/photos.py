"""Taking photos, saying why there is none, withdrawing one, and choosing two to compare."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.forms import ClinicForm
from patients.forms.fields import PlainTextField
from records.domain.photos import View
from records.imaging import Picture, PictureRefused, clean_picture
from records.models import Photo
from records.photo_words import full_view_name, refusal_sentence, view_name


class PictureField(forms.FileField):
    """A photograph, cleaned to a `Picture`; the name and the type that a file claims are ignored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(
                attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
            ),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Picture | None:
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        try:
            return clean_picture(file, size=file.size or 0)
        except PictureRefused as refused:
            raise forms.ValidationError(refusal_sentence(refused.refusal)) from refused


class PhotoSetForm(ClinicForm):
    """Whose set it is, and the key that the same form never has twice."""

    patient = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class TileForm(ClinicForm):
    """The photo of one view."""

    picture = PictureField()

    def __init__(self, *args: Any, view: View, **kwargs: Any) -> None:
        super().__init__(*args, prefix=view.code, use_required_attribute=False, **kwargs)
        self.view = view
        self.fields["picture"].label = view_name(view.code)

    @property
    def shot(self) -> Picture | None:
        """The clean picture, None if none was sent or it was refused."""
        picture = self.cleaned_data.get("picture")
        return picture if isinstance(picture, Picture) else None


class ReactionPhotoForm(ClinicForm):
    """A photo of a reaction: of which view, and the picture."""

    patient = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    view = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": gettext_lazy("Choose what the photo shows."),
            "invalid_choice": gettext_lazy("Choose among the views of this treatment."),
        },
    )
    picture = PictureField(
        label=gettext_lazy("Photo"),
        error_messages={"required": gettext_lazy("Choose or take a photo.")},
    )

    def __init__(self, *args: Any, views: Sequence[View], **kwargs: Any) -> None:
        super().__init__(*args, prefix="photo", use_required_attribute=False, **kwargs)
        self.fields["view"].choices = [  # type: ignore[attr-defined]
            (view.code, full_view_name(view)) for view in views
        ]
        self.fields["picture"].required = True


class DeclineForm(ClinicForm):
    """Views that are not photographed, and why."""

    views = forms.MultipleChoiceField(
        label=gettext_lazy("Views without a photo"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one view."),
            "invalid_choice": gettext_lazy("Choose among the views of this page."),
        },
    )
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why there is no photo.")},
    )
    patient = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, views: Sequence[View], **kwargs: Any) -> None:
        super().__init__(*args, prefix="decline", **kwargs)
        self.fields["views"].choices = [  # type: ignore[attr-defined]
            (view.code, view_name(view.code)) for view in views
        ]

    def build_layout(self) -> Layout:
        return Layout("views", "reason", "patient")


class WithdrawForm(ClinicForm):
    """Why a photo is taken out of the record."""

    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For example: shows the wrong side, or the patient asked for it."),
        error_messages={"required": gettext_lazy("Say why the photo is withdrawn.")},
    )
    patient = forms.IntegerField(widget=forms.HiddenInput)


class CompareForm(ClinicForm):
    """Two photos of one view."""

    left = forms.UUIDField(required=False)
    right = forms.UUIDField(required=False)

    def chosen(self, photos: Sequence[Photo]) -> tuple[Photo, Photo]:
        """Return the two that were asked for; the oldest and the newest where nothing was."""
        known = {photo.key: photo for photo in photos}
        self.is_valid()
        left, right = self.cleaned_data.get("left"), self.cleaned_data.get("right")
        return (
            known.get(left, photos[0]) if left else photos[0],
            known.get(right, photos[-1]) if right else photos[-1],
        )


def nothing_chosen() -> str:
    """Return what a set without a picture is told."""
    return _("Choose or take at least one photo, then save.")
