"""The first step of the record says how it is with the health questions."""

from tests.factories.screening import ScreeningQuestionFactory
from tests.records.test_step_pages import url


def words(answer):
    return " ".join(answer.content.decode().split())


def test_it_leads_to_what_is_open_and_back(clinician_client, complete):
    ScreeningQuestionFactory(short=True)
    answer = words(clinician_client.get(url(complete.session, "checks")))
    assert "<b>Health questions:</b>" in answer
    assert "Open," in answer
    course = complete.session.course
    assert f"/patients/{course.patient_id}/screening/?part=full&amp;next=" in answer
    assert f"/courses/{course.pk}/may-start/" in answer


def test_a_clinic_that_asks_nothing_reads_nothing_of_it(clinician_client, complete):
    answer = words(clinician_client.get(url(complete.session, "checks")))
    assert "Health questions" not in answer
