"""The decorators that state a view's right."""

import pytest

from meso_clinic.core.access import Right, declared_right, refusal
from tests.core import access_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.access_urls")]


def test_somebody_with_the_right_is_let_in(clinician_client):
    answer = clinician_client.get("/test/record/7/")
    assert (answer.status_code, answer.content) == (200, b"record 7")


@pytest.mark.parametrize("role", ["reception", "admin"])
def test_somebody_without_it_is_told_whose_page_it_is(role, request):
    answer = request.getfixturevalue(f"{role}_client").get("/test/record/7/")
    assert answer.status_code == 403
    assert "This page is for a clinician." in answer.content.decode()


def test_a_right_of_several_roles_names_them_all(admin_client):
    answer = admin_client.get("/test/plan/")
    assert answer.status_code == 403
    assert "This page is for a clinician or reception." in answer.content.decode()


@pytest.mark.parametrize("path", ["/test/record/7/", "/test/plan/", "/test/inside/"])
def test_a_stranger_is_sent_to_sign_in_and_back(client, clinic_profile, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url == f"/login/?next={path}"


def test_a_right_that_was_taken_away_is_gone_at_once(clinician, clinician_client):
    clinician.is_reception, clinician.is_clinician = True, False
    clinician.save(update_fields=["is_reception", "is_clinician"])
    assert clinician_client.get("/test/record/7/").status_code == 403


def test_somebody_who_has_left_is_let_in_nowhere(clinician, clinician_client):
    clinician.is_active = False
    clinician.save(update_fields=["is_active"])
    assert clinician_client.get("/test/inside/").status_code == 302


def test_a_public_page_is_for_everybody(client):
    assert client.get("/test/hello/").content == b"hello"


@pytest.mark.parametrize("role", ["clinician", "reception", "admin"])
def test_a_page_for_staff_is_for_every_role(role, request):
    assert request.getfixturevalue(f"{role}_client").get("/test/inside/").status_code == 200


def test_even_an_undeclared_view_is_closed_to_strangers(client):
    assert client.get("/test/undeclared/").status_code == 302


def test_a_view_knows_what_it_declares():
    assert declared_right(access_urls.for_clinicians) == Right.WRITE_RECORD
    assert declared_right(access_urls.for_everybody) == "public"
    assert declared_right(access_urls.for_staff) == "signed_in"
    assert declared_right(access_urls.undeclared) is None
    assert access_urls.for_clinicians.__name__ == "for_clinicians"


def test_each_refusal_is_a_sentence():
    assert refusal(Right.MANAGE_PEOPLE) == "This page is for an admin."
    assert refusal(Right.SEE_DAY) == "This page is for a clinician or reception or an admin."
