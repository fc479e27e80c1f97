"""What the calls after a session add to the follow-ups."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Site
from meso_clinic.core.roles import Right
from records.call_words import ASKED_FOR, TIME_WORDS
from records.selectors.calls import CallToMake, calls_to_make
from sessions.follow_ups import FollowUp
from sessions.words import short_day


def calls(site: Site, now: datetime) -> list[FollowUp]:
    """Return the calls that are due; who reads no clinical notes learns that somebody calls."""
    today = now.astimezone(site.zone).date()
    return [
        FollowUp(
            patient=one.session.course.patient,
            what=_("A clinician has to call. Due since %(day)s.") % {"day": short_day(one.due.on)},
            private=_private(one),
            since=one.due.on,
            url=reverse("records:aftercare-call", args=[one.session.pk, one.due.time]),
            action=_("Call"),
            right=Right.EDIT_CLINICAL,
        )
        for one in calls_to_make(site, today)
    ]


def _private(one: CallToMake) -> str:
    return _("%(course)s, session %(number)s: %(time)s. %(ask)s Due since %(day)s.") % {
        "course": one.session.course.indication.short_name,
        "number": one.session.number,
        "time": TIME_WORDS[one.due.time],
        "ask": ASKED_FOR[one.due.time],
        "day": short_day(one.due.on),
    }
