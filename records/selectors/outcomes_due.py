"""The scores that must not be forgotten, for the follow-ups list."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Site
from meso_clinic.core.roles import Right
from records.domain.outcomes import Due, Occasion
from records.models import OutcomeAssessment
from records.outcome_words import occasion_words
from records.selectors.outcomes import CourseOutcomes, read_outcomes
from sessions.follow_ups import FollowUp
from sessions.models import Appointment
from treatments.models import TreatmentCourse

# A baseline is asked for so long before a booked first session: a setting of the clinic's desk.
BASELINE_SOON: Final = timedelta(days=3)
# The last follow-up of a course ends within this time after the course.
LONGEST_FOLLOW_UP: Final = timedelta(days=550)


def outcomes_due(site: Site, now: datetime) -> list[FollowUp]:
    """Return what is to be scored at `site` by now.

    A baseline is asked for shortly before the first session, everything later where scoring was
    begun: without a single score there is nothing to compare with.
    """
    today = now.astimezone(site.zone).date()
    courses = list(_candidates(site, now))
    found = []
    for read in read_outcomes(courses, today=today).values():
        found += [_follow_up(read, due) for due in read.due_now if _is_worth(read, due)]
    return found


def _candidates(site: Site, now: datetime) -> "list[TreatmentCourse]":
    scored = OutcomeAssessment.objects.filter(course=OuterRef("pk"))
    first = Appointment.objects.filter(
        status=Appointment.Status.BOOKED,
        session__course=OuterRef("pk"),
        session__number=1,
        starts_at__gte=now,
        starts_at__lt=now + BASELINE_SOON + timedelta(days=1),
    )
    running = Q(ended_at__isnull=True, status="ACTIVE")
    recent = Q(ended_at__gte=now - LONGEST_FOLLOW_UP)
    wanted = TreatmentCourse.objects.filter(site=site).filter(
        Q(running & Exists(first)) | Q((running | recent) & Exists(scored))
    )
    return list(wanted.with_people().order_by("pk"))


def _is_worth(read: CourseOutcomes, due: Due) -> bool:
    if due.occasion is not Occasion.BASELINE:
        return bool(read.outcomes)
    return read.dates.first_on <= read.today + BASELINE_SOON


def _follow_up(read: CourseOutcomes, due: Due) -> FollowUp:
    add = reverse("records:outcome-add", args=[read.course.pk])
    since: date = due.from_on
    words = _("%(course)s. To be scored: %(occasion)s.") % {
        "course": read.course.indication.short_name,
        "occasion": occasion_words(due),
    }
    return FollowUp(
        patient=read.course.patient,
        what=words,
        since=since,
        url=f"{add}?occasion={due.occasion}",
        action=_("Score"),
        right=Right.WRITE_RECORD,
    )
