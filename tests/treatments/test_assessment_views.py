"""Recording what a doctor found."""

import pytest
from django.urls import reverse

from treatments.models import Assessment

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def url(patient):
    return reverse("treatments:assessment-add", args=[patient.pk])


def answers(indication, /, **change):
    return {
        "indication": indication.slug,
        "kind": "SPECIALIST",
        "assessed_on": "2026-11-20",
        "assessed_by": "Dr Ines Halloran, dermatology",
        "finding": "Early pattern hair loss.",
    } | change


def test_hair_loss_begins_as_a_specialist_consultation(clinician_client, url, hair_loss):
    page = clinician_client.get(url, {"indication": "hair_loss", "next": "/courses/"})
    assert page.context["form"]["kind"].value() == "SPECIALIST"
    assert page.context["form"]["indication"].value() == "hair_loss"
    assert '<input type="hidden" name="next" value="/courses/">' in page.content.decode()


@pytest.mark.parametrize("slug", ["cellulite", "nothing-like-this", ""])
def test_any_other_indication_begins_as_a_general_assessment(
    clinician_client, url, cellulite, slug
):
    page = clinician_client.get(url, {"indication": slug})
    assert page.status_code == 200
    assert page.context["form"]["kind"].value() == "GENERAL"


def test_it_is_recorded_and_the_person_goes_back(
    clinician_client, clinician, url, patient, hair_loss, audited, now
):
    answer = clinician_client.post(url, answers(hair_loss, next="/courses/"))
    assert (answer.status_code, answer["Location"]) == (302, "/courses/")
    found = Assessment.objects.get()
    assert found.patient == patient
    assert found.indication == hair_loss
    assert found.kind == Assessment.Kind.SPECIALIST
    assert found.assessed_on.isoformat() == "2026-11-20"
    assert found.assessed_by == "Dr Ines Halloran, dermatology"
    assert found.finding == "Early pattern hair loss."
    assert found.recorded_by == clinician
    assert found.recorded_at == now
    assert audited() == ["assessment.recorded"]


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_it_never_sends_the_person_to_another_site(
    clinician_client, url, patient, hair_loss, elsewhere
):
    answer = clinician_client.post(url, answers(hair_loss, next=elsewhere))
    assert answer["Location"] == reverse("patients:patient-detail", args=[patient.pk])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"assessed_on": "2026-11-27"}, "must not be in the future"),
        ({"assessed_on": "31/2/2026"}, "must be a real date"),
        ({"assessed_on": ""}, "Enter the date of the consultation"),
        ({"assessed_by": "  "}, "Enter the name of the doctor."),
        ({"finding": " \n "}, "Enter what the doctor found."),
        ({"finding": "x" * 4001}, "4000 characters at most"),
        ({"kind": "FORTUNE"}, "Choose what kind of consultation it was."),
        ({"indication": "no-such"}, "This indication is not offered."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(
    clinician_client, url, hair_loss, change, sentence
):
    typed = answers(hair_loss, next="/courses/", **change)
    answer = clinician_client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="/courses/"' in page
    for name, value in typed.items():
        if name != "next":
            assert answer.context["form"][name].value() == value
    assert not Assessment.objects.exists()


def test_today_is_not_the_future(clinician_client, url, hair_loss):
    assert (
        clinician_client.post(url, answers(hair_loss, assessed_on="26/11/2026")).status_code == 302
    )


@pytest.mark.parametrize("who", ["reception_client", "admin_client"])
def test_only_clinicians_record_it(request, url, hair_loss, who):
    client = request.getfixturevalue(who)
    assert client.get(url).status_code == 403
    assert client.post(url, answers(hair_loss)).status_code == 403
    assert not Assessment.objects.exists()


def test_a_patient_that_does_not_exist_is_not_found(clinician_client):
    url = reverse("treatments:assessment-add", args=[999_999])
    assert clinician_client.get(url).status_code == 404
