"""The profile, the set-up of a new clinic, and the switch between sites."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic import registry
from clinic.models import ClinicProfile, Site
from tests.factories.clinic import SiteFactory
from tests.factories.core import UserFactory

PROFILE = {
    "name": "Harbour Clinic",
    "phone": "020 7946 0199",
    "emergency_phone": "999",
    "email": "",
    "country": "PT",
    "opening_words": "Monday to Saturday",
    "legal_lines": "",
    "record_prefix": "HC",
    "late_after_minutes": "5",
    "reflect_hours": "48",
    "offer_every_minutes": "10",
    "no_show_after_minutes": "15",
}
SET_UP = {
    "name": "Harbour Clinic",
    "phone": "020 7946 0199",
    "country": "PT",
    "site_name": "Quay",
    "timezone": "Europe/Lisbon",
}


def test_the_profile_is_saved(admin_client, clinic_profile):
    answer = admin_client.post(reverse("clinic:profile-edit"), PROFILE)
    assert answer.status_code == 302
    clinic_profile.refresh_from_db()
    assert (clinic_profile.name, clinic_profile.late_after_minutes) == ("Harbour Clinic", 5)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "clinic name is missing"),
        ("late_after_minutes", "20", "Late must come before no-show"),
        ("late_after_minutes", "0", "greater than or equal to 1"),
        ("reflect_hours", "337", "less than or equal to 336"),
        ("country", "ZZ", "Select a valid choice"),
        ("email", "nobody", "valid email"),
        ("name", "x" * 121, "at most 120 characters"),
    ],
)
def test_a_wrong_profile_is_answered_with_what_was_typed(
    admin_client, clinic_profile, field, value, says
):
    answer = admin_client.post(reverse("clinic:profile-edit"), {**PROFILE, field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says.lower() in text.lower()
    assert 'value="020 7946 0199"' in text
    assert "There is a problem" in text
    clinic_profile.refresh_from_db()
    assert clinic_profile.name == "Linden Street Clinic"


def test_a_person_chooses_the_site_they_work_at(reception_client, site):
    lisbon = SiteFactory(name="Quay", timezone="Europe/Lisbon")
    answer = reception_client.post(
        reverse("clinic:site-switch"), {"site": lisbon.pk, "next": "/account/"}
    )
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert reception_client.session["site_id"] == lisbon.pk


@pytest.mark.parametrize("wanted", ["", "x", "987654321", "9" * 40, "-1", "²"])
def test_a_site_that_is_not_there_is_not_found(reception_client, wanted):
    answer = reception_client.post(reverse("clinic:site-switch"), {"site": wanted})
    assert answer.status_code == 404


def test_a_site_that_is_not_in_use_is_not_found(reception_client):
    closed = SiteFactory(is_active=False)
    answer = reception_client.post(reverse("clinic:site-switch"), {"site": closed.pk})
    assert answer.status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:1"])
def test_the_switch_leads_nowhere_else(reception_client, site, elsewhere):
    answer = reception_client.post(
        reverse("clinic:site-switch"), {"site": site.pk, "next": elsewhere}
    )
    assert answer.url == "/"


@pytest.fixture
def new_admin(db):
    client = Client()
    client.force_login(UserFactory(admin=True))
    return client


def test_every_page_of_a_new_clinic_leads_to_its_set_up(new_admin):
    answer = new_admin.get("/manage/")
    assert (answer.status_code, answer.url) == (302, reverse("clinic:set-up"))
    assert new_admin.get(reverse("clinic:set-up")).status_code == 200


def test_a_new_clinic_is_set_up_once(new_admin):
    answer = new_admin.post(reverse("clinic:set-up"), SET_UP)
    site = Site.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("clinic:site-edit", args=[site.pk]))
    assert ClinicProfile.objects.get().name == "Harbour Clinic"
    assert new_admin.get(answer.url).status_code == 200
    again = new_admin.post(reverse("clinic:set-up"), {**SET_UP, "site_name": "Second"})
    assert again.url == reverse("clinic:manage")
    assert Site.objects.count() == 1


def test_a_new_clinic_begins_with_what_the_apps_add_once(new_admin, monkeypatch):
    made = []

    def step(*, by, at):
        made.append(by)

    monkeypatch.setattr(registry, "_set_up_steps", [])
    registry.register_set_up(step)
    registry.register_set_up(step)
    new_admin.post(reverse("clinic:set-up"), SET_UP)
    assert [by.is_admin for by in made] == [True]


def test_a_new_clinic_offers_the_catalogue(new_admin):
    new_admin.post(reverse("clinic:set-up"), SET_UP)
    assert "Cellulite" in new_admin.get("/manage/indications/").content.decode()


def test_a_set_up_with_a_slip_keeps_what_was_typed(new_admin):
    answer = new_admin.post(reverse("clinic:set-up"), {**SET_UP, "timezone": "Lisbon"})
    assert answer.status_code == 422
    assert "like Europe/London" in answer.content.decode()
    assert 'value="Quay"' in answer.content.decode()
    assert not Site.objects.exists()


def test_only_an_admin_sets_up(db):
    client = Client()
    client.force_login(UserFactory(reception=True))
    assert client.get(reverse("clinic:set-up")).status_code == 403


def test_an_old_site_of_the_same_name_stops_the_set_up(new_admin):
    SiteFactory(name="Quay", is_active=False)
    answer = new_admin.post(reverse("clinic:set-up"), SET_UP)
    assert answer.status_code == 422
    assert not ClinicProfile.objects.exists()
