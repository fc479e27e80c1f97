"""How the clinic writes dates, times and durations on screen and on paper."""

from datetime import date, datetime
from typing import Final

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

register = template.Library()

NEAR_DAYS: Final = 60
"""A date this close to today needs no year to be understood."""


def _local_date(value: date | datetime) -> date:
    """Return the calendar day of `value`; an aware datetime is read in the active time zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """Return "Thu 24 Dec", with the year when the day is more than 60 days from today."""
    if not value:
        return ""
    on = _local_date(value)
    near = abs((on - timezone.localdate()).days) <= NEAR_DAYS
    return formats.date_format(on, "D j M" if near else "D j M Y")


@register.filter
def day_year(value: date | datetime | None) -> str:
    """Return "24 Dec 2026": a date that must stay plain for years, such as a signature's."""
    return formats.date_format(_local_date(value), "j M Y") if value else ""


@register.filter
def day_long(value: date | datetime | None) -> str:
    """Return "Thursday 24 December 2026", the form used on everything printed."""
    return formats.date_format(_local_date(value), "l j F Y") if value else ""


@register.filter
def date_long(value: date | datetime | None) -> str:
    """Return "24 December 2026": a date of birth, or the ends of a course."""
    return formats.date_format(_local_date(value), "j F Y") if value else ""


@register.filter
def wall_time(value: datetime | None) -> str:
    """Return "09:40", the 24-hour time an aware datetime shows in the active time zone."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%H:%M}"


@register.filter
def age(born_on: date | None) -> str:
    """Return the full years from `born_on` to today, as text; "" when it is not known."""
    if not born_on:
        return ""
    today = timezone.localdate()
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return str(today.year - born_on.year - (0 if had_birthday else 1))


@register.filter
def minutes_words(minutes: int | None) -> str:
    """Return "50 min", "1 h" or "1 h 30 min" for a number of minutes."""
    if minutes is None:
        return ""
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


@register.filter
def initials(name: str | None) -> str:
    """Return the first letters of the first and last word of a name, without its title."""
    titles = {"dr", "mr", "mrs", "ms", "mx", "prof"}
    words = [word for word in (name or "").split() if word.rstrip(".").lower() not in titles]
    if not words:
        return ""
    letters = [words[0][0]] if len(words) == 1 else [words[0][0], words[-1][0]]
    return "".join(letters).upper()
