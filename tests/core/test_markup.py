"""What people type stays text, whatever it looks like."""

import pytest
from django.urls import reverse

from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db

TYPED = "<script>window.__x=1</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("page", ["patient-detail", "patient-edit", "patient-documents"])
def test_a_name_is_shown_as_it_was_typed(reception_client, site, page):
    patient = PatientFactory(given_names=TYPED, family_names='"><svg onload=alert(2)>')
    shown = reception_client.get(reverse(f"patients:{page}", args=[patient.pk])).content.decode()
    assert "&lt;script&gt;window.__x=1" in shown
    assert "<script>window" not in shown
    assert "<svg onload" not in shown
    assert "<img src=x" not in shown


def test_no_script_runs_that_is_not_a_file_of_the_product(reception_client, site):
    answer = reception_client.get(reverse("patients:patient-list"))
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
