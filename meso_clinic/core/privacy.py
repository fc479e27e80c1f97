"""A screen that faces the room shows initials: chosen on the device, kept in a cookie."""

from django.http import HttpRequest

COOKIE = "private-screen"


def is_private(request: HttpRequest) -> bool:
    """Whether this device shows patients by their initials on the day and the calendar."""
    return request.COOKIES.get(COOKIE) == "1"


def shown_name(name: str, *, is_private: bool) -> str:
    """Return `name`, or the initials of its first and last word, "M. O.", on a private screen."""
    if not is_private:
        return name
    words = name.split()
    return " ".join(f"{word[0].upper()}." for word in (words[:1] + words[1:][-1:]))
