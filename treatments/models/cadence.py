"""The numbers of the chain, which a protocol states and a course keeps a frozen copy of."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from treatments.domain.limits import (
    BUFFER_MINUTES,
    INITIAL_GAP_DAYS,
    MONTHLY_GAP_DAYS,
    SESSION_MINUTES,
    TOTAL_SESSIONS,
)


class CadenceNumbers(models.Model):
    """How many sessions, how far apart. Days are whole days after the session before."""

    total_sessions = models.PositiveSmallIntegerField(_("sessions"))
    initial_sessions = models.PositiveSmallIntegerField(_("first sessions"))
    initial_min_days = models.PositiveSmallIntegerField(_("first gaps, at least"), default=7)
    initial_max_days = models.PositiveSmallIntegerField(_("first gaps, at most"), default=10)
    monthly_min_days = models.PositiveSmallIntegerField(_("monthly gaps, at least"), default=28)
    monthly_max_days = models.PositiveSmallIntegerField(_("monthly gaps, at most"), default=35)
    session_minutes = models.PositiveSmallIntegerField(_("minutes per session"))
    # Time that practitioner and room are held for around a session; the patient is not there.
    buffer_before_minutes = models.PositiveSmallIntegerField(_("minutes before"), default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(_("minutes after"), default=0)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(total_sessions__range=TOTAL_SESSIONS),
                name="%(class)s_has_3_to_15_sessions",
                violation_error_message=_("A course has 3 to 15 sessions."),
            ),
            models.CheckConstraint(
                condition=Q(initial_sessions__gte=1, initial_sessions__lte=F("total_sessions")),
                name="%(class)s_initial_fits_in_total",
                violation_error_message=_(
                    "The first sessions must be at least 1 and at most all of the course."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    initial_min_days__range=INITIAL_GAP_DAYS,
                    initial_max_days__range=INITIAL_GAP_DAYS,
                    initial_max_days__gte=F("initial_min_days"),
                ),
                name="%(class)s_initial_gap_is_7_to_10_days",
                violation_error_message=_("The first sessions are 7 to 10 days apart."),
            ),
            models.CheckConstraint(
                condition=Q(
                    monthly_min_days__range=MONTHLY_GAP_DAYS,
                    monthly_max_days__range=MONTHLY_GAP_DAYS,
                    monthly_max_days__gte=F("monthly_min_days"),
                ),
                name="%(class)s_monthly_gap_is_28_to_35_days",
                violation_error_message=_("Monthly sessions are 28 to 35 days apart."),
            ),
            models.CheckConstraint(
                condition=Q(session_minutes__range=SESSION_MINUTES),
                name="%(class)s_takes_10_to_240_minutes",
                violation_error_message=_("A session takes 10 to 240 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(
                    buffer_before_minutes__range=BUFFER_MINUTES,
                    buffer_after_minutes__range=BUFFER_MINUTES,
                ),
                name="%(class)s_buffers_are_0_to_60_minutes",
                violation_error_message=_("A buffer takes 0 to 60 minutes."),
            ),
        ]
