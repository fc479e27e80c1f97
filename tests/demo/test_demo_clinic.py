"""The demo clinic breaks no rule of the product. One small clinic serves all these tests."""

from random import Random

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from clinic.models import Closure, Room, ShiftException
from demo.clinic_plan import Clinic
from demo.clinic_seed import SIZES
from demo.consents import LEFT_OPEN
from demo.outcomes import is_scored
from demo.patients import invent
from meso_clinic.core.models import AuditEvent, User
from records.models import AdverseEvent, OutcomeAssessment, SessionRecord
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.chain import course_chains
from tests.demo.seeding import TUESDAY, seed
from treatments.domain.screening.verdict import Outcome
from treatments.models import Assessment, TreatmentCourse
from treatments.selectors.consents import read_standings
from treatments.selectors.screening import read_screenings

# The databases of a run are those of its marked tests: alone and without a mark it would have none.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    """A small clinic that is read by all tests here and taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEMO=True):
            seed()
        yield
        transaction.set_rollback(True)


def test_courses_are_in_every_state():
    statuses = set(TreatmentCourse.objects.values_list("status", flat=True))
    assert statuses == {"DRAFT", "ACTIVE", "SUSPENDED", "COMPLETED", "DISCONTINUED"}
    assert TreatmentSession.objects.overdue(TUESDAY.date()).exists()


def test_hair_loss_is_active_only_with_its_consultation():
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


def test_nobody_and_no_room_is_in_two_places():
    live = list(Appointment.objects.live().in_order())
    for key in ("practitioner_id", "room_id", "patient_id"):
        for number, one in enumerate(live):
            for other in live[number + 1 :]:
                apart = other.starts_at >= one.ends_at or one.starts_at >= other.ends_at
                assert apart or getattr(one, key) != getattr(other, key)


def test_every_session_stands_in_its_window_or_says_why():
    for chain in course_chains(list(TreatmentCourse.objects.exclude(status="DRAFT"))):
        for row in chain.rows:
            if row.appointment is None:
                continue
            assert not row.link.is_early
            assert not row.link.is_late or row.deviations


def test_done_sessions_have_signed_records_within_the_limits():
    done = TreatmentSession.objects.filter(status=TreatmentSession.Status.DONE)
    assert done.count() >= 5
    assert done.filter(record__signed_at__isnull=False).count() == done.count()
    for record in SessionRecord.objects.filter(signed_at__isnull=False):
        given = sum(dose.volume_ml for dose in record.administrations.all())
        assert 0 < given <= record.session.course.indication.protocol.max_volume_ml
        day = record.session.delivered_on
        assert all(dose.lot.expires_on >= day for dose in record.administrations.all())


def test_nothing_happened_in_the_future_or_out_of_order():
    assert max(AuditEvent.objects.values_list("at", flat=True)) <= TUESDAY
    # Hours and lots are entered first; what patients lived through follows in order, and then the
    # calls of a recall that was closed days ago.
    told = AuditEvent.objects.filter(patient_id__isnull=False).order_by("pk")
    is_call = {"kind": "recall.contacted"}
    for chapter in (told.exclude(**is_call), told.filter(**is_call)):
        lived = list(chapter.values_list("at", flat=True))
        assert lived == sorted(lived)


def test_the_demo_accounts_can_sign_in_and_nobody_else():
    with_password = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert sorted(with_password) == ["admin", "clinician", "reception"]
    assert all(
        User.objects.get(username=name).check_password(settings.DEMO_PASSWORD)
        for name in with_password
    )
    assert User.objects.get(username="clinician").display_name == "Petra Lindqvist"


def test_the_sites_rooms_and_closures_are_there():
    assert Room.objects.filter(site__name="Linden Street").count() == 4
    assert Room.objects.filter(site__name="Harbour Road").count() == 2
    assert Closure.objects.filter(reason="Christmas").count() == 2
    assert Closure.objects.filter(reason="Training day").count() == 1
    assert ShiftException.objects.filter(on=TUESDAY.date()).exists()


def test_the_usual_size_has_120_people_and_two_namesakes():
    staff = {"clinician": User.objects.get(username="clinician")}
    clinic = Clinic(TUESDAY, TUESDAY.date(), sites={}, rooms={}, staff=staff, closed={})
    people = invent(SIZES["medium"].patients, clinic, Random(1))
    names = [(one.given_names, one.family_names) for one in people]
    assert len(people) == 120
    assert {name for name in names if names.count(name) > 1} == {("Hana", "Mirzaei")}
    assert len({one.phone for one in people}) == 120
    assert all(one.phone.startswith("07700 900") for one in people)


def test_consent_is_signed_for_all_courses_but_a_few():
    courses = list(TreatmentCourse.objects.filter(status="ACTIVE").with_people())
    standings = read_standings(courses, at=TUESDAY)
    left_open = sum(one.is_open for one in standings.values())
    assert 1 <= left_open <= LEFT_OPEN
    assert sum(one.is_complete for one in standings.values()) == len(courses) - left_open
    for session in TreatmentSession.objects.filter(status=TreatmentSession.Status.DONE):
        consent = session.course.consents.in_order()[0]
        assert consent.signed_at.date() <= session.delivered_on


def test_everybody_who_is_here_can_be_treated_and_others_show_what_holds_up():
    today = Appointment.objects.live().filter(starts_at__date=TUESDAY.date(), session__isnull=False)
    waiting = {visit.session.course for visit in today.filter(status__in=["BOOKED", "ARRIVED"])}
    courses = list(TreatmentCourse.objects.filter(ended_at=None).with_people())
    verdicts = read_screenings(courses, at=TUESDAY, on_their_day=waiting)
    assert waiting
    assert all(verdicts[course.pk].may_start for course in waiting)
    outcomes = {verdict.outcome for verdict in verdicts.values()}
    assert outcomes == set(Outcome)


def test_courses_that_began_have_their_baseline_unless_nobody_thought_of_it():
    begun = TreatmentSession.objects.filter(number=1, status=TreatmentSession.Status.DONE)
    courses = [session.course for session in begun.select_related("course__indication")]
    scored = {course.pk for course in courses if course.outcomes.filter(occasion="BASELINE")}
    assert scored == {course.pk for course in courses if is_scored(course)}
    assert scored
    for outcome in OutcomeAssessment.objects.all():
        assert outcome.known_scale.allows(outcome.value)


def test_there_are_reactions_and_nobody_who_comes_today_is_on_hold():
    assert AdverseEvent.objects.exists()
    on_hold = TreatmentCourse.objects.filter(held_at__isnull=False)
    today = Appointment.objects.filter(starts_at__date=TUESDAY.date())
    assert not today.filter(patient__courses__in=on_hold).exists()
