"""A screen that faces the room shows initials: chosen on the device, kept in a cookie.

What stands on the screen by itself names nobody: the day, the calendar, the waiting list, and what
was done, in its toast. What somebody opens or searches on purpose shows the full name and the
phone, so that no two patients are mixed up: the panel and the page of an appointment, the booking
of one, the list of patients and the page of a patient.
"""

from django.http import HttpRequest

COOKIE = "private-screen"


def is_private(request: HttpRequest) -> bool:
    """Whether this device shows patients by their initials where they stand unasked."""
    return request.COOKIES.get(COOKIE) == "1"


def shown_name(name: str, *, is_private: bool) -> str:
    """Return `name`, or the initials of its first and last word, "M. O.", on a private screen."""
    if not is_private:
        return name
    words = name.split()
    return " ".join(f"{word[0].upper()}." for word in (words[:1] + words[1:][-1:]))


def name_for(request: HttpRequest, name: str) -> str:
    """Return `name` as this device shows it: whole, or its initials on a private screen."""
    return shown_name(name, is_private=is_private(request))
