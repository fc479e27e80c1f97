"""What this app adds to the pages of the apps below it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Site
from meso_clinic.core.nightly import NightlyJob, register_nightly
from meso_clinic.core.roles import Right
from records.selectors.drafts import unsigned_records
from records.selectors.seal import broken_seals
from sessions.follow_ups import FollowUp, Reason, register_reason
from sessions.selectors.free import day_bounds


def register() -> None:
    """Called once, when the app is ready."""
    register_nightly(NightlyJob("Signed records", _nightly_seals))
    register_reason(Reason(50, gettext_lazy("Record not signed"), "file-pen", _unsigned))


def _nightly_seals(at: datetime) -> list[str]:
    return [f"Record {record.pk} was changed after it was signed." for record in broken_seals()]


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
