"""Scores are kept once, never changed, and corrected by a row of their own."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from meso_clinic.core.audit import Kind
from meso_clinic.core.models import AuditEvent
from records.actions import drafts
from records.actions.outcomes import (
    AlreadyCorrected,
    OutcomeRefused,
    Sitting,
    correct_outcome,
)
from records.models import OutcomeAssessment
from tests.factories.outcomes import OutcomeFactory
from tests.records.scoring import ScoringDesk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return ScoringDesk(total_sessions=4, initial_sessions=2)


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


class TestRecording:
    def test_values_are_kept_with_the_words_that_were_shown(self, desk):
        grade, waist = desk.score("BASELINE", -2, nm="2", circumference_cm="92.5")
        assert (grade.label, grade.rated_by) == ("Dimples standing, not lying", desk.practitioner)
        assert (waist.value, waist.label) == (Decimal("92.5"), "")
        assert kinds()[-2:] == [Kind.OUTCOME_RECORDED] * 2
        assert AuditEvent.objects.latest("pk").patient_id == desk.course.patient_id

    def test_what_a_patient_scored_has_no_clinician_as_rater(self, desk):
        [one] = desk.score("OTHER", -2, satisfaction="4")
        assert one.rated_by is None

    def test_the_same_form_sent_twice_is_kept_once(self, desk):
        key = uuid4()
        first = desk.score("BASELINE", -2, key=key, nm="2")
        assert desk.score("BASELINE", -2, key=key, nm="3") == first
        assert OutcomeAssessment.objects.count() == 1

    def test_a_key_of_another_course_is_refused(self, desk):
        key = uuid4()
        desk.score("BASELINE", -2, key=key, nm="2")
        other = ScoringDesk("body_sculpting")
        with pytest.raises(OutcomeRefused, match="another course"):
            other.score("BASELINE", -2, key=key, circumference_cm="90")

    def test_nothing_is_no_sitting(self, desk):
        with pytest.raises(OutcomeRefused, match="Nothing is scored"):
            desk.score("BASELINE", -2)

    def test_the_future_is_refused(self, desk):
        with pytest.raises(OutcomeRefused, match="future") as refused:
            desk.score("BASELINE", 3, at=desk.moment(2, "12:00"), nm="2")
        assert refused.value.field == "assessed_on"

    def test_a_baseline_is_never_from_after_the_first_session(self, desk):
        desk.give_all(0)
        with pytest.raises(OutcomeRefused, match="before session 1 on Thu 26 Nov") as refused:
            desk.score("BASELINE", 1, nm="2")
        assert refused.value.field == "occasion"

    def test_a_skin_that_was_treated_that_day_is_not_scored(self, desk):
        desk.give_all(0, 7)
        with pytest.raises(OutcomeRefused, match="Session 2 was given on that day") as refused:
            desk.score("MID_COURSE", 7, nm="2")
        assert refused.value.field == "is_before_session"
        assert not OutcomeAssessment.objects.exists()

    def test_a_skin_that_is_being_treated_is_not_scored_either(self, desk):
        desk.course.sessions.filter(number=1).update(status="IN_TREATMENT")
        with pytest.raises(OutcomeRefused, match="Session 1 was given on that day"):
            desk.score("BASELINE", 0, at=desk.moment(0, "12:00"), nm="2")

    def test_a_score_from_before_the_session_is_kept_and_says_so(self, desk):
        desk.give_all(0, 7)
        [first] = desk.score("BASELINE", -2, nm="2")
        sitting = Sitting(
            occasion="BASELINE",
            assessed_on=desk.day(0),
            rated_by=desk.practitioner,
            is_before_session=True,
        )
        again = correct_outcome(
            outcome=first,
            sitting=sitting,
            value=Decimal(2),
            reason="Other day",
            by=desk.practitioner,
            at=desk.moment(9),
        )
        assert again.is_before_session

    def test_one_day_has_one_value(self, desk):
        desk.score("BASELINE", -2, nm="2")
        with pytest.raises(OutcomeRefused, match="value of that day already: 2"):
            desk.score("OTHER", -2, nm="3")

    def test_what_compares_with_before_has_no_baseline(self, desk):
        with pytest.raises(OutcomeRefused, match="has no baseline"):
            desk.score("BASELINE", -2, gais="3")

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"nm": "2.5"}, "must be 0 to 3, in steps of 1"),
            ({"circumference_cm": "900"}, "must be 10 to 250, in steps of 0.1"),
            ({"unheard_of": "1"}, "not known"),
        ],
    )
    def test_a_value_that_the_scale_does_not_have_is_refused(self, desk, values, sentence):
        with pytest.raises(ValidationError, match=sentence):
            desk.score("BASELINE", -2, **values)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"side": "LEFT", "scale": "nm"}, "not scored on that side"),
            ({"rater": "PATIENT"}, "scored by somebody else"),
        ],
    )
    def test_side_and_rater_belong_to_the_scale(self, desk, change, sentence):
        with pytest.raises(ValidationError, match=sentence):
            OutcomeFactory.build(
                course=desk.course, recorded_by=desk.practitioner, **change
            ).full_clean()


class TestCorrecting:
    def correct(self, outcome, desk, **change):
        values = {"value": Decimal(90), "reason": "Read wrongly"} | change
        sitting = Sitting(
            occasion=outcome.occasion,
            assessed_on=outcome.assessed_on,
            rated_by=desk.practitioner,
        )
        return correct_outcome(
            outcome=outcome, sitting=sitting, by=desk.practitioner, at=desk.moment(0), **values
        )

    def test_the_old_value_stays_readable(self, desk):
        [old] = desk.score("BASELINE", -2, circumference_cm="92")
        new = self.correct(old, desk)
        old.refresh_from_db()
        assert (old.value, old.is_replaced) == (Decimal(92), True)
        assert (new.replaces, new.value, new.reason) == (old, Decimal(90), "Read wrongly")
        assert list(OutcomeAssessment.objects.current()) == [new]
        assert kinds()[-1] == Kind.OUTCOME_CORRECTED

    def test_it_asks_why(self, desk):
        [old] = desk.score("BASELINE", -2, circumference_cm="92")
        with pytest.raises(ValidationError, match="Say why"):
            self.correct(old, desk, reason="  ")

    def test_of_two_corrections_the_second_is_told(self, desk):
        [old] = desk.score("BASELINE", -2, circumference_cm="92")
        self.correct(old, desk)
        with pytest.raises(AlreadyCorrected, match="meanwhile"):
            self.correct(old, desk)


class TestTheTableItself:
    def test_a_score_is_never_changed_or_deleted(self, desk):
        [old] = desk.score("BASELINE", -2, nm="2")
        kept = OutcomeAssessment.objects.filter(pk=old.pk)
        for break_it in (lambda: kept.update(value=1), lambda: kept.delete()):
            with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
                break_it()
        with pytest.raises(ValidationError, match="never changed"):
            old.full_clean()

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"value": Decimal(-1)}, "outcome_value_is_sane"),
            ({"value": Decimal(1001)}, "outcome_value_is_sane"),
            ({"scale": ""}, "outcome_has_a_scale"),
            ({"rated_by": None}, "outcome_has_a_rater"),
            ({"reason": "Why not"}, "outcome_is_corrected_with_a_reason"),
        ],
    )
    def test_rows_that_cannot_be_right_are_refused(self, desk, change, name):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            OutcomeFactory(course=desk.course, **change)

    def test_a_sitting_is_kept_once(self, desk):
        known = OutcomeFactory(course=desk.course)
        with pytest.raises(IntegrityError), transaction.atomic():
            OutcomeFactory(course=desk.course, key=known.key)

    def test_a_score_is_corrected_once(self, desk):
        known = OutcomeFactory(course=desk.course)
        OutcomeFactory(course=desk.course, replaces=known, reason="One")
        with pytest.raises(IntegrityError), transaction.atomic():
            OutcomeFactory(course=desk.course, replaces=known, reason="Two")

    def test_its_name_tells_nothing_about_the_patient(self, desk):
        known = OutcomeFactory(course=desk.course)
        assert str(known) == f"outcome {known.pk}"


class TestBeginningWithoutABaseline:
    """R23: shown and kept, and nobody is stopped."""

    def begin(self, desk, number, after):
        desk.book(number, after)
        place = desk.arrive(number)
        return drafts.open_record(
            session=desk.session(number),
            by=desk.practitioner,
            at=place.starts_at + timedelta(minutes=1),
        )

    def test_it_is_noted_when_session_1_begins(self, desk):
        self.begin(desk, 1, 0)
        event = AuditEvent.objects.get(kind=Kind.BASELINE_MISSING)
        assert event.target == f"treatment_sessions.treatmentsession:{desk.session(1).pk}"

    def test_with_a_baseline_there_is_nothing_to_note(self, desk):
        desk.score("BASELINE", -2, nm="2", circumference_cm="92")
        self.begin(desk, 1, 0)
        assert Kind.BASELINE_MISSING not in kinds()

    def test_half_a_baseline_is_none(self, desk):
        desk.score("BASELINE", -2, nm="2")
        self.begin(desk, 1, 0)
        assert Kind.BASELINE_MISSING in kinds()

    def test_later_sessions_note_nothing(self, desk):
        desk.give_all(0)
        self.begin(desk, 2, 7)
        assert Kind.BASELINE_MISSING not in kinds()
