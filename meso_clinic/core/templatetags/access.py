"""Rights in templates: `{% if user|can:"plan_course" %}`."""

from typing import Any

from django import template

from meso_clinic.core.roles import Right

register = template.Library()


@register.filter
def can(user: Any, right: str) -> bool:
    """Whether `user` is signed in and has `right` (its word; an unknown word is an error)."""
    return bool(user.is_authenticated and user.has_right(Right(right)))
