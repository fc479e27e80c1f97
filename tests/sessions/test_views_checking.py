"""The page of the schedule check."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from sessions.models import ScheduleCheck, TreatmentSession
from tests.factories.treatments import AT

PAGE = reverse("sessions:schedule-check")
RUN = reverse("sessions:schedule-check-run")


def kept(violations, **checked):
    seen = {"courses": 3, "sessions": 24, "appointments": 9, "violations": len(violations)}
    return ScheduleCheck.objects.create(
        at=AT, seconds=0.4, checked={**seen, **checked}, violations=violations
    )


def text(response):
    return " ".join(response.content.decode().split())


def test_before_the_first_run_it_says_what_will_happen(admin_client):
    page = text(admin_client.get(PAGE))
    assert "Not checked yet" in page
    assert "Check now" in page


def test_check_now_runs_it_and_shows_that_all_is_well(admin_client, admin, desk):
    assert admin_client.get(RUN).status_code == 405
    page = text(admin_client.post(RUN, follow=True))
    assert "The schedule is checked and in order." in page
    assert "Everything is in order." in page
    assert admin.display_name in page
    assert AuditEvent.objects.filter(kind="schedule.checked", by=admin).exists()


def test_check_now_says_what_is_wrong(admin_client, desk):
    TreatmentSession.objects.filter(pk=desk.session(2).pk).update(status="BOOKED")
    page = text(admin_client.post(RUN, follow=True))
    assert "The schedule is checked: 1 violation." in page
    assert "session 2 is BOOKED and has no appointment" in page


def test_the_violations_are_those_of_the_newest_run(admin_client):
    kept(["Course 1 is odd."])
    kept([f"Course {n} is odd." for n in range(2, 104)], booked_late=4)
    page = text(admin_client.get(PAGE))
    assert "Course 1 is odd." not in page
    assert "Course 101 is odd." in page
    assert "Course 102 is odd." not in page
    assert "2 more are not shown." in page
    assert "4 booked after their window without a reason" in page
    assert "The system" in page


def test_the_page_is_linked_from_the_manage_page(admin_client):
    assert PAGE in text(admin_client.get(reverse("clinic:manage")))


@pytest.mark.parametrize("who", ["reception_client", "clinician_client"])
def test_the_page_is_for_admins(request, who):
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == 403
    assert client.post(RUN).status_code == 403
    assert not ScheduleCheck.objects.exists()


def test_the_number_of_queries_does_not_grow(admin_client, admin):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(PAGE)
        return len(asked)

    ScheduleCheck.objects.create(at=AT, by=admin, seconds=1, checked={"violations": 0})
    admin_client.get(PAGE)
    one = queries()
    for _ in range(10):
        kept([])
    assert queries() == one
