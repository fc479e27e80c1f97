"""What this app adds to the pages of the apps below it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.models import Site
from meso_clinic.core.commands import Command, register_command
from meso_clinic.core.roles import Right
from records.selectors.drafts import unsigned_records
from records.selectors.lots import sessions_of_lots
from records.selectors.recalls import open_recall_of, unreached_at, watched_to_the_end
from sessions.follow_ups import FollowUp, Reason, register_reason
from sessions.selectors.free import day_bounds
from sessions.words import short_day
from treatments.lot_registry import register_hold, register_sessions
from treatments.selectors.stock import read_stock


def register() -> None:
    """Called once, when the app is ready."""
    register_sessions(sessions_of_lots)
    register_hold(_recalled)
    # Reception sees that somebody has to be called and by whom, not why.
    register_reason(Reason(5, gettext_lazy("Clinical hold"), "shield-alert", _to_call))
    register_reason(Reason(50, gettext_lazy("Record not signed"), "file-pen", _unsigned))
    register_reason(Reason(90, gettext_lazy("Stock"), "package", _stock))
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


def _to_call(site: Site, now: datetime) -> list[FollowUp]:
    """Return the patients of open recalls who are not reached, or to be asked once more."""
    today = now.astimezone(site.zone).date()
    unreached = [
        (contact, contact.recall.opened_at.astimezone(site.zone).date())
        for contact in unreached_at(site.pk)
    ]
    watched = [(contact, contact.watch_until) for contact in watched_to_the_end(site.pk, today)]
    return [
        FollowUp(
            patient=contact.patient,
            what=_("A clinician has to call."),
            since=since,
            url=reverse("records:recall-contact", args=[contact.recall_id, contact.pk]),
            action=_("Call"),
            right=Right.RUN_RECALL,
        )
        for contact, since in (*unreached, *watched)
    ]


def _stock(site: Site, now: datetime) -> list[FollowUp]:
    """Return what runs low and what ends soon; stock is one for all sites."""
    today = now.astimezone(site.zone).date()
    stock = read_stock(on=today)
    low = [
        (
            today,
            ngettext(
                "%(product)s: %(count)s vial left.", "%(product)s: %(count)s vials left.", one.left
            )
            % {"product": one.product, "count": one.left},
        )
        for one in stock.low
    ]
    ending = [
        (
            row.facts.beyond_use_on,
            _("%(product)s, lot %(lot)s: last day of use %(day)s.")
            % {
                "product": row.lot.product,
                "lot": row.lot.number,
                "day": short_day(row.facts.beyond_use_on),
            },
        )
        for row in stock.ending
    ]
    return [
        FollowUp(
            patient=None,
            what=words,
            since=since,
            url=reverse("treatments:stock-list"),
            action=_("Stock"),
            right=Right.SEE_STOCK,
        )
        for since, words in (*low, *ending)
    ]


def _recalled(lot: int) -> str:
    """Return what keeps a lot in quarantine while it is recalled."""
    if open_recall_of(lot) is None:
        return ""
    return _("This lot is in an open recall. Close the recall first.")


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
