"""The life of a course, and the doctor's word before it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.factories.clinic import SiteFactory
from tests.factories.treatments import (
    AT,
    AssessmentFactory,
    ProductFactory,
    TreatmentCourseFactory,
)
from treatments.actions.courses import (
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
from treatments.domain.lifecycle import CourseStatus, can_become, is_end
from treatments.models import Assessment, TreatmentCourse

TODAY = AT.date()


@pytest.fixture
def plan(patient, site, clinician):
    def go(indication, **change):
        values = {
            "patient": patient,
            "indication": indication,
            "site": site,
            "practitioner": clinician,
            "total_sessions": 8,
            "initial_sessions": 5,
            "first_on": date(2026, 11, 26),
        } | change
        return create_course(by=clinician, at=AT, **values)

    return go


@pytest.fixture
def seen(patient, hair_loss):
    """Put a specialist consultation for hair loss on record."""

    def go(**change):
        values = {
            "patient": patient,
            "indication": hair_loss,
            "kind": Assessment.Kind.SPECIALIST,
            "assessed_on": TODAY,
        } | change
        return AssessmentFactory(**values)

    return go


def test_a_plan_freezes_the_numbers_of_its_protocol(plan, cellulite, audited):
    product = ProductFactory(min_interval_days=14)
    course = plan(cellulite, product=product, goals="Smoother skin")
    type(cellulite.protocol).objects.update(session_minutes=90, initial_max_days=8)
    product.min_interval_days = 30
    product.save(update_fields=["min_interval_days"])
    course.refresh_from_db()
    assert (course.session_minutes, course.initial_max_days) == (50, 10)
    assert course.product_min_days == 14
    assert course.goals == "Smoother skin"
    assert course.is_draft
    assert not course.is_active
    assert not course.is_ended
    assert str(course) == f"course {course.pk}"
    assert audited() == ["course.planned"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"total_sessions": 2, "initial_sessions": 1}, "A course has 3 to 15 sessions."),
        ({"total_sessions": 16}, "A course has 3 to 15 sessions."),
        ({"initial_sessions": 9}, "at most all of the course"),
        ({"initial_sessions": 0}, "at least 1"),
    ],
)
def test_a_plan_outside_the_limits_is_refused(plan, cellulite, audited, change, sentence):
    with pytest.raises(PlanRefused) as refusal:
        plan(cellulite, **change)
    assert any(sentence in problem for problem in refusal.value.problems)
    assert not TreatmentCourse.objects.exists()
    assert audited() == []


def test_a_draft_is_activated(plan, cellulite, clinician, audited):
    course = activate_course(course=plan(cellulite), by=clinician, at=AT)
    assert course.is_active
    assert course.activated_at == AT
    assert list(TreatmentCourse.objects.running().with_people()) == [course]
    assert audited() == ["course.planned", "course.activated"]


def test_hair_loss_waits_for_the_specialist(plan, hair_loss, clinician):
    course = plan(hair_loss)
    with pytest.raises(SpecialistConsultationMissing) as refusal:
        activate_course(course=course, by=clinician, at=AT)
    assert "Record the specialist consultation" in refusal.value.problem
    course.refresh_from_db()
    assert course.is_draft


def test_hair_loss_starts_with_the_specialist(plan, hair_loss, clinician, seen):
    found = seen()
    course = activate_course(course=plan(hair_loss), by=clinician, at=AT)
    assert course.is_active
    assert specialist_consultation(course, TODAY) == found
    assert str(found) == f"assessment {found.pk}"


@pytest.mark.parametrize(
    "other",
    ["general", "future", "other_patient", "other_indication"],
)
def test_no_other_consultation_will_do(plan, hair_loss, cellulite, clinician, seen, other):
    changes = {
        "general": {"kind": Assessment.Kind.GENERAL},
        "future": {"assessed_on": TODAY + timedelta(days=1)},
        "other_patient": {"patient": TreatmentCourseFactory().patient},
        "other_indication": {"indication": cellulite},
    }
    seen(**changes[other])
    with pytest.raises(SpecialistConsultationMissing):
        activate_course(course=plan(hair_loss), by=clinician, at=AT)


def test_today_is_the_site_s_own(plan, hair_loss, clinician, seen):
    # 11:00 UTC on the 2nd is the 3rd already on Kiritimati, and the 2nd in London.
    seen(assessed_on=TODAY + timedelta(days=1))
    ahead = SiteFactory(timezone="Pacific/Kiritimati")
    at = AT.replace(hour=11)
    with pytest.raises(SpecialistConsultationMissing):
        activate_course(course=plan(hair_loss), by=clinician, at=at)
    assert activate_course(course=plan(hair_loss, site=ahead), by=clinician, at=at).is_active


def test_an_indication_that_needs_no_specialist_needs_none(plan, cellulite, clinician):
    assert activate_course(course=plan(cellulite), by=clinician, at=AT).is_active


def test_a_course_is_suspended_and_goes_on(clinician, audited):
    course = TreatmentCourseFactory()
    course = suspend_course(course=course, reason="Head cold", by=clinician, at=AT)
    assert (course.status, course.status_reason) == ("SUSPENDED", "Head cold")
    course = resume_course(course=course, by=clinician, at=AT)
    assert (course.status, course.status_reason) == ("ACTIVE", "")
    assert audited() == ["course.suspended", "course.resumed"]


@pytest.mark.parametrize("stop", [suspend_course, discontinue_course])
@pytest.mark.parametrize("reason", ["", " \n", "x" * 201])
def test_a_course_stops_with_a_reason(clinician, audited, stop, reason):
    course = TreatmentCourseFactory()
    with pytest.raises(CourseRefused) as refusal:
        stop(course=course, reason=reason, by=clinician, at=AT)
    assert "Say why the course stops" in refusal.value.problem
    course.refresh_from_db()
    assert course.is_active
    assert audited() == []


def test_a_course_is_completed_or_ended_early(clinician, audited):
    done = complete_course(course=TreatmentCourseFactory(), by=clinician, at=AT)
    assert (done.status, done.ended_at, done.is_ended) == ("COMPLETED", AT, True)
    stopped = discontinue_course(
        course=TreatmentCourseFactory(), reason="Moved away", by=clinician, at=AT
    )
    assert (stopped.status, stopped.ended_at) == ("DISCONTINUED", AT)
    assert audited() == ["course.completed", "course.discontinued"]


def test_a_draft_is_ended_without_ever_being_active(plan, cellulite, clinician):
    course = discontinue_course(
        course=plan(cellulite), reason="Changed her mind", by=clinician, at=AT
    )
    assert course.status == "DISCONTINUED"
    assert course.activated_at is None


def test_a_draft_is_not_suspended_resumed_or_completed(plan, cellulite, clinician):
    course = plan(cellulite)
    for step, more in (
        (suspend_course, {"reason": "Head cold"}),
        (resume_course, {}),
        (complete_course, {}),
    ):
        with pytest.raises(CourseRefused) as refusal:
            step(course=course, by=clinician, at=AT, **more)
        assert refusal.value.problem == "This course is draft. Load the page again to see it."
    course.refresh_from_db()
    assert course.is_draft


def test_a_suspended_course_is_neither_activated_nor_completed(clinician):
    course = suspend_course(
        course=TreatmentCourseFactory(), reason="Head cold", by=clinician, at=AT
    )
    for step in (activate_course, complete_course):
        with pytest.raises(CourseRefused, match="This course is suspended"):
            step(course=course, by=clinician, at=AT)


@pytest.mark.parametrize("ended", ["COMPLETED", "DISCONTINUED", "LAPSED"])
def test_an_ended_course_stays_ended(clinician, ended):
    course = TreatmentCourseFactory(status=ended, status_reason="Over", ended_at=AT)
    for step, more in (
        (activate_course, {}),
        (suspend_course, {"reason": "Head cold"}),
        (resume_course, {}),
        (discontinue_course, {"reason": "Again"}),
        (complete_course, {}),
    ):
        with pytest.raises(CourseRefused):
            step(course=course, by=clinician, at=AT, **more)
    course.refresh_from_db()
    assert (course.status, course.ended_at) == (ended, AT)


@pytest.mark.parametrize("status", CourseStatus)
def test_every_state_is_known_and_only_ends_have_no_way_out(status):
    ways = [wanted for wanted in CourseStatus if can_become(status, wanted)]
    assert is_end(status) == (not ways)
    assert status not in ways
    assert CourseStatus.DRAFT not in ways
    assert TreatmentCourse.Status(status) == status


def test_a_finding_without_words_is_refused(patient, cellulite, clinician, audited):
    with pytest.raises(ValidationError):
        record_assessment(
            patient=patient,
            indication=cellulite,
            kind="GENERAL",
            assessed_on=TODAY,
            assessed_by="Dr Ines Halloran",
            finding="",
            by=clinician,
            at=AT,
        )
    assert audited() == []


def test_a_finding_is_on_record(patient, cellulite, clinician, audited):
    found = record_assessment(
        patient=patient,
        indication=cellulite,
        kind="GENERAL",
        assessed_on=TODAY,
        assessed_by="Dr Ines Halloran",
        finding="Suitable",
        by=clinician,
        at=AT,
    )
    assert patient.assessments.get() == found
    assert audited() == ["assessment.recorded"]
