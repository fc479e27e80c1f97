"""What recalls and stock add to the follow-ups, and to the pages of a lot."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Site
from meso_clinic.core.roles import Right
from records.selectors.recalls import open_recall_of, unreached_at, watched_to_the_end
from sessions.follow_ups import FollowUp
from sessions.words import short_day
from treatments.selectors.stock import read_stock


def to_call(site: Site, now: datetime) -> list[FollowUp]:
    """Return the patients of open recalls who are not reached, or to be asked once more."""
    today = now.astimezone(site.zone).date()
    unreached = [
        (contact, contact.recall.opened_at.astimezone(site.zone).date())
        for contact in unreached_at(site.pk)
    ]
    watched = [(contact, contact.watch_until) for contact in watched_to_the_end(site, today)]
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


def stock(site: Site, now: datetime) -> list[FollowUp]:
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


def recalled(lot: int) -> str:
    """Return what keeps a lot in quarantine while it is recalled."""
    if open_recall_of(lot) is None:
        return ""
    return _("This lot is in an open recall. Close the recall first.")
