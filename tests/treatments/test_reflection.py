"""Time to reflect before the first session: what is noted, who may cut it short, the pages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.models import ClinicProfile
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.core import UserFactory
from tests.factories.sessions import planned_course
from tests.factories.treatments import AssessmentFactory, IndicationFactory
from tests.treatments.conftest import NOW
from treatments.actions.reflection import ReflectionRefused, note_explanation, waive_reflection
from treatments.models import Assessment, ConsentExplanation, ReflectionWaiver
from treatments.selectors.consents import read_standing

pytestmark = pytest.mark.usefixtures("now")

A_DAY = timedelta(hours=24)


@pytest.fixture
def doctor(site):
    return UserFactory(prescriber=True, first_name="Ines", last_name="Halloran")


@pytest.fixture
def course(patient, site):
    body = IndicationFactory(slug="body_sculpting", name="Body sculpting")
    return planned_course(patient=patient, indication=body, site=site)


@pytest.fixture(autouse=True)
def text(course):
    return ConsentTemplateFactory(indication=course.indication)


def left(course, at=NOW):
    return read_standing(course, at=at).reflection


def page(name, course):
    return reverse(f"treatments:{name}", args=[course.pk])


def words(answer):
    return " ".join(answer.content.decode().split())


class TestReading:
    def test_it_begins_with_the_signature_at_the_latest(self, course, text):
        assert left(course).ends_at is None
        ConsentFactory(of=course, template=text, signed_at=NOW)
        assert left(course).ends_at == NOW + A_DAY
        assert left(course, NOW + A_DAY) is None

    def test_it_begins_with_the_explanation_if_that_comes_first(
        self, course, text, clinician, audited
    ):
        note_explanation(course=course, by=clinician, at=NOW)
        ConsentFactory(of=course, template=text, signed_at=NOW + timedelta(hours=20))
        assert left(course).ends_at == NOW + A_DAY
        assert audited() == ["consent.explained"]

    @pytest.mark.parametrize(
        ("days_ago", "is_left"), [(0, True), (1, True), (2, False), (365, True)]
    )
    def test_it_begins_with_the_end_of_the_day_of_the_consultation(
        self, course, clinician, days_ago, is_left
    ):
        AssessmentFactory(
            patient=course.patient,
            indication=course.indication,
            kind=Assessment.Kind.GENERAL,
            assessed_on=(NOW - timedelta(days=days_ago)).date(),
        )
        assert (left(course) is not None) is is_left

    def test_the_clinic_sets_the_hours(self, course, clinician):
        note_explanation(course=course, by=clinician, at=NOW)
        ClinicProfile.objects.update(reflect_hours=48)
        assert left(course).ends_at == NOW + 2 * A_DAY
        ClinicProfile.objects.update(reflect_hours=0)
        assert left(course) is None

    def test_more_than_two_weeks_are_refused(self, course):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClinicProfile.objects.update(reflect_hours=337)

    def test_it_is_no_matter_once_a_session_was_delivered(self, course):
        course.sessions.filter(number=1).update(status="DONE", delivered_on=NOW.date())
        assert left(course) is None


class TestActions:
    def test_nothing_is_explained_twice(self, course, clinician):
        note_explanation(course=course, by=clinician, at=NOW)
        with pytest.raises(ReflectionRefused, match="any more"):
            note_explanation(course=course, by=clinician, at=NOW)

    def test_a_prescriber_cuts_it_short_with_a_reason(self, course, doctor, audited):
        waiver = waive_reflection(course=course, reason=" Flies home. ", by=doctor, at=NOW)
        assert (waiver.reason, waiver.by, waiver.at) == ("Flies home.", doctor, NOW)
        assert left(course) is None
        assert audited() == ["consent.reflection_waived"]
        with pytest.raises(ReflectionRefused, match="No session waits"):
            waive_reflection(course=course, reason="Again", by=doctor, at=NOW)

    def test_nobody_else_cuts_it_short(self, course, clinician):
        with pytest.raises(ReflectionRefused, match="Only a prescriber"):
            waive_reflection(course=course, reason="Flies home.", by=clinician, at=NOW)

    def test_it_is_not_cut_short_without_a_reason(self, course, doctor):
        with pytest.raises(ValidationError):
            waive_reflection(course=course, reason=" ", by=doctor, at=NOW)
        assert not ReflectionWaiver.objects.exists()

    def test_a_course_that_ended_waits_for_nothing(self, course, doctor):
        type(course).objects.update(status="COMPLETED", ended_at=NOW)
        with pytest.raises(ReflectionRefused, match="has ended"):
            note_explanation(course=course, by=doctor, at=NOW)

    def test_what_was_noted_is_never_changed(self, course, doctor, clinician):
        note_explanation(course=course, by=clinician, at=NOW)
        waive_reflection(course=course, reason="Flies home.", by=doctor, at=NOW)
        for model, change in (
            (ReflectionWaiver, {"reason": "x"}),
            (ConsentExplanation, {"at": NOW - A_DAY}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.update(**change)
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.all()._raw_delete(model.objects.db)


class TestPages:
    def test_a_clinician_notes_that_it_was_explained(self, clinician_client, course):
        said = words(clinician_client.get(page("consent-list", course)))
        assert "Time to reflect begins when a clinician has explained" in said
        assert page("reflection-waive", course) not in said
        answer = clinician_client.post(
            page("consent-explain", course), {"patient": course.patient_id}
        )
        assert answer["Location"] == page("consent-list", course)
        said = words(clinician_client.get(page("consent-list", course)))
        assert "Time to reflect until 27 November 2026" in said
        assert "I have explained it now" not in said
        answer = clinician_client.post(
            page("consent-explain", course), {"patient": course.patient_id}, follow=True
        )
        assert "any more" in words(answer)

    def test_reception_sees_until_when(self, clinician, reception_client, course):
        note_explanation(course=course, by=clinician, at=NOW)
        url = reverse("patients:patient-detail", args=[course.patient_id])
        assert "Time to reflect until 27 November 2026" in words(reception_client.get(url))

    def test_a_prescriber_signs_that_it_begins_earlier(self, client, doctor, course):
        client.force_login(doctor)
        url = page("reflection-waive", course)
        assert url in words(client.get(page("consent-list", course)))
        assert client.get(url).status_code == 200
        posted = {"patient": course.patient_id, "reason": "Flies home."}
        assert client.post(url, posted | {"reason": " "}).status_code == 422
        assert client.post(url, posted)["Location"] == page("consent-list", course)
        assert "Flies home." in words(client.get(page("consent-list", course)))
        again = client.post(url, posted)
        assert again.status_code == 409
        assert "No session waits" in words(again)

    def test_a_form_of_another_patient_is_refused(self, client, doctor, course):
        client.force_login(doctor)
        for name in ("consent-explain", "reflection-waive"):
            answer = client.post(page(name, course), {"patient": "0", "reason": "Flies home."})
            assert answer.status_code == 409
            assert "another patient" in words(answer)
        assert left(course).ends_at is None

    def test_other_clinicians_do_not_sign_it(self, clinician_client, course):
        assert clinician_client.get(page("reflection-waive", course)).status_code == 403
