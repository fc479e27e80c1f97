"""The demo clinic: the same for the same seed, with every status, and no rule broken."""

from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.models import ClinicProfile, Closure, Room, ShiftException, Site
from demo.clinic_plan import DEMO_PASSWORD
from meso_clinic.core.models import AuditEvent, User
from patients.models import Patient
from records.models import Administration, SessionRecord
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.selectors.chain import course_chains
from sessions.selectors.day import read_day
from tests.factories.core import UserFactory
from treatments.models import Assessment, TreatmentCourse

TUESDAY = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
EVERY_STATE = {"DONE", "IN_TREATMENT", "ARRIVED", "LATE", "BOOKED", "NO_SHOW", "CANCELLED"}

pytestmark = pytest.mark.django_db


def seed(at=TUESDAY, **options):
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("seed_demo", **{"size": "small", "stdout": out, **options})
    return out.getvalue()


def day_at_linden_street(at):
    site = Site.objects.get(name="Linden Street")
    on = at.astimezone(site.zone).date()
    return read_day(site=site, on=on, now=at, profile=ClinicProfile.objects.get())


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


@pytest.fixture
def seeded(db):
    seed()


class Rolled(Exception):
    """Takes a run back."""


def test_the_same_seed_makes_the_same_clinic():
    from django.db import transaction

    digests = []
    for number in (7, 7, 8):
        with pytest.raises(Rolled), transaction.atomic():
            seed(seed=number)
            digests.append(digest())
            raise Rolled
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
    statuses = {row.appointment.status for row in day_at_linden_street(at).rows}
    assert statuses == set(Appointment.Status.values)


def test_courses_are_in_every_state(seeded):
    statuses = set(TreatmentCourse.objects.values_list("status", flat=True))
    assert statuses == {"DRAFT", "ACTIVE", "SUSPENDED", "COMPLETED", "DISCONTINUED"}
    assert TreatmentSession.objects.overdue(TUESDAY.date()).exists()


def test_hair_loss_is_active_only_with_its_consultation(seeded):
    hair = TreatmentCourse.objects.filter(indication__slug="hair_loss")
    consulted = set(
        Assessment.objects.filter(kind="SPECIALIST").values_list("patient_id", "indication_id")
    )
    with_it, without = set(), set()
    for course in hair:
        is_consulted = (course.patient_id, course.indication_id) in consulted
        (with_it if is_consulted else without).add(course.status)
    assert "ACTIVE" in with_it
    assert without == {"DRAFT"}


def test_nobody_and_no_room_is_in_two_places(seeded):
    live = list(Appointment.objects.live().in_order())
    for key in ("practitioner_id", "room_id", "patient_id"):
        for number, one in enumerate(live):
            for other in live[number + 1 :]:
                apart = other.starts_at >= one.ends_at or one.starts_at >= other.ends_at
                assert apart or getattr(one, key) != getattr(other, key)


def test_every_session_stands_in_its_window_or_says_why(seeded):
    for chain in course_chains(list(TreatmentCourse.objects.exclude(status="DRAFT"))):
        for row in chain.rows:
            if row.appointment is None:
                continue
            assert not row.link.is_early
            assert not row.link.is_late or row.deviations


def test_done_sessions_have_signed_records_within_the_limits(seeded):
    done = TreatmentSession.objects.filter(status=TreatmentSession.Status.DONE)
    assert done.count() >= 5
    assert done.filter(record__signed_at__isnull=False).count() == done.count()
    for record in SessionRecord.objects.filter(signed_at__isnull=False):
        given = sum(dose.volume_ml for dose in record.administrations.all())
        assert 0 < given <= record.session.course.indication.protocol.max_volume_ml
        day = record.session.delivered_on
        assert all(dose.lot.expires_on >= day for dose in record.administrations.all())


def test_nothing_happened_in_the_future_or_out_of_order(seeded):
    moments = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
    played = [at for at in moments if at > min(Patient.objects.values_list("registered_at", flat=True))]
    assert max(moments) <= TUESDAY
    # Hours and lots are entered first; what patients lived through follows in order.
    lived = list(
        AuditEvent.objects.filter(patient_id__isnull=False).order_by("pk").values_list("at", flat=True)
    )
    assert lived == sorted(lived)
    assert played


def test_the_demo_accounts_can_sign_in_and_nobody_else(seeded):
    with_password = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert sorted(with_password) == ["admin", "clinician", "reception"]
    assert all(User.objects.get(username=name).check_password(DEMO_PASSWORD) for name in with_password)
    assert User.objects.get(username="clinician").display_name == "Petra Lindqvist"


def test_the_sites_rooms_and_closures_are_there(seeded):
    assert Room.objects.filter(site__name="Linden Street").count() == 4
    assert Room.objects.filter(site__name="Harbour Road").count() == 2
    assert Closure.objects.filter(reason="Christmas").count() == 2
    assert Closure.objects.filter(reason="Training day").count() == 1
    assert ShiftException.objects.filter(on=TUESDAY.date()).exists()


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
    assert timezone.now()


def test_medium_has_delays_with_reasons_and_two_namesakes():
    with time_machine.travel(TUESDAY, tick=False):
        from demo.clinic_plan import open_clinic
        from demo.clinic_seed import SIZES
        from demo.patients import invent
        from random import Random

        people = invent(SIZES["medium"].patients, open_clinic(TUESDAY), Random(1))
    names = [(one.given_names, one.family_names) for one in people]
    twice = {name for name in names if names.count(name) == 2}
    assert len(people) == 120
    assert twice == {("Hana", "Mirzaei")}
    assert len({one.phone for one in people}) == 120
    assert not Deviation.objects.exists()
