"""A PIN to sign with: chosen by its owner, hashed, and no way in."""

from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core.actions import set_signing_pin
from meso_clinic.core.domain.pins import is_pin, is_plain
from meso_clinic.core.models import AuditEvent
from tests.factories.core import PASSWORD
from tests.records.conftest import NOW

PIN = "407193"

pytestmark = pytest.mark.django_db


def url():
    return reverse("core:signing-pin-set")


def typed(**change):
    return {"pin_password": PASSWORD, "pin": PIN, "pin_again": PIN} | change


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "000000"])
def test_what_everybody_tries_first_is_plain(pin):
    assert is_pin(pin)
    assert is_plain(pin)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "４０７１９３", "-40719"])
def test_a_pin_is_six_digits(pin):
    assert not is_pin(pin)


@given(pin=st.text("0123456789", min_size=6, max_size=6))
def test_few_pins_are_plain(pin):
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    assert is_plain(pin) is (steps in ({0}, {1}, {-1}))


def test_a_clinician_chooses_a_pin(clinician, clinician_client):
    answer = clinician_client.post(url(), typed(), follow=True)
    assert "You can sign with your PIN now." in answer.content.decode()
    clinician.refresh_from_db()
    assert clinician.signs_with(PIN)
    assert clinician.signs_with(PASSWORD)
    assert not clinician.signs_with("407194")
    assert PIN not in clinician.signing_pin
    assert AuditEvent.objects.get(kind="user.signing_pin_changed").by == clinician


def test_an_empty_pin_takes_it_away(clinician, clinician_client):
    set_signing_pin(user=clinician, pin=PIN, at=NOW)
    answer = clinician_client.post(url(), typed(pin="", pin_again=""), follow=True)
    assert "The PIN is gone." in answer.content.decode()
    clinician.refresh_from_db()
    assert not clinician.has_signing_pin
    assert not clinician.signs_with("")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pin_password": "wrong"}, "This is not your password."),
        ({"pin_password": ""}, "Enter your password."),
        ({"pin": "12345"}, "A PIN is six digits"),
        ({"pin": "123456", "pin_again": "123456"}, "Everybody tries this one first."),
        ({"pin_again": "407194"}, "The two PINs differ."),
    ],
)
def test_a_pin_that_cannot_be_is_refused_with_words(clinician, clinician_client, change, words):
    answer = clinician_client.post(url(), typed(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    clinician.refresh_from_db()
    assert not clinician.has_signing_pin


@pytest.mark.parametrize("pin", ["12345", "111111", "abcdef"])
def test_the_action_keeps_no_bad_pin(clinician, pin):
    with pytest.raises(ValueError, match="no PIN"):
        set_signing_pin(user=clinician, pin=pin, at=NOW)


def test_a_pin_does_not_sign_anybody_in(clinician, client):
    set_signing_pin(user=clinician, pin=PIN, at=NOW)
    answer = client.post("/login/", {"login": clinician.username, "password": PIN})
    assert answer.status_code != 302


@pytest.mark.parametrize("role", ["reception", "admin"])
def test_who_signs_no_records_needs_no_pin(request, role):
    client = request.getfixturevalue(f"{role}_client")
    assert client.post(url(), typed()).status_code == 403
    assert "Signing PIN" not in client.get(reverse("core:account")).content.decode()
