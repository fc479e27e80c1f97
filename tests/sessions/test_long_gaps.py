"""What a long time without a session means for a course."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core import audit
from meso_clinic.core.models import AuditEvent
from sessions.actions import lapsing, status, stopping
from sessions.actions.extending import add_initial_session
from sessions.domain.long_gaps import GapFinding, find_gap
from sessions.gap_words import gap_words
from sessions.models import Appointment
from sessions.selectors.chain import course_chain
from sessions.selectors.checking import find_violations
from sessions.selectors.long_gaps import gaps_to_decide, long_gap
from tests.factories.treatments import AssessmentFactory
from tests.sessions.desk import AWAY, Desk
from treatments.actions.courses import CourseRefused
from treatments.models import TreatmentCourse

MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)
SOURCES_DOC = Path(__file__).parents[2] / "docs" / "clinical-sources.md"

days = st.integers(0, 4000)
misses = st.integers(0, 5)
delays = st.integers(0, 60)


@pytest.fixture
def desk(site):
    with time_machine.travel(MORNING, tick=False):
        yield Desk(site=site)


def found(desk, after):
    """What the course page says so many days after the first session."""
    return long_gap(course_chain(TreatmentCourse.objects.get(pk=desk.course.pk)), desk.day(after))


def decided_about(desk, after):
    return [gap.chain.course.pk for gap in gaps_to_decide(desk.site, desk.day(after))]


def miss(desk, number, after):
    place = desk.book(number, after, late_reason=AWAY, by=desk.practitioner)
    status.mark_no_show(appointment=place, by=desk.reception, at=desk.moment(after, "10:30"))


@pytest.fixture
def monthly(site):
    """A course with one initial session, which was given: the next one is monthly."""
    with time_machine.travel(MORNING, tick=False):
        desk = Desk(site=site, total_sessions=4, initial_sessions=1)
        desk.give(1, 0)
        yield desk


# The rule by example


@pytest.mark.parametrize(
    ("days_since", "finding"),
    [
        (0, GapFinding.ON_TIME),
        (10, GapFinding.ON_TIME),
        (11, GapFinding.TOLERATED),
        (14, GapFinding.TOLERATED),
        (15, GapFinding.LATE),
        (21, GapFinding.LATE),
        (22, GapFinding.REVIEW),
        (42, GapFinding.REVIEW),
        (43, GapFinding.RESCREEN),
        (900, GapFinding.RESCREEN),
    ],
)
def test_gaps_before_an_initial_session(days_since, finding):
    assert find_gap(is_monthly=False, days_since=days_since) is finding


@pytest.mark.parametrize(
    ("days_since", "finding"),
    [
        (35, GapFinding.ON_TIME),
        (36, GapFinding.LATE),
        (60, GapFinding.LATE),
        (61, GapFinding.RESCREEN),
        (180, GapFinding.RESCREEN),
        (181, GapFinding.NEW_COURSE),
    ],
)
def test_gaps_before_a_monthly_session(days_since, finding):
    assert find_gap(is_monthly=True, days_since=days_since) is finding


@pytest.mark.parametrize(
    ("missed", "days_since", "finding"),
    [
        (1, 40, GapFinding.LATE),
        (2, 40, GapFinding.LAPSED),
        (2, 100, GapFinding.LAPSED),
        (3, 200, GapFinding.NEW_COURSE),
    ],
)
def test_two_missed_monthly_visits_in_a_row_lapse_a_course(missed, days_since, finding):
    assert find_gap(is_monthly=True, days_since=days_since, missed_monthly=missed) is finding


def test_missed_visits_do_not_lapse_the_initial_phase():
    assert find_gap(is_monthly=False, days_since=12, missed_monthly=4) is GapFinding.TOLERATED


def test_a_products_own_interval_moves_every_limit():
    """Monthly platelets in an initial phase: 28 days instead of 7 are no gap at all."""
    assert find_gap(is_monthly=False, days_since=31, delay_days=21) is GapFinding.ON_TIME
    assert find_gap(is_monthly=False, days_since=43, delay_days=21) is GapFinding.REVIEW


# The rule by property


@given(is_monthly=st.booleans(), since=days, missed=misses, delay=delays)
def test_every_gap_has_exactly_one_finding(is_monthly, since, missed, delay):
    finding = find_gap(
        is_monthly=is_monthly, days_since=since, missed_monthly=missed, delay_days=delay
    )
    assert [finding is known for known in GapFinding].count(True) == 1


@given(is_monthly=st.booleans(), missed=misses, delay=delays, since=st.lists(days, min_size=2))
def test_findings_never_get_milder_as_days_grow(is_monthly, missed, delay, since):
    severities = [
        find_gap(
            is_monthly=is_monthly, days_since=day, missed_monthly=missed, delay_days=delay
        ).severity
        for day in sorted(since)
    ]
    assert all(earlier <= later for earlier, later in pairwise(severities))


def test_findings_that_end_a_course_need_a_decision_too():
    assert all(finding.needs_decision for finding in GapFinding if finding.ends_course)


def test_the_limits_stand_in_the_sources_document():
    section = SOURCES_DOC.read_text().split("\n## Long gaps\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ][2:]
    documented = [
        (phase == "monthly", int(number), finding)
        for phase, span, finding, _source in rows
        for number in span.replace("up to", "").replace("from", "").split("to")
    ]
    assert len(documented) == 14
    for is_monthly, number, finding in documented:
        assert find_gap(is_monthly=is_monthly, days_since=number) == finding
    edges = {(is_monthly, number) for is_monthly, number, _finding in documented}
    for is_monthly in (False, True):
        for day in range(1, 400):
            before, after = (find_gap(is_monthly=is_monthly, days_since=d) for d in (day - 1, day))
            assert before is after or {(is_monthly, day - 1), (is_monthly, day)} & edges


# Words


def test_every_gap_is_said_in_a_sentence_and_a_kept_one_is_not_mentioned():
    said = {
        finding: gap_words(finding, days_since=24, last=3, following=4, may_add=True)
        for finding in GapFinding
    }
    assert said.pop(GapFinding.ON_TIME) == ""
    assert all(words.startswith("24 days since session 3. ") for words in said.values())
    assert len(set(said.values())) == len(said)


@pytest.mark.parametrize(
    ("may_add", "words"),
    [
        (True, "24 days since session 3. A prescriber decides: go on, or add a session."),
        (False, "24 days since session 3. A prescriber decides whether the course goes on."),
    ],
)
def test_a_course_of_15_sessions_cannot_grow(may_add, words):
    assert (
        gap_words(GapFinding.REVIEW, days_since=24, last=3, following=4, may_add=may_add) == words
    )


# Of a course


@pytest.mark.django_db
def test_a_course_without_a_delivered_session_has_no_gap(desk):
    desk.book(1, 0)
    assert found(desk, 60) is None
    assert decided_about(desk, 60) == []


@pytest.mark.django_db
def test_days_count_from_the_last_delivered_session_not_from_a_missed_one(desk):
    desk.give(1, 0)
    miss(desk, 2, 8)
    gap = found(desk, 24)
    assert (gap.finding, gap.days_since, gap.last, gap.following) == (GapFinding.REVIEW, 24, 1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "is_listed"), [(21, False), (22, True), (50, True)])
def test_only_gaps_to_decide_about_are_listed(desk, after, is_listed):
    desk.give(1, 0)
    assert bool(decided_about(desk, after)) is is_listed


@pytest.mark.django_db
def test_a_new_time_ends_a_mere_delay(desk):
    desk.give(1, 0)
    assert found(desk, 16).finding is GapFinding.LATE
    desk.book(2, 18, late_reason=AWAY, by=desk.practitioner)
    assert found(desk, 16) is None


@pytest.mark.django_db
def test_a_clinicians_reason_for_the_late_time_settles_a_review(desk):
    desk.give(1, 0)
    desk.book(2, 8)
    assert decided_about(desk, 24) == [desk.course.pk]
    desk.book(2, 26, late_reason=AWAY, by=desk.practitioner)
    assert decided_about(desk, 24) == []


@pytest.mark.django_db
def test_a_new_assessment_settles_a_new_screening(desk):
    desk.give(1, 0)
    assert found(desk, 43).finding is GapFinding.RESCREEN
    AssessmentFactory(
        patient=desk.course.patient,
        indication=desk.course.indication,
        assessed_on=desk.day(0),
    )
    assert decided_about(desk, 43) == [desk.course.pk]
    AssessmentFactory(
        patient=desk.course.patient,
        indication=desk.course.indication,
        assessed_on=desk.day(43),
    )
    assert decided_about(desk, 43) == []
    assert found(desk, 43) is None


@pytest.mark.django_db
def test_a_course_lapses_with_the_second_monthly_visit_missed_in_a_row(monthly):
    miss(monthly, 2, 30)
    assert found(monthly, 34) is None
    miss(monthly, 2, 33)
    assert found(monthly, 34).finding is GapFinding.LAPSED
    assert decided_about(monthly, 34) == [monthly.course.pk]


@pytest.mark.django_db
def test_a_new_time_after_missed_visits_keeps_the_course_alive(monthly):
    miss(monthly, 2, 30)
    miss(monthly, 2, 33)
    monthly.book(2, 35)
    assert found(monthly, 34) is None
    assert decided_about(monthly, 34) == []


@pytest.mark.django_db
def test_a_delivered_session_begins_the_count_anew(monthly):
    miss(monthly, 2, 30)
    monthly.give(2, 33)
    miss(monthly, 3, 62)
    assert found(monthly, 63) is None


@pytest.mark.django_db
def test_a_suspended_course_has_no_gap(desk):
    desk.give(1, 0)
    stopping.suspend_course(
        course=desk.course, reason="On a journey", by=desk.practitioner, at=desk.moment(1)
    )
    assert found(desk, 90) is None
    assert decided_about(desk, 90) == []


@pytest.mark.django_db
def test_another_sites_courses_are_not_listed(desk):
    other = Desk()
    other.give(1, 0)
    assert decided_about(desk, 30) == []
    assert decided_about(other, 30) == [other.course.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("courses", [1, 4])
def test_listing_takes_the_same_queries_however_many_courses_wait(
    desk, courses, django_assert_num_queries
):
    desk.give(1, 0)
    for hour in range(11, 10 + courses):
        other = desk.neighbour()
        other.book(1, 0, f"{hour}:00")
        other.arrive(1)
        other.deliver(1, 0)
    with django_assert_num_queries(5):
        assert len(gaps_to_decide(desk.site, desk.day(50))) == courses


# Lapsing


def lapse(desk, after, by=None):
    return lapsing.lapse_course(
        course=desk.course, by=by or desk.practitioner, at=desk.moment(after)
    )


@pytest.mark.django_db
def test_lapsing_ends_the_course_with_its_gap_as_the_reason(monthly):
    course = lapse(monthly, 181)
    assert (course.status, course.ended_at) == ("LAPSED", monthly.moment(181))
    assert course.status_reason.startswith("181 days since session 1.")
    line = AuditEvent.objects.get(kind=audit.Kind.COURSE_LAPSED)
    assert (line.by, line.patient_id) == (monthly.practitioner, course.patient_id)


@pytest.mark.django_db
def test_lapsing_gives_booked_times_back(monthly):
    place = monthly.book(2, 200, late_reason=AWAY, by=monthly.practitioner)
    lapse(monthly, 181)
    place.refresh_from_db()
    assert (place.status, place.cancel_reason) == ("CANCELLED", "CLINIC")
    assert Appointment.objects.live().exclude(status="DONE").count() == 0


@pytest.mark.django_db
def test_a_course_that_has_not_lapsed_is_not_ended(monthly):
    with pytest.raises(CourseRefused) as refused:
        lapse(monthly, 100)
    assert "has not lapsed" in refused.value.problem
    with pytest.raises(CourseRefused):
        lapse(monthly, 20)
    assert TreatmentCourse.objects.get(pk=monthly.course.pk).is_active


@pytest.mark.django_db
def test_a_course_does_not_lapse_while_its_patient_is_here(monthly):
    monthly.book(2, 190, late_reason=AWAY, by=monthly.practitioner)
    monthly.arrive(2)
    with pytest.raises(CourseRefused, match="under way"):
        lapse(monthly, 190)


# On the pages


def page_of(client, desk, name, after, user):
    with time_machine.travel(MORNING + timedelta(days=after), tick=False):
        client.force_login(user)
        pk = desk.course.patient_id if name.startswith("patients:") else desk.course.pk
        args = [] if name == "sessions:follow-ups" else [pk]
        return client.get(reverse(name, args=args)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["sessions:course-detail", "patients:patient-detail", "sessions:follow-ups"]
)
def test_a_long_gap_is_said_on_the_course_the_patient_and_the_follow_ups(desk, client, name):
    desk.give(1, 0)
    words = "24 days since session 1. A prescriber decides: go on, or add a session."
    assert words not in page_of(client, desk, name, 9, desk.practitioner)
    assert words in page_of(client, desk, name, 24, desk.practitioner)


@pytest.mark.django_db
def test_only_who_decides_about_courses_gets_the_button_to_lapse_one(monthly, client):
    url = reverse("sessions:course-lapse", args=[monthly.course.pk])
    page = page_of(client, monthly, "sessions:course-detail", 181, monthly.practitioner)
    assert url in page
    page = page_of(client, monthly, "sessions:course-detail", 181, monthly.reception)
    assert "Plan a new course, with a new consent." in page
    assert url not in page
    assert url not in page_of(client, monthly, "sessions:course-detail", 100, monthly.practitioner)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "status", "words"),
    [(181, "LAPSED", "The course has ended as lapsed."), (90, "ACTIVE", "has not lapsed")],
)
def test_lapsing_from_the_page(monthly, client, after, status, words):
    with time_machine.travel(MORNING + timedelta(days=after), tick=False):
        client.force_login(monthly.practitioner)
        url = reverse("sessions:course-lapse", args=[monthly.course.pk])
        answer = client.post(url, follow=True)
    assert words in answer.content.decode()
    assert TreatmentCourse.objects.get(pk=monthly.course.pk).status == status


@pytest.mark.django_db
def test_reception_lapses_no_course(monthly, client):
    client.force_login(monthly.reception)
    answer = client.post(reverse("sessions:course-lapse", args=[monthly.course.pk]))
    assert answer.status_code == 403


# Adding a session


def add(desk, after):
    return add_initial_session(course=desk.course, by=desk.practitioner, at=desk.moment(after))


@pytest.mark.django_db
def test_a_prescriber_answers_a_long_gap_with_one_session_more(desk):
    desk.give(1, 0)
    total, initial = desk.course.total_sessions, desk.course.initial_sessions
    course = add(desk, 24)
    assert (course.total_sessions, course.initial_sessions) == (total + 1, initial + 1)
    assert desk.statuses() == ["DONE", *["PLANNED"] * total]
    # What was the first monthly session is an initial one now.
    before = desk.window(initial)[1]
    assert desk.window(initial + 1)[0] == before + 7
    assert list(find_violations(desk.moment(24), Counter())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("after", [12, 60])
def test_other_gaps_add_no_session(desk, after):
    desk.give(1, 0)
    with pytest.raises(CourseRefused) as refused:
        add(desk, after)
    assert "does not ask" in refused.value.problem


@pytest.mark.django_db
def test_a_course_never_has_more_than_fifteen_sessions():
    desk = Desk(total_sessions=15, initial_sessions=5)
    desk.give(1, 0)
    with pytest.raises(CourseRefused) as refused:
        add(desk, 24)
    assert "15" in refused.value.problem


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "words"), [(24, "one session more"), (60, "does not ask")])
def test_the_button_adds_a_session_or_says_why_not(desk, client, after, words):
    desk.give(1, 0)
    with time_machine.travel(desk.moment(after), tick=False):
        client.force_login(desk.practitioner)
        url = reverse("sessions:course-add-session", args=[desk.course.pk])
        assert words in client.post(url, follow=True).content.decode()


@pytest.mark.django_db
def test_booked_sessions_that_change_phase_are_pointed_out(client, site, clinic_profile):
    desk = Desk(site=site, total_sessions=3, initial_sessions=2)
    desk.give(1, 0)
    desk.book(2, 8)
    desk.book(3, 38)
    with time_machine.travel(desk.moment(24), tick=False):
        client.force_login(desk.practitioner)
        url = reverse("sessions:course-add-session", args=[desk.course.pk])
        assert "outside its window" in client.post(url, follow=True).content.decode()
