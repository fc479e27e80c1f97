"""The clinic itself."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicConfig(AppConfig):
    """Profile, sites, rooms, people's working hours, closures."""

    name = "clinic"

    def ready(self) -> None:
        from clinic.commands import CLOSE_DAY, manage_pages
        from clinic.registry import ManageEntry, register_manage
        from meso_clinic.core.commands import register_command, register_pages
        from meso_clinic.core.context import Place, register_place
        from meso_clinic.core.roles import Right

        register_place(
            Place(
                order=90,
                label=_("Manage"),
                url_name="clinic:manage",
                icon="settings",
                right=Right.MANAGE_CLINIC,
            )
        )
        for entry in (
            ManageEntry(
                order=30,
                label=_("People and hours"),
                description=_("Who works here, what they may do, and when they work."),
                url_name="core:people-list",
                icon="users",
                right=Right.MANAGE_PEOPLE,
            ),
            ManageEntry(
                order=40,
                label=_("Closures"),
                description=_("Days off for the whole clinic or one site, and public holidays."),
                url_name="clinic:closure-list",
                icon="calendar-off",
                right=Right.MANAGE_CLINIC,
            ),
            ManageEntry(
                order=50,
                label=_("Sites and rooms"),
                description=_("Where the clinic works, in which time zone, in which rooms."),
                url_name="clinic:site-list",
                icon="map-pin",
                right=Right.MANAGE_CLINIC,
            ),
            ManageEntry(
                order=60,
                label=_("Clinic"),
                description=_("Name, phones, lines on paper, and when somebody is late."),
                url_name="clinic:profile-edit",
                icon="building-2",
                right=Right.MANAGE_CLINIC,
            ),
        ):
            register_manage(entry)
        register_command(CLOSE_DAY)
        register_pages(manage_pages)
