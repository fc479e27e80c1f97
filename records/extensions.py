"""What this app adds to the pages of the apps below it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Site
from meso_clinic.core.commands import Command, register_command
from meso_clinic.core.context import Place, register_place
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.nightly import NightlyJob, register_nightly
from meso_clinic.core.roles import Right
from patients.models import Patient
from patients.registry import (
    Panel,
    PatientTab,
    register_activity_page,
    register_alerts,
    register_documents,
    register_panel,
    register_tab,
)
from records import call_notes, panels, reaction_notes, recall_notes
from records.actions.photo_files import sweep
from records.documents import signed_records
from records.outcome_lines import outcome_lines
from records.selectors.consent_turns import (
    newest_hold_lift,
    newest_severe_report,
    newest_worsening,
)
from records.selectors.drafts import late_to_sign
from records.selectors.history import treated_zones
from records.selectors.lots import sessions_of_lots
from records.selectors.outcomes_due import outcomes_due
from records.selectors.seal import broken_seals
from sessions.course_lines import register_course_lines
from sessions.follow_ups import FollowUp, Reason, register_reason
from sessions.gates import register_gate
from treatments.consent_turns import TurnSource, register_turn
from treatments.domain.consents import State
from treatments.lot_registry import register_hold, register_sessions
from treatments.product_notes import register_product_notes
from treatments.treated_zones import set_treated_zones


def register() -> None:
    """Called once, when the app is ready."""
    register_nightly(NightlyJob("Signed records", _nightly_seals))
    register_reason(Reason(50, gettext_lazy("Record not signed"), "file-pen", _unsigned))
    register_tab(
        PatientTab(
            order=20,
            label=gettext_lazy("Sessions"),
            url_name="records:patient-sessions",
            right=Right.SEE_CLINICAL,
        )
    )
    register_tab(
        PatientTab(
            order=25,
            label=gettext_lazy("Photos"),
            url_name="records:patient-photos",
            right=Right.SEE_CLINICAL,
        )
    )
    register_documents(signed_records)
    register_activity_page("records.adverseevent", "records:reaction-detail")
    register_reason(Reason(60, gettext_lazy("Scores are due"), "scale", outcomes_due))
    register_course_lines(outcome_lines)
    register_panel(panels.PHOTOS)
    register_nightly(NightlyJob("Photos", _nightly_photos))
    _register_reactions()
    _register_recalls()
    _register_turns()
    set_treated_zones(treated_zones)


def _register_turns() -> None:
    register_turn(TurnSource(State.SEVERE_REACTION, newest_severe_report))
    register_turn(TurnSource(State.SEVERE_REACTION, newest_worsening))
    register_turn(TurnSource(State.HOLD_LIFTED, newest_hold_lift))


def _nightly_photos(at: datetime) -> list[str]:
    """Remove files that no photo names; return one sentence if a photo has lost its file."""
    lost = sweep(at=at).lost
    if not lost:
        return []
    return [f"{len(lost)} files of photos are missing; see check_photos in docs/operations.md."]


def _register_reactions() -> None:
    clinical, notes = Right.SEE_CLINICAL, reaction_notes
    # Everybody sees that a patient waits for a clinician, clinicians alone see why.
    waiting, shared = gettext_lazy("Clinical follow-up"), gettext_lazy("Several reactions alike")
    register_reason(Reason(5, shared, "octagon-x", notes.clusters, clinical))
    register_reason(Reason(6, waiting, "shield-alert", notes.waiting))
    calls_by = gettext_lazy("Calls by a clinician")
    register_reason(Reason(7, calls_by, "phone", call_notes.calls))
    register_alerts(notes.alerts, is_quick=True)
    register_gate(notes.gate)
    register_product_notes(notes.product_notes)
    register_tab(PatientTab(40, gettext_lazy("Reactions"), "records:reaction-list", right=clinical))
    register_panel(
        Panel(15, "side", "records/_patient_reactions.html", _nothing, Right.EDIT_CLINICAL)
    )
    register_place(
        Place(
            85,
            gettext_lazy("Emergency"),
            "records:emergency",
            "heart-pulse",
            clinical,
            phone_order=0,
        )
    )
    register_command(
        Command(
            key="reactions",
            label=gettext_lazy("All reactions"),
            icon="shield-alert",
            url_name="records:reaction-register",
            right=clinical,
        )
    )
    register_command(
        Command(
            key="emergency",
            label=gettext_lazy("Emergency cards"),
            icon="heart-pulse",
            url_name="records:emergency",
            words=gettext_lazy("anaphylaxis anaesthetic toxicity occlusion methaemoglobinaemia"),
            order=1,
        )
    )


def _register_recalls() -> None:
    register_sessions(sessions_of_lots)
    register_hold(recall_notes.recalled)
    # Reception sees that somebody has to be called and by whom, not why.
    register_reason(Reason(5, gettext_lazy("Clinical hold"), "shield-alert", recall_notes.to_call))
    register_reason(Reason(90, gettext_lazy("Stock"), "package", recall_notes.stock))
    register_command(
        Command(
            key="recalls",
            label=gettext_lazy("Recalls"),
            icon="shield-alert",
            url_name="records:recall-list",
            words=gettext_lazy("lot take back product notice"),
            right=Right.MANAGE_STOCK,
        )
    )


def _nothing(_request: ClinicRequest, _patient: Patient) -> dict[str, Any]:
    """A part of the page that needs no more than the patient."""
    return {}


def _nightly_seals(at: datetime) -> list[str]:
    return [f"Record {record.pk} was changed after it was signed." for record in broken_seals()]


def _unsigned(site: Site, now: datetime) -> list[FollowUp]:
    """Return the drafts whose session ended a day ago; others are still being written."""
    return [
        FollowUp(
            patient=draft.session.course.patient,
            what=_("Session %(n)s, begun by %(name)s.")
            % {"n": draft.session.number, "name": draft.opened_by.display_name},
            since=draft.opened_at.astimezone(site.zone).date(),
            url=reverse("records:record-step", args=[draft.session_id, "sign"]),
            action=_("Open"),
            right=Right.WRITE_RECORD,
        )
        for draft in late_to_sign(site, now)
    ]
