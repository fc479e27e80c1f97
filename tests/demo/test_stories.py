"""The bigger clinics, worked out but not played: every course keeps to the rules of the chain."""

import itertools
from datetime import UTC, datetime
from random import Random

import pytest

from demo.clinic_plan import LINDEN, open_clinic
from demo.clinic_seed import SIZES, plan_stories
from demo.courses import Courses
from demo.diary import Diary
from demo.patients import invent
from demo.stories import ENDED, Fate, NoTime, Planner
from sessions.domain.windows import Step, chain
from tests.demo.seeding import TUESDAY

SUNDAY_NIGHT = datetime(2026, 11, 22, 23, 40, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[("medium", TUESDAY), ("medium", SUNDAY_NIGHT), ("large", TUESDAY)])
def planned(request):
    """A clinic with its diary and its stories."""
    size, now = request.param
    clinic, random = open_clinic(now), Random(1)
    diary = Diary(clinic, random)
    return clinic, diary, plan_stories(SIZES[size], clinic, diary, random), SIZES[size]


def test_every_course_keeps_to_the_rules_of_the_chain(planned):
    clinic, _diary, stories, size = planned
    assert len(stories) == size.patients
    late = 0
    for course in (course for story in stories for course in story.courses):
        standing = {visit.number: visit for visit in course.visits if visit.fate not in ENDED}
        assert sorted(standing) == list(range(1, len(standing) + 1))
        steps = [Step(number, booked_on=standing[number].day) for number in sorted(standing)]
        for link in chain(course.plan.cadence, course.first_on, steps):
            assert not link.is_early
            assert not link.is_late or standing[link.step.number].late
            late += link.is_late
        for visit in course.visits:
            assert (visit.fate is Fate.BOOKED) or visit.day <= clinic.today or visit.fate in ENDED
    assert late


def test_no_time_is_given_away_twice(planned):
    _clinic, _diary, stories, _size = planned
    spans = {}
    for story in stories:
        for course in story.courses:
            for visit in course.visits:
                slot = visit.slot
                for key in (("person", slot.practitioner), ("room", slot.room), id(story)):
                    spans.setdefault(key, []).append((slot.starts_at, slot.ends_at))
    for taken in spans.values():
        taken.sort()
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(taken))


def test_the_week_is_well_booked_and_today_is_full(planned):
    clinic, diary, stories, size = planned
    week = [clinic.today.fromordinal(clinic.today.toordinal() + days) for days in range(1, 7)]
    assert 0.5 < diary.fullness(LINDEN, week) < 0.9
    today = [
        visit
        for story in stories
        for course in story.courses
        for visit in course.visits
        if visit.day == clinic.today and course.plan.site == LINDEN
    ]
    assert len(today) >= size.today - 3


def test_a_full_diary_registers_without_a_plan():
    clinic, random = open_clinic(TUESDAY), Random(1)

    class FullDiary(Diary):
        def find(self, *args, **options):
            return None

    planner = Planner(clinic, FullDiary(clinic, random), random)
    courses = Courses(clinic, planner, random, most_done=3, reach_days=90)
    [patient] = invent(1, clinic, random)
    assert courses.running(patient).courses == []
    assert courses.completed(patient).courses == []
    with pytest.raises(NoTime):
        courses._running(patient, 1, 6)
