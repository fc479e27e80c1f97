"""Every word that the drawn calendar says, and the icons of its states, for static/js/calendar.js."""

import json
from functools import lru_cache

from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meso_clinic.core.icons import SPRITE
from meso_clinic.core.templatetags.icons import STATUS_ICONS
from meso_clinic.core.versions import digest


def calendar_words() -> tuple[str, str]:
    """Return a script that defines `window.calendarWords` in the language in use, and its version."""
    return _calendar_words(get_language(), static(SPRITE))


@lru_cache
def _calendar_words(_language: str | None, icons: str) -> tuple[str, str]:
    states = {
        "booked": _("Booked"),
        "waiting": _("Waiting"),
        "treatment": _("In treatment"),
        "done": _("Done"),
        "late": _("Late"),
        "noshow": _("No-show"),
        "cancelled": _("Cancelled"),
    }
    said = {
        "states": {
            state: {"label": label, "icon": f"{icons}#{STATUS_ICONS[state]}"}
            for state, label in states.items()
        },
        "calendar": _("Calendar"),
        "grid": _("Times. Arrow keys choose one, N or Enter books it."),
        "gridRead": _("Times"),
        "nextFree": _("Next free #"),
        "free": _("free"),
        "taken": _("taken"),
        "noHours": _("no working hours"),
        "canMove": _("M moves it."),
        "moving": _("Arrow keys choose a new time. Enter shows what changes, Escape ends."),
        "none": _("There is no free time for it here. Open Move to look at other days."),
        "ended": _("Nothing was moved."),
        "noTime": _("This time is taken."),
        "failed": _("The free times could not be loaded. Use Move instead."),
        "bookKey": _("Book the chosen time"),
        "moveKey": _("Move the chosen appointment"),
        "window": _("Its window"),
    }
    script = f"window.calendarWords = {json.dumps(said)};\n"
    return script, digest(script)
