"""Runs of the check are kept, and the command says what was found."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from meso_clinic.core.models import AuditEvent
from sessions.actions.checking import MOST_KEPT, run_schedule_check
from sessions.models import ScheduleCheck
from tests.factories.clinic import ClosureFactory
from tests.factories.treatments import AT
from tests.sessions.schedule_check.rows import sessions
from treatments.models import TreatmentCourse


def test_a_run_is_kept(busy_desk, admin):
    sessions(busy_desk, 4).update(status="BOOKED")
    check = run_schedule_check(by=admin, at=AT + timedelta(days=300))
    assert ScheduleCheck.objects.get() == check
    assert check.checked["sessions"] == 8
    assert check.checked["violations"] == len(check.violations) == 1
    assert AuditEvent.objects.filter(kind="schedule.checked", by=admin).count() == 1


def test_a_run_at_night_is_nobodys(db):
    check = run_schedule_check(by=None, at=AT)
    assert check.by is None
    assert not AuditEvent.objects.exists()


def test_only_the_first_thousand_are_kept(desk):
    course = desk.course
    others = [TreatmentCourse(**_columns(course)) for _ in range(MOST_KEPT)]
    TreatmentCourse.objects.bulk_create(others)
    said = []
    check = run_schedule_check(by=None, at=AT, say=said.append)
    assert len(said) == check.checked["violations"] == MOST_KEPT
    TreatmentCourse.objects.bulk_create([TreatmentCourse(**_columns(course))])
    check = run_schedule_check(by=None, at=AT)
    assert check.checked["violations"] == MOST_KEPT + 1
    assert len(check.violations) == MOST_KEPT


def _columns(course):
    names = [field.attname for field in TreatmentCourse._meta.concrete_fields if field.name != "id"]
    return {name: getattr(course, name) for name in names}


def test_the_command_says_that_all_is_well(capsys, busy_desk):
    with time_machine.travel(busy_desk.moment(8), tick=False):
        call_command("check_schedule")
    printed = capsys.readouterr().out
    assert printed.startswith("Checked 1 courses, 8 sessions and 3 appointments in ")
    assert printed.endswith("To follow up: nothing.\n")
    assert ScheduleCheck.objects.count() == 1


def test_the_command_names_what_is_wrong_and_fails(capsys, busy_desk):
    sessions(busy_desk, 4).update(status="BOOKED")
    ClosureFactory(site=busy_desk.site, starts_on=busy_desk.day(14), ends_on=busy_desk.day(14))
    at = time_machine.travel(busy_desk.moment(8), tick=False)
    with at, pytest.raises(CommandError, match="Violations: 1") as refusal:
        call_command("check_schedule")
    assert refusal.value.returncode == 1
    first, summary = capsys.readouterr().out.splitlines()
    assert "session 4 is BOOKED and has no appointment" in first
    assert summary.endswith("To follow up: 1 booked on a closed day.")
