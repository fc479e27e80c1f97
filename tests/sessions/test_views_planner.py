"""Planning a new course: times proposed at once, kept, changed, mended and booked."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.actions import close_days, mark_away
from patients.models import Patient
from sessions.models import Appointment, Deviation, ScheduleChange, TreatmentSession
from tests.factories.clinic import RoomFactory, SiteFactory, works_every_day
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import AssessmentFactory, IndicationFactory, ProductFactory
from tests.sessions.browser import Form
from tests.sessions.desk import Desk
from treatments.models import Assessment, TreatmentCourse

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
FIRST = date(2026, 11, 26)
Status = TreatmentCourse.Status


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def patient(site):
    return PatientFactory(given_names="Leila", family_names="Marchetti")


@pytest.fixture
def room(site):
    return RoomFactory(site=site, name="Room 1")


@pytest.fixture
def indication(site):
    return IndicationFactory(name="Cellulite", short_name="Cellulite")


@pytest.fixture
def petra(clinician, site, room):
    works_every_day(clinician, site, time(9), time(17))
    return clinician


@pytest.fixture
def malik(site, room):
    malik = UserFactory(clinician=True, first_name="Malik", last_name="Duarte")
    works_every_day(malik, site, time(9), time(17))
    return malik


def plan_url(patient):
    return reverse("sessions:course-plan", args=[patient.pk])


def settings_of(indication, practitioner, **changes):
    return {
        "numbers_of": indication.pk,
        "indication": indication.pk,
        "total_sessions": 8,
        "monthly_from": 6,
        "first_on": "2026-11-26",
        "practitioner": practitioner.pk if practitioner else "",
        "time_of_day": "ANY",
        "spread": "AS_DUE",
        "goals": "",
        **changes,
    }


def read(answer):
    """Return the words of the page, one space between them."""
    own = answer.content.decode().partition("<main")[2].partition('id="announcer"')[0]
    words = html.unescape(re.sub(r"<[^>]+>", " ", own or answer.content.decode()))
    return " ".join(words.split()).replace(" ,", ",")


def form(answer):
    return Form(answer.content.decode())


def days(answer):
    """Return the days of the places that are shown, counted from the first session."""
    return [
        (date.fromisoformat(place[:10]) - FIRST).days for place in form(answer).places().values()
    ]


def clocks(answer):
    return [place[11:16] for place in form(answer).places().values()]


def away(practitioner, first, last, by):
    mark_away(
        practitioner=practitioner,
        first_on=FIRST + timedelta(days=first),
        last_on=FIRST + timedelta(days=last),
        by=by,
        at=MORNING,
    )


def close(site, first, last, by):
    close_days(
        sites=[site],
        starts_on=FIRST + timedelta(days=first),
        ends_on=FIRST + timedelta(days=last),
        reason="Christmas",
        by=by,
        at=MORNING,
    )


def place(day, clock, practitioner, room):
    return f"{FIRST + timedelta(days=day)}T{clock}Z/{practitioner.pk}/{room.pk}"


@pytest.fixture
def show(patient, reception_client):
    """Ask for the page with settings, as reception."""

    def ask(typed=None, client=reception_client, **headers):
        return client.get(plan_url(patient), typed or {}, headers=headers)

    return ask


# -- What is proposed ------------------------------------------------------------------------------


def test_the_planner_opens_with_a_time_for_every_session(show, indication, petra):
    answer = show()
    page = read(answer)
    assert "26 November 2026 to 24 March 2027" in page
    assert "8 of 8 sessions ready" in page
    assert "Book 8 sessions" in page
    assert days(answer) == [0, 7, 14, 21, 28, 59, 90, 118]
    assert "09:00, Room 1" in page


def test_a_changed_setting_changes_the_times_at_once(show, indication, petra):
    typed = settings_of(indication, petra, total_sessions=5, monthly_from=4)
    answer = show(typed, **{"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert days(answer) == [0, 7, 14, 45, 76]
    assert "5 of 5 sessions ready" in read(answer)


def test_the_patients_wishes_are_filled_in_and_heeded(show, patient, indication, petra, malik):
    Patient.objects.filter(pk=patient.pk).update(
        preferred_weekdays=[1], preferred_time="AFTERNOON", preferred_practitioner=malik
    )
    answer = show()
    assert "Tuesdays, afternoons" in read(answer)
    assert [(FIRST + timedelta(days=day)).weekday() for day in days(answer)[:1]] == [1]
    assert set(clocks(answer)) == {"12:00"}
    assert form(answer).sends["practitioner"] == [str(malik.pk)]


def test_wishes_can_be_taken_back_on_the_page(show, patient, indication, petra):
    Patient.objects.filter(pk=patient.pk).update(preferred_weekdays=[1])
    answer = show(settings_of(indication, petra))
    assert "Any time" in read(answer)
    assert days(answer)[0] == 0


def test_the_spread_moves_the_days_inside_their_windows(show, indication, petra):
    far = show(settings_of(indication, petra, spread="WIDE"))
    assert days(far)[:3] == [0, 10, 20]
    near = show(settings_of(indication, petra, spread="SOON"))
    assert days(near)[-1] == 112


def test_with_anybody_one_person_gives_the_whole_course(show, indication, petra, malik):
    away(malik, 0, 60, petra)
    answer = show(settings_of(indication, None))
    given = {value.split("/")[1] for value in form(answer).places().values()}
    assert given == {str(petra.pk)}


def test_another_indication_brings_its_own_numbers_and_keeps_the_wishes(show, indication, petra):
    other = IndicationFactory(protocol__total_sessions=12, protocol__initial_sessions=4)
    typed = settings_of(indication, petra, weekdays=["1"]) | {"indication": other.pk}
    answer = show(typed)
    assert len(form(answer).places()) == 12
    assert "Tuesdays" in read(answer)


def test_fewer_sessions_pull_the_monthly_phase_along(show, indication, petra):
    assert days(show(settings_of(indication, petra, total_sessions=3))) == [0, 7, 14]


def test_the_planned_product_can_lengthen_the_gaps(show, indication, petra):
    product = ProductFactory(min_interval_days=14)
    product.indications.add(indication)
    assert days(show(settings_of(indication, petra, product=product.pk)))[:3] == [0, 14, 28]


def test_without_an_indication_the_planner_says_who_can_help(show):
    assert "No indication is offered" in read(show())


def test_without_anybody_who_gives_sessions_it_says_so(show, indication):
    answer = show(settings_of(indication, None))
    assert "Nobody gives sessions yet. Ask an admin to add a clinician." in read(answer)


@pytest.mark.parametrize("total", [3, 15])
def test_the_page_takes_the_same_queries_whatever_the_sessions(show, indication, petra, total):
    typed = settings_of(indication, petra, total_sessions=total, monthly_from=3)
    show(typed)
    with CaptureQueriesContext(connection) as queries:
        show(typed, **{"HX-Request": "true"})
    assert len(queries) <= 26


# -- Bad settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"total_sessions": 2}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        ({"total_sessions": "many"}, "Sessions must be a whole number from 3 to 15."),
        ({"first_on": "36 Nov 2026"}, "First session must be a real date, like 26 Nov 2026."),
        ({"first_on": "2026-11-25"}, "The first session must be today or later."),
        ({"first_on": "9999-12-31"}, "First session must be a real date, like 26 Nov 2026."),
        ({"practitioner": "99999"}, "Choose one of the practitioners."),
        ({"practitioner": "9" * 40}, "Choose one of the practitioners."),
        ({"weekdays": "8"}, "Choose days from the list."),
        ({"time_of_day": "NIGHT"}, "Choose a time of day from the list."),
        ({"spread": "SIDEWAYS"}, "Choose a spread from the list."),
    ],
)
def test_a_bad_setting_is_said_and_the_last_good_times_stay(
    patient, indication, petra, reception_client, show, typed, sentence
):
    good = form(show(settings_of(indication, petra, total_sessions=5, monthly_from=4))).sends
    sent = good | {"goals": "Smoother skin"} | typed
    asked = show(sent)
    assert (asked.status_code, sentence in read(asked)) == (200, True)
    assert days(asked) == [0, 7, 14, 45, 76]
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert sentence in read(answer)
    assert days(answer) == [0, 7, 14, 45, 76]
    assert "Smoother skin" in read(answer)
    assert not patient.courses.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"pin-3": "nonsense"},
        {"pin-3": "2026-12-10T09:00Z/99999/99999"},
        {"pin-3": "9999-12-31T23:00Z/1/1"},
        {"pin-3": "2190-12-31T23:00Z/1/1"},
        {"pin-3": f"2026-12-10T09:00Z/{'9' * 30}/1"},
        {"change": "9" * 50},
        {"change": "-1"},
        {"release": "x"},
        {"key": "mine"},
        {"shown": "%%%&indication=1&indication="},
        {"use": "pin-99=x&numbers_of=7&&&"},
        {"indication": "9" * 50},
    ],
)
def test_odd_values_never_break_the_page(show, indication, petra, odd):
    answer = show(settings_of(indication, petra) | odd)
    assert answer.status_code == 200
    assert len(form(answer).places()) == 8


@pytest.mark.parametrize("name", ["pin-3", "use", "shown", "first_on", "change"])
def test_a_value_that_no_text_holds_never_breaks_the_page(show, indication, petra, name):
    assert show(settings_of(indication, petra) | {name: "\0"}).status_code < 500


# -- Times that are kept -----------------------------------------------------------------------------


def test_a_kept_time_stays_when_anything_else_changes(show, indication, petra, room):
    kept = place(16, "11:00", petra, room)
    answer = show(settings_of(indication, petra, first_on="2026-11-28", **{"pin-3": kept}))
    assert days(answer)[:4] == [2, 9, 16, 23]
    assert form(answer).sends["pin-3"] == [kept]
    assert clocks(answer)[2] == "11:00"


def test_a_time_that_is_not_kept_any_more_is_free_to_move(show, indication, petra, room):
    sent = form(show(settings_of(indication, petra, **{"pin-3": place(16, "11:00", petra, room)})))
    del sent.sends["pin-3"]
    assert days(show(sent.sends))[:3] == [0, 7, 14]


def test_a_kept_time_that_is_too_early_says_so_and_can_be_released(show, indication, petra, room):
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-2": place(4, "09:00", petra, room)}
    answer = show(settings_of(indication, petra, **pins))
    page = read(answer)
    assert (
        "Session 2 is kept on Mon 30 Nov, 09:00, 3 days too early: its window opens on Thu 3 Dec. "
        "Release it, or choose another time."
    ) in page
    assert "Session 2 needs a fix." in page
    released = show(form(answer).pressing("Release"))
    assert days(released)[:2] == [0, 7]
    assert "pin-2" not in form(released).sends


def test_a_kept_time_that_somebody_else_has_now_says_so(show, site, indication, petra, room):
    kept = place(7, "10:00", petra, room)
    neighbour = Desk(site=site, practitioner=petra)
    neighbour.book(1, 0)
    neighbour.book(2, 7)
    answer = show(settings_of(indication, petra, **{"pin-2": kept}))
    page = read(answer)
    assert (
        "Session 2: Thu 3 Dec, 10:00 is not free any more. Release it, or choose another time."
    ) in page
    assert "7 of 8 sessions ready" in page


def test_a_kept_time_that_leaves_no_room_says_so(show, indication, petra, room):
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-3": place(40, "09:00", petra, room)}
    answer = show(settings_of(indication, petra, **pins))
    assert answer.status_code == 200
    assert form(answer).sends["pin-3"] == [pins["pin-3"]]


# -- Other times of a session ------------------------------------------------------------------------


def test_a_session_lists_the_other_times_of_its_window(show, indication, petra):
    answer = show(settings_of(indication, petra, change=2))
    page = read(answer)
    assert "Session 2: choose a time" in page
    assert "Allowed: Thu 3 to Sun 6 Dec." in page
    chosen = show(form(answer).pressing("Fri 4 Dec, 11:00"))
    assert days(chosen)[:3] == [0, 8, 15]
    assert form(chosen).sends["pin-2"] == form(chosen).sends["place-2"]
    assert "choose a time" not in read(chosen)


def test_the_panel_closes(show, indication, petra):
    answer = show(settings_of(indication, petra, change=2))
    closed = show(form(answer).sends | {"close": "1"})
    assert "choose a time" not in read(closed)


def test_a_day_without_times_says_why(show, site, indication, petra, reception):
    close(site, 8, 8, reception)
    away(petra, 9, 9, reception)
    page = read(show(settings_of(indication, petra, change=2)))
    assert "Fri 4 Dec Closed: Christmas." in page
    assert "Sat 5 Dec Petra Lindqvist is away." in page


def test_everybodys_times_can_be_seen(show, indication, petra, malik):
    page = read(show(settings_of(indication, petra, change=2)))
    assert "Duarte" not in page.split("choose a time")[1].split("Goals")[0]
    page = read(show(settings_of(indication, petra, change=2, anybody="1")))
    assert "Duarte" in page.split("choose a time")[1]


def test_a_clinician_sees_the_times_after_the_window(
    show, indication, petra, clinician_client, reception_client
):
    typed = settings_of(indication, petra, change=2, late="1")
    assert "1 day late" in read(show(typed, clinician_client))
    page = read(show(typed))
    assert "1 day late" not in page
    assert "After the window a clinician must book it and give a reason." in page


def test_a_window_of_one_day_is_said_as_one_day(show, petra):
    narrow = IndicationFactory(protocol__initial_min_days=7, protocol__initial_max_days=7)
    assert "Allowed: Thu 3 Dec." in read(show(settings_of(narrow, petra, change=2)))


# -- Where the focus goes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "changes", "focused"),
    [
        ("change", {"change": "2"}, 'id="times-h"'),
        ("close", {"change": "2", "close": "1"}, 'id="s2"'),
        ("release", {"release": "3"}, 'id="s3"'),
        ("use", {"use": "only=on"}, 'id="chain-h"'),
    ],
)
def test_the_focus_goes_to_what_a_button_changed(
    show, indication, petra, pressed, changes, focused
):
    headers = {"HX-Request": "true", "HX-Trigger-Name": pressed}
    page = show(settings_of(indication, petra, **changes), **headers).content.decode()
    [tag] = re.findall(r"<[^>]*data-focus[^>]*>", page)
    assert focused in tag


def test_the_focus_goes_to_the_session_whose_time_was_chosen(show, indication, petra):
    opened = form(show(settings_of(indication, petra, change=2)))
    headers = {"HX-Request": "true", "HX-Trigger-Name": "use"}
    page = show(opened.pressing("Fri 4 Dec, 11:00"), **headers).content.decode()
    [tag] = re.findall(r"<[^>]*data-focus[^>]*>", page)
    assert 'id="s2"' in tag


def test_a_setting_leaves_the_focus_where_it_is(show, indication, petra):
    page = show(settings_of(indication, petra, change=2), **{"HX-Request": "true"})
    assert "data-focus" not in page.content.decode()


# -- A session without a time ------------------------------------------------------------------------


@pytest.fixture
def stuck(show, site, indication, petra, malik, room, reception):
    """Ask for a course whose session 5 has no time with Petra: she is away, then it is closed."""
    away(petra, 28, 28, reception)
    close(site, 29, 32, reception)
    pins = {f"pin-{n}": place(7 * (n - 1), "09:00", petra, room) for n in range(1, 5)}

    def ask(**changes):
        return show(settings_of(indication, petra, **{**pins, **changes}))

    return ask


def test_a_session_without_a_time_says_why_and_the_later_ones_wait(stuck):
    answer = stuck()
    page = read(answer)
    assert "24 to 27 Dec 2026 No time with Petra Lindqvist" in page
    assert "Time set after session 5" in page
    assert "4 of 8 sessions ready Session 5 needs a fix." in page
    assert (
        "Session 5: choose a fix Allowed: Thu 24 to Sun 27 Dec. Petra Lindqvist is away on Thu 24 "
        "Dec. Linden Street is closed from Fri 25 to Sun 27 Dec: Christmas."
    ) in page
    assert 'data-announce="26 November 2026 to 24 March 2027. Session 5 has no time."' in (
        answer.content.decode()
    )
    assert len(form(answer).places()) == 4


def test_fixes_are_whole_and_say_all_they_change(stuck):
    page = read(stuck())
    assert "Thu 24 Dec, 09:00 with Malik Duarte 7 days. Nothing else moves." in page
    assert "Session 4: Thu 17 Dec, 09:00 Sat 19 Dec, 09:00 (9 days)" in page
    assert "A clinician must give a reason." in page
    assert "Other times on Thu 24 Dec" in page


def test_the_best_fix_is_chosen_already_and_used_with_one_click(show, stuck):
    answer = stuck()
    assert form(answer).sends["fix"] == ["1"]
    used = show(form(answer).pressing("Use Thu 24 Dec, 09:00"))
    page = read(used)
    assert "8 of 8 sessions ready" in page
    assert "09:00, Malik Duarte, Room 1" in page
    assert days(used)[:5] == [0, 7, 14, 21, 28]
    assert "pin-5" in form(used).sends


def test_another_time_of_the_same_day_can_be_taken(show, stuck, malik):
    used = show(form(stuck()).pressing("Thu 24 Dec, 09:30"))
    assert clocks(used)[4] == "09:30"


def test_a_neighbour_that_moves_keeps_its_new_time(show, stuck):
    used = show(form(stuck()).pressing("Use Tue 29 Dec"))
    assert days(used)[3] > 21
    assert "8 of 8 sessions ready" in read(used)


def test_pressing_book_while_stuck_says_what_is_missing(stuck, patient, reception_client):
    sent = form(stuck()).sends
    answer = reception_client.post(plan_url(patient), sent)
    assert answer.status_code == 422
    assert 'href="#s5">Session 5 has no time. Choose a fix.</a>' in answer.content.decode()
    assert not patient.courses.exists()


def test_wishes_that_exclude_everything_can_be_widened(show, indication, petra, reception):
    # Petra is away on all Tuesdays of December.
    for day in (5, 12, 19, 26, 33):
        away(petra, day, day, reception)
    typed = settings_of(indication, petra, weekdays=["1"], only="on", time_of_day="MORNING")
    answer = show(typed)
    page = read(answer)
    assert "Only Tuesdays, mornings" in page
    assert "Any day will do, not only Tuesdays." in page
    widened = show(form(answer).pressing("Use "))
    assert "8 of 8 sessions ready" in read(widened)
    assert "Only Mornings" in read(widened)
    assert "weekdays" not in form(widened).sends


def test_nothing_within_reach_says_so(show, site, indication, petra, reception):
    close(site, 1, 400, reception)
    page = read(show(settings_of(indication, petra)))
    assert "No way out was found" in page


def test_another_site_is_named(show, site, indication, petra, reception):
    other = SiteFactory(name="Riverside")
    RoomFactory(site=other, name="Room 9")
    works_every_day(petra, other, time(9), time(17))
    close(site, 7, 20, reception)
    page = read(show(settings_of(indication, petra)))
    assert "at Riverside" in page


def test_the_time_of_day_can_be_widened_as_well(show, indication, petra, reception):
    for day in range(40):
        mark_away(
            practitioner=petra,
            first_on=FIRST + timedelta(days=day),
            last_on=FIRST + timedelta(days=day),
            starts=time(9),
            ends=time(12),
            by=reception,
            at=MORNING,
        )
    page = read(show(settings_of(indication, petra, only="on", time_of_day="MORNING")))
    assert "Any time of day will do." in page


# -- Late ---------------------------------------------------------------------------------------------


@pytest.fixture
def late(show, indication, petra, room):
    """Ask for a course whose second session is kept two days after its window."""
    pins = {"pin-1": place(0, "09:00", petra, room), "pin-2": place(12, "09:00", petra, room)}

    def ask(client):
        return show(settings_of(indication, petra, total_sessions=3, **pins), client)

    return ask


def test_reception_reads_that_a_clinician_must_book_it(late, patient, reception_client):
    answer = late(reception_client)
    page = read(answer)
    assert "2 days late: the window closes on Sun 6 Dec." in page
    assert "A clinician must book this course and give a reason." in page
    refused = reception_client.post(plan_url(patient), form(answer).sends)
    assert refused.status_code == 422
    assert "A clinician must give a reason." in read(refused)
    assert not patient.courses.exists()


def test_a_clinician_books_it_with_a_reason(late, patient, clinician_client):
    sent = form(late(clinician_client)).sends
    refused = clinician_client.post(plan_url(patient), sent)
    assert refused.status_code == 422
    assert 'href="#id_late-2-reason"' in refused.content.decode()
    half = sent | {"late-2-reason": "TRAVEL", "late-2-words": " "}
    assert clinician_client.post(plan_url(patient), half).status_code == 422
    long = sent | {"late-2-reason": "TRAVEL", "late-2-words": "x" * 301}
    assert clinician_client.post(plan_url(patient), long).status_code == 422
    whole = sent | {"late-2-reason": "TRAVEL", "late-2-words": "Away until Monday."}
    assert clinician_client.post(plan_url(patient), whole).status_code == 302
    assert Deviation.objects.get().words == "Away until Monday."


# -- Booking -----------------------------------------------------------------------------------------


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


def test_a_draft_needs_no_free_times(stuck, patient, reception_client):
    sent = form(stuck()).pressing("Keep as draft")
    reception_client.post(plan_url(patient), sent)
    assert patient.courses.get().total_sessions == 8


# -- Hair loss ---------------------------------------------------------------------------------------


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
