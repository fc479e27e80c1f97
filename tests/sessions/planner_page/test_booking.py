"""Booking the times as they were shown, and keeping the plan as a draft."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from clinic.actions import mark_away
from sessions.models import Appointment, ScheduleChange, TreatmentSession
from tests.factories.treatments import AssessmentFactory, IndicationFactory
from tests.sessions.desk import Desk
from tests.sessions.planner_page.page import (
    FIRST,
    MORNING,
    away,
    close,
    days,
    form,
    place,
    plan_url,
    read,
    settings_of,
)
from treatments.models import Assessment, TreatmentCourse

pytestmark = pytest.mark.django_db


Status = TreatmentCourse.Status


def test_booking_books_the_times_exactly_as_shown(
    show, patient, indication, petra, reception_client
):
    sent = form(show(settings_of(indication, petra, goals="Smoother skin")))
    answer = reception_client.post(plan_url(patient), sent.sends, follow=True)
    course = patient.courses.get()
    assert answer.redirect_chain == [(reverse("patients:patient-detail", args=[patient.pk]), 302)]
    assert "8 sessions booked." in read(answer)
    change = ScheduleChange.objects.get()
    assert reverse("sessions:change-undo", args=[change.pk]) in answer.content.decode()
    assert "Print plan" in read(answer)
    assert (course.status, course.practitioner, course.goals) == (
        Status.ACTIVE,
        petra,
        "Smoother skin",
    )
    booked = Appointment.objects.in_order()
    assert [
        f"{each.starts_at:%Y-%m-%dT%H:%MZ}/{each.practitioner_id}/{each.room_id}" for each in booked
    ] == list(sent.places().values())


def test_undo_takes_the_whole_booking_back(show, patient, indication, petra, reception_client):
    reception_client.post(plan_url(patient), form(show(settings_of(indication, petra))).sends)
    undo = reverse("sessions:change-undo", args=[ScheduleChange.objects.get().pk])
    reception_client.post(undo)
    assert not Appointment.objects.live().exists()


def test_sent_twice_it_is_booked_once(show, patient, indication, petra, reception_client):
    sent = form(show(settings_of(indication, petra))).sends
    first = reception_client.post(plan_url(patient), sent)
    second = reception_client.post(plan_url(patient), sent)
    assert first.url == second.url
    assert patient.courses.count() == 1
    assert Appointment.objects.count() == 8


def test_the_key_stays_through_changes_and_mistakes(
    show, patient, indication, petra, reception_client
):
    key = str(uuid4())
    sent = settings_of(indication, petra, key=key)
    assert form(show(sent)).sends["key"] == [key]
    refused = reception_client.post(plan_url(patient), sent | {"total_sessions": 99})
    assert form(refused).sends["key"] == [key]
    assert form(show()).sends["key"] != form(show()).sends["key"]


def test_anybodys_course_belongs_to_who_gives_most_of_it(
    show, patient, indication, petra, malik, reception_client
):
    away(malik, 0, 200, petra)
    sent = form(show(settings_of(indication, None))).sends
    reception_client.post(plan_url(patient), sent)
    assert patient.courses.get().practitioner == petra


def test_a_time_lost_meanwhile_is_replaced_and_all_others_stay(
    show, site, patient, indication, petra, reception_client
):
    shown = form(show(settings_of(indication, petra, goals="Smoother skin")))
    neighbour = Desk(site=site, practitioner=petra)
    neighbour.book(1, 0, "16:00")
    neighbour.book(2, 7, "16:00")
    neighbour.book(3, 14, "09:00")
    answer = reception_client.post(plan_url(patient), shown.sends)
    assert answer.status_code == 409
    page = read(answer)
    assert (
        "Session 3: 09:00 was taken a moment ago. The nearest free time is Thu 10 Dec, 09:50. "
        "Nothing is booked yet."
    ) in page
    again = form(answer)
    assert {n for n, value in again.places().items() if value != shown.places()[n]} == {3}
    assert again.sends["goals"] == ["Smoother skin"]
    assert again.sends["key"] == shown.sends["key"]
    assert not patient.courses.exists()
    assert reception_client.post(plan_url(patient), again.sends).status_code == 302
    assert patient.appointments.count() == 8


def test_a_lost_time_that_has_no_other_that_day_moves_as_little_as_it_can(
    show, site, patient, indication, petra, reception, reception_client
):
    shown = form(show(settings_of(indication, petra)))
    neighbour = Desk(site=site, practitioner=petra)
    neighbour.book(1, 0, "16:00")
    neighbour.book(2, 7, "16:00")
    neighbour.book(3, 14, "09:00")
    # Thursday keeps no other time, and the sessions around it stay on their days.
    mark_away(
        practitioner=petra,
        first_on=FIRST + timedelta(days=14),
        last_on=FIRST + timedelta(days=14),
        starts=time(10),
        ends=time(17),
        by=reception,
        at=MORNING,
    )
    answer = reception_client.post(plan_url(patient), shown.sends)
    assert answer.status_code == 409
    page = read(answer)
    assert "The nearest free time is Fri 11 Dec, 09:00." in page
    assert "Sessions 4 and 5 move as well. Nothing is booked yet." in page
    assert days(answer)[:5] == [0, 7, 15, 22, 29]
    assert "Thu 17 Dec, 09:00 09:00, Room 1" in page
    assert reception_client.post(plan_url(patient), form(answer).sends).status_code == 302


def test_a_lost_time_without_any_other_becomes_a_session_that_needs_a_fix(
    show, site, patient, indication, petra, room, reception, reception_client
):
    kept = {"pin-1": place(0, "09:00", petra, room)}
    shown = form(show(settings_of(indication, petra, **kept)))
    neighbour = Desk(site=site, practitioner=petra)
    neighbour.book(1, 0, "16:00")
    neighbour.book(2, 7, "09:00")
    for day in (7, 8, 9, 10):
        mark_away(
            practitioner=petra,
            first_on=FIRST + timedelta(days=day),
            last_on=FIRST + timedelta(days=day),
            starts=time(9, 50),
            ends=time(17),
            by=reception,
            at=MORNING,
        )
    for day in (8, 9, 10):
        away(petra, day, day, reception)
    answer = reception_client.post(plan_url(patient), shown.sends)
    assert answer.status_code == 409
    assert "Session 2: 09:00 was taken a moment ago." in read(answer)
    assert "Session 2: choose a fix" in read(answer)
    assert not patient.courses.exists()


def test_a_time_that_a_rule_forbids_meanwhile_is_refused_by_name(
    show, site, patient, indication, petra, reception, reception_client
):
    sent = form(show(settings_of(indication, petra))).sends
    close(site, 14, 14, reception)
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert "Session 3: Linden Street is closed on that day: Christmas." in read(answer)
    assert 'href="#s3"' in answer.content.decode()


def test_settings_changed_after_the_times_were_shown_are_not_booked_unseen(
    show, patient, indication, petra, malik, reception_client
):
    sent = form(show(settings_of(indication, petra))).sends | {"practitioner": malik.pk}
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert "The settings have changed. Check the times, then book them." in read(answer)
    assert f"/{malik.pk}/" in form(answer).places()[1]


def test_a_missing_time_is_not_made_up(show, patient, indication, petra, reception_client):
    sent = form(show(settings_of(indication, petra))).sends
    del sent["place-4"]
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert "Session 4 had no time. Check the one it has now, then book." in read(answer)


def test_keep_as_draft_plans_and_books_nothing(show, patient, indication, petra, reception_client):
    sent = form(show(settings_of(indication, petra))).pressing("Keep as draft")
    answer = reception_client.post(plan_url(patient), sent, follow=True)
    course = patient.courses.get()
    assert answer.redirect_chain[0][0] == reverse("sessions:course-detail", args=[course.pk])
    assert "The plan is kept as a draft. Nothing is booked." in read(answer)
    assert course.status == Status.DRAFT
    assert not Appointment.objects.exists()
    second = TreatmentSession.objects.get(number=2)
    assert (f"{second.earliest_on}", f"{second.latest_on}") == ("2026-12-03", "2026-12-06")


# Hair loss


@pytest.fixture
def hair(site):
    return IndicationFactory(name="Hair loss", needs_specialist=True)


def test_hair_loss_is_kept_as_a_draft_without_the_specialist(
    show, patient, hair, petra, reception_client
):
    answer = show()
    page = read(answer)
    assert "A specialist has to see this patient first" in page
    assert [words for name, _value, words in form(answer).buttons if "Book" in words] == []
    sent = form(answer).pressing("Keep as draft")
    told = reception_client.post(plan_url(patient), sent, follow=True)
    assert patient.courses.get().status == Status.DRAFT
    assert "No session can be booked until a specialist consultation is recorded." in read(told)


def test_hair_loss_is_not_booked_without_the_specialist(
    show, patient, hair, petra, reception_client
):
    answer = reception_client.post(plan_url(patient), form(show()).sends)
    assert answer.status_code == 422
    assert "Record the specialist consultation before this course starts." in read(answer)
    assert not patient.courses.exists()


def test_hair_loss_is_booked_with_the_specialist(show, patient, hair, petra, reception_client):
    AssessmentFactory(patient=patient, indication=hair, kind=Assessment.Kind.SPECIALIST)
    answer = show(settings_of(hair, petra))
    assert "Assessed by" in read(answer)
    assert reception_client.post(plan_url(patient), form(answer).sends).status_code == 302
    assert patient.courses.get().status == Status.ACTIVE
