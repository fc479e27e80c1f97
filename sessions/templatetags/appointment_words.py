"""What the pages of one appointment carry on from step to step."""

from django import forms, template

register = template.Library()


@register.filter
def kept_of(names: str, form: forms.Form) -> list[tuple[str, str]]:
    """Return those of `names`, separated by spaces, that `form` was given, with what was given."""
    given = ((name, str(form.data.get(name) or "")) for name in names.split())
    return [(name, value) for name, value in given if value]
