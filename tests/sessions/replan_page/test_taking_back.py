"""Taking a move or a booking back, and what the course says of it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions.models import ScheduleChange
from tests.sessions.browser import text_of
from tests.sessions.replan_page.page import MORNING, confirm, days_of, url, value

pytestmark = pytest.mark.django_db


class TestUndo:
    def undo(self, client, follow=True):
        change = ScheduleChange.objects.latest("pk")
        return client.post(reverse("sessions:change-undo", args=[change.pk]), follow=follow)

    def test_a_single_booking_is_taken_back(self, desk, reception_client):
        desk.book(1, 0)
        answer = self.undo(reception_client)
        assert "Taken back: session 1 has no time again." in text_of(answer)
        assert not days_of(desk)

    def test_a_single_move_is_taken_back(self, desk, reception_client):
        desk.book(1, 0)
        desk.book(1, 2)
        answer = self.undo(reception_client)
        assert "Taken back: session 1 is on Thu 26 Nov, 10:00 again." in text_of(answer)

    def test_too_late_says_what_to_do(self, desk, reception_client):
        desk.book(1, 1)
        with time_machine.travel(MORNING + timedelta(minutes=5), tick=False):
            answer = self.undo(reception_client)
        assert "Move or cancel" in text_of(answer)
        assert days_of(desk) == [1]

    def test_it_is_asked_by_post_alone(self, desk, reception_client):
        desk.book(1, 0)
        change = ScheduleChange.objects.latest("pk")
        page = reverse("sessions:change-undo", args=[change.pk])
        assert reception_client.get(page).status_code == 405


class TestHistory:
    def test_the_course_says_who_moved_what_and_why(self, booked, reception_client):
        answer = reception_client.get(url(booked, 4, place=value(booked, 23)))
        confirm(reception_client, booked, answer, 4, why="CLINIC")
        page = reception_client.get(reverse("sessions:course-detail", args=[booked.course.pk]))
        text = text_of(page)
        assert "Changes" in text
        assert "Clinic asked" in text

    def test_it_costs_the_same_whatever_the_number(self, booked, reception_client):
        page = reverse("sessions:course-detail", args=[booked.course.pk])
        reception_client.get(page)
        with CaptureQueriesContext(connection) as few:
            reception_client.get(page)
        for clock in ("11:00", "12:00", "13:00"):
            booked.book(4, 21, clock)
        with CaptureQueriesContext(connection) as many:
            reception_client.get(page)
        assert len(many) == len(few)


class TestCoursesTakenBack:
    def test_they_vanish_from_lists_and_open_by_their_address(self, desk, reception_client):
        course = desk.course
        ScheduleChange.objects.create(
            key=uuid4(),
            kind="BOOKED",
            new_course=course,
            by=desk.reception,
            at=MORNING,
            undone_at=MORNING,
            undone_by=desk.reception,
        )
        type(course).objects.filter(pk=course.pk).update(
            status="DISCONTINUED", status_reason="Taken back", ended_at=MORNING
        )
        name = course.indication.name
        listed = reception_client.get(reverse("sessions:course-list"), {"status": "ended"})
        assert name not in text_of(listed)
        patient = reception_client.get(reverse("patients:patient-detail", args=[course.patient_id]))
        assert "No course yet" in text_of(patient)
        page = reverse("sessions:course-detail", args=[course.pk])
        assert reception_client.get(page).status_code == 200


class TestUndoOfACourse:
    def test_a_course_that_was_made_goes_and_the_patient_is_shown(self, desk, reception_client):
        change = ScheduleChange.objects.create(
            key=uuid4(), kind="BOOKED", new_course=desk.course, by=desk.reception, at=MORNING
        )
        answer = reception_client.post(reverse("sessions:change-undo", args=[change.pk]))
        patient = reverse("patients:patient-detail", args=[desk.course.patient_id])
        assert answer.url == patient
        text = text_of(reception_client.get(patient))
        assert "Taken back: the course is not planned any more." in text
        assert "No course yet" in text

    def test_one_that_stays_is_shown_with_the_reason(self, desk, reception_client):
        change = ScheduleChange.objects.create(
            key=uuid4(),
            kind="BOOKED",
            new_course=desk.course,
            by=desk.reception,
            at=MORNING - timedelta(hours=1),
        )
        answer = reception_client.post(reverse("sessions:change-undo", args=[change.pk]))
        assert answer.url == reverse("sessions:course-detail", args=[desk.course.pk])
