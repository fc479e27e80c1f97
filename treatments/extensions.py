"""What this app adds to the pages of the apps below it."""

from django.utils.translation import gettext_lazy as _

from clinic.registry import ManageEntry, register_manage, register_set_up
from meso_clinic.core.commands import Command, register_command
from meso_clinic.core.context import Place, register_place
from meso_clinic.core.roles import Right
from patients.registry import (
    register_activity_page,
    register_alerts,
    register_documents,
    register_panel,
)
from treatments import documents, panels
from treatments.actions.catalogue import load_catalogue, load_consent_texts, load_screening
from treatments.consent_turns import TurnSource, register_turn
from treatments.domain.consents import State
from treatments.selectors.turns import newest_cleared_finding, newest_pregnancy_ruled_out


def register() -> None:
    """Called once, when the app is ready."""
    register_panel(panels.CONSENTS)
    register_panel(panels.SCREENING)
    register_alerts(panels.screening_alerts)
    register_documents(documents.consents)
    register_activity_page("treatments.consent", "treatments:consent-detail")
    register_turn(TurnSource(State.NEW_FINDING, newest_cleared_finding))
    register_turn(TurnSource(State.NEW_FINDING, newest_pregnancy_ruled_out))
    register_set_up(load_catalogue)
    register_set_up(load_consent_texts)
    register_set_up(load_screening)
    _register_manage()
    _register_places()


def _register_manage() -> None:
    register_manage(
        ManageEntry(
            order=10,
            label=_("Indications"),
            description=_("What patients read, and the numbers a course begins with."),
            url_name="treatments:indication-list",
            icon="book-open",
            right=Right.EDIT_CONTENT,
        )
    )
    register_manage(
        ManageEntry(
            order=15,
            label=_("Consent texts"),
            description=_("What patients read and sign before they are treated."),
            url_name="treatments:consent-text-list",
            icon="signature",
            right=Right.EDIT_CONTENT,
        )
    )
    register_manage(
        ManageEntry(
            order=17,
            label=_("Health questions"),
            description=_("What patients are asked, and what an answer means."),
            url_name="treatments:question-list",
            icon="clipboard-list",
            right=Right.EDIT_CONTENT,
        )
    )
    register_manage(
        ManageEntry(
            order=20,
            label=_("Products"),
            description=_("What is used, how much of it, and which lots are in stock."),
            url_name="treatments:product-list",
            icon="package",
            right=Right.MANAGE_STOCK,
        )
    )


def _register_places() -> None:
    # Clinicians look after lots and have no Manage page; admins find the card there.
    register_place(
        Place(
            order=80,
            label=_("Products"),
            url_name="treatments:product-list",
            icon="package",
            right=Right.WRITE_RECORD,
        )
    )
    # Reception reads stock and changes nothing; there is no room for it in their bar.
    register_command(
        Command(
            key="stock",
            label=_("Stock"),
            icon="scan-barcode",
            url_name="treatments:stock-list",
            words=_("lots products expire vials low"),
            right=Right.SEE_STOCK,
        )
    )
