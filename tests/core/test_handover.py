"""A device that was handed over leads to one page only, until staff take it back."""

import pytest
from django.core.cache import cache
from django.test import Client

from meso_clinic.core.models import AuditEvent
from tests.factories.core import PASSWORD, UserFactory
from tests.test_access import ALL

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.handover_urls")]

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@pytest.fixture
def tablet(reception_client):
    cache.clear()
    assert reception_client.get("/test/give/").content == b"given"
    return reception_client


def unlock(device, login, password=PASSWORD):
    return device.post("/take-back/", {"login": login, "password": password})


def test_every_address_of_the_product_leads_back_to_the_form(tablet):
    assert len(ALL) > 50
    for address in ALL:
        if address.name == "core:take-back":
            continue
        for method in METHODS:
            answer = getattr(tablet, method)(address.path)
            assert answer.status_code == 302, (method, address.name)
            assert answer["Location"] == "/test/form/", (method, address.name)


@pytest.mark.parametrize("path", ["/nothing/", "//test/form/", "/test/form", "/test/form/x/", "/"])
def test_an_address_that_is_nearly_the_form_leads_back_to_it(tablet, path):
    assert tablet.get(path)["Location"] == "/test/form/"


def test_a_part_of_a_page_in_another_window_makes_way_for_the_form(tablet):
    answer = tablet.get("/today/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/test/form/")


def test_the_form_itself_is_open_and_stays_what_it_is(tablet):
    assert tablet.get("/test/form/").content == b"one False"
    assert tablet.post("/test/form/").content == b"one True"
    assert tablet.get("/test/form/").content == b"one True"
    assert tablet.get("/today/")["Location"] == "/test/form/"


def test_nobody_signs_out_or_in_on_a_device_that_was_handed_over(tablet, reception):
    assert tablet.post("/logout/")["Location"] == "/test/form/"
    answer = tablet.post("/login/", {"login": reception.username, "password": PASSWORD})
    assert answer["Location"] == "/test/form/"


def test_other_devices_of_the_same_person_stay_open(tablet, reception):
    other = Client()
    other.force_login(reception)
    assert other.get("/test/form/").content == b"with staff"


def test_the_device_gets_a_new_cookie_when_it_is_handed_over(reception_client):
    before = reception_client.cookies["sessionid"].value
    reception_client.get("/test/give/")
    assert reception_client.cookies["sessionid"].value != before


def test_the_password_of_who_handed_it_over_opens_it(tablet, reception):
    answer = unlock(tablet, reception.username)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert tablet.get("/test/form/").content == b"with staff"
    event = AuditEvent.objects.get(kind="device.taken_back")
    assert (event.by, event.patient_id) == (reception, 7)


def test_a_colleague_takes_it_back_and_is_the_one_signed_in(tablet):
    omar = UserFactory(clinician=True, username="omar")
    assert unlock(tablet, "omar").status_code == 302
    assert tablet.get("/account/").wsgi_request.user == omar
    assert AuditEvent.objects.get(kind="device.taken_back").by == omar


@pytest.mark.parametrize("password", ["", "wrong", "x" * 3000])
def test_a_wrong_password_opens_nothing(tablet, reception, password):
    answer = unlock(tablet, reception.username, password)
    assert answer.status_code == 422
    assert "Email or password is wrong." in answer.content.decode()
    assert tablet.get("/today/")["Location"] == "/test/form/"


def test_somebody_who_has_left_opens_nothing(tablet):
    UserFactory(username="gone", is_active=False)
    assert unlock(tablet, "gone").status_code == 422
    assert tablet.get("/today/")["Location"] == "/test/form/"


def test_passwords_cannot_be_tried_for_ever(tablet, reception):
    for _ in range(5):
        unlock(tablet, reception.username, "wrong")
    answer = unlock(tablet, reception.username)
    assert "Too many tries." in answer.content.decode()
    assert tablet.get("/today/")["Location"] == "/test/form/"


def test_the_page_names_nobody(tablet, reception):
    words = tablet.get("/take-back/").content.decode()
    assert reception.username not in words
    assert reception.first_name not in words


def test_who_lost_every_right_meanwhile_does_not_keep_the_device(tablet, reception):
    reception.is_reception, reception.is_admin = False, True
    reception.save(update_fields=["is_reception", "is_admin"])
    assert tablet.get("/take-back/").status_code == 200


def test_there_is_nothing_to_take_back_from_staff(reception_client):
    assert reception_client.get("/take-back/")["Location"] == "/"
