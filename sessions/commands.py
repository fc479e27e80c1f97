"""What this app adds to the palette, beside its places."""

from django.utils.translation import gettext_lazy as _

from meso_clinic.core.commands import Command, register_command
from meso_clinic.core.roles import Right

COMMANDS = (
    Command(
        key="visit-book",
        label=_("Book a visit"),
        icon="calendar-plus",
        url_name="sessions:appointment-new",
        words=_("appointment consultation review new"),
        right=Right.BOOK,
    ),
    Command(
        key="day-sheet",
        label=_("Print today's sheet"),
        icon="printer",
        url_name="sessions:day-sheet",
        words=_("day list paper pdf"),
        right=Right.SEE_DAY,
    ),
    Command(
        key="touched",
        label=_("Appointments to move"),
        icon="calendar-clock",
        url_name="sessions:touched",
        words=_("absence closure away sick rebook"),
        right=Right.BOOK,
    ),
    Command(
        key="waiting-list",
        label=_("Waiting list"),
        icon="hourglass",
        url_name="sessions:waiting-list",
        words=_("earlier time wanted free"),
        right=Right.BOOK,
    ),
    Command(
        key="deviations",
        label=_("Sessions outside their window"),
        icon="file-text",
        url_name="sessions:deviation-report",
        words=_("deviations report late skipped"),
        right=Right.SEE_COURSES,
    ),
    Command(
        key="schedule-check",
        label=_("Check the schedule"),
        icon="shield-check",
        url_name="sessions:schedule-check",
        words=_("rules violations overlap"),
        right=Right.MANAGE_CLINIC,
    ),
)


def register() -> None:
    """Called once, when the app is ready."""
    for command in COMMANDS:
        register_command(command)
