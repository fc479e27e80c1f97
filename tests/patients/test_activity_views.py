"""The patient's tabs of documents and of what was done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meso_clinic.core import audit
from meso_clinic.core.audit_words import KIND_WORDS
from patients import registry
from patients.selectors import LINES_A_PAGE, activity_of
from tests.factories.consents import ConsentFactory
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningFactory
from tests.factories.treatments import AT, TreatmentCourseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(site):
    return PatientFactory()


def documents(client, patient):
    return client.get(reverse("patients:patient-documents", args=[patient.pk])).content.decode()


def activity(client, patient, **asked):
    return client.get(reverse("patients:patient-activity", args=[patient.pk]), asked)


def do(patient, by, kind=audit.Kind.PATIENT_CHANGED, target=None):
    return audit.record(kind=kind, by=by, at=AT, target=target or patient, patient_id=patient.pk)


class TestDocuments:
    def test_none_yet_says_what_comes(self, reception_client, patient):
        assert "No document yet" in documents(reception_client, patient)

    def test_a_plan_is_printed_by_everybody_and_a_consent_read_by_clinicians(
        self, reception_client, clinician_client, patient
    ):
        course = TreatmentCourseFactory(patient=patient)
        consent = ConsentFactory(patient=patient, course=course)
        plan = reverse("sessions:course-print", args=[course.pk])
        file = reverse("treatments:consent-pdf", args=[consent.pk])
        page = documents(clinician_client, patient)
        assert f'href="{plan}"' in page
        assert f'href="{file}"' in page
        page = documents(reception_client, patient)
        assert f'href="{plan}"' in page
        assert "Consent:" not in page
        assert file not in page

    def test_what_was_declined_says_so(self, clinician_client, patient):
        course = TreatmentCourseFactory(patient=patient)
        ConsentFactory(patient=patient, course=course, is_given=False)
        assert "Declined: " in documents(clinician_client, patient)

    def test_a_questionnaire_is_read_printed_and_fetched_by_clinicians(
        self, clinician_client, reception_client, patient
    ):
        screening = ScreeningFactory(patient=patient)
        page = documents(clinician_client, patient)
        for name in ("screening-detail", "screening-print", "screening-pdf"):
            url = reverse(f"patients:{name}", args=[patient.pk, screening.pk])
            assert f'href="{url}"' in page
            assert url not in documents(reception_client, patient)

    def test_the_newest_comes_first(self, clinician_client, patient):
        old, new = (
            TreatmentCourseFactory(patient=patient, planned_at=AT.replace(year=year))
            for year in (2024, 2026)
        )
        page = documents(clinician_client, patient)
        first, last = (reverse("sessions:course-print", args=[one.pk]) for one in (new, old))
        assert page.index(first) < page.index(last)

    def test_nothing_of_another_patient_is_listed(self, clinician_client, patient):
        TreatmentCourseFactory()
        assert "No document yet" in documents(clinician_client, patient)


class TestActivity:
    def test_every_kind_has_its_words(self):
        assert set(KIND_WORDS) == set(audit.Kind)

    def test_it_says_who_did_what_when_and_leads_there(self, clinician_client, patient, reception):
        course = TreatmentCourseFactory(patient=patient)
        do(patient, reception, audit.Kind.COURSE_PLANNED, course)
        page = activity(clinician_client, patient).content.decode()
        link = reverse("sessions:course-detail", args=[course.pk])
        assert f'<a href="{link}">Course planned</a>' in page
        assert reception.display_name in page

    def test_the_newest_comes_first_and_older_ones_on_the_next_page(
        self, clinician_client, patient, reception
    ):
        do(patient, reception, audit.Kind.PATIENT_REGISTERED)
        for _number in range(LINES_A_PAGE - 1):
            do(patient, reception)
        do(patient, reception, audit.Kind.ALLERGY_RECORDED)
        newest = activity(clinician_client, patient)
        assert "Allergy recorded" in newest.content.decode()
        older = newest.context["activity"].older
        page = activity(clinician_client, patient, before=older)
        assert [str(line.words) for line in page.context["activity"].lines] == ["Registered"]
        assert page.context["activity"].older is None
        assert b"Newest" in page.content

    def test_the_same_thing_done_in_a_row_is_one_line(self, patient, reception, clinician):
        for by in (reception, reception, clinician, reception):
            do(patient, by)
        assert [line.times for line in activity_of(patient).lines] == [1, 1, 2]

    def test_it_takes_one_query(self, patient, reception):
        for kind in list(audit.Kind)[:3]:
            do(patient, reception, kind)
        with CaptureQueriesContext(connection) as queries:
            assert len(activity_of(patient).lines) == 3
        assert len(queries) == 1

    @pytest.mark.parametrize("before", ["", "x", "-1", "９", "1" * 40, "\x00"])
    def test_an_odd_address_shows_the_newest(self, clinician_client, patient, reception, before):
        do(patient, reception)
        assert activity(clinician_client, patient, before=before).status_code in (200, 400)

    def test_nothing_of_another_patient_is_listed(self, clinician_client, patient, reception):
        do(PatientFactory(), reception)
        assert b"Nothing was done yet" in activity(clinician_client, patient).content

    def test_reception_and_admin_do_not_read_it(self, reception_client, admin_client, patient):
        for client in (reception_client, admin_client):
            assert activity(client, patient).status_code == 403

    def test_a_row_that_no_page_shows_has_no_link(self, patient, reception):
        do(patient, reception)
        assert activity_of(patient).lines[0].url == ""
        assert registry.activity_page("core.user") == ""
