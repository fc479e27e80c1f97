"""What other tools read of a patient's courses."""

import json

import pytest
from django.core.management import CommandError, call_command

from sessions.actions.status import cancel_appointment, mark_no_show
from tests.sessions.desk import AWAY, Desk


@pytest.fixture
def exported(capsys):
    """Run the command and return what it printed, read as JSON."""

    def run(desk, *options):
        call_command("export_course", desk.course.patient.record_number, *options)
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def played(db):
    """A course whose first session was given, whose second is booked late after a no-show."""
    desk = Desk(total_sessions=4, initial_sessions=3, buffer_after_minutes=10)
    desk.give(1, 0)
    cancel_appointment(
        appointment=desk.book(2, 7),
        reason="UNWELL",
        words="A cold.",
        by=desk.reception,
        at=desk.now,
    )
    mark_no_show(appointment=desk.book(2, 8), by=desk.reception, at=desk.moment(8, "11:00"))
    desk.book(2, 12, at=desk.moment(9), late_reason=AWAY, by=desk.practitioner)
    return desk


def test_a_course_with_its_numbers(played, exported):
    course = exported(played)["courses"][0]
    assert course["cadence"] == {
        "total_sessions": 4,
        "initial_sessions": 3,
        "initial_min_days": 7,
        "initial_max_days": 10,
        "monthly_min_days": 28,
        "monthly_max_days": 35,
        "product_min_days": 0,
        "session_minutes": 50,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 10,
    }
    assert {name: course[name] for name in ("status", "time_zone", "first_on", "starts_on")} == {
        "status": "ACTIVE",
        "time_zone": "Europe/London",
        "first_on": "2026-11-26",
        "starts_on": "2026-11-26",
    }
    assert course["course"] == played.course.pk
    assert course["indication"] == played.course.indication.slug
    assert course["site"] == played.site.name
    assert course["practitioner"] == played.practitioner.username
    assert course["ends_on"] == course["sessions"][-1]["due_on"] == "2027-01-15"


def test_a_session_that_was_given(played, exported):
    assert exported(played)["courses"][0]["sessions"][0] == {
        "number": 1,
        "status": "DONE",
        "delivered_on": "2026-11-26",
        "earliest_on": None,
        "due_on": "2026-11-26",
        "latest_on": None,
        "gap_days": None,
        "gap_min": None,
        "gap_max": None,
        "days_early": 0,
        "days_late": 0,
        "appointment": {
            "starts_at": "2026-11-26T10:00:00+00:00",
            "ends_at": "2026-11-26T10:50:00+00:00",
            "status": "DONE",
            "practitioner": played.practitioner.username,
            "room": "Room 1",
        },
        "ended_appointments": [],
        "deviations": [],
    }


def test_a_session_that_is_late_and_why(played, exported):
    second = exported(played)["courses"][0]["sessions"][1]
    assert (second["gap_min"], second["gap_days"], second["gap_max"]) == (7, 12, 10)
    assert second["days_late"] == 2
    assert [place["why"] for place in second["ended_appointments"]] == ["UNWELL", "NO_SHOW"]
    assert second["deviations"] == [{"kind": "LATE", "days_late": 2, "reason": "TRAVEL"}]


def test_windows_are_counted_and_not_only_read(played, exported):
    played.course.sessions.filter(number=3).update(due_on="2026-12-31", latest_on="2026-12-31")
    third = exported(played)["courses"][0]["sessions"][2]
    assert (third["earliest_on"], third["latest_on"]) == ("2026-12-15", "2026-12-18")
    assert third["appointment"] is None


def test_times_have_the_sites_offset(db, exported):
    desk = Desk(site__timezone="America/New_York")
    desk.book(1, 0)
    first = exported(desk)["courses"][0]["sessions"][0]
    assert first["appointment"]["starts_at"] == "2026-11-26T10:00:00-05:00"


def test_nobodys_name_or_words_are_in_it(played, capsys):
    patient = played.course.patient
    call_command("export_course", patient.record_number, "--format", "json")
    printed = capsys.readouterr().out
    private = (patient.given_names, patient.family_names, patient.phone, AWAY.words, "A cold.")
    assert [word for word in private if word in printed] == []
    assert patient.record_number in printed


def test_the_text_is_the_same_each_time(played, capsys):
    texts = set()
    for _ in range(2):
        call_command("export_course", played.course.patient.record_number)
        texts.add(capsys.readouterr().out)
    (text,) = texts
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_all_courses_the_newest_last_or_the_one_asked_for(played, exported):
    later = played.neighbour(patient=played.course.patient)
    both = exported(played)["courses"]
    assert [course["course"] for course in both] == [played.course.pk, later.course.pk]
    one = exported(played, "--course", str(later.course.pk))["courses"]
    assert [course["course"] for course in one] == [later.course.pk]


def test_the_number_of_queries_does_not_grow(played, exported, django_assert_max_num_queries):
    for _ in range(3):
        played.neighbour(patient=played.course.patient)
    with django_assert_max_num_queries(6):
        assert len(exported(played)["courses"]) == 4


def test_a_course_that_lost_its_sessions_is_shown_all_the_same(desk, exported):
    desk.course.sessions.all().delete()
    course = exported(desk)["courses"][0]
    assert (course["sessions"], course["starts_on"], course["ends_on"]) == ([], None, None)


@pytest.mark.parametrize("typed", ["LSC-99999", "", "\0", "x" * 500])
def test_nobody_with_that_record_number(db, typed):
    with pytest.raises(CommandError, match="There is no patient") as refusal:
        call_command("export_course", typed)
    assert refusal.value.returncode == 1


def test_somebody_elses_course(desk):
    other = desk.neighbour()
    with pytest.raises(CommandError, match="has no course"):
        call_command(
            "export_course", desk.course.patient.record_number, "--course", str(other.course.pk)
        )
