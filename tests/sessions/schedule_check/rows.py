"""Rows to change past all that guards them, and what the check then says."""

from collections import Counter
from datetime import timedelta

from sessions.models import Appointment, TreatmentSession
from sessions.selectors.checking import find_violations
from tests.factories.treatments import AT
from treatments.models import TreatmentCourse

WEEK_SECONDS = 7 * 24 * 60 * 60


def found(at=None):
    """Return all violations as of `at`, and the tally."""
    tally = Counter()
    return list(find_violations(at or AT + timedelta(days=300), tally)), tally


def only(fragment):
    """Return the one violation that there is, which says `fragment`."""
    sentences, _tally = found()
    assert [fragment in sentence for sentence in sentences] == [True], sentences
    return sentences[0]


def sessions(desk, number):
    return TreatmentSession.objects.filter(pk=desk.session(number).pk)


def courses(desk):
    return TreatmentCourse.objects.filter(pk=desk.course.pk)


def places(desk, number):
    return Appointment.objects.filter(pk=desk.place(number).pk)


def shift(rows, days):
    """Move appointments by whole days, past all that guards them."""
    span = timedelta(days=days)
    for row in rows:
        rows.filter(pk=row.pk).update(
            starts_at=row.starts_at + span,
            ends_at=row.ends_at + span,
            held_from=row.held_from + span,
            held_until=row.held_until + span,
        )
