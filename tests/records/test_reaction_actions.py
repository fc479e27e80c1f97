"""Reporting, adding, closing; the clinical hold and who lifts it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from meso_clinic.core.models import AuditEvent
from records.actions.holds import lift_hold
from records.actions.reactions import (
    News,
    ReactionChangedMeanwhile,
    ReactionRefused,
    Report,
    report_reaction,
    update_reaction,
)
from records.domain.reactions import review_due_at
from records.models import AdverseEvent, HoldLift
from tests.factories.core import UserFactory
from tests.factories.treatments import LotFactory, TreatmentCourseFactory
from tests.records.conftest import NOW, TODAY
from treatments.actions.courses import (
    CourseRefused,
    activate_course,
    hold_course,
    resume_course,
    suspend_course,
)
from treatments.actions.courses import lift_hold as lift

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor(site):
    return UserFactory(prescriber=True, first_name="Ines", last_name="Halloran")


def told(course, **change):
    values = {
        "course": course,
        "session": None,
        "kind": "bruise",
        "grade": 1,
        "onset_on": TODAY,
        "source": "SEEN",
        "relatedness": "PROBABLE",
        "is_serious": False,
        "description": "A bruise.",
    }
    return Report(**values | change)


def report(by, report, at=NOW, key=None):
    return report_reaction(report=report, key=key or uuid4(), by=by, at=at)


def news(**change):
    return News(**{"words": "No change.", "grade": 3, "outcome": "ONGOING"} | change)


def add(event, by, seen=0, at=NOW, **change):
    return update_reaction(event=event, seen=seen, news=news(**change), by=by, at=at)


def now_known(event):
    return AdverseEvent.objects.with_state().get(pk=event.pk)


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def sentences(refused):
    return dict(refused.value.problems)


# Reporting


def test_a_mild_reaction_is_kept_and_the_course_goes_on(course, clinician):
    event = report(clinician, told(course))
    course.refresh_from_db()
    assert course.is_active
    assert not course.is_held
    assert (event.patient, event.is_red_flag, event.is_review) == (course.patient, False, False)
    assert kinds() == ["reaction.reported"]


@pytest.mark.parametrize(
    "change", [{"grade": 3}, {"kind": "nodule_late"}, {"has_sign": True}, {"kind": "anaphylaxis"}]
)
def test_a_red_flag_puts_the_course_on_clinical_hold(course, clinician, change):
    event = report(clinician, told(course, **change))
    course.refresh_from_db()
    assert event.is_red_flag
    assert (course.status, course.is_held, course.held_at) == ("SUSPENDED", True, NOW)
    assert course.state_label == "Clinical hold"
    assert kinds() == ["reaction.reported", "course.held"]


def test_expected_follows_the_catalogue_unless_somebody_says_otherwise(signed, clinician):
    session = signed.session
    session.refresh_from_db()
    usual = told(session.course, session=session)
    assert report(clinician, usual).is_expected
    assert not report(clinician, replace(usual, is_expected=False)).is_expected
    assert not report(clinician, replace(usual, session=None)).is_expected


def test_a_lot_brings_its_product(course, clinician):
    lot = LotFactory()
    event = report(clinician, told(course, lot=lot))
    assert (event.product, event.lot) == (lot.product, lot)


def test_the_same_form_sent_twice_is_one_reaction(course, clinician):
    key = uuid4()
    first = report(clinician, told(course), key=key)
    assert report(clinician, told(course), key=key) == first
    assert AdverseEvent.objects.count() == 1


def test_a_session_in_treatment_may_have_a_reaction(record, clinician):
    session = record.session
    session.refresh_from_db()
    event = report(clinician, told(session.course, session=session))
    assert event.session == session


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"onset_on": TODAY + timedelta(days=1)}, "onset_on"),
        ({"follow_up_on": TODAY - timedelta(days=1)}, "follow_up_on"),
        ({"outcome": "RESOLVED"}, "resolved_on"),
        ({"grade": 3, "outcome": "RESOLVED", "resolved_on": TODAY}, "outcome"),
    ],
)
def test_what_cannot_be_is_refused(course, clinician, change, field):
    with pytest.raises(ReactionRefused) as refused:
        report(clinician, told(course, **change))
    assert list(sentences(refused)) == [field]
    assert not AdverseEvent.objects.exists()


def test_a_session_that_was_not_begun_has_no_reaction(course, clinician):
    with pytest.raises(ReactionRefused) as refused:
        report(clinician, told(course, session=course.sessions.get(number=2)))
    assert "treatment" in sentences(refused)


def test_a_session_of_another_course_has_no_reaction_here(signed, clinician):
    signed.session.refresh_from_db()
    other = TreatmentCourseFactory()
    with pytest.raises(ReactionRefused) as refused:
        report(clinician, told(other, session=signed.session))
    assert "treatment" in sentences(refused)


def test_a_reaction_does_not_begin_before_its_session(signed, clinician):
    signed.session.refresh_from_db()
    early = told(signed.session.course, session=signed.session, onset_on=TODAY - timedelta(days=1))
    with pytest.raises(ReactionRefused) as refused:
        report(clinician, early)
    assert "before the session" in sentences(refused)["onset_on"]


def test_words_are_asked_for(course, clinician):
    with pytest.raises(ReactionRefused) as refused:
        report(clinician, told(course, description=" "))
    assert sentences(refused) == {"description": "Say what was seen."}
    event = report(clinician, told(course))
    with pytest.raises(ReactionRefused) as refused:
        add(event, clinician, grade=1, words="")
    assert sentences(refused) == {"words": "Say what is new."}


def test_a_prescriber_may_report_what_is_over(course, doctor):
    event = report(doctor, told(course, grade=4, outcome="RESOLVED", resolved_on=TODAY))
    course.refresh_from_db()
    assert course.is_held
    assert not now_known(event).state.is_open


def test_an_ended_course_has_nothing_to_hold(course, clinician):
    type(course).objects.filter(pk=course.pk).update(
        status="DISCONTINUED", status_reason="Moved", ended_at=NOW
    )
    assert report(clinician, told(course, kind="nodule_late")).is_red_flag
    course.refresh_from_db()
    assert (course.status, course.held_at) == ("DISCONTINUED", None)


# Adding


def test_what_was_reported_stays_and_the_newest_row_counts(course, clinician, doctor):
    event = report(clinician, told(course, grade=2, follow_up_on=TODAY))
    add(event, clinician, grade=2, follow_up_on=TODAY + timedelta(days=3))
    assert now_known(event).state.follow_up_on == TODAY + timedelta(days=3)
    add(event, doctor, seen=1, grade=1, outcome="RESOLVED", resolved_on=TODAY)
    known = now_known(event)
    assert (known.grade, known.outcome, known.resolved_on) == (2, "ONGOING", None)
    assert (known.grade_now, known.outcome_now, known.over_on) == (1, "RESOLVED", TODAY)
    assert known.state.is_reviewed
    assert not known.state.is_open
    assert known.state.follow_up_on is None
    assert kinds()[-2:] == ["reaction.updated", "reaction.closed"]


def test_a_look_from_before_it_got_worse_is_no_review(course, clinician, doctor):
    event = report(doctor, told(course, grade=2))
    assert now_known(event).state.is_reviewed
    later = NOW + timedelta(days=2)
    add(event, clinician, grade=3, at=later)
    state = now_known(event).state
    assert not state.is_reviewed
    assert review_due_at(state) == later + timedelta(hours=24)
    add(event, doctor, seen=1, grade=3, at=later)
    assert now_known(event).state.is_reviewed
    # What stays as bad as it was seen, or gets better, needs no other look.
    add(event, clinician, seen=2, grade=2, at=later)
    assert now_known(event).state.is_reviewed
    add(event, clinician, seen=3, grade=3, at=later)
    assert not now_known(event).state.is_reviewed


@pytest.mark.parametrize("by_doctor", [True, False])
def test_a_red_flag_that_is_added_asks_for_a_look_of_its_own(course, clinician, doctor, by_doctor):
    event = report(doctor, told(course, grade=2))
    add(event, doctor if by_doctor else clinician, grade=2, has_sign=True)
    assert now_known(event).state.is_reviewed is by_doctor


def test_a_reaction_that_comes_back_is_looked_at_anew(course, clinician, doctor):
    event = report(clinician, told(course, grade=2))
    add(event, doctor, grade=2, outcome="RESOLVED", resolved_on=TODAY)
    add(event, clinician, seen=1, grade=2)
    assert not now_known(event).state.is_reviewed


def test_getting_worse_does_not_put_off_a_look_that_nobody_took(course, clinician):
    event = report(clinician, told(course, grade=2))
    add(event, clinician, grade=3, at=NOW + timedelta(hours=20))
    assert review_due_at(now_known(event).state) == NOW + timedelta(hours=24)
    mild = report(clinician, told(course))
    add(mild, clinician, grade=2, at=NOW + timedelta(days=4))
    assert review_due_at(now_known(mild).state) == NOW + timedelta(days=5)


def test_two_people_who_add_at_once_do_not_cover_each_other(course, clinician):
    event = report(clinician, told(course))
    add(event, clinician, grade=1)
    with pytest.raises(ReactionChangedMeanwhile):
        add(event, clinician, grade=2)
    assert event.updates.count() == 1


def test_a_reaction_that_gets_worse_holds_the_course(course, clinician):
    event = report(clinician, told(course))
    add(event, clinician, grade=3)
    course.refresh_from_db()
    assert course.is_held
    assert kinds() == ["reaction.reported", "reaction.updated", "course.held"]


def test_a_red_flag_stays_one_when_the_grade_falls(course, clinician):
    event = report(clinician, told(course, grade=3))
    update = add(event, clinician, grade=1)
    assert update.is_red_flag
    assert now_known(event).state.stops_treatment


def test_only_a_prescriber_closes_a_red_flag(course, clinician, doctor):
    event = report(clinician, told(course, grade=3))
    with pytest.raises(ReactionRefused) as refused:
        add(event, clinician, outcome="SEQUELAE")
    assert "prescriber" in sentences(refused)["outcome"]
    add(event, doctor, outcome="SEQUELAE")
    # A closed one takes further words of anybody who treats.
    add(event, clinician, seen=1, outcome="SEQUELAE", words="The scar is paler.")
    assert kinds()[-1] == "reaction.updated"


def test_a_red_flag_that_comes_back_holds_the_course_again(course, clinician, doctor):
    event = report(clinician, told(course, grade=3))
    add(event, doctor, outcome="RESOLVED", resolved_on=TODAY)
    lift_hold(course=course, reason="Healed.", by=doctor, at=NOW)
    add(event, clinician, seen=1, words="It is back.")
    course.refresh_from_db()
    assert course.is_held


def test_a_report_to_an_authority_is_added(course, clinician):
    event = report(clinician, told(course))
    update = add(event, clinician, grade=1, regulator="Medicines agency", regulator_on=TODAY)
    assert update.regulator == "Medicines agency"
    with pytest.raises(ReactionRefused) as refused:
        add(
            event,
            clinician,
            seen=1,
            grade=1,
            regulator="Agency",
            regulator_on=TODAY + timedelta(days=1),
        )
    assert "regulator_on" in sentences(refused)


# Lifting


def closed(course, clinician, doctor):
    event = report(clinician, told(course, grade=3))
    add(event, doctor, outcome="RESOLVED", resolved_on=TODAY)
    course.refresh_from_db()
    return event


def test_a_prescriber_lifts_the_hold_with_a_reason(course, clinician, doctor):
    closed(course, clinician, doctor)
    lift_hold(course=course, reason=" Healed without a trace. ", by=doctor, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.status_reason, course.held_at) == ("ACTIVE", "", None)
    [kept] = HoldLift.objects.all()
    assert (kept.course, kept.reason, kept.by) == (course, "Healed without a trace.", doctor)
    assert kinds()[-1] == "course.hold_lifted"


def test_nobody_else_lifts_it(course, clinician, doctor):
    closed(course, clinician, doctor)
    with pytest.raises(CourseRefused, match="Only a prescriber"):
        lift_hold(course=course, reason="Healed.", by=clinician, at=NOW)


def test_a_hold_is_not_lifted_without_a_reason(course, clinician, doctor):
    closed(course, clinician, doctor)
    with pytest.raises(CourseRefused, match="may go on"):
        lift_hold(course=course, reason="  ", by=doctor, at=NOW)
    course.refresh_from_db()
    assert course.is_held


def test_a_hold_stays_while_its_red_flag_is_open(course, clinician, doctor):
    report(clinician, told(course, grade=3))
    with pytest.raises(CourseRefused, match="still open"):
        lift_hold(course=course, reason="Healed.", by=doctor, at=NOW)


def test_a_course_without_a_hold_has_none_to_lift(course, doctor):
    with pytest.raises(CourseRefused, match="not on clinical hold"):
        lift_hold(course=course, reason="Healed.", by=doctor, at=NOW)


def test_a_held_course_is_not_resumed_another_way(course, clinician):
    report(clinician, told(course, grade=3))
    with pytest.raises(CourseRefused, match="clinical hold"):
        resume_course(course=course, by=clinician, at=NOW)


def test_a_second_red_flag_changes_nothing_more(course, clinician):
    report(clinician, told(course, grade=3))
    report(clinician, told(course, grade=4), at=NOW + timedelta(hours=1))
    course.refresh_from_db()
    assert course.held_at == NOW
    assert kinds().count("course.held") == 1


def test_a_course_that_was_suspended_before_is_suspended_again(course, clinician, doctor):
    suspend_course(course=course, reason="Abroad.", by=clinician, at=NOW)
    hold_course(course=course, by=clinician, at=NOW)
    lift(course=course, by=doctor, at=NOW)
    course.refresh_from_db()
    assert (course.status, course.status_reason, course.held_at) == ("SUSPENDED", "Abroad.", None)


def test_a_draft_on_hold_is_not_activated(clinician, doctor):
    draft = TreatmentCourseFactory(status="DRAFT", activated_at=None)
    hold_course(course=draft, by=clinician, at=NOW)
    with pytest.raises(CourseRefused, match="on clinical hold"):
        activate_course(course=draft, by=clinician, at=NOW)
    lift(course=draft, by=doctor, at=NOW)
    assert activate_course(course=draft, by=clinician, at=NOW).is_active


def test_what_is_over_becomes_a_red_flag_by_a_prescriber_alone(course, clinician, doctor):
    event = report(clinician, told(course))
    add(event, clinician, grade=1, outcome="RESOLVED", resolved_on=TODAY)
    worse = {"grade": 3, "outcome": "RESOLVED", "resolved_on": TODAY, "seen": 1}
    with pytest.raises(ReactionRefused) as refused:
        add(event, clinician, **worse)
    assert "prescriber" in sentences(refused)["outcome"]
    assert add(event, doctor, **worse).is_red_flag
