"""The waiting list as the desk uses it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from meso_clinic.core import nightly
from sessions.actions.status import cancel_appointment
from sessions.actions.waiting import Wish, add_visit
from sessions.models import WaitlistCall, WaitlistEntry
from sessions.waiting_words import notice_words
from tests.factories.clinic import SiteFactory
from tests.factories.patients import PatientFactory
from tests.sessions.browser import text_of
from tests.sessions.desk import Desk
from tests.sessions.waiting.conftest import Waits

pytestmark = pytest.mark.django_db
# Four days before the window of session 2 opens, on day 7.
NOW = datetime(2026, 11, 29, 10, tzinfo=UTC)
LIST = "sessions:waiting-list"


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(site, clock):
    desk = Desk(site=site, patient__given_names="Mina", patient__family_names="Okafor")
    Waits(desk).started(desk)
    desk.now = NOW
    return desk


@pytest.fixture
def waits(desk):
    return Waits(desk)


@pytest.fixture
def entry(waits, desk):
    return waits.add(desk)


@pytest.fixture
def freed(waits, desk):
    """Cancel somebody's time on day 7 at ten."""
    other = desk.neighbour(first_on=desk.day(7))
    other.book(1, 0, "10:00", at=NOW)
    return cancel_appointment(
        appointment=other.place(1), reason="PATIENT", by=desk.reception, at=NOW
    )


def url(name, *args):
    return reverse(f"sessions:waiting-{name}", args=args)


def slot(desk, after=7, clock="10:00"):
    start = desk.moment(after, clock).astimezone(UTC)
    return f"{start:%Y-%m-%dT%H:%MZ}/{desk.practitioner.pk}/{desk.room.pk}"


def book(client, desk, entry, **data):
    data = {"slot": slot(desk), "key": uuid4(), **data}
    return client.post(url("book", entry.pk), data)


def page(client, **query):
    return text_of(client.get(reverse(LIST), query))


def wishes(**changes):
    return {"time_of_day": "ANY", "notice_hours": "2", **changes}


def test_nobody_waits(desk, reception_client):
    assert "Nobody waits" in page(reception_client)


def test_the_page_says_who_waits_for_what_and_would_take_what(desk, waits, reception_client):
    waits.add(
        desk,
        practitioner=desk.practitioner,
        weekdays=[1, 3],
        time_of_day="MORNING",
        notice_hours=4,
        until=desk.day(8),
    )
    shown = page(reception_client)
    for words in (
        "Mina Okafor",
        f"{desk.course.indication.short_name}, 2 of 8. Has Fri 4 Dec, 15:00.",
        f"{desk.practitioner.display_name}. Tue and Thu, mornings, told 4 hours before, "
        "until Fri 4 Dec 2026.",
        "Book Thu 3 Dec, 09:00 , Mina Okafor",
        "Nothing since yesterday",
    ):
        assert words in shown


def test_what_came_free_is_booked_by_one_click_and_undone_by_another(
    desk, entry, freed, reception_client
):
    answer = reception_client.get(reverse(LIST))
    shown = text_of(answer)
    assert f"Thu 3 Dec, 10:00 with {desk.practitioner.display_name}" in shown
    assert "Book Mina Okafor 10:00" in shown
    assert slot(desk) in answer.content.decode()
    done = book(reception_client, desk, entry)
    assert done.status_code == 302
    shown = reception_client.get(done.url).content.decode()
    assert f"Mina Okafor: Thu 3 Dec, 10:00 with {desk.practitioner.display_name}." in shown
    assert "Nobody waits" in shown
    entry.refresh_from_db()
    undo = url("undo", entry.change_id)
    assert undo in shown
    back = reception_client.post(undo, follow=True)
    assert "It is as before, and the patient waits again." in text_of(back)
    assert "Book Mina Okafor 10:00" in text_of(back)
    assert desk.place(2).starts_at == desk.moment(8, "15:00")


def test_an_undo_that_comes_too_late_says_so(desk, entry, freed, reception_client, clock):
    book(reception_client, desk, entry)
    entry.refresh_from_db()
    clock.shift(timedelta(minutes=5))
    back = reception_client.post(url("undo", entry.change_id), follow=True)
    assert "It is too late to undo this." in text_of(back)


def test_a_time_that_is_taken_is_answered_with_the_next_one(
    desk, waits, entry, freed, reception_client
):
    waits.started(desk.neighbour(), after=7, clock="10:00", first="11:00")
    answer = book(reception_client, desk, entry)
    assert answer.status_code == 409
    assert "Mina Okafor: 10:00 was taken a moment ago. Next free: 10:50." in text_of(answer)


def test_a_rule_refuses_in_a_sentence(desk, entry, reception_client):
    answer = book(reception_client, desk, entry, slot=slot(desk, 6))
    assert answer.status_code == 422
    assert "Session 2 would be 1 day too early." in text_of(answer)


def test_who_waits_no_more_is_not_booked_again(desk, entry, reception_client):
    reception_client.post(url("withdraw", entry.pk))
    answer = book(reception_client, desk, entry)
    assert answer.status_code == 409
    assert "Mina Okafor is not on the waiting list any more: withdrawn." in text_of(answer)


@pytest.mark.parametrize(
    "data",
    [
        {"slot": ""},
        {"slot": "x" * 90},
        {"slot": "2026-12-03T10:00Z/0/0"},
        {"slot": "9999-12-31T23:59Z/1/1"},
        {"key": ""},
        {"key": "no"},
    ],
)
def test_what_no_button_sends_is_refused_in_a_sentence(desk, entry, reception_client, data):
    answer = book(reception_client, desk, entry, **data)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)


def test_added_from_the_course_with_what_the_patient_prefers(desk, reception_client):
    patient = desk.course.patient
    patient.preferred_weekdays, patient.preferred_time = [3], "MORNING"
    patient.save()
    session = desk.session(3)
    form = reception_client.get(url("add", patient.pk), {"session": session.pk})
    fields = form.context["form"].initial
    assert (fields["what"], fields["weekdays"]) == (f"session-{session.pk}", [3])
    back = reverse("sessions:course-detail", args=[desk.course.pk])
    done = reception_client.post(
        url("add", patient.pk),
        wishes(what=f"session-{session.pk}", weekdays=["3"], time_of_day="MORNING", next=back),
    )
    assert done.url == back
    entry = WaitlistEntry.objects.get()
    assert (entry.session, entry.weekdays, entry.notice_hours) == (session, [3], 2)
    shown = reception_client.get(back).content.decode()
    assert "Mina Okafor is on the waiting list." in shown
    assert url("withdraw", entry.pk) in shown


def test_added_for_a_consultation(desk, reception_client):
    patient = PatientFactory()
    form = reception_client.get(url("add", patient.pk), {"session": "9" * 30})
    assert form.context["form"].initial["what"] == "CONSULTATION"
    reception_client.post(url("add", patient.pk), wishes(what="REVIEW"))
    entry = WaitlistEntry.objects.get()
    assert (entry.kind, entry.minutes, entry.patient) == ("REVIEW", 15, patient)
    assert "Review. No time yet." in page(reception_client)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what": ""}, "For is missing."),
        ({"what": "session-0"}, "Choose what the patient waits for."),
        ({"weekdays": ["9"]}, "Choose days from the list."),
        ({"time_of_day": "NIGHT"}, "Choose a time of day from the list."),
        ({"notice_hours": "5"}, "Choose from the list how long before."),
        ({"until": "2026-11-28"}, "The last day must be today or later."),
        ({"until": "soon"}, "Waits until must be a real date"),
        ({"practitioner": "0"}, "Choose one of the practitioners."),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_a_sentence(desk, reception_client, changes, sentence):
    add = url("add", desk.course.patient_id)
    answer = reception_client.post(add, wishes(**{"what": "REVIEW", **changes}))
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_the_same_session_is_not_added_twice(desk, entry, reception_client):
    add = url("add", desk.course.patient_id)
    answer = reception_client.post(add, wishes(what=f"session-{entry.session_id}"))
    assert answer.status_code == 422
    assert "This is on the waiting list already." in text_of(answer)


def test_the_wish_can_be_changed(desk, entry, reception_client):
    edit = url("edit", entry.pk)
    assert "2 of 8" in text_of(reception_client.get(edit))
    done = reception_client.post(edit, wishes(time_of_day="EVENING", notice_hours="72"))
    assert done.status_code == 302
    assert "Any day, evenings, told 3 days before." in page(reception_client)
    reception_client.post(edit, wishes(weekdays=["3"], notice_hours="0"))
    assert "Anybody. Thu." in page(reception_client)
    answer = reception_client.post(edit, wishes(until="2026-11-28"))
    assert answer.status_code == 422
    reception_client.post(url("withdraw", entry.pk))
    answer = reception_client.post(edit, wishes())
    assert answer.status_code == 422
    assert "is not on the waiting list any more" in text_of(answer)


def test_the_second_who_changes_a_wish_sees_what_the_first_wrote(desk, entry, reception_client):
    edit = url("edit", entry.pk)

    def seen_in(answer):
        return re.search(r'name="seen"\s+value="(\w+)"', answer.content.decode()).group(1)

    seen = seen_in(reception_client.get(edit))
    reception_client.post(edit, wishes(weekdays=["3"], notice_hours="0", seen=seen))
    answer = reception_client.post(edit, wishes(time_of_day="EVENING", seen=seen))
    assert answer.status_code == 409
    assert "Somebody changed this entry meanwhile." in text_of(answer)
    assert "It says now: Anybody. Thu." in text_of(answer)
    answer = reception_client.post(edit, wishes(time_of_day="EVENING", seen=seen_in(answer)))
    assert answer.status_code == 302
    assert "Any day, evenings, told 2 hours before." in page(reception_client)


def test_a_call_without_an_answer_shows_who_called_when(desk, entry, freed, reception_client):
    shown = text_of(reception_client.post(url("call", entry.pk), follow=True))
    assert "Noted: Mina Okafor did not answer." in shown
    assert "Called 10:00 by Maya Brandt, no answer." in shown
    call = WaitlistCall.objects.get()
    for _twice in range(2):
        shown = text_of(reception_client.post(url("call-undo", call.pk), follow=True))
        assert "The note of the call is gone." in shown
    assert "Called 10:00 by" not in shown


def test_a_call_is_not_taken_back_later_nor_noted_for_who_left(
    desk, entry, reception_client, clock
):
    reception_client.post(url("call", entry.pk))
    clock.shift(timedelta(minutes=5))
    answer = reception_client.post(url("call-undo", WaitlistCall.objects.get().pk))
    assert (answer.status_code, "no longer be undone" in text_of(answer)) == (409, True)
    reception_client.post(url("withdraw", entry.pk))
    assert reception_client.post(url("call", entry.pk)).status_code == 409


def test_taken_off_the_list_with_undo(desk, entry, reception_client, clock):
    shown = reception_client.post(url("withdraw", entry.pk), follow=True).content.decode()
    assert "Mina Okafor is off the waiting list." in shown
    assert url("return", entry.pk) in shown
    assert reception_client.post(url("withdraw", entry.pk)).status_code == 409
    back = reception_client.post(url("return", entry.pk), follow=True)
    assert "Mina Okafor is on the waiting list again." in text_of(back)
    reception_client.post(url("withdraw", entry.pk))
    clock.shift(timedelta(minutes=5))
    assert reception_client.post(url("return", entry.pk)).status_code == 409


def test_the_line_on_top_of_the_day_names_no_patient(desk, entry, freed, reception_client):
    lines = reception_client.get(reverse("sessions:came-free"), headers={"HX-Request": "true"})
    shown = text_of(lines)
    assert (
        f"Thu 3 Dec, 10:00 with {desk.practitioner.display_name} came free: "
        "1 patient would take it" in shown
    )
    assert "Okafor" not in lines.content.decode()
    anchor = re.search(r'href="/waiting/#([^"]+)"', lines.content.decode())[1]
    assert f'id="{anchor}"' in reception_client.get(reverse(LIST)).content.decode()
    assert reception_client.get(reverse("sessions:came-free")).url == reverse(LIST)


def test_a_long_list_of_free_times_is_cut_and_leads_on(desk, waits, entry, reception_client):
    for clock in ("9:00", "10:00", "11:00", "12:00"):
        other = desk.neighbour(first_on=desk.day(7))
        other.book(1, 0, clock, at=NOW)
        cancel_appointment(appointment=other.place(1), reason="PATIENT", by=desk.reception, at=NOW)
    lines = reception_client.get(reverse("sessions:came-free"), headers={"HX-Request": "true"})
    assert text_of(lines).count("came free:") == 3
    assert "Show all on the waiting list" in text_of(lines)


def test_a_time_that_needs_more_than_a_click_says_what(
    desk, waits, entry, freed, reception_client, clinician_client
):
    desk.book(3, 18, "10:00")
    answer = reception_client.get(reverse(LIST))
    assert "Later sessions would have to move." in text_of(answer)
    assert "Re-plan from 10:00" in text_of(answer)
    page_of = reverse("sessions:course-replan", args=[desk.course.pk])
    replan = re.search(rf'href="({page_of}[^"]+10:00Z[^"]+)"', answer.content.decode())[1]
    preview = reception_client.get(replan.replace("&amp;", "&"))
    assert preview.status_code == 200
    assert "Move 1, re-plan 1" in text_of(preview)


def test_an_overdue_session_is_booked_with_a_clinicians_reason(
    desk, waits, reception, reception_client, clinician, clinician_client, clock
):
    late = waits.started(desk.neighbour(), after=None, first="10:00")
    waits.add(late, at=NOW)
    clock.move_to(desk.moment(12, "8:00"))
    reception_client.force_login(reception)
    clinician_client.force_login(clinician)
    assert "Overdue" in page(reception_client)
    assert "09:00: a clinician must give a reason" in page(reception_client)
    assert "Book 09:00 with a reason" in page(clinician_client)


def test_a_course_at_rest_says_so(desk, entry, reception_client):
    type(desk.course).objects.filter(pk=desk.course.pk).update(
        status="SUSPENDED", status_reason="Abroad."
    )
    assert "Course: Suspended" in page(reception_client)


def test_who_waits_stands_on_the_patients_page(desk, entry, reception_client, clinician_client):
    shown = reception_client.get(reverse("patients:patient-detail", args=[desk.course.patient_id]))
    assert "2 of 8" in text_of(shown)
    assert url("add", desk.course.patient_id) in shown.content.decode()


def test_the_picker_leads_to_the_list(desk, reception_client):
    session = desk.session(3)
    shown = reception_client.get(reverse("sessions:session-book", args=[session.pk]))
    link = f"{url('add', desk.course.patient_id)}?session={session.pk}"
    assert link in shown.content.decode()


def test_the_list_asks_as_much_for_one_as_for_many(desk, waits, entry, freed, reception_client):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            reception_client.get(reverse(LIST))
        return len(caught)

    queries()
    few = queries()
    for clock in ("11:00", "12:00", "13:00"):
        waits.add(waits.started(desk.neighbour(), after=None, first=clock), at=NOW)
        add_visit(
            patient=PatientFactory(),
            kind="REVIEW",
            minutes=15,
            site=desk.site,
            wish=Wish(),
            by=desk.reception,
            at=NOW,
        )
    queries()
    # Visits of another kind look up what is booked of them, all in one.
    assert queries() <= few + 1


def test_the_night_ends_what_can_no_longer_be_given(desk, waits, clock):
    entry = waits.add(desk, until=desk.day(3))
    clock.move_to(desk.moment(5, "3:00"))
    (job,) = [job for job in nightly._jobs if job.name == "Waiting list"]
    assert job.run(desk.moment(5, "3:00")) == []
    entry.refresh_from_db()
    assert entry.ended == "NOT_POSSIBLE"


# A screen that faces the room


def test_a_private_screen_shows_who_waits_by_initials_and_without_a_phone(
    desk, entry, freed, reception_client
):
    reception_client.cookies["private-screen"] = "1"
    shown = reception_client.get(reverse(LIST)).content.decode()
    assert "Book M. O. 10:00" in text_of(reception_client.get(reverse(LIST)))
    assert "More for M. O." in shown
    assert "Okafor" not in shown
    assert escape(desk.course.patient.phone) not in shown


def test_a_private_screen_names_nobody_in_what_was_done(desk, entry, freed, reception_client):
    reception_client.cookies["private-screen"] = "1"

    def said(name, *args, **data):
        answer = reception_client.post(url(name, *args), data, follow=True)
        assert "Okafor" not in answer.content.decode()
        return text_of(answer)

    assert "Noted: M. O. did not answer." in said("call", entry.pk)
    assert "M. O. is off the waiting list." in said("withdraw", entry.pk)
    sentence = "M. O. is not on the waiting list any more: withdrawn."
    for name in ("withdraw", "call"):
        assert sentence in said(name, entry.pk)
    assert "M. O. is on the waiting list again." in said("return", entry.pk)
    taken = {"slot": slot(desk, 6), "key": uuid4()}
    assert "M. O.: Session 2 would be 1 day too early." in said("book", entry.pk, **taken)
    free = {"slot": slot(desk), "key": uuid4()}
    assert "M. O.: Thu 3 Dec, 10:00 with" in said("book", entry.pk, **free)
    add = url("add", desk.course.patient_id)
    answer = reception_client.post(add, wishes(what="REVIEW"), follow=True)
    assert "M. O. is on the waiting list." in text_of(answer)
    assert "Okafor" not in answer.content.decode()


def test_what_is_older_than_today_is_told_with_its_day(
    desk, entry, freed, reception, reception_client, clock
):
    reception_client.post(url("call", entry.pk))
    assert "came free 10:00" in page(reception_client)
    clock.shift(timedelta(hours=20))
    reception_client.force_login(reception)
    shown = page(reception_client)
    assert "Called Sun 29 Nov, 10:00 by Maya Brandt, no answer." in shown
    assert "came free Sun 29 Nov, 10:00" in shown


def test_the_undo_of_an_entry_leads_back_and_another_site_is_named(desk, reception_client):
    other = SiteFactory(name="Wharf")
    type(desk.course).objects.filter(pk=desk.course.pk).update(site=other)
    back = reverse("sessions:course-detail", args=[desk.course.pk])
    answer = reception_client.post(
        url("add", desk.course.patient_id),
        wishes(what=f"session-{desk.session(3).pk}", next=back),
        follow=True,
    )
    entry = WaitlistEntry.objects.get()
    assert entry.site == other
    (said,) = answer.context["messages"]
    assert str(said) == "Mina Okafor is on the waiting list of Wharf."
    undo, _space, seconds = said.extra_tags.partition(" ")
    assert (undo, seconds) == (f"{url('withdraw', entry.pk)}?next={quote_plus(back)}", "60")
    assert reception_client.post(undo).url == back


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "at once"), (1, "1 hour before"), (24, "24 hours before"), (48, "2 days before")],
)
def test_the_notice_in_words(hours, words):
    assert notice_words(hours) == words
