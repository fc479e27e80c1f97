"""`seed_demo`: the same for the same seed, all or nothing, and today full at any hour."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError
from django.db import transaction

from clinic.models import Site
from meso_clinic.core.models import AuditEvent, User
from patients.models import Patient
from records.models import Administration
from sessions.models import Appointment
from tests.demo.seeding import EVERY_STATE, TUESDAY, day_at_linden_street, seed
from tests.factories.core import UserFactory
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db


def digest():
    return [
        list(Patient.objects.order_by("record_number").values_list(
            "record_number", "given_names", "family_names", "born_on", "phone", "registered_at"
        )),
        list(Appointment.objects.in_order().values_list(
            "patient__record_number", "practitioner__username", "room__name", "starts_at", "status"
        )),
        list(TreatmentCourse.objects.order_by("pk").values_list(
            "patient__record_number", "indication__slug", "status", "first_on"
        )),
        list(Administration.objects.order_by("pk").values_list("lot__number", "volume_ml")),
        list(AuditEvent.objects.order_by("pk").values_list("at", "kind", "by__username")),
    ]  # fmt: skip


def test_the_same_seed_makes_the_same_clinic():
    digests = []
    for number in (7, 7, 8):
        with transaction.atomic():
            seed(seed=number)
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


@pytest.mark.parametrize(
    "at",
    [
        TUESDAY,
        datetime(2026, 11, 22, 14, 3, tzinfo=UTC),  # a Sunday
        datetime(2026, 7, 1, 2, 17, tzinfo=UTC),  # at night, in summer time
        datetime(2026, 12, 26, 12, 20, tzinfo=UTC),  # Boxing Day, at lunch
        datetime(2026, 11, 24, 21, 55, tzinfo=UTC),
    ],
)
def test_today_shows_every_status_whatever_the_clock_says(at):
    seed(at)
    day = day_at_linden_street(at)
    assert set(day.counts) == EVERY_STATE
    assert day.closure is None


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 24, 0, 1, tzinfo=UTC),
        datetime(2026, 11, 24, 23, 58, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # an hour after clocks went forward
    ],
)
def test_the_edges_of_a_day_keep_every_stored_status(at):
    seed(at)
    statuses = {row.status for row in day_at_linden_street(at).rows}
    assert statuses == set(Appointment.Status.values)


def test_it_says_what_it_makes_and_can_be_quiet():
    assert "12 patients" in seed()
    with pytest.raises(CommandError):
        seed()


def test_it_is_quiet_when_asked():
    assert seed(verbosity=0) == ""


def test_a_clinic_with_people_is_left_alone():
    UserFactory()
    with pytest.raises(CommandError, match="already has people"):
        seed()
    assert not Site.objects.exists()


def test_a_real_installation_gets_no_demo_accounts(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="only made in demo mode: DEMO=1"):
        seed()
    assert not User.objects.exists()


def test_a_failure_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr("demo.play.Play.run", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        seed()
    assert not User.objects.exists()
