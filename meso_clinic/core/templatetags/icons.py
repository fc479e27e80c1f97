"""`{% icon "check" %}`: an icon for eyes only. Words always stand beside it."""

from typing import Final

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from meso_clinic.core.icons import DIRECTIONAL, NAMES, SPRITE

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return the icon `name` as an `<svg class="i">`, 20 px wide when `size` is "l".

    It is hidden from screen readers, so the words beside it must carry the meaning.
    Raises TemplateSyntaxError for a name that is not in `static/icons.svg`.
    """
    if name not in NAMES:
        raise template.TemplateSyntaxError(f"There is no icon called {name!r}.")
    classes = ["i"]
    if size:
        classes.append(f"i-{size}")
    if name in DIRECTIONAL:
        classes.append("i-dir")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        " ".join(classes),
        static(SPRITE),
        name,
    )


STATUS_ICONS: Final = {
    "booked": "circle",
    "waiting": "hourglass",
    "treatment": "syringe",
    "done": "check",
    "late": "clock-alert",
    "noshow": "user-x",
    "cancelled": "ban",
}
TONE_ICONS: Final = {
    "": "info",
    "info": "info",
    "ok": "check",
    "warn": "triangle-alert",
    "stop": "triangle-alert",
}


@register.simple_tag
def status_icon(status: str) -> SafeString:
    """Return the icon of an appointment's status, the same on every chip, card and filter."""
    return icon(STATUS_ICONS[status])


@register.simple_tag
def tone_icon(tone: str | None) -> SafeString:
    """Return the icon of a callout's or an alert's tone; advice if there is none."""
    return icon(TONE_ICONS[tone or ""])
