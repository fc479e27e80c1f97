"""The people screens."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from meso_clinic.core.models import Invitation, User
from tests.factories.core import PASSWORD, UserFactory

PERSON = {
    "first_name": "Dr Ines",
    "last_name": "Halloran",
    "job_title": "Doctor",
    "username": "ines",
    "email": "ines@example.org",
    "is_clinician": "on",
    "is_prescriber": "on",
}
NEW_PASSWORD = "a quiet river bends"


def link_in(answer):
    return re.search(r'value="http://testserver(/join/[^"]+)"', answer.content.decode()).group(1)


def test_the_list_shows_everybody_with_their_roles(admin_client, clinician):
    UserFactory(first_name="Old", last_name="Hand", is_active=False)
    text = admin_client.get(reverse("core:people-list")).content.decode()
    assert "Petra Lindqvist" in text
    assert "Clinician" in text
    assert "Shut out" in text
    assert reverse("clinic:hours", args=[clinician.pk]) in text


def test_a_long_list_comes_in_pages_with_few_queries(admin_client, django_assert_max_num_queries):
    UserFactory.create_batch(60)
    # The number of follow-ups in the rail is counted once a minute.
    admin_client.get(reverse("core:people-list"))
    with django_assert_max_num_queries(12):
        text = admin_client.get(reverse("core:people-list")).content.decode()
    assert "Page 1 of 2" in text


def test_a_new_person_comes_in_by_the_link_that_is_shown_once(admin_client):
    shown = admin_client.post(reverse("core:person-add"), PERSON)
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store, private"
    person = User.objects.get(username="ines")
    assert person.roles == ("clinician",)
    visitor = Client()
    link = link_in(shown)
    assert "Welcome, Dr Ines Halloran" in visitor.get(link).content.decode()
    assert visitor.post(link, {"password": NEW_PASSWORD}).url == "/"
    assert visitor.get("/account/").status_code == 200
    again = Client().get(link)
    assert again.status_code == 404
    assert "This link has ended" in again.content.decode()
    assert "ask an admin" in again.content.decode()
    assert Client().post(link, {"password": NEW_PASSWORD}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"first_name": ""}, "Given names is missing"),
        ({"username": ""}, "User name is missing"),
        ({"username": "MAYA"}, "This user name is taken"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"email": "MAYA@example.org"}, "Another person has this e-mail"),
        ({"email": "ines"}, "valid email"),
        ({"is_clinician": ""}, "A prescriber must also be a clinician"),
        ({"is_clinician": "", "is_prescriber": ""}, "Choose at least one role"),
        ({"last_name": "x" * 151}, "at most 150 characters"),
    ],
)
def test_a_wrong_person_is_answered_with_what_was_typed(admin_client, fields, says):
    UserFactory(username="maya", email="maya@example.org")
    answer = admin_client.post(reverse("core:person-add"), {**PERSON, **fields})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says.lower() in text.lower()
    assert 'value="Doctor"' in text
    assert not Invitation.objects.exists()


def test_a_person_is_changed(admin_client, reception):
    url = reverse("core:person-edit", args=[reception.pk])
    assert admin_client.get(url).status_code == 200
    assert admin_client.post(url, PERSON).url == reverse("core:people-list")
    reception.refresh_from_db()
    assert (reception.display_name, reception.is_clinician) == ("Dr Ines Halloran", True)
    assert not reception.is_reception


def test_a_wrong_change_keeps_what_was_typed(admin_client, reception):
    url = reverse("core:person-edit", args=[reception.pk])
    answer = admin_client.post(url, {**PERSON, "is_clinician": ""})
    assert answer.status_code == 422
    assert 'value="Dr Ines"' in answer.content.decode()
    assert "<h1>Maya Brandt</h1>" in answer.content.decode()


def test_nobody_gives_themselves_a_role(admin_client, admin):
    url = reverse("core:person-edit", args=[admin.pk])
    assert "This is you" in admin_client.get(url).content.decode()
    answer = admin_client.post(url, {**PERSON, "is_reception": "on"})
    assert answer.status_code == 302
    admin.refresh_from_db()
    assert admin.first_name == "Dr Ines"
    assert admin.roles == ("admin",)
    assert not admin.is_prescriber


def test_somebody_is_shut_out_and_let_in_again(admin_client, reception, reception_client):
    url = reverse("core:person-deactivate", args=[reception.pk])
    assert "They cannot sign in from now on" in admin_client.get(url).content.decode()
    assert reception_client.get("/account/").status_code == 200
    assert admin_client.post(url).url == reverse("core:people-list")
    assert reception_client.get("/account/").status_code == 302
    assert admin_client.get(url).status_code == 404
    back = reverse("core:person-reactivate", args=[reception.pk])
    assert back in admin_client.get(reverse("core:people-list")).content.decode(), "Undo"
    assert admin_client.post(back).status_code == 302
    reception.refresh_from_db()
    assert reception.is_active
    assert admin_client.post(back).status_code == 404


def test_who_is_shut_out_cannot_sign_in_and_no_page_breaks(client, site):
    UserFactory(username="left", is_active=False)
    answer = client.post("/login/", {"login": "left", "password": PASSWORD})
    assert answer.status_code == 200
    assert "Email or password is wrong" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_nobody_shuts_themselves_out(admin_client, admin):
    answer = admin_client.post(reverse("core:person-deactivate", args=[admin.pk]))
    assert answer.status_code == 403
    assert "Nobody shuts themselves out" in answer.content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_a_new_link_can_be_made_for_a_forgotten_password(admin_client, reception):
    shown = admin_client.post(reverse("core:person-link", args=[reception.pk]))
    visitor = Client()
    assert visitor.post(link_in(shown), {"password": NEW_PASSWORD}).status_code == 302
    reception.refresh_from_db()
    assert reception.check_password(NEW_PASSWORD)


def test_no_link_is_made_for_somebody_shut_out(admin_client):
    left = UserFactory(is_active=False)
    assert admin_client.post(reverse("core:person-link", args=[left.pk])).status_code == 404


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "Password is missing"),
        ("short", "at least 12 characters"),
        ("password1234", "too common"),
        ("maya.brandt.1", "too similar"),
    ],
)
def test_a_weak_password_is_explained(admin_client, reception, password, says):
    User.objects.filter(pk=reception.pk).update(username="maya.brandt")
    link = link_in(admin_client.post(reverse("core:person-link", args=[reception.pk])))
    answer = Client().post(link, {"password": password})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Invitation.objects.exists()


@pytest.mark.parametrize(
    "name", ["person-edit", "person-link", "person-deactivate", "person-reactivate"]
)
def test_nobody_of_that_number_is_not_found(admin_client, name):
    for pk in (987654321, 10**30):
        assert admin_client.post(reverse(f"core:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["person-edit", "person-deactivate", "person-reactivate"])
def test_an_admin_who_was_demoted_while_the_page_was_open_is_refused(
    admin_client, admin, reception, monkeypatch, name
):
    # The right is checked when the request comes in; the action looks again with the rows locked.
    if name == "person-reactivate":
        User.objects.filter(pk=reception.pk).update(is_active=False)
    monkeypatch.setattr(User, "has_right", lambda self, right: True)
    User.objects.filter(pk=admin.pk).update(is_admin=False, is_reception=True)
    answer = admin_client.post(reverse(f"core:{name}", args=[reception.pk]), PERSON)
    assert answer.status_code == 403
    assert "changed your roles a moment ago" in answer.content.decode()
