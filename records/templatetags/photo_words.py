"""How photos are said in templates: `{{ photo|photo_name }}`."""

from django import template

from records import photo_words
from records.domain.photos import Coverage, Use, View
from records.models import Photo

register = template.Library()


@register.filter
def photo_name(photo: Photo) -> str:
    """Return what a photo shows, without the patient's name."""
    return photo_words.photo_name(photo)


@register.filter
def taken_words(photo: Photo) -> str:
    """Return at what time a photo was taken, with the day if it was added on another one."""
    return photo_words.taken_words(photo)


@register.filter
def added_words(photo: Photo) -> str:
    """Return when a photo was added, "" if it was the day on which it was taken."""
    return photo_words.added_words(photo)


@register.filter
def view_name(view: View | str) -> str:
    """Return the name of a view within its area."""
    return photo_words.view_name(view if isinstance(view, str) else view.code)


@register.filter
def full_view_name(view: View) -> str:
    """Return the name of a view with its area."""
    return photo_words.full_view_name(view)


@register.filter
def use_name(use: Use) -> str:
    """Return what a copy is made for."""
    return photo_words.use_name(use)


@register.filter
def baseline_problem(found: Coverage) -> str:
    """Return what is missing from before session 1, "" if nothing is."""
    return photo_words.baseline_problem(found)
