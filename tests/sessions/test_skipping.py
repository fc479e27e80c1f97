"""Leaving a session out."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core import audit
from meso_clinic.core.models import AuditEvent
from sessions.actions import stopping
from sessions.actions.skipping import SkipRefused, skip_session
from sessions.actions.undoing import UndoRefused, undo_change
from sessions.domain.skipping import too_early_without
from sessions.domain.windows import Cadence, Gap, Step
from sessions.models import Appointment, Deviation, TreatmentSession
from tests.factories.core import UserFactory
from tests.sessions.desk import AWAY, Desk
from tests.sessions.strategies import kept_chains
from treatments.models import TreatmentCourse

MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


@pytest.fixture
def short(site):
    """A course of three sessions."""
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site, total_sessions=3, initial_sessions=3)


def skip(desk, number, after=0, **changes):
    return skip_session(
        **{
            "session": desk.session(number),
            "reason": "SKIN",
            "words": "Still red after the last time.",
            "by": desk.practitioner,
            "at": desk.moment(after, "18:00"),
            **changes,
        }
    )


@pytest.mark.django_db
def test_a_skipped_session_is_kept_with_its_reason(desk):
    desk.give(1, 0)
    deviation = skip(desk, 2, words="  Still red.  ")
    assert desk.session(2).status == "SKIPPED"
    assert (deviation.kind, deviation.days_late) == ("SKIPPED", 0)
    assert (deviation.reason, deviation.words) == ("SKIN", "Still red.")
    assert (deviation.by, deviation.at) == (desk.practitioner, desk.moment(0, "18:00"))
    line = AuditEvent.objects.get(kind=audit.Kind.SESSION_SKIPPED)
    assert line.target == f"treatment_sessions.treatmentsession:{deviation.session_id}"
    assert (line.by, line.patient_id) == (desk.practitioner, desk.course.patient_id)


@pytest.mark.django_db
def test_the_gap_of_the_next_session_runs_from_the_one_before(desk):
    desk.give(1, 0)
    assert desk.window(3) == (14, 14, 17)
    skip(desk, 2)
    assert desk.window(3) == (7, 7, 10)
    desk.book(3, 8)
    assert desk.session(3).status == "BOOKED"


@pytest.mark.django_db
def test_its_time_is_given_back(desk):
    desk.give(1, 0)
    place = desk.book(2, 8)
    skip(desk, 2)
    place.refresh_from_db()
    assert (place.status, place.cancel_reason) == ("CANCELLED", "CLINIC")
    assert desk.session(2).status == "SKIPPED"


@pytest.mark.django_db
def test_a_later_session_may_be_skipped_before_the_next_one(desk):
    desk.give(1, 0)
    desk.book(2, 8)
    skip(desk, 4)
    assert desk.statuses()[:4] == ["DONE", "BOOKED", "PLANNED", "SKIPPED"]


@pytest.mark.django_db
def test_skipping_the_last_open_session_completes_the_course(short):
    short.give(1, 0)
    short.give(2, 8)
    skip(short, 3, 8)
    assert TreatmentCourse.objects.get(pk=short.course.pk).status == "COMPLETED"


@pytest.mark.django_db
def test_a_course_with_more_to_do_goes_on(desk):
    desk.give(1, 0)
    skip(desk, 2)
    assert TreatmentCourse.objects.get(pk=desk.course.pk).is_active


def refused(desk, number, after=0, **changes):
    before = desk.statuses()
    with pytest.raises(SkipRefused) as refusal:
        skip(desk, number, after, **changes)
    assert desk.statuses() == before
    assert not Deviation.objects.filter(kind="SKIPPED").exists()
    return refusal.value.problem


@pytest.mark.django_db
def test_the_first_session_is_never_skipped(desk):
    assert "Session 1 opens the course" in refused(desk, 1)


@pytest.mark.django_db
def test_only_a_clinician_skips(desk):
    assert refused(desk, 2, by=desk.reception) == "Only a clinician may skip a session."


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"reason": "BORED"}, {"reason": ""}, {"words": "  "}])
def test_a_reason_and_words_are_needed(desk, changes):
    assert "Choose a reason" in refused(desk, 2, **changes)


@pytest.mark.django_db
def test_a_session_is_not_skipped_while_its_patient_is_here(desk):
    desk.give(1, 0)
    desk.book(2, 8)
    desk.arrive(2)
    assert "The patient is here for session 2" in refused(desk, 2, 8)


@pytest.mark.django_db
def test_a_finished_session_is_not_skipped(desk):
    desk.give(1, 0)
    assert refused(desk, 1) == "Session 1 is “done” already."


@pytest.mark.django_db
def test_a_session_is_skipped_once(desk):
    desk.give(1, 0)
    skip(desk, 2)
    with pytest.raises(SkipRefused, match="“skipped” already"):
        skip(desk, 2)


@pytest.mark.django_db
def test_a_suspended_course_skips_nothing(desk):
    desk.give(1, 0)
    stopping.suspend_course(
        course=desk.course, reason="Cold sore", by=desk.practitioner, at=desk.moment(0, "18:00")
    )
    assert "This course is suspended" in refused(desk, 2)


@pytest.mark.django_db
def test_a_later_booked_session_must_not_come_too_early(desk):
    """Session 2 was given so late that session 4, booked long before, stands a day too early."""
    desk.give(1, 0)
    desk.book(2, 7)
    desk.book(3, 14)
    desk.book(4, 21)
    desk.arrive(2)
    desk.deliver(2, 15, late_reason=AWAY)
    assert refused(desk, 3, 15) == "Session 4 would then be 1 day too early. Move it first."


# Taken back


def take_back(desk, skipped, *, seconds=60, by=None):
    at = skipped.at + timedelta(seconds=seconds)
    return undo_change(change=skipped.change, by=by or desk.practitioner, at=at)


def not_taken_back(desk, skipped, **changes):
    """Return why the skip stays, and make sure that nothing of it was taken back."""
    before, live = desk.statuses(), Appointment.objects.live().count()
    with pytest.raises(UndoRefused) as refusal:
        take_back(desk, skipped, **changes)
    assert (desk.statuses(), Appointment.objects.live().count()) == (before, live)
    assert Deviation.objects.filter(pk=skipped.pk).exists()
    return refusal.value.problem


@pytest.mark.django_db
def test_a_skip_is_taken_back_with_the_time_it_gave_away(desk, audited):
    desk.give(1, 0)
    place = desk.book(2, 8)
    lines = audited()
    skipped = skip(desk, 2)
    assert take_back(desk, skipped).undone_by == desk.practitioner
    assert desk.place(2) == place
    assert desk.statuses()[:3] == ["DONE", "BOOKED", "PLANNED"]
    assert desk.window(3) == (15, 15, 18)
    assert audited()[len(lines) + 2 :] == ["appointment.status_undone", "session.skip_undone"]


@pytest.mark.django_db
def test_a_skip_without_a_time_is_taken_back(desk):
    desk.give(1, 0)
    skipped = skip(desk, 2)
    take_back(desk, skipped)
    assert desk.statuses()[:3] == ["DONE", "PLANNED", "PLANNED"]
    assert desk.window(3) == (14, 14, 17)


@pytest.mark.django_db
def test_the_reason_of_a_skip_stays_on_record_but_decides_nothing_any_more(desk):
    desk.give(1, 0)
    skipped = skip(desk, 2)
    take_back(desk, skipped)
    assert not Deviation.objects.exists()
    assert Deviation.everything.get() == skipped
    assert skip(desk, 2).session == skipped.session


@pytest.mark.django_db
def test_a_skip_taken_back_twice_is_taken_back_once(desk):
    desk.give(1, 0)
    skipped = skip(desk, 2)
    first = take_back(desk, skipped)
    assert take_back(desk, skipped, seconds=900).undone_at == first.undone_at


@pytest.mark.django_db
def test_a_skip_is_taken_back_by_a_clinician_within_two_minutes(desk):
    desk.give(1, 0)
    skipped = skip(desk, 2)
    reception = not_taken_back(desk, skipped, by=desk.reception)
    assert reception == "Only a clinician may take this back."
    late = not_taken_back(desk, skipped, seconds=121)
    assert late == "It is too late to undo this. The session stays skipped."
    take_back(desk, skipped, seconds=120, by=UserFactory(clinician=True))


@pytest.mark.django_db
def test_a_skip_that_completed_the_course_stays(short):
    short.give(1, 0)
    short.give(2, 8)
    skipped = skip(short, 3, 8)
    said = not_taken_back(short, skipped)
    assert said == "This course is completed, so this can no longer be undone."


@pytest.mark.django_db
def test_a_skip_stays_when_its_time_was_given_away(desk):
    desk.give(1, 0)
    desk.book(2, 8)
    skipped = skip(desk, 2)
    desk.neighbour().book(1, 8)
    said = not_taken_back(desk, skipped)
    assert said == "The time was given away meanwhile. Book a new one."


@pytest.mark.django_db
@pytest.mark.parametrize("has_time", [True, False])
def test_a_skip_stays_when_a_later_session_would_then_be_too_early(desk, has_time):
    desk.give(1, 0)
    if has_time:
        desk.book(2, 8)
    skipped = skip(desk, 2)
    desk.book(3, 9)
    said = not_taken_back(desk, skipped)
    assert "Session 3" in said
    assert "too early" in said


@given(kept=kept_chains(skips=False), data=st.data())
def test_leaving_a_session_out_of_a_kept_chain_makes_none_too_early(kept, data):
    cadence, first_on, steps = kept
    number = data.draw(st.integers(2, cadence.total))
    assert too_early_without(cadence, first_on, steps, number) is None


# The page


def skip_url(desk, number):
    return reverse("sessions:session-skip", args=[desk.session(number).pk])


@pytest.mark.django_db
def test_the_course_page_offers_to_skip_the_next_session(desk, client):
    page = reverse("sessions:course-detail", args=[desk.course.pk])
    client.force_login(desk.practitioner)
    assert "/skip/" not in client.get(page).content.decode()
    desk.give(1, 0)
    assert skip_url(desk, 2) in client.get(page).content.decode()
    client.force_login(desk.reception)
    assert "/skip/" not in client.get(page).content.decode()


@pytest.mark.django_db
def test_skipping_from_the_page(desk, client):
    desk.give(1, 0)
    client.force_login(desk.practitioner)
    form = client.get(skip_url(desk, 2)).content.decode()
    assert "Skip session 2" in form
    assert "Skin not ready" in form
    answer = client.post(skip_url(desk, 2), {"reason": "SKIN", "words": "Still red."}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [
        (reverse("sessions:course-detail", args=[desk.course.pk]), 302)
    ]
    assert "Session 2 is skipped." in page
    undo = reverse("sessions:change-undo", args=[Deviation.objects.get().change_id])
    assert f'action="{undo}"' in page
    assert 'data-seconds="60"' in page
    answer = client.post(undo, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("sessions:course-detail", args=[desk.course.pk])
    assert "Taken back: session 2 is not skipped any more." in answer.content.decode()
    assert desk.session(2).status == TreatmentSession.Status.PLANNED


@pytest.mark.django_db
def test_a_skip_that_completes_the_course_offers_no_undo(short, client):
    short.give(1, 0)
    short.give(2, 8)
    client.force_login(short.practitioner)
    answer = client.post(skip_url(short, 3), {"reason": "SKIN", "words": "Enough."}, follow=True)
    page = answer.content.decode()
    assert "Session 3 is skipped." in page
    assert reverse("sessions:change-undo", args=[Deviation.objects.get().change_id]) not in page


@pytest.mark.django_db
def test_the_reason_of_a_skip_is_shown_on_the_course(desk, client):
    desk.give(1, 0)
    skip(desk, 2, words="Still red.")
    client.force_login(desk.practitioner)
    page = client.get(reverse("sessions:course-detail", args=[desk.course.pk])).content.decode()
    assert "“Still red.”" in page
    assert "outside its window" not in page


@pytest.mark.django_db
def test_a_booked_session_that_is_left_outside_its_window_is_named(desk, client):
    desk.give(1, 0)
    desk.book(2, 8)
    desk.book(3, 16)
    client.force_login(desk.practitioner)
    answer = client.post(skip_url(desk, 2), {"reason": "SKIN", "words": "Still red."}, follow=True)
    assert "Session 3 now stands outside its window." in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Reason is missing."),
        ({"reason": "SKIN"}, "Say in words why."),
        ({"reason": "SKIN", "words": "   "}, "Say in words why."),
        ({"reason": "BORED", "words": "No"}, "This reason is not on the list. Choose one that is."),
        ({"reason": "SKIN", "words": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_form_that_lacks_something_says_what(desk, client, sent, words):
    desk.give(1, 0)
    client.force_login(desk.practitioner)
    answer = client.post(skip_url(desk, 2), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert desk.session(2).status == TreatmentSession.Status.PLANNED


@pytest.mark.django_db
def test_a_refusal_stands_on_the_form(desk, client):
    client.force_login(desk.practitioner)
    answer = client.post(skip_url(desk, 1), {"reason": "SKIN", "words": "Still red."})
    assert answer.status_code == 422
    assert "Session 1 opens the course" in answer.content.decode()


@pytest.mark.django_db
def test_a_session_that_does_not_exist_is_not_found(clinician_client):
    assert clinician_client.get("/sessions/999999999999/skip/").status_code == 404


def test_nothing_comes_too_early_where_nothing_is_booked():
    cadence = Cadence(3, 3, Gap(7, 10), Gap(28, 35))
    steps = [Step(1), Step(2), Step(3)]
    assert too_early_without(cadence, date(2026, 11, 26), steps, 2) is None
