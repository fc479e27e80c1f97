"""One's own account, and the page of the first admin."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meso_clinic.core.actions import invite_first_admin
from meso_clinic.core.models import User
from tests.factories.core import PASSWORD

NEW_PASSWORD = "a quiet river bends"
CHANGE = {"old_password": PASSWORD, "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}


@pytest.mark.parametrize(
    ("asked", "kept"), [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("pink", "auto")]
)
def test_the_colours_are_kept_in_a_cookie_for_a_year(reception_client, asked, kept):
    answer = reception_client.post(reverse("core:theme-set"), {"theme": asked})
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (kept, 31536000, "Lax")
    page = reception_client.get("/account/").content.decode()
    assert f'data-bs-theme="{kept}"' in page


def test_a_password_is_changed_and_other_devices_are_signed_out(reception_client, reception):
    elsewhere = Client()
    elsewhere.force_login(reception)
    answer = reception_client.post(reverse("core:password-change"), CHANGE)
    assert answer.url == reverse("core:account")
    assert reception_client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    reception.refresh_from_db()
    assert reception.check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old_password": "wrong"}, "not your present password"),
        ({"old_password": ""}, "Present password is missing"),
        ({"password": "short", "repeated": "short"}, "at least 12 characters"),
        ({"repeated": "a quiet river bands"}, "two new passwords differ"),
    ],
)
def test_a_wrong_password_change_is_explained(reception_client, reception, fields, says):
    answer = reception_client.post(reverse("core:password-change"), {**CHANGE, **fields})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert NEW_PASSWORD not in answer.content.decode()
    reception.refresh_from_db()
    assert reception.check_password(PASSWORD)


@pytest.fixture
def welcome(db):
    return reverse("core:first-admin", args=[invite_first_admin(at=timezone.now())])


FIRST = {
    "first_name": "Alex",
    "last_name": "Moreau",
    "username": "alex",
    "password": NEW_PASSWORD,
}


def test_the_first_admin_makes_an_account_and_sets_up_the_clinic(client, welcome):
    assert client.get(welcome).status_code == 200
    assert client.post(welcome, FIRST).url == "/"
    assert User.objects.get().roles == ("admin",)
    assert client.get("/").url == reverse("clinic:set-up")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_name", "", "Given names is missing"),
        ("username", "", "User name is missing"),
        ("password", "short", "at least 12 characters"),
        ("password", "alexmoreau12", "too similar"),
    ],
)
def test_a_slip_on_the_first_page_keeps_what_was_typed(client, welcome, field, value, says):
    given = {**FIRST, "username": "alexmoreau", field: value}
    answer = client.post(welcome, given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="Moreau"' in answer.content.decode()
    assert not User.objects.exists()
    assert client.get(welcome).status_code == 200, "the link still works"


def test_the_first_admin_does_not_take_a_name_that_exists(client, welcome, reception):
    answer = client.post(welcome, {**FIRST, "username": reception.username.upper()})
    assert answer.status_code == 422
    assert "This user name is taken" in answer.content.decode()


def test_a_link_that_was_used_says_what_to_do(client, welcome):
    client.post(welcome, FIRST)
    for ask in (Client().get, Client().post):
        answer = ask(welcome)
        assert answer.status_code == 404
        assert "This link has ended" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["core:first-admin", "core:invitation"])
def test_a_link_that_never_was_says_what_to_do(client, db, name):
    answer = client.get(reverse(name, args=["nothing"]))
    assert answer.status_code == 404
    assert "ask an admin of the clinic for a new one" in answer.content.decode()


def test_the_health_page_answers(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_page_that_does_not_exist_says_so(client, reception_client):
    assert reception_client.get("/nowhere/").status_code == 404


def test_text_that_no_keyboard_types_is_refused(reception_client):
    answer = reception_client.post(reverse("core:theme-set"), {"theme": "da\x00rk"})
    assert answer.status_code == 400


def test_a_form_without_its_token_is_explained(reception):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reception)
    answer = strict.post(reverse("core:theme-set"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "This form was open too long" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"), [({"keys": "on"}, "on"), ({}, "off"), ({"keys": "x"}, "off")]
)
def test_the_shortcuts_are_switched_on_this_device(reception_client, sent, kept):
    answer = reception_client.post(reverse("core:keys-set"), sent)
    assert answer.url == reverse("core:account")
    cookie = answer.cookies["shortcuts"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (kept, 31536000, "Lax")
    # The switch in the list of keys writes it as well.
    assert not cookie["httponly"]
    page = reception_client.get("/account/")
    assert page.context["are_keys_off"] == (kept == "off")


def test_g_and_a_letter_lead_to_one_place_each(reception_client):
    items = list(reception_client.get("/account/").context["nav_items"])
    keys = [item.key for item in items if item.key]
    assert len(keys) == len(set(keys))
    assert set("tpcf") <= set(keys)
