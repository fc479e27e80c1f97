"""The pages of one appointment: booking it, its panel, its move, its targets on the calendar."""

import json
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.actions import close_days
from sessions.actions.status import cancel_appointment, check_in, start_appointment
from sessions.actions.stopping import suspend_course
from sessions.actions.visits import move_visit
from sessions.models import Appointment, ScheduleChange
from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory, PatientFactory
from tests.factories.treatments import AssessmentFactory
from tests.sessions.desk import Desk
from tests.sessions.test_visits import move, visit

pytestmark = pytest.mark.django_db

NEW = "/appointments/new/"


@pytest.fixture(autouse=True)
def _morning():
    """It is eight on the day of the first session, for whoever signs in as well."""
    with time_machine.travel(datetime(2026, 11, 26, 8, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def desk(site):
    return Desk(site=site, total_sessions=4, initial_sessions=4)


def value(desk, after=0, clock="10:00", practitioner=None, room=None):
    at = desk.moment(after, clock).astimezone(UTC)
    person = (practitioner or desk.practitioner).pk
    return f"{at:%Y-%m-%dT%H:%MZ}/{person}/{(room or desk.room).pk}"


def text(answer):
    return " ".join(answer.content.decode().split())


def asked(desk, **fields):
    return {
        "patient": desk.course.patient.pk,
        "kind": "CONSULTATION",
        "place": value(desk),
        "minutes": 30,
        "key": uuid4(),
        **fields,
    }


# Booking


def test_the_page_asks_who_first(reception_client, desk):
    answer = reception_client.get(f"{NEW}?date=2026-11-26&time=10:00")
    assert answer.status_code == 200
    assert "Thu 26 Nov, 10:00" in text(answer)
    assert 'id="booking-q"' in text(answer)
    assert "Book Thu" not in text(answer)


def test_typing_finds_patients_and_keeps_the_slot(reception_client, desk):
    known = PatientFactory(given_names="Amara", family_names="Whitfield")
    answer = reception_client.get(f"{NEW}?date=2026-11-26&time=10:00&q=whit")
    assert f"patient={known.pk}" in text(answer)
    assert "date=2026-11-26&amp;time=10%3A00&amp;patient=" in text(answer)
    missing = reception_client.get(f"{NEW}?date=2026-11-26&q=Nobody+Else")
    assert "No patient called" in text(missing)
    assert "given_names=Nobody" in text(missing)


def test_a_new_patient_comes_back_to_the_slot(reception_client, desk):
    back = f"{NEW}?date=2026-11-26&time=10:00"
    answer = reception_client.post(
        reverse("patients:patient-register"),
        {
            "given_names": "Mina",
            "family_names": "Okafor",
            "born_on": "1990-08-22",
            "sex": "FEMALE",
            "phone": "020 7946 0991",
            "language": "en",
            "contact_by": "SMS",
            "preferred_time": "ANY",
            "then": "page",
            "next": back,
        },
    )
    assert answer.status_code == 302
    assert answer.url.startswith(f"{back}&patient=")
    page = reception_client.get(answer.url)
    assert "Book Thu 26 Nov, 10:00" in text(page)


def test_the_next_session_is_preselected_when_its_window_holds_the_day(reception_client, desk):
    patient = desk.course.patient
    answer = reception_client.get(
        f"{NEW}?date=2026-11-26&time=11:00&patient={patient.pk}&practitioner={desk.practitioner.pk}"
    )
    assert "Book Thu 26 Nov, 11:00" in text(answer)
    assert f'value="session-{desk.session(1).pk}" checked' in text(answer)


def test_a_session_whose_window_misses_the_day_is_explained(reception_client, desk):
    desk.book(1, 0)
    patient = desk.course.patient
    answer = reception_client.get(f"{NEW}?date=2026-11-28&time=11:00&patient={patient.pk}")
    assert "would be 5 days too early. Allowed: Thu 3 to Sun 6 Dec." in text(answer)
    assert reverse("sessions:course-detail", args=[desk.course.pk]) in text(answer)
    assert f'value="session-{desk.session(2).pk}" checked' not in text(answer)
    assert 'value="CONSULTATION" checked' not in text(answer)
    assert "Book Sat" not in text(answer)
    late = reception_client.get(f"{NEW}?date=2026-12-08&patient={patient.pk}")
    assert "would be 2 days late. Allowed: Thu 3 to Sun 6 Dec." in text(late)


def test_without_a_day_the_next_free_time_in_the_window_is_offered(reception_client, desk):
    desk.book(1, 0)
    answer = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "Book Thu 3 Dec, 09:00" in text(answer)
    assert "session 1 is booked for Thu 26 Nov, 10:00." in text(answer)


def test_nobody_but_a_consultation_for_whom_nothing_waits(reception_client, desk):
    patient = PatientFactory(preferred_practitioner=desk.practitioner)
    answer = reception_client.get(f"{NEW}?patient={patient.pk}")
    assert 'value="CONSULTATION" checked' in text(answer)
    assert "Book Thu 26 Nov, 09:00" in text(answer)


def test_a_time_that_is_not_free_says_why_and_offers_the_nearest(reception_client, desk):
    desk.neighbour().book(1, 0)
    patient = PatientFactory()
    answer = reception_client.get(
        f"{NEW}?date=2026-11-26&time=10:10&patient={patient.pk}&practitioner={desk.practitioner.pk}"
    )
    name = desk.practitioner.display_name
    assert f"Thu 26 Nov, 10:10 is not free. {name} is fully booked." in text(answer)
    assert "Book Thu 26 Nov, 09:30" in text(answer)


def test_a_patient_who_walks_in_gets_the_time_that_just_began(reception_client, desk):
    patient = PatientFactory()
    with time_machine.travel(desk.moment(0, "10:08"), tick=False):
        usual = reception_client.get(f"{NEW}?patient={patient.pk}")
        now = reception_client.get(f"{NEW}?patient={patient.pk}&date=2026-11-26&time=10:00")
        over = reception_client.get(f"{NEW}?patient={patient.pk}&date=2026-11-26&time=9:00")
    assert "Book Thu 26 Nov, 10:10" in text(usual)
    assert "Book Thu 26 Nov, 10:00" in text(now)
    assert "Thu 26 Nov, 09:00 is not free. Passed." in text(over)
    assert "Book Thu 26 Nov, 10:10" in text(over)


def test_a_course_that_is_all_booked_has_nothing_to_book(reception_client, desk):
    for number, after in ((1, 0), (2, 7), (3, 14), (4, 21)):
        desk.book(number, after)
    answer = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "session 1 is booked for" in text(answer)
    assert 'value="CONSULTATION" checked' in text(answer)


def test_anybody_who_is_free_then_is_offered(reception_client, desk):
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    room = RoomFactory(site=desk.site, name="Room 9")
    desk.neighbour().book(1, 0)
    patient = PatientFactory()
    answer = reception_client.get(
        f"{NEW}?date=2026-11-26&time=10:10&patient={patient.pk}&room={room.pk}"
    )
    assert "Book Thu 26 Nov, 10:10" in text(answer)
    assert f"With {other.display_name}, Room 9" in text(answer)


def test_nobody_gives_anything(reception_client, site):
    patient = PatientFactory()
    answer = reception_client.get(f"{NEW}?date=2026-11-26&time=10:10&patient={patient.pk}")
    assert answer.status_code == 200
    assert "No free time in these days." in text(answer)


def test_a_closed_window_is_for_a_clinician(reception_client, site):
    desk = Desk(site=site, first_on=date(2026, 11, 5), total_sessions=4, initial_sessions=4)
    desk.give(1, 0)
    answer = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "Its window has closed." in text(answer)


def test_a_session_among_booked_ones_is_booked_in_its_course(reception_client, desk):
    for number, after in ((1, 0), (2, 7), (3, 14)):
        desk.book(number, after)
    cancel_appointment(appointment=desk.place(2), reason="PATIENT", by=desk.reception, at=desk.now)
    answer = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "session 1 is booked for" in text(answer)
    assert f'value="session-{desk.session(2).pk}"' not in text(answer)
    desk.arrive(1)
    desk.deliver(1, 0)
    again = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "session 2 is booked with its course." in text(again)


def test_a_session_after_one_without_a_time_waits(reception_client, desk):
    desk.book(1, 0)
    desk.book(2, 7)
    cancel_appointment(appointment=desk.place(1), reason="PATIENT", by=desk.reception, at=desk.now)
    answer = reception_client.get(f"{NEW}?patient={desk.course.patient.pk}")
    assert "session 1 is booked with its course." in text(answer)


def test_booking_a_consultation_leads_to_the_day_with_undo(reception_client, desk):
    answer = reception_client.post(NEW, asked(desk), follow=True)
    held = Appointment.objects.get()
    assert (held.kind, held.minutes, held.starts_at) == ("CONSULTATION", 30, desk.moment(0))
    assert answer.redirect_chain == [("/today/?date=2026-11-26", 302)]
    change = ScheduleChange.objects.get()
    said = next(iter(answer.context["messages"]))
    assert "Thu 26 Nov, 10:00 with" in str(said)
    assert said.extra_tags == (
        f"/changes/{change.pk}/undo/?next=%2Ftoday%2F%3Fdate%3D2026-11-26 60"
    )


def test_booking_a_session(reception_client, desk):
    session = desk.session(1)
    answer = reception_client.post(
        NEW, asked(desk, kind=f"session-{session.pk}", next="/calendar/?date=2026-11-26")
    )
    assert answer.url == "/calendar/?date=2026-11-26"
    assert desk.place(1).starts_at == desk.moment(0)


def test_another_kind_has_its_own_length(reception_client, desk):
    fields = asked(desk, kind="REVIEW", minutes=30, usual=30)
    reception_client.post(NEW, fields)
    assert Appointment.objects.get().minutes == 15
    shown = reception_client.get(
        f"{NEW}?patient={desk.course.patient.pk}&kind=CONSULTATION&minutes=45&usual=30"
    )
    assert 'value="45" selected' in text(shown)


def test_booking_from_a_panel_goes_back_to_the_page_below(reception_client, desk):
    answer = reception_client.post(
        NEW,
        asked(desk),
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/today/?date=2026-11-26&view=list",
        },
    )
    assert answer.headers["HX-Redirect"] == "/today/?date=2026-11-26&view=list"


def test_a_double_click_books_once(reception_client, desk):
    fields = asked(desk)
    for _ in range(2):
        assert reception_client.post(NEW, fields).status_code == 302
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"patient": ""}, "Choose the patient."),
        ({"patient": "987654321"}, "Choose a patient from the list."),
        ({"patient": "9" * 40}, "Choose a patient from the list."),
        ({"kind": ""}, "Choose what the appointment is for."),
        ({"kind": "session-987654321"}, "This cannot be booked any more."),
        ({"place": ""}, "Choose one of the times."),
        ({"place": "x/1/1"}, "Choose one of the times."),
        ({"minutes": "7"}, "Choose a length from 5 to 240 minutes, in steps of 5."),
        ({"minutes": "many"}, "Choose a length from 5 to 240 minutes, in steps of 5."),
        ({"key": ""}, "Load the page again, then book."),
        ({"time": "10:03"}, "Times are on the 5 minutes, like 10:05."),
        ({"time": "noon"}, "The time must be like 10:30."),
        ({"date": "tomorrow"}, "Day must be a real date, like 26 Nov 2026."),
    ],
)
def test_what_is_wrong_is_said(reception_client, desk, changes, sentence):
    answer = reception_client.post(NEW, asked(desk, **changes))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Appointment.objects.exists()


def test_an_address_may_be_nonsense(reception_client, desk):
    answer = reception_client.get(
        f"{NEW}?patient=x&date=99999-99-99&time=25:99&practitioner=x&room=-1&site={'9' * 30}"
    )
    assert answer.status_code == 422
    assert "Choose a patient from the list." in text(answer)


def test_a_time_taken_meanwhile_is_told_and_what_was_chosen_stays(reception_client, desk):
    desk.neighbour().book(1, 0)
    fields = asked(desk, kind="REVIEW", minutes=15, date="2026-11-26", time="10:00")
    answer = reception_client.post(NEW, fields)
    assert answer.status_code == 409
    assert "10:00 was taken a moment ago. Next free: 10:50." in text(answer)
    assert 'value="REVIEW" checked' in text(answer)


def test_a_rule_that_is_broken_is_told(reception_client, desk):
    answer = reception_client.post(NEW, asked(desk, place=value(desk, 0, "16:50")))
    assert answer.status_code == 422
    assert "does not work then. Choose another time." in text(answer)


def test_the_fragment_is_for_the_panel(reception_client, desk):
    answer = reception_client.get(NEW, headers={"HX-Request": "true"})
    assert "<html" not in text(answer)
    assert "Close" in text(answer)


# The panel


def page(client, appointment, **headers):
    return client.get(
        reverse("sessions:appointment-detail", args=[appointment.pk]), headers=headers
    )


def test_the_panel_says_who_when_where_and_what_next(reception_client, desk):
    held = desk.book(1, 0)
    AllergyFactory(patient=desk.course.patient, substance="Latex")
    shown = text(page(reception_client, held))
    patient = desk.course.patient
    for words in (
        patient.full_name,
        "Born 22 August 1990",
        patient.record_number,
        patient.phone_link,
        "10:00 to 10:50",
        desk.practitioner.display_name,
        desk.room.name,
        "Next: session 2 of 4",
        "Allowed: 3 to 6 Dec 2026.",
        "Book session 2",
        "Safety note: ask a clinician",
        "Check in",
        "Booked",
    ):
        assert words in shown
    assert "Latex" not in shown


def test_a_clinician_sees_the_allergy_and_whether_the_assessment_is_there(clinician_client, desk):
    held = desk.book(1, 0)
    AllergyFactory(patient=desk.course.patient, substance="Latex")
    shown = text(page(clinician_client, held))
    assert "Allergy: Latex" in shown
    assert "Open </dd>" in shown
    AssessmentFactory(patient=desk.course.patient, indication=desk.course.indication)
    assert "Complete </dd>" in text(page(clinician_client, held))


def test_the_history_names_everybody_and_every_place(reception_client, clinician_client, desk):
    held = visit(desk)
    mover = UserFactory(reception=True, first_name="Maya", last_name="Moved")
    change = move_visit(
        appointment=held,
        practitioner=desk.practitioner,
        room=desk.room,
        starts_at=desk.moment(0, "11:00"),
        key=uuid4(),
        reason="PATIENT",
        by=mover,
        at=desk.now,
    )
    held.refresh_from_db()
    check_in(appointment=held, by=desk.reception, at=desk.moment(0, "10:55"))
    start_appointment(appointment=held, by=desk.practitioner, at=desk.moment(0, "11:00"))
    shown = text(page(reception_client, held))
    assert "Maya Moved" in shown
    assert "Thu 26 Nov, 11:00" in shown
    assert "Patient asked" in shown
    for words in ("Checked in", "In treatment", "Booked", "Moved"):
        assert words in shown
    clinician_client.post(reverse("sessions:appointment-undo", args=[held.pk]))
    assert "Status taken back" in text(page(reception_client, held))
    assert change.lines.count() == 1


def test_what_was_taken_back_and_begun_is_in_the_history(reception_client, desk):
    held = visit(desk)
    for act, clock in ((check_in, "10:00"), (start_appointment, "10:05")):
        act(appointment=held, by=desk.practitioner, at=desk.moment(0, clock))
    finish = reverse("sessions:appointment-finish", args=[held.pk])
    answer = reception_client.post(finish, follow=True)
    assert answer.redirect_chain == [("/today/?date=2026-11-26", 302)]
    shown = text(page(reception_client, held))
    assert "Treatment began" in shown
    assert "Undo" in shown
    again = reception_client.post(finish, follow=True)
    assert "already" in str(next(iter(again.context["messages"])))
    gone = visit(desk, 1)
    change = ScheduleChange.objects.latest("pk")
    reception_client.post(reverse("sessions:change-undo", args=[change.pk]))
    assert "Taken back" in text(page(reception_client, gone))


def test_a_status_that_nobody_can_name_any_more_is_still_told(reception_client, desk):
    held = visit(desk)
    cancel_appointment(appointment=held, reason="PATIENT", by=desk.reception, at=desk.now)
    with time_machine.travel(desk.moment(0, "8:10"), tick=False):
        reception_client.post(reverse("sessions:appointment-undo", args=[held.pk]))
        held.refresh_from_db()
        cancel_appointment(
            appointment=held, reason="PATIENT", by=desk.reception, at=desk.moment(0, "8:10")
        )
        shown = text(page(reception_client, held))
    assert "Status changed" in shown
    assert "Cancelled" in shown
    assert "Rebook" in shown


def test_a_late_patient_may_be_called_or_marked(reception_client, desk):
    held = desk.book(1, 0)
    with time_machine.travel(desk.moment(0, "10:30"), tick=False):
        shown = text(page(reception_client, held))
    assert "Late 30 min" in shown
    assert "No-show" in shown


def test_a_patient_who_waits(reception_client, desk):
    held = desk.book(1, 0)
    desk.arrive(1)
    with time_machine.travel(desk.moment(0, "10:12"), tick=False):
        assert "Waiting 12 min" in text(page(reception_client, held))


def test_a_cancelled_session_is_rebooked_once(reception_client, desk):
    held = desk.book(1, 0)
    cancel_appointment(appointment=held, reason="PATIENT", by=desk.reception, at=desk.now)
    shown = text(page(reception_client, held))
    link = f"{NEW}?patient={desk.course.patient.pk}&amp;kind=session-{desk.session(1).pk}"
    assert link in shown
    desk.book(1, 1)
    assert "Rebook" not in text(page(reception_client, held))


def test_a_click_in_the_panel_answers_with_the_panel(reception_client, desk):
    held = desk.book(1, 0)
    here = reverse("sessions:appointment-detail", args=[held.pk])
    answer = reception_client.post(
        reverse("sessions:appointment-check-in", args=[held.pk]),
        {"next": here},
        headers={"HX-Request": "true"},
        follow=True,
    )
    assert answer.redirect_chain == [(here, 302)]


def test_an_appointment_nobody_has(reception_client, site):
    assert reception_client.get("/appointments/987654321/").status_code == 404


def test_the_panel_asks_the_same_whatever_the_history(
    reception_client, desk, django_assert_max_num_queries
):
    held = visit(desk)
    page(reception_client, held)
    with django_assert_max_num_queries(30) as first:
        page(reception_client, held)
    for n in range(6):
        move_visit(
            appointment=held,
            practitioner=desk.practitioner,
            room=desk.room,
            starts_at=desk.moment(n, "11:00"),
            key=uuid4(),
            by=desk.reception,
            at=desk.now,
        )
    with django_assert_max_num_queries(len(first)):
        page(reception_client, held)


# Moving


def move_url(appointment, query=""):
    return reverse("sessions:appointment-move", args=[appointment.pk]) + query


def test_a_session_is_moved_in_its_course(reception_client, desk):
    held = desk.book(1, 0)
    answer = reception_client.get(move_url(held))
    assert answer.url == reverse("sessions:session-book", args=[held.session_id])


def test_a_visit_shows_its_week_and_moves_by_one_button(reception_client, desk):
    held = visit(desk)
    shown = text(reception_client.get(move_url(held)))
    assert "Booked now" in shown
    assert value(desk, 1, "9:00") in shown
    anybody = text(reception_client.get(move_url(held, "?with=any&from=2026-11-30")))
    assert value(desk, 4, "9:00") in anybody
    answer = reception_client.post(
        move_url(held), {"place-0": value(desk, 1, "9:00"), "key": uuid4(), "next": "/calendar/"}
    )
    assert answer.url == "/calendar/"
    held.refresh_from_db()
    assert held.starts_at == desk.moment(1, "9:00")


def test_where_it_is_dropped_shows_old_and_new(reception_client, desk):
    held = visit(desk)
    shown = text(reception_client.get(move_url(held, "?to=2026-11-27T11:00")))
    assert '<s class="muted">Thu 26 Nov, 10:00' in shown
    assert "Move to Fri 27 Nov, 11:00" in shown
    assert value(desk, 1, "11:00") in shown


def test_a_drop_that_is_taken_says_why_and_names_the_nearest(reception_client, desk):
    held = visit(desk)
    desk.neighbour().book(1, 0, "12:00")
    shown = text(reception_client.get(move_url(held, "?to=2026-11-26T12:10")))
    assert "Thu 26 Nov, 12:10 is not free." in shown
    assert "Nearest: Thu 26 Nov, 11:30" in shown
    passed = text(reception_client.get(move_url(held, "?to=2026-11-20T12:10")))
    assert "Passed." in passed


def test_a_session_is_dropped_with_what_it_does_to_the_others(reception_client, desk):
    held = desk.book(1, 0)
    desk.book(2, 8)
    plain = text(reception_client.get(move_url(held, "?to=2026-11-27T11:00")))
    assert "Move session 1" in plain
    moved = text(reception_client.get(move_url(held, "?to=2026-11-30T11:00")))
    assert "Move 1, re-plan 1" in moved
    second = desk.place(2)
    ruler = text(reception_client.get(move_url(second, "?to=2026-12-05T11:00")))
    assert "gapr" in ruler


def test_dropping_a_session_moves_it_with_the_others(reception_client, desk):
    held = desk.book(1, 0)
    desk.book(2, 8)
    answer = reception_client.post(
        move_url(held, "?to=2026-11-30T11:00"),
        {
            "place-1": value(desk, 4, "11:00"),
            "place-2": value(desk, 11, "10:00"),
            "key": uuid4(),
            "why": "PATIENT",
        },
        follow=True,
    )
    assert desk.place(1).starts_at == desk.moment(4, "11:00")
    assert desk.place(2).starts_at == desk.moment(11, "10:00")
    assert "Session 1 moved, 1 re-planned." in str(next(iter(answer.context["messages"])))


def test_a_drop_outside_the_window_is_explained(
    reception_client, clinician_client, reception, desk
):
    desk.book(1, 0)
    held = desk.book(2, 8)
    early = text(reception_client.get(move_url(held, "?to=2026-11-30T11:00")))
    assert "Session 2 would be 3 days too early. Its window opens on Thu 3 Dec 2026." in early
    assert "Nearest: Thu 3 Dec, 09:00" in early
    late = move_url(held, "?to=2026-12-08T11:00")
    assert "A clinician must give a reason." in text(reception_client.get(late))
    assert "Later than the window, with a reason" not in text(reception_client.get(late))
    assert "Later than the window, with a reason" in text(clinician_client.get(late))
    with time_machine.travel(desk.moment(12), tick=False):
        reception_client.force_login(reception)
        over = text(reception_client.get(move_url(held, "?to=2026-12-10T11:00")))
    assert "A clinician must give a reason." in over
    assert "Nearest" not in over


def test_a_drop_that_leaves_another_without_a_time_shows_the_way_out(reception_client, desk):
    held = desk.book(1, 0)
    desk.book(2, 7)
    close_days(
        sites=[desk.site],
        starts_on=desk.day(11),
        ends_on=desk.day(14),
        reason="Training days",
        by=desk.reception,
        at=desk.now,
    )
    shown = text(reception_client.get(move_url(held, "?to=2026-11-30T11:00")))
    assert "Session 2 would have no time then." in shown
    assert "Show the ways out" in shown


def test_a_session_whose_patient_is_here_stays(reception_client, desk):
    held = desk.book(1, 0)
    desk.arrive(1)
    assert reception_client.get(move_url(held)).url == reverse(
        "sessions:appointment-detail", args=[held.pk]
    )


def test_what_cannot_move_says_so(reception_client, desk):
    held = visit(desk)
    cancel_appointment(appointment=held, reason="PATIENT", by=desk.reception, at=desk.now)
    answer = reception_client.get(move_url(held), follow=True)
    assert "it cannot be moved" in str(next(iter(answer.context["messages"])))


@pytest.mark.parametrize("query", ["?to=", "?to=x", "?to=0001-01-01T10:00", "?to=2026-11-26"])
def test_a_target_that_is_no_time(reception_client, desk, query):
    answer = reception_client.get(move_url(visit(desk), query))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose one of the times."),
        ({"place-0": "x"}, "Choose one of the times."),
        ({"key": ""}, "Load the page again, then move."),
        ({"why": "BORED"}, "Choose why it moves."),
    ],
)
def test_a_move_that_is_wrong_says_how_to_mend_it(reception_client, desk, fields, sentence):
    held = visit(desk)
    sent = {"place-0": value(desk, 1), "key": uuid4()} | fields
    if not fields:
        del sent["place-0"]
    answer = reception_client.post(move_url(held, "?to=2026-11-27T10:00"), sent)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_place_taken_meanwhile_is_told(reception_client, desk):
    held = visit(desk)
    desk.neighbour().book(1, 1)
    answer = reception_client.post(
        move_url(held, "?to=2026-11-27T10:00"), {"place-0": value(desk, 1), "key": uuid4()}
    )
    assert answer.status_code == 409
    assert "10:00 was taken a moment ago. Next free: 10:50." in text(answer)


@pytest.mark.parametrize("query", ["", "?to=2026-11-27T11:00"])
def test_a_move_made_meanwhile_is_told_and_not_overwritten(reception_client, desk, query):
    held = visit(desk)
    seen = value(desk)
    assert f'name="was-0" value="{seen}"' in text(reception_client.get(move_url(held, query)))
    move(desk, held, 4, "10:30")
    sent = {"place-0": value(desk, 1, "11:00"), "was-0": seen}
    answer = reception_client.post(move_url(held, query), {**sent, "key": uuid4()})
    assert answer.status_code == 409
    said = text(answer)
    assert "This appointment was moved to Mon 30 Nov, 10:30 with" in said
    assert f'name="was-0" value="{value(desk, 4, "10:30")}"' in said
    held.refresh_from_db()
    assert held.starts_at == desk.moment(4, "10:30")
    sent["was-0"] = value(desk, 4, "10:30")
    reception_client.post(move_url(held, query), {**sent, "key": uuid4()})
    held.refresh_from_db()
    assert held.starts_at == desk.moment(1, "11:00")


def test_a_session_moved_meanwhile_is_told(reception_client, desk):
    held = desk.book(1, 0)
    drop = move_url(held, "?to=2026-11-30T11:00")
    assert f'name="was-1" value="{value(desk)}"' in text(reception_client.get(drop))
    desk.book(1, 1, "10:30")
    sent = {"place-1": value(desk, 4, "11:00"), "was-1": value(desk), "key": uuid4()}
    answer = reception_client.post(drop, sent)
    assert answer.status_code == 409
    assert "Session 1 was moved to Fri 27 Nov, 10:30 with" in text(answer)
    assert f'name="was-1" value="{value(desk, 1, "10:30")}"' in text(answer)
    assert desk.place(1).starts_at == desk.moment(1, "10:30")


def test_a_rule_refuses_a_move(reception_client, desk):
    held = visit(desk)
    answer = reception_client.post(
        move_url(held), {"place-0": value(desk, 1, "16:50"), "key": uuid4()}
    )
    assert answer.status_code == 422
    assert "does not work then" in text(answer)


def test_a_visit_that_lost_its_ground_leads_to_its_move(reception_client, desk):
    held = visit(desk, 1)
    close_days(
        sites=[desk.site],
        starts_on=desk.day(1),
        ends_on=desk.day(1),
        reason="Training day",
        by=desk.reception,
        at=desk.now,
    )
    assert move_url(held) in text(reception_client.get(reverse("sessions:follow-ups")))
    found = reception_client.get(f"/search/?q={desk.course.patient.family_names}")
    assert move_url(held) in text(found)


# Targets


def targets(client, appointment, first="2026-11-26", days=7, by="practitioner"):
    answer = client.get(
        reverse("sessions:appointment-targets", args=[appointment.pk]),
        {"from": first, "days": days, "by": by},
    )
    return answer.status_code, json.loads(answer.content)


def test_the_targets_of_a_session_lie_in_its_window(reception_client, desk):
    desk.book(1, 0)
    held = desk.book(2, 8)
    status, said = targets(reception_client, held, "2026-11-30", 7)
    assert status == 200
    assert said["window"] == ["2026-12-03", "2026-12-06"]
    assert said["why"] == "Session 2. Allowed: Thu 3 to Sun 6 Dec."
    stretches = said["free"][f"p{desk.practitioner.pk}"]
    assert stretches[0] == ["2026-12-03 09:00", "2026-12-03 16:10"]
    assert len(stretches) == 4
    _status, before = targets(reception_client, held, "2026-11-26", 3)
    assert before["free"] == {}


def test_the_targets_of_a_visit_go_round_what_is_taken(reception_client, desk):
    held = visit(desk)
    desk.neighbour().book(1, 0, "12:00")
    _status, said = targets(reception_client, held, days=1)
    assert said["window"] is None
    assert said["free"][f"p{desk.practitioner.pk}"] == [
        ["2026-11-26 09:00", "2026-11-26 11:30"],
        ["2026-11-26 12:50", "2026-11-26 16:30"],
    ]
    assert said["why"] == ""


def test_the_targets_by_room_are_where_its_practitioner_and_the_room_are_free(
    reception_client, desk
):
    held = visit(desk)
    second = RoomFactory(site=desk.site, name="Room 2")
    colleague = UserFactory(clinician=True)
    works_every_day(colleague, desk.site)
    other = desk.neighbour(practitioner=colleague)
    other.practitioner, other.room = colleague, second
    other.book(1, 0, "12:00")
    _status, said = targets(reception_client, held, days=1, by="room")
    assert said["free"] == {
        f"r{desk.room.pk}": [["2026-11-26 09:00", "2026-11-26 16:30"]],
        f"r{second.pk}": [
            ["2026-11-26 09:00", "2026-11-26 11:30"],
            ["2026-11-26 12:50", "2026-11-26 16:30"],
        ],
    }


def test_who_is_gone_has_no_targets_by_room(reception_client, desk):
    held = visit(desk)
    desk.practitioner.is_active = False
    desk.practitioner.save()
    _status, said = targets(reception_client, held, days=1, by="room")
    assert said["free"] == {}


def test_what_cannot_move_has_no_targets(reception_client, desk):
    held = desk.book(1, 0)
    desk.arrive(1)
    _status, said = targets(reception_client, held)
    assert said["free"] == {}
    assert said["why"] == "This appointment is “waiting”, so it cannot be moved."


def test_targets_of_a_resting_course(reception_client, desk):
    held = desk.book(1, 0)
    suspend_course(course=desk.course, reason="Unwell", by=desk.practitioner, at=desk.now)
    _status, said = targets(reception_client, held)
    assert said["why"] == "This course is suspended, so its sessions cannot be booked."


def test_targets_need_a_day(reception_client, desk):
    status, said = targets(reception_client, visit(desk), "soon")
    assert status == 422
    assert said["why"]


def test_targets_take_few_queries(reception_client, desk, django_assert_max_num_queries):
    desk.book(1, 0)
    held = desk.book(2, 8)
    targets(reception_client, held, "2026-11-30")
    with django_assert_max_num_queries(18):
        targets(reception_client, held, "2026-11-30", 28)
