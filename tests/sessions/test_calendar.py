"""The calendar: what it says of a day and a week, by the wall clock of the site."""

import copy
import gzip
import itertools
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demo.names import FAMILY, FEMALE
from patients.models import Patient
from sessions.actions.status import cancel_appointment, check_in
from sessions.domain.free_time import Span
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.calendar import CalendarColumn, CalendarVisit, calendar_data
from tests.factories.clinic import (
    ClosureFactory,
    RoomFactory,
    ShiftFactory,
    SiteFactory,
    works_every_day,
)
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory
from tests.sessions.desk import Desk
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db
# A Thursday.
DAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(site, clock):
    desk = Desk(site=site, patient__given_names="Leila", patient__family_names="Marchetti")
    desk.book(1, 0, "14:00", at=desk.moment(0, "08:00"))
    return desk


def page(client, query=""):
    return client.get(reverse("sessions:calendar") + query).content.decode()


def data_of(client, query=""):
    answer = client.get(reverse("sessions:calendar-data") + query)
    assert answer.status_code == 200
    return answer.json()


def rows_of(data):
    """The visits of a calendar's data, one tuple each."""
    return list(zip(*data["visits"], strict=True))


# ---- The page ---------------------------------------------------------------------------------
def test_the_week_is_shown_first_with_who_comes_when(desk, reception_client):
    data = data_of(reception_client)
    assert data["days"] == [f"2026-11-{day}" for day in range(23, 30)]
    assert data["now"] == "2026-11-26 12:00"
    [visit] = rows_of(data)
    assert list(visit[1:6]) == [
        f"p{desk.practitioner.pk}",
        "2026-11-26 14:00",
        desk.place(1).minutes,
        "booked",
        "Leila Marchetti",
    ]
    assert visit[6].endswith("1 of 8")
    assert visit[8] == 1


def test_a_day_has_bare_clock_times_and_the_next_free_time_in_its_head(desk, reception_client):
    data = data_of(reception_client, "?date=2026-11-26")
    assert data["days"] == ["2026-11-26"]
    assert rows_of(data)[0][2] == "14:00"
    [column] = data["columns"]
    assert column[1:] == [desk.practitioner.display_name, "Room 1", "12:00"]


def test_a_week_names_the_next_free_time_of_each_day(desk, reception_client):
    free = data_of(reception_client)["free"][f"p{desk.practitioner.pk}"]
    assert free == ["", "", "", "12:00", "09:00", "09:00", "09:00"]


def test_columns_by_room_have_the_hours_in_which_anybody_works(desk, reception_client):
    RoomFactory(site=desk.site, name="Room 2")
    data = data_of(reception_client, "?date=2026-11-26&by=room")
    assert [column[1] for column in data["columns"]] == ["Room 1", "Room 2"]
    [visit] = rows_of(data)
    assert visit[1] == f"r{desk.room.pk}"
    assert visit[8] == 1


def test_practitioners_may_be_chosen(desk, reception_client):
    other = UserFactory(clinician=True, first_name="Omar", last_name="Haddad")
    works_every_day(other, desk.site)
    names = [column[1] for column in data_of(reception_client)["columns"]]
    assert sorted(names) == sorted([desk.practitioner.display_name, "Omar Haddad"])
    only = data_of(reception_client, f"?who={other.pk}")
    assert [column[1] for column in only["columns"]] == ["Omar Haddad"]
    assert only["visits"] == []


def test_states_have_their_words(desk, reception_client, clock):
    clock.move_to(datetime(2026, 11, 26, 14, 12, tzinfo=UTC))
    [late] = rows_of(data_of(reception_client))
    assert (late[4], late[7]) == ("late", "Late 12 min")
    place = check_in(appointment=desk.place(1), by=desk.reception, at=desk.moment(0, "14:12"))
    [here] = rows_of(data_of(reception_client))
    assert (here[4], here[7]) == ("waiting", "")
    clock.move_to(datetime(2026, 11, 26, 14, 20, tzinfo=UTC))
    [waits] = rows_of(data_of(reception_client))
    assert (waits[4], waits[7], waits[8]) == ("waiting", "Waiting 8 min", 0)
    assert place.pk == waits[0]


def test_a_consultation_is_named_by_its_kind(desk, reception_client):
    place = desk.place(1)
    Appointment.objects.create(
        kind=Appointment.Kind.CONSULTATION,
        patient=PatientFactory(),
        practitioner=desk.practitioner,
        room=desk.room,
        starts_at=place.starts_at - timedelta(hours=1),
        ends_at=place.starts_at,
        held_from=place.starts_at - timedelta(hours=1),
        held_until=place.starts_at,
        status_since=NOON,
        booked_by=desk.reception,
    )
    assert next(visit[6] for visit in rows_of(data_of(reception_client))) == "Consultation"


def test_a_cancelled_time_is_drawn_until_somebody_else_has_it(desk, reception_client):
    cancel_appointment(
        appointment=desk.place(1), by=desk.reception, at=NOON, reason="PATIENT", words=""
    )
    assert [visit[4] for visit in rows_of(data_of(reception_client))] == ["cancelled"]
    other = desk.neighbour(practitioner=desk.practitioner)
    other.book(1, 0, "14:00", at=NOON)
    assert [visit[4] for visit in rows_of(data_of(reception_client))] == ["booked"]
    listed = page(reception_client, "?view=list")
    assert "Cancelled" in listed


def test_a_private_screen_shows_initials(desk, reception_client):
    reception_client.cookies["private-screen"] = "1"
    for words in (page(reception_client), page(reception_client, "?view=list")):
        assert "Marchetti" not in words
        assert "L. M." in words


def test_a_break_and_a_late_start_say_so(site, clock, reception_client):
    person = UserFactory(clinician=True)
    for starts, ends in ((time(11), time(13)), (time(14), time(16))):
        ShiftFactory(practitioner=person, site=site, weekday=3, starts=starts, ends=ends)
    other = UserFactory(clinician=True)
    ShiftFactory(practitioner=other, site=site, weekday=3, starts=time(9), ends=time(18))
    data = data_of(reception_client, "?date=2026-11-26")
    mine = [block[1:] for block in data["blocks"] if block[0] == f"p{person.pk}"]
    assert mine == [
        ["08:30", "11:00", "Starts at 11:00"],
        ["13:00", "14:00", "Break"],
        ["16:00", "18:30", "Until 16:00"],
    ]
    theirs = [block[1:] for block in data["blocks"] if block[0] == f"p{other.pk}"]
    assert theirs == [["08:30", "09:00", ""], ["18:00", "18:30", ""]]


def test_a_closed_day_says_why(desk, reception_client):
    ClosureFactory(site=desk.site, starts_on=DAY, ends_on=DAY, reason="Training day")
    data = data_of(reception_client, "?date=2026-11-26")
    assert [block[3] for block in data["blocks"]] == ["Training day"]
    assert data["columns"][0][3] == ""
    assert "is closed on this" in page(reception_client, "?date=2026-11-26")
    listed = page(reception_client, "?view=list&date=2026-11-26")
    assert "Training day" in listed


def test_days_on_which_nothing_is_are_left_out_of_the_week(site, clock, reception_client):
    person = UserFactory(clinician=True)
    for weekday in range(5):
        ShiftFactory(practitioner=person, site=site, weekday=weekday)
    assert data_of(reception_client)["days"] == [f"2026-11-{day}" for day in range(23, 28)]
    assert "Nobody works then" in page(reception_client, "?date=2026-11-29")


def test_without_hours_an_admin_is_led_to_them_and_others_are_told_to_ask(
    site, clock, reception_client, admin_client
):
    assert "Ask an admin" in page(reception_client)
    told = page(admin_client)
    assert "Ask an admin" not in told
    assert reverse("core:people-list") in told


def test_the_list_has_the_same_visits_and_what_is_free(desk, reception_client):
    listed = page(reception_client, "?view=list")
    place = desk.place(1)
    for words in (
        "Leila Marchetti",
        f"/appointments/{place.pk}/move/",
        "Free time",
        f"date=2026-11-26&amp;time=12%3A00&amp;practitioner={desk.practitioner.pk}",
    ):
        assert words in listed
    # What is past is not free any more.
    assert "date=2026-11-25" not in listed.replace("?view=list&amp;date=2026-11-25", "")


def test_the_page_links_to_the_list_for_browsers_without_scripts(desk, reception_client):
    told = page(reception_client, "?date=2026-11-26")
    noscript = told.split("<noscript>")[-1].split("</noscript>")[0]
    assert "view=list&amp;date=2026-11-26" in noscript


@pytest.mark.parametrize(
    "query",
    [
        "?date=x",
        "?date=2026-13-45",
        "?date=9999-12-31",
        "?date=1900-01-01",
        "?view=year&by=phone",
        "?who=x&who=99999999999999999999&who=²&who=-1",
        "?date=" + "9" * 5000,
    ],
)
def test_an_address_that_means_nothing_shows_the_present(desk, reception_client, query):
    assert reception_client.get(reverse("sessions:calendar") + query).status_code == 200
    assert data_of(reception_client, query)["now"].startswith("2026-11-26")


def test_view_day_columns_and_people_live_in_the_address(desk, reception_client):
    other = UserFactory(clinician=True)
    works_every_day(other, desk.site)
    told = page(reception_client, f"?view=day&date=2026-11-27&by=room&who={other.pk}")
    links = re.findall(r'href="(\?[^"]+)"', told)
    assert f"?view=week&amp;date=2026-11-27&amp;by=room&amp;who={other.pk}" in links
    assert f"?view=day&amp;date=2026-11-28&amp;by=room&amp;who={other.pk}" in links
    assert "?view=day&amp;date=2026-11-27&amp;by=room" in links


def test_somebody_who_left_keeps_a_column_while_they_have_visits(desk, reception_client):
    desk.practitioner.is_active = False
    desk.practitioner.save(update_fields=["is_active"])
    [column] = data_of(reception_client)["columns"]
    assert column[1] == desk.practitioner.display_name


def test_by_room_a_week_in_which_nobody_works_says_so(site, clock, reception_client):
    RoomFactory(site=site)
    ShiftFactory(site=site, weekday=3)
    assert data_of(reception_client, "?date=2026-11-29&by=room")["columns"] == []
    assert "Nobody works then" in page(reception_client, "?date=2026-11-29&by=room")


def test_a_clinic_without_a_site_has_no_calendar(clinic_profile, client):
    client.force_login(UserFactory(admin=True))
    assert client.get(reverse("sessions:calendar-data")).status_code == 404


# ---- Asking again -----------------------------------------------------------------------------
def test_an_unchanged_calendar_is_answered_without_reading_it(desk, reception_client):
    url = reverse("sessions:calendar-data")
    first = reception_client.get(url)
    with CaptureQueriesContext(connection) as queries:
        again = reception_client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert not any("treatment_sessions_appointment" in one["sql"] for one in queries)
    check_in(appointment=desk.place(1), by=desk.reception, at=NOON)
    changed = reception_client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_another_question_is_another_version(desk, reception_client):
    url = reverse("sessions:calendar-data")
    tags = [reception_client.get(url).headers["ETag"]]
    tags.append(reception_client.get(url + "?by=room").headers["ETag"])
    reception_client.cookies["private-screen"] = "1"
    tags.append(reception_client.get(url).headers["ETag"])
    assert len(set(tags)) == 3


@pytest.mark.parametrize(
    "query", ["", "?week=2026-11-26", "?date=2026-11-26", "?view=day&by=room&who=x&more=1"]
)
def test_the_page_knows_the_version_that_it_shows(desk, reception_client, query):
    told = page(reception_client, query)
    version = re.search(r'data-version="(\w+)"', told)[1]
    live = re.search(r'data-live="([^"]+)"', told)[1].replace("&amp;", "&")
    again = reception_client.get(live, headers={"If-None-Match": f'"{version}"'})
    assert again.status_code == 304


def test_an_answer_that_was_packed_on_its_way_is_known_again(desk, reception_client):
    url = reverse("sessions:calendar-data")
    first = reception_client.get(url, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    asked = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    assert first.headers["ETag"].startswith("W/")
    assert reception_client.get(url, headers=asked).status_code == 304
    check_in(appointment=desk.place(1), by=desk.reception, at=NOON)
    assert reception_client.get(url, headers=asked).status_code == 200


def test_the_calendar_of_another_site_is_another_version(desk, reception_client):
    url = reverse("sessions:calendar-data")
    first = reception_client.get(url).headers["ETag"]
    other = SiteFactory(name="Riverside")
    works_every_day(UserFactory(clinician=True), other)
    reception_client.post(reverse("clinic:site-switch"), {"site": other.pk})
    assert reception_client.get(url, headers={"If-None-Match": first}).status_code == 200


def test_the_page_can_say_how_old_it_is_and_where_to_sign_in(desk, reception_client):
    told = page(reception_client, "?date=2026-11-26")
    line = told.split('id="stale"')[1].split("</p>")[0]
    assert "Reconnecting." in line
    assert f"{reverse('account_login')}?next=/calendar/%3Fdate%3D2026-11-26" in line
    assert f'data-zone="{desk.site.timezone}"' in told


def test_a_move_from_the_list_comes_back_to_it(desk, reception_client):
    listed = page(reception_client, "?view=list&by=room")
    back = "next=/calendar/%3Fview%3Dlist%26by%3Droom"
    assert f"/appointments/{desk.place(1).pk}/move/?{back}" in listed


# ---- Size and number of questions -------------------------------------------------------------
@pytest.fixture
def full_week(site, clock):
    """Ten practitioners, six days, 144 visits a day of as many patients."""
    desk = Desk(site=site)
    people = [desk.practitioner, *(UserFactory(clinician=True) for _n in range(9))]
    for person in people[1:]:
        works_every_day(person, site, time(8), time(19))
    rooms = [RoomFactory(site=site, name=f"Treatment {n + 1}") for n in range(10)]
    patients = Patient.objects.bulk_create(_patients(864))
    courses = TreatmentCourse.objects.bulk_create(_like(desk.course, patients))
    sessions = TreatmentSession.objects.bulk_create(
        TreatmentSession(
            course=course,
            number=n % 7 + 2,
            earliest_on=DAY - timedelta(days=9),
            due_on=DAY,
            latest_on=DAY + timedelta(days=9),
        )
        for n, course in enumerate(courses)
    )
    Appointment.objects.bulk_create(
        _place(session, n, people, rooms, desk) for n, session in enumerate(sessions)
    )
    # A database in use knows how large its tables are, and plans its joins by it.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return desk


def _patients(count):
    names = [(given, family) for family in FAMILY for given in FEMALE]
    for n in range(count):
        given, family = names[n * 7 % len(names)]
        yield PatientFactory.build(given_names=given, family_names=family)


def _like(course, patients):
    for patient in patients:
        one = copy.copy(course)
        one._state = copy.copy(course._state)
        one._state.adding, one._state.fields_cache = True, {}
        one.pk, one.patient = None, patient
        yield one


def _place(session, n, people, rooms, desk):
    """Visit `n`: day by day, ten at a time, every 45 minutes."""
    day, of_day = divmod(n, 144)
    turn, seat = divmod(of_day, 10)
    monday = datetime.combine(DAY - timedelta(days=3), time(8), desk.site.zone)
    starts_at = monday + timedelta(days=day, minutes=45 * turn + 5 * (seat % 2))
    ends_at = starts_at + timedelta(minutes=40)
    return Appointment(
        # As long as in a clinic with a million appointments, made at odd intervals.
        pk=2_000_000 + n * 7919 % 864 * 31,
        patient=session.course.patient,
        practitioner=people[seat],
        room=rooms[seat],
        session=session,
        starts_at=starts_at,
        ends_at=ends_at,
        held_from=starts_at,
        held_until=ends_at,
        status_since=NOON,
        booked_by=desk.reception,
    )


def test_a_full_week_is_small_and_takes_few_queries(full_week, reception_client):
    url = reverse("sessions:calendar-data")
    with CaptureQueriesContext(connection) as queries:
        answer = reception_client.get(url)
    data = answer.json()
    assert len(rows_of(data)) == 864
    assert len(gzip.compress(answer.content, 6)) <= 20_000
    assert len(queries) <= 8
    Appointment.objects.filter(starts_at__gte=NOON).delete()
    with CaptureQueriesContext(connection) as fewer:
        reception_client.get(url)
    assert len(fewer) == len(queries)


def test_the_page_of_a_full_week_takes_the_same_queries_as_that_of_an_empty_one(
    full_week, reception_client
):
    for view in ("week", "day", "list"):
        url = reverse("sessions:calendar") + f"?view={view}"
        reception_client.get(url)
        with CaptureQueriesContext(connection) as full:
            answer = reception_client.get(url)
        with CaptureQueriesContext(connection) as empty:
            reception_client.get(url + "&date=2027-06-01")
        assert len(full) == len(empty) <= 14
        if view != "list":
            assert len(gzip.compress(answer.content, 6)) <= 22_000


# ---- Days on which clocks change --------------------------------------------------------------
CLOCK_CHANGES = [
    ("Europe/London", date(2026, 3, 29), 23),
    ("Europe/London", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 3, 8), 23),
    ("America/New_York", date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("Asia/Beirut", date(2026, 3, 29), 23),
    ("Asia/Beirut", date(2026, 10, 24), 25),
    ("America/Havana", date(2026, 3, 8), 23),
    ("America/Havana", date(2026, 11, 1), 25),
    ("Pacific/Auckland", date(2026, 9, 27), 23),
    ("Pacific/Auckland", date(2026, 4, 5), 25),
]


def visits_all_day(day, zone):
    begins = datetime.combine(day, time.min, zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    count = int((ends - begins) / timedelta(minutes=30))
    starts = [begins + n * timedelta(minutes=30) for n in range(count)]
    return [
        CalendarVisit(
            n, "p1", start, start + timedelta(minutes=30), "booked", "A", "B", "", can_move=True
        )
        for n, start in enumerate(starts)
    ], Span(begins, ends)


def minutes(time_words):
    hours, rest = time_words[-5:].split(":")
    return int(hours) * 60 + int(rest)


def wall_of(data, words):
    """Return what stands on the card, as static/js/calendar.js works it out."""
    at, shift = data.get("clock", ["99:99", 0])
    minute = minutes(words)
    minute += shift if minute >= minutes(at) else 0
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(("name", "day", "hours"), CLOCK_CHANGES)
def test_on_a_clock_change_no_visit_is_lost_doubled_or_shifted(name, day, hours):
    zone = ZoneInfo(name)
    visits, whole = visits_all_day(day, zone)
    data = calendar_data(
        zone=zone,
        days=[day],
        columns=[CalendarColumn("p1", "Dr A", "", (whole,))],
        visits=visits,
        now=whole.start,
        closed={},
    )
    assert len(visits) == hours * 2
    assert [row[0] for row in rows_of(data)] == [visit.pk for visit in visits]
    spans = [(minutes(row[2]), minutes(row[2]) + row[3]) for row in rows_of(data)]
    assert all(end - start == 30 for start, end in spans)
    assert all(end <= start for (_first, end), (start, _last) in itertools.pairwise(spans))
    for row, visit in zip(rows_of(data), visits, strict=True):
        assert wall_of(data, row[2]) == f"{visit.starts_at.astimezone(zone):%H:%M}"
    assert f"{hours:g} hours" in data["changes"][0]
    assert data["blocks"] == [] or hours < 24


@pytest.mark.parametrize(("name", "day", "hours"), CLOCK_CHANGES)
def test_a_week_with_a_clock_change_has_all_visits_at_their_wall_clock(name, day, hours):
    zone = ZoneInfo(name)
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    visits, whole = visits_all_day(day, zone)
    data = calendar_data(
        zone=zone,
        days=days,
        columns=[CalendarColumn("p1", "Dr A", "", (whole,))],
        visits=visits,
        now=whole.start,
        closed={},
    )
    assert Counter(row[2][:10] for row in rows_of(data)) == {f"{day:%Y-%m-%d}": int(hours * 2)}
    for row, visit in zip(rows_of(data), visits, strict=True):
        assert row[2] == f"{visit.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"
        assert row[3] >= 30
    assert "clock" not in data


def test_usual_hours_on_a_day_of_a_clock_change_stand_at_the_wall_clock():
    zone = ZoneInfo("Europe/London")
    day = date(2026, 10, 25)
    nine = datetime(2026, 10, 25, 9, tzinfo=zone).astimezone(UTC)
    data = calendar_data(
        zone=zone,
        days=[day],
        columns=[CalendarColumn("p1", "Dr A", "", (Span(nine, nine + timedelta(hours=8)),))],
        visits=[],
        now=nine,
        closed={},
    )
    assert (data["from"], data["to"], data["columns"][0][3]) == ("08:30", "17:30", "09:00")
    assert data["changes"] == ["Clocks go back from 02:00 to 01:00: this day has 25 hours."]


def test_the_list_tells_of_a_clock_change(site, reception_client):
    works_every_day(UserFactory(clinician=True), site)
    with time_machine.travel(datetime(2026, 3, 27, 12, tzinfo=UTC), tick=False):
        told = page(reception_client, "?view=list")
    assert "Clocks go forward from 01:00 to 02:00: this day has 23 hours." in told


def test_a_visit_past_midnight_stays_on_the_day_it_begins(db):
    zone = ZoneInfo("Europe/London")
    begins = datetime(2026, 11, 26, 23, 30, tzinfo=zone).astimezone(UTC)
    visit = CalendarVisit(
        1, "p1", begins, begins + timedelta(hours=1), "booked", "A", "B", "", can_move=True
    )
    data = calendar_data(
        zone=zone,
        days=[DAY],
        columns=[CalendarColumn("p1", "Dr A", "", ())],
        visits=[visit],
        now=begins + timedelta(days=9),
        closed={},
    )
    assert rows_of(data)[0][2:4] == ("23:30", 60)
    assert data["now"] is None
    assert json.dumps(data)
