"""The pages of outcomes: what is due, scoring, correcting, printing, and who may see them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from meso_clinic.core.audit import Kind
from meso_clinic.core.models import AuditEvent
from records.models import OutcomeAssessment
from tests.factories.outcomes import OutcomeFactory
from tests.records.conftest import NOW
from tests.records.scoring import ScoringDesk

pytestmark = pytest.mark.django_db

KEY = "5b0c2f0e-8f0c-4d55-9a3f-9a2f4f9f6a01"


@pytest.fixture
def desk(clinic_profile):
    """The first session is two days from now."""
    return ScoringDesk(
        total_sessions=4, initial_sessions=2, first_on=NOW.date() + timedelta(days=2)
    )


@pytest.fixture
def begun(desk):
    """A course whose initial phase ended three days ago."""
    begun = ScoringDesk(
        total_sessions=4,
        initial_sessions=2,
        first_on=NOW.date() - timedelta(days=12),
        site=desk.site,
    )
    begun.score("BASELINE", -2, nm="2", circumference_cm="92")
    begun.give_all(0, 9)
    return begun


@pytest.fixture
def client(desk, client):
    client.force_login(desk.practitioner)
    return client


def url(name, pk):
    return reverse(f"records:outcome-{name}", args=[pk])


def typed(desk, **changes):
    return {
        "occasion": "BASELINE",
        "assessed_on": NOW.date().isoformat(),
        "rated_by": desk.practitioner.pk,
        "patient": desk.course.patient_id,
        "key": KEY,
        "notes": "72 cm from the floor",
        "nm-clinician-value": "2",
        "circumference_cm-clinician-left-value": "58.4",
    } | changes


def text(answer):
    return " ".join(answer.content.decode().split())


class TestList:
    def test_a_course_without_scores_says_what_a_baseline_is_for(self, client, desk):
        page = text(client.get(url("list", desk.course.pk)))
        assert "No scores yet" in page
        assert "show whether the course helps" in page
        assert "Due now" in page
        assert f"{url('add', desk.course.pk)}?occasion=BASELINE" in page

    def test_values_are_drawn_and_listed_with_their_change(self, client, begun):
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="88.3")
        page = text(client.get(url("list", begun.course.pk)))
        assert "Lower is better" in page
        assert "Better: −3.7 cm, −4 %" in page
        assert "No measurable change" in page
        assert 'role="img"' in page
        assert "88.3 cm" in page
        assert "2 (Dimples standing, not lying)" in page

    def test_no_change_at_all_asks_for_a_review_or_a_stop(self, client, begun):
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="91.5")
        page = text(client.get(url("list", begun.course.pk)))
        assert "Review the course with the patient, or stop it." in page
        assert reverse("sessions:course-stop", args=[begun.course.pk]) in page

    def test_a_corrected_value_stays_readable(self, client, begun):
        [old] = OutcomeAssessment.objects.filter(scale="circumference_cm")
        OutcomeFactory(
            course=begun.course, value=90, replaces=old, reason="Typing slip", recorded_at=NOW
        )
        page = text(client.get(url("list", begun.course.pk)))
        assert "<s>92 cm" in page
        assert "Typing slip" in page

    def test_pigment_is_asked_for_again(self, client, clinic_profile):
        pigment = ScoringDesk("ageing_pigmentation", first_on=NOW.date() - timedelta(days=40))
        pigment.score("BASELINE", -2, wsrs="3", mmasi="12.4")
        page = text(client.get(url("list", pigment.course.pk)))
        assert "Pigment again" in page
        assert "Left" in page

    def test_the_number_of_queries_does_not_grow(
        self, client, begun, django_assert_max_num_queries
    ):
        client.get(url("list", begun.course.pk))  # The rail keeps its number from now on.
        with django_assert_max_num_queries(20) as few:
            client.get(url("list", begun.course.pk))
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="88.3", css="6", gais="2")
        with django_assert_max_num_queries(len(few)):
            client.get(url("list", begun.course.pk))

    def test_the_page_says_who_scored(self, client, clinic_profile):
        hair = ScoringDesk("hair_loss", first_on=NOW.date() - timedelta(days=3))
        hair.score("BASELINE", -2, sinclair="2", hair_density="90")
        page = text(client.get(url("list", hair.course.pk)))
        assert f"{hair.practitioner.display_name}, by device" in page
        assert "Higher is better" in page

    def test_it_prints_without_buttons_to_correct(self, client, begun):
        page = text(client.get(url("print", begun.course.pk)))
        assert "92 cm" in page
        assert "/correct/" not in page


class TestScoring:
    def test_several_scales_are_kept_at_once(self, client, desk):
        answer = client.post(url("add", desk.course.pk), typed(desk))
        assert answer.status_code == 302
        kept = OutcomeAssessment.objects.order_by("scale").values_list(
            "scale", "side", "value", "notes"
        )
        assert [(scale, side, float(value)) for scale, side, value, _notes in kept] == [
            ("circumference_cm", "LEFT", 58.4),
            ("nm", "", 2.0),
        ]
        assert {notes for *_row, notes in kept} == {"72 cm from the floor"}

    def test_the_page_begins_with_what_is_due(self, client, desk, begun):
        page = client.get(url("add", desk.course.pk))
        assert page.context["form"]["occasion"].value() == "BASELINE"
        assert "Improvement since before" not in text(page)
        page = client.get(url("add", begun.course.pk))
        assert page.context["form"]["occasion"].value() == "MID_COURSE"
        assert "Improvement since before" in text(page)
        assert f"The baseline was scored by {begun.practitioner.display_name}." in text(page)

    def test_an_occasion_of_the_address_is_chosen_if_there_is_one(self, client, desk):
        for asked, chosen in (("END", "END"), ("LATER", "BASELINE")):
            page = client.get(url("add", desk.course.pk), {"occasion": asked})
            assert page.context["form"]["occasion"].value() == chosen

    def test_more_scales_are_offered_on_request(self, client, desk):
        assert "beside photos" not in text(client.get(url("add", desk.course.pk)))
        assert "beside photos" in text(client.get(url("add", desk.course.pk), {"more": 1}))
        data = typed(desk, more="1", **{"prpcss-patient-value": "3"})
        client.post(url("add", desk.course.pk), data)
        assert OutcomeAssessment.objects.get(scale="prpcss").rated_by is None

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            (
                {"nm-clinician-value": "", "circumference_cm-clinician-left-value": ""},
                "Nothing is scored",
            ),
            ({"nm-clinician-value": "2.5"}, "Cellulite grade must be 0 to 3, in steps of 1."),
            ({"circumference_cm-clinician-left-value": "nine"}, "Circumference must be 10 to 250"),
            ({"circumference_cm-clinician-left-value": "1e999"}, "Circumference must be 10 to 250"),
            ({"circumference_cm-clinician-left-value": "58.44"}, "in steps of 0.1"),
            ({"circumference_cm-clinician-left-value": "NaN"}, "Circumference must be 10 to 250"),
            ({"assessed_on": "2026-12-24"}, "must not be in the future"),
            ({"assessed_on": "yesterday"}, "must be a real date"),
            ({"occasion": "LATER"}, "Choose an occasion"),
            ({"rated_by": "9" * 30}, "Choose another"),
            ({"key": "none"}, "valid UUID"),
            ({"notes": "x" * 2001}, "2000 characters at most"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client, desk, changes, sentence):
        answer = client.post(url("add", desk.course.pk), typed(desk, **changes))
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert "There is a problem" in text(answer)
        assert "72 cm from the floor" in text(answer) or "notes" in changes
        assert not OutcomeAssessment.objects.exists()

    def test_a_day_with_a_session_asks_whether_it_was_before(self, client, begun):
        data = typed(
            begun,
            occasion="MID_COURSE",
            assessed_on=begun.day(9).isoformat(),
            **{"nm-clinician-value": "1"},
        )
        answer = client.post(url("add", begun.course.pk), data)
        assert answer.status_code == 422
        assert "Session 2 was given on that day" in text(answer)
        answer = client.post(url("add", begun.course.pk), {**data, "is_before_session": "on"})
        assert answer.status_code == 302

    def test_a_form_of_another_patient_is_not_kept(self, client, desk, begun):
        answer = client.post(url("add", begun.course.pk), typed(desk))
        assert answer.status_code == 409
        assert "made for another patient" in text(answer)
        assert OutcomeAssessment.objects.filter(notes__startswith="72").count() == 0

    def test_a_form_sent_twice_is_kept_once(self, client, desk):
        for _time in range(2):
            assert client.post(url("add", desk.course.pk), typed(desk)).status_code == 302
        assert OutcomeAssessment.objects.count() == 2

    def test_a_second_value_of_one_day_is_refused(self, client, desk):
        client.post(url("add", desk.course.pk), typed(desk))
        again = typed(desk, key="5b0c2f0e-8f0c-4d55-9a3f-9a2f4f9f6a02")
        answer = client.post(url("add", desk.course.pk), again)
        assert answer.status_code == 422
        assert "has a value of that day already" in text(answer)


class TestPigment:
    PARTS = ("forehead", "left_cheek", "right_cheek", "chin")

    @pytest.fixture
    def pigment(self, clinic_profile):
        return ScoringDesk("ageing_pigmentation", first_on=NOW.date() + timedelta(days=2))

    def marks(self, area, darkness):
        marks = {f"mmasi-{part}_area": area for part in self.PARTS}
        return marks | {f"mmasi-{part}_darkness": darkness for part in self.PARTS}

    def data(self, desk, **marks):
        return {
            **typed(desk, **{"nm-clinician-value": "", "wsrs-clinician-left-value": "3"}),
            **marks,
        }

    def test_the_score_is_worked_out(self, client, pigment):
        client.post(url("add", pigment.course.pk), self.data(pigment, **self.marks("6", "4")))
        kept = OutcomeAssessment.objects.get(scale="mmasi")
        assert kept.value == 24
        assert kept.label.startswith("forehead 6 × 4, left cheek 6 × 4")

    def test_all_parts_are_scored_or_none(self, client, pigment):
        half = self.marks("3", "2") | {"mmasi-chin_area": ""}
        answer = client.post(url("add", pigment.course.pk), self.data(pigment, **half))
        assert answer.status_code == 422
        assert "Score area and darkness of all four parts." in text(answer)
        assert "#id_mmasi-chin_area" in text(answer)

    def test_pigment_that_is_not_treated_is_left_empty(self, client, pigment):
        assert client.post(url("add", pigment.course.pk), self.data(pigment)).status_code == 302
        assert [one.scale for one in OutcomeAssessment.objects.all()] == ["wsrs"]

    def test_a_mark_that_there_is_not_is_refused(self, client, pigment):
        wrong = self.marks("3", "2") | {"mmasi-chin_area": "7"}
        answer = client.post(url("add", pigment.course.pk), self.data(pigment, **wrong))
        assert answer.status_code == 422
        assert "Choose a number of the list." in text(answer)


class TestCorrecting:
    @pytest.fixture
    def outcome(self, begun):
        return OutcomeAssessment.objects.get(scale="circumference_cm")

    def typed(self, outcome, **changes):
        return {
            "value": "90.5",
            "occasion": outcome.occasion,
            "assessed_on": outcome.assessed_on.isoformat(),
            "rated_by": outcome.rated_by_id,
            "patient": outcome.course.patient_id,
            "reason": "Read the wrong line",
        } | changes

    def test_the_page_begins_with_the_value(self, client, outcome):
        page = client.get(url("correct", outcome.pk))
        assert page.context["form"]["value"].value() == "92"
        assert "92 cm" in text(page)

    def test_a_new_row_takes_its_place(self, client, outcome):
        answer = client.post(url("correct", outcome.pk), self.typed(outcome))
        assert answer.status_code == 302
        assert outcome.replaced_by.reason == "Read the wrong line"

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"reason": ""}, "Say why the value is corrected."),
            ({"value": ""}, "Enter the value."),
            ({"value": "90.55"}, "in steps of 0.1"),
            ({"value": "5"}, "must be 10 to 250"),
            ({"assessed_on": "2026-12-24"}, "must not be in the future"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, outcome, changes, sentence):
        answer = client.post(url("correct", outcome.pk), self.typed(outcome, **changes))
        assert answer.status_code == 422
        assert sentence in text(answer)

    def test_of_two_people_the_second_is_told(self, client, outcome):
        client.post(url("correct", outcome.pk), self.typed(outcome))
        answer = client.post(url("correct", outcome.pk), self.typed(outcome, value="91"))
        assert answer.status_code == 409
        assert "corrected already" in text(answer)
        assert OutcomeAssessment.objects.current().filter(value="90.5").exists()

    def test_a_form_of_another_patient_is_not_kept(self, client, outcome):
        answer = client.post(url("correct", outcome.pk), self.typed(outcome, patient="1" * 9))
        assert answer.status_code == 409
        assert not hasattr(OutcomeAssessment.objects.get(pk=outcome.pk), "replaced_by")


class TestWhoMaySeeThem:
    @pytest.mark.parametrize("name", ["list", "add", "print"])
    def test_scores_are_for_clinicians(self, reception_client, admin_client, begun, name):
        for client in (reception_client, admin_client):
            assert client.get(url(name, begun.course.pk)).status_code == 403

    def test_reception_learns_that_a_baseline_is_missing_and_no_value(
        self, reception_client, begun
    ):
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="91.5")
        course = reverse("sessions:course-detail", args=[begun.course.pk])
        page = text(reception_client.get(course))
        assert "Baseline:" in page
        assert "No measurable change" not in page
        assert "/outcomes/" not in page

    def test_a_course_that_does_not_exist_has_no_outcomes(self, client):
        for name in ("list", "add", "print", "correct"):
            assert client.get(url(name, 2**63)).status_code == 404


class TestWhereItIsAskedFor:
    def test_the_page_of_the_course_says_so(self, client, begun, desk):
        page = text(client.get(reverse("sessions:course-detail", args=[desk.course.pk])))
        assert "Due before session 1" in page
        assert f"{url('add', desk.course.pk)}?occasion=BASELINE" in page
        page = text(client.get(reverse("sessions:course-detail", args=[begun.course.pk])))
        assert "Scores due:" in page
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="91.5")
        page = text(client.get(reverse("sessions:course-detail", args=[begun.course.pk])))
        assert "Result:" in page
        assert "No measurable change since the baseline." in page

    def test_a_draft_asks_for_nothing_yet(self, client, desk):
        course = desk.course
        course.status, course.activated_at = "DRAFT", None
        course.save()
        page = text(client.get(reverse("sessions:course-detail", args=[course.pk])))
        assert "Baseline:" not in page

    def test_the_page_of_the_patient_says_that_it_is_missing(self, client, clinic_profile):
        late = ScoringDesk(first_on=NOW.date() - timedelta(days=3))
        late.give_all(0)
        page = text(client.get(reverse("patients:patient-detail", args=[late.course.patient_id])))
        assert "Baseline:" in page
        assert "Missing" in page

    def test_the_checks_of_session_1_show_it_and_stop_nobody(self, client, clinic_profile):
        desk = ScoringDesk(first_on=NOW.date())
        desk.book(1, 0)
        desk.arrive(1)
        step = reverse("records:record-step", args=[desk.session(1).pk, "checks"])
        page = text(client.get(step))
        assert "Baseline: missing" in page
        answer = client.post(step, {"version": "0", "all_clear": "1"})
        assert answer.status_code == 302
        assert AuditEvent.objects.filter(kind=Kind.BASELINE_MISSING).count() == 1

    def test_later_checks_do_not_show_it(self, client, begun):
        begun.book(3, 40, clock="9:00")
        step = reverse("records:record-step", args=[begun.session(3).pk, "checks"])
        assert "Baseline: missing" not in text(client.get(step))

    def follow_ups(self, client):
        return text(client.get(reverse("sessions:follow-ups")))

    def test_the_follow_ups_list_what_is_due(self, client, begun):
        page = self.follow_ups(client)
        assert "Scores are due" in page
        assert "To be scored: Mid-course." in page
        assert f"{url('add', begun.course.pk)}?occasion=MID_COURSE" in page
        begun.score("MID_COURSE", 11, nm="2", circumference_cm="91.5")
        assert "Scores are due" not in self.follow_ups(client)

    def test_a_baseline_is_listed_shortly_before_a_booked_first_session(self, client, desk):
        assert "To be scored: Baseline." not in self.follow_ups(client)
        desk.book(1, 0)
        assert "To be scored: Baseline." in self.follow_ups(client)

    def test_a_first_session_that_is_far_away_can_wait(self, client, desk):
        desk.book(1, 9)
        assert "To be scored" not in self.follow_ups(client)

    def test_a_course_that_was_never_scored_is_not_chased(self, client, clinic_profile):
        old = ScoringDesk(first_on=NOW.date() - timedelta(days=12), initial_sessions=2)
        old.give_all(0, 9)
        assert "To be scored" not in self.follow_ups(client)
