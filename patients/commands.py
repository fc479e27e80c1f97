"""What this app adds to the palette."""

from django.utils.translation import gettext_lazy as _

from meso_clinic.core.commands import Command
from meso_clinic.core.roles import Right

COMMANDS = (
    Command(
        key="patient-new",
        label=_("New patient"),
        icon="user-plus",
        url_name="patients:patient-register",
        words=_("register add person"),
        right=Right.EDIT_PATIENTS,
    ),
    Command(
        key="course-plan",
        label=_("Plan a course"),
        icon="route",
        url_name="patients:patient-list",
        query="?plan=1",
        words=_("treatment sessions book"),
        right=Right.PLAN_COURSE,
    ),
)
