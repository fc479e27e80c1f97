"""What this app adds to the palette."""

from django.utils.translation import gettext_lazy as _

from clinic.registry import manage_entries
from meso_clinic.core.commands import Command
from meso_clinic.core.models import User
from meso_clinic.core.roles import Right

CLOSE_DAY = Command(
    key="day-close",
    label=_("Close a day"),
    icon="calendar-off",
    url_name="clinic:closure-list",
    words=_("holiday closure shut"),
    right=Right.MANAGE_CLINIC,
)


def manage_pages(user: User) -> list[Command]:
    """Return the cards of the manage page that `user` may open."""
    return [
        Command(
            key=f"page:{entry.url_name}",
            label=entry.label,
            icon=entry.icon,
            url_name=entry.url_name,
            words=entry.description,
        )
        for entry in manage_entries(user)
    ]
