"""What this app adds to the pages of the apps below it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Site
from meso_clinic.core.nightly import NightlyJob, register_nightly
from meso_clinic.core.roles import Right
from patients.registry import PatientTab, register_panel, register_tab
from records import panels
from records.actions.photo_files import sweep
from records.outcome_lines import outcome_lines
from records.selectors.drafts import unsigned_records
from records.selectors.outcomes_due import outcomes_due
from sessions.course_lines import register_course_lines
from sessions.follow_ups import FollowUp, Reason, register_reason
from sessions.selectors.free import day_bounds


def register() -> None:
    """Called once, when the app is ready."""
    register_panel(panels.PHOTOS)
    register_nightly(NightlyJob("Photos", _nightly_photos))
    register_reason(Reason(50, gettext_lazy("Record not signed"), "file-pen", _unsigned))
    register_tab(
        PatientTab(
            order=20,
            label=gettext_lazy("Sessions"),
            url_name="records:patient-sessions",
            right=Right.SEE_CLINICAL,
        )
    )
    register_reason(Reason(60, gettext_lazy("Scores are due"), "scale", outcomes_due))
    register_course_lines(outcome_lines)


def _nightly_photos(at: datetime) -> list[str]:
    """Remove files that no photo names; return one sentence if a photo has lost its file."""
    lost = sweep(at=at).lost
    if not lost:
        return []
    return [f"{len(lost)} files of photos are missing; see check_photos in docs/operations.md."]


def _unsigned(site: Site, now: datetime) -> list[FollowUp]:
    """Return drafts of earlier days; one begun today is still being written."""
    today = now.astimezone(site.zone).date()
    begins = day_bounds(site, today, today).start
    drafts = unsigned_records().filter(session__course__site=site, opened_at__lt=begins)
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
        for draft in drafts
    ]
