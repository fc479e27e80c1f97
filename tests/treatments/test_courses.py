"""What courses do: begin with frozen numbers, start, pause and end; and who found what before."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from tests.factories.clinic import SiteFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import (
    AssessmentFactory,
    IndicationFactory,
    IndicationRevisionFactory,
    ProductFactory,
    TreatmentCourseFactory,
)
from tests.treatments.conftest import NOW
from treatments.actions.courses import (
    CoursePlan,
    CourseRefused,
    PlanRefused,
    SpecialistConsultationMissing,
    activate_course,
    complete_course,
    create_course,
    discontinue_course,
    record_assessment,
    resume_course,
    specialist_consultation,
    suspend_course,
)
from treatments.models import Assessment, Protocol, TreatmentCourse

pytestmark = pytest.mark.django_db

FIRST_ON = date(2026, 12, 3)


@pytest.fixture
def plan(patient, cellulite, site, clinician):
    def plan(**change):
        wanted = {
            "patient": patient,
            "indication": cellulite,
            "site": site,
            "practitioner": clinician,
            "total_sessions": 8,
            "initial_sessions": 5,
            "first_on": FIRST_ON,
        }
        return create_course(plan=CoursePlan(**wanted | change), by=clinician, at=NOW)

    return plan


def draft(**facts):
    return TreatmentCourseFactory(status="DRAFT", activated_at=None, **facts)


# Planned


def test_a_plan_is_a_draft_with_the_numbers_and_the_text_of_its_day(plan, clinician, audited):
    course = plan(goals="Smoother skin by summer")
    course.refresh_from_db()
    assert (course.status, course.activated_at, course.ended_at) == ("DRAFT", None, None)
    assert (course.total_sessions, course.initial_sessions) == (8, 5)
    assert (course.initial_min_days, course.initial_max_days) == (7, 10)
    assert (course.monthly_min_days, course.monthly_max_days) == (28, 35)
    assert course.session_minutes == 50
    assert course.revision.number == 1
    assert (course.planned_at, course.planned_by) == (NOW, clinician)
    assert (course.product, course.product_min_days) == (None, 0)
    assert course.goals == "Smoother skin by summer"
    assert audited() == ["course.planned"]


def test_a_course_keeps_its_numbers_and_text_when_the_clinic_changes_them(plan, cellulite):
    old = plan()
    Protocol.objects.filter(indication=cellulite).update(
        initial_min_days=8, monthly_max_days=30, session_minutes=30
    )
    IndicationRevisionFactory(indication=cellulite, number=2, summary="New words.")
    cellulite.refresh_from_db()
    new = plan()
    old.refresh_from_db()
    assert (old.initial_min_days, old.monthly_max_days, old.session_minutes) == (7, 35, 50)
    assert old.revision.number == 1
    assert (new.initial_min_days, new.monthly_max_days, new.session_minutes) == (8, 30, 30)
    assert new.revision.summary == "New words."


def test_a_course_keeps_the_least_days_of_its_product(plan):
    product = ProductFactory(min_interval_days=14)
    course = plan(product=product)
    product.min_interval_days = 21
    product.save(update_fields=["min_interval_days"])
    course.refresh_from_db()
    assert (course.product, course.product_min_days) == (product, 14)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"total_sessions": 2, "initial_sessions": 2}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        (
            {"initial_sessions": 9},
            "The first sessions must be at least 1 and at most all of the course.",
        ),
    ],
)
def test_a_plan_outside_the_limits_is_refused_in_words(plan, change, sentence):
    with pytest.raises(PlanRefused) as refused:
        plan(**change)
    assert refused.value.problems == [sentence]
    assert not TreatmentCourse.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("sessions", [3, 15])
def test_the_shortest_and_the_longest_course_are_planned(plan, sessions):
    assert plan(total_sessions=sessions, initial_sessions=1).total_sessions == sessions


# Activated


def test_a_draft_becomes_active_once(clinician, audited):
    course = activate_course(course=draft(), by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.activated_at) == ("ACTIVE", NOW)
    with pytest.raises(CourseRefused, match="This course is active"):
        activate_course(course=course, by=clinician, at=NOW)
    assert audited() == ["course.activated"]


def test_two_people_with_the_same_page_activate_it_once(clinician):
    course = draft()
    stale = TreatmentCourse.objects.get(pk=course.pk)
    activate_course(course=course, by=clinician, at=NOW)
    with pytest.raises(CourseRefused):
        activate_course(course=stale, by=clinician, at=NOW)


@pytest.mark.parametrize("status", ["SUSPENDED", "COMPLETED", "DISCONTINUED", "LAPSED"])
def test_only_a_draft_is_activated(clinician, status):
    ended_at = None if status == "SUSPENDED" else NOW
    course = TreatmentCourseFactory(status=status, status_reason="Moved", ended_at=ended_at)
    with pytest.raises(CourseRefused):
        activate_course(course=course, by=clinician, at=NOW)


def test_hair_loss_is_stopped_without_the_consultation(clinician, hair_loss, audited):
    course = draft(indication=hair_loss)
    with pytest.raises(SpecialistConsultationMissing, match="Record the specialist consultation"):
        activate_course(course=course, by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.activated_at) == ("DRAFT", None)
    assert audited() == []


def test_hair_loss_starts_with_the_consultation(clinician, hair_loss):
    course = draft(indication=hair_loss)
    AssessmentFactory(
        patient=course.patient, indication=hair_loss, kind="SPECIALIST", assessed_on=NOW.date()
    )
    assert activate_course(course=course, by=clinician, at=NOW).is_active


def test_what_is_no_consultation_for_this_course(clinician, hair_loss):
    course = draft(indication=hair_loss)
    own = {"patient": course.patient, "indication": hair_loss, "kind": "SPECIALIST"}
    AssessmentFactory(**own | {"kind": "GENERAL"})
    AssessmentFactory(**own | {"patient": PatientFactory()})
    AssessmentFactory(**own | {"indication": IndicationFactory()})
    AssessmentFactory(**own | {"assessed_on": date(2026, 11, 27)})
    with pytest.raises(SpecialistConsultationMissing):
        activate_course(course=course, by=clinician, at=NOW)


def test_today_is_the_day_at_the_site(clinician, hair_loss):
    # 23:30 on the 26th in London is already the 27th in Auckland.
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    london, auckland = (
        draft(indication=hair_loss, site=SiteFactory(timezone=zone))
        for zone in ("Europe/London", "Pacific/Auckland")
    )
    for course in (london, auckland):
        AssessmentFactory(
            patient=course.patient,
            indication=hair_loss,
            kind="SPECIALIST",
            assessed_on=late.astimezone(ZoneInfo("Pacific/Auckland")).date(),
        )
    with pytest.raises(SpecialistConsultationMissing):
        activate_course(course=london, by=clinician, at=late)
    assert activate_course(course=auckland, by=clinician, at=late).is_active


def test_the_newest_consultation_is_the_one_shown(hair_loss):
    course = draft(indication=hair_loss)
    own = {"patient": course.patient, "indication": hair_loss, "kind": "SPECIALIST"}
    newest = AssessmentFactory(**own, assessed_on=date(2026, 11, 20))
    AssessmentFactory(**own, assessed_on=date(2026, 11, 1))
    assert specialist_consultation(course, NOW.date()) == newest
    assert specialist_consultation(course, date(2026, 10, 31)) is None


PRODUCT_CODE = ("clinic", "demo", "meso_clinic", "patients", "records", "sessions", "treatments")
WRITES = {"create", "update", "bulk_create", "update_or_create", "get_or_create", "TreatmentCourse"}


def writes_a_course_status(node):
    """Whether `node` gives a course a status: by assignment or in a call that writes."""
    if isinstance(node, ast.Assign):
        targets = [ast.unparse(target) for target in node.targets]
        return any(target.endswith(".status") for target in targets) and (
            "CourseStatus" in ast.unparse(node.value)
            or any(target.startswith("course.") or ".course." in target for target in targets)
        )
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in WRITES:
        words = ast.unparse(node)
        is_course = "TreatmentCourse" in words or ".courses." in words or "course" in words.lower()
        return is_course and any(keyword.arg == "status" for keyword in node.keywords)
    return False


def test_nothing_else_gives_a_course_its_status():
    """The consultation cannot be asked for by the database, so one module alone may write it."""
    writers = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for app in PRODUCT_CODE
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if writes_a_course_status(node)
    }
    module = Path(settings.BASE_DIR, "treatments/actions/courses.py")
    tree = ast.parse(module.read_text(encoding="utf-8"))
    makers = {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and "CourseStatus.ACTIVE" in ast.unparse(function)
    }
    assert writers == {"treatments/actions/courses.py"}
    # To resume, and to lift a hold, is to go on with a course that was activated before.
    assert makers == {"activate_course", "start_course", "resume_course", "lift_hold"}


def test_the_search_for_other_writers_finds_them():
    for words in (
        "course.status = 'ACTIVE'",
        "session.course.status = wanted",
        "row.status = CourseStatus.ACTIVE",
        "TreatmentCourse.objects.filter(pk=1).update(status='ACTIVE')",
        "patient.courses.update(status=wanted)",
        "TreatmentCourse(status='ACTIVE')",
    ):
        assert any(writes_a_course_status(node) for node in ast.walk(ast.parse(words))), words
    for words in (
        "appointment.status = Status.ARRIVED",
        "TreatmentCourse.objects.filter(status='ACTIVE')",
        "course.goals = ''",
    ):
        assert not any(writes_a_course_status(node) for node in ast.walk(ast.parse(words))), words


# Paused and ended


def test_a_course_is_suspended_and_goes_on(clinician, audited):
    course = TreatmentCourseFactory()
    suspend_course(course=course, reason=" Travelling until May ", by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.status_reason) == ("SUSPENDED", "Travelling until May")
    resume_course(course=course, by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.status_reason, course.ended_at) == ("ACTIVE", "", None)
    assert audited() == ["course.suspended", "course.resumed"]


@pytest.mark.parametrize("make", [draft, TreatmentCourseFactory])
def test_stopping_early_is_always_allowed(clinician, audited, make):
    course = make()
    discontinue_course(course=course, reason="Does not want to go on", by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.ended_at) == ("DISCONTINUED", NOW)
    assert audited() == ["course.discontinued"]


def test_a_course_is_completed(clinician, audited):
    course = TreatmentCourseFactory()
    complete_course(course=course, by=clinician, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.ended_at) == ("COMPLETED", NOW)
    assert audited() == ["course.completed"]


@pytest.mark.parametrize("stop", [suspend_course, discontinue_course])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_course_stops_with_a_reason_that_can_be_read(clinician, stop, reason):
    course = TreatmentCourseFactory()
    with pytest.raises(CourseRefused, match="Say why the course stops"):
        stop(course=course, reason=reason, by=clinician, at=NOW)
    course.refresh_from_db()
    assert course.is_active


@pytest.mark.parametrize(
    ("act", "facts"),
    [(suspend_course, {"reason": "x"}), (resume_course, {}), (complete_course, {})],
)
def test_a_draft_cannot_walk_around_its_activation(clinician, hair_loss, act, facts):
    course = draft(indication=hair_loss)
    with pytest.raises(CourseRefused):
        act(course=course, by=clinician, at=NOW, **facts)
    course.refresh_from_db()
    assert course.status == "DRAFT"


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        (suspend_course, {"reason": "x"}),
        (resume_course, {}),
        (discontinue_course, {"reason": "x"}),
        (complete_course, {}),
    ],
)
def test_a_course_that_has_ended_stays_as_it_is(clinician, act, facts):
    course = TreatmentCourseFactory(status="COMPLETED", ended_at=NOW)
    with pytest.raises(CourseRefused, match="This course is completed"):
        act(course=course, by=clinician, at=NOW, **facts)
    assert not AuditEvent.objects.exists()


# Assessed


def test_a_consultation_is_kept_for_its_patient(clinician, patient, hair_loss):
    made = record_assessment(
        patient=patient,
        indication=hair_loss,
        kind=Assessment.Kind.SPECIALIST,
        assessed_on=date(2026, 11, 20),
        assessed_by="Dr Ines Halloran",
        finding="Early pattern hair loss.",
        by=clinician,
        at=NOW,
    )
    assert Assessment.objects.get() == made
    assert (made.recorded_by, made.recorded_at) == (clinician, NOW)
    line = AuditEvent.objects.get()
    assert (line.kind, line.patient_id) == ("assessment.recorded", patient.pk)


@pytest.mark.parametrize("change", [{"assessed_by": ""}, {"finding": ""}, {"kind": "FORTUNE"}])
def test_a_consultation_that_says_too_little_is_refused(clinician, patient, hair_loss, change):
    said = {
        "kind": "SPECIALIST",
        "assessed_on": date(2026, 11, 20),
        "assessed_by": "Dr Ines Halloran",
        "finding": "Early pattern hair loss.",
    }
    with pytest.raises(ValidationError):
        record_assessment(
            patient=patient, indication=hair_loss, by=clinician, at=NOW, **said | change
        )
    assert not Assessment.objects.exists()
