"""Sites and rooms on screen."""

import pytest
from django.urls import reverse

from clinic.models import Room, Site
from tests.factories.clinic import RoomFactory, SiteFactory, works_every_day

FIELDS = {"name": "Quay", "address": "1 Quay", "phone": "", "timezone": "Europe/Lisbon"}


def test_a_site_is_added(admin_client):
    answer = admin_client.post(reverse("clinic:site-add"), FIELDS)
    added = Site.objects.get(name="Quay")
    assert answer.url == reverse("clinic:site-edit", args=[added.pk])
    assert added.is_active
    assert "Quay is added" in admin_client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("timezone", "Lisbon", "Choose a time zone from the list"),
        ("name", "Linden Street", "Another site has this name"),
        ("name", "", "Name is missing"),
    ],
)
def test_a_wrong_site_is_answered_with_what_was_typed(admin_client, field, value, says):
    answer = admin_client.post(reverse("clinic:site-add"), {**FIELDS, field: value})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="1 Quay"' in answer.content.decode()
    assert Site.objects.count() == 1


def edit(client, site, **fields):
    url = reverse("clinic:site-edit", args=[site.pk])
    return client.post(url, {**FIELDS, "is_active": "on", **fields})


def test_a_site_is_changed(admin_client, site):
    assert edit(admin_client, site).url == reverse("clinic:site-list")
    site.refresh_from_db()
    assert (site.name, site.timezone, site.is_active) == ("Quay", "Europe/Lisbon", True)


def test_switching_off_a_site_with_hours_is_explained(admin_client, site, clinician):
    SiteFactory()
    works_every_day(clinician, site)
    answer = edit(admin_client, site, is_active="")
    assert answer.status_code == 422
    assert "Working hours here: Petra Lindqvist." in answer.content.decode()
    assert 'value="1 Quay"' in answer.content.decode()
    site.refresh_from_db()
    assert (site.is_active, site.name) == (True, "Linden Street")


def test_switching_off_the_only_site_is_explained(admin_client, site):
    answer = edit(admin_client, site, is_active="")
    assert answer.status_code == 422
    assert "the only site in use" in answer.content.decode()


def test_the_list_shows_sites_that_are_not_in_use(admin_client):
    SiteFactory(name="Old Mill", is_active=False)
    text = admin_client.get(reverse("clinic:site-list")).content.decode()
    assert "Old Mill" in text
    assert "Not in use" in text


def test_a_room_is_added_and_its_slip_explained(admin_client, site):
    url = reverse("clinic:room-add", args=[site.pk])
    assert admin_client.post(url, {"name": "Room 1"}).status_code == 302
    again = admin_client.post(url, {"name": "Room 1"})
    assert again.status_code == 422
    assert "This site has a room of that name" in again.content.decode()
    assert admin_client.post(url, {"name": ""}).status_code == 422
    assert Room.objects.count() == 1


def test_a_room_is_renamed_and_switched_off(admin_client, site):
    room = RoomFactory(site=site, name="Room 1")
    url = reverse("clinic:room-edit", args=[room.pk])
    answer = admin_client.post(url, {f"room-{room.pk}-name": "Blue room"})
    assert answer.url == reverse("clinic:site-edit", args=[site.pk])
    room.refresh_from_db()
    assert (room.name, room.is_active) == ("Blue room", False)


def test_a_room_keeps_a_name(admin_client, site):
    room = RoomFactory(site=site, name="Room 1")
    answer = admin_client.post(
        reverse("clinic:room-edit", args=[room.pk]), {f"room-{room.pk}-name": " "}
    )
    assert answer.status_code == 422
    assert "Name of the room is missing" in answer.content.decode()


def test_a_room_does_not_take_the_name_of_another(admin_client, site):
    RoomFactory(site=site, name="Room 1")
    room = RoomFactory(site=site, name="Room 2")
    answer = admin_client.post(
        reverse("clinic:room-edit", args=[room.pk]),
        {f"room-{room.pk}-name": "Room 1", f"room-{room.pk}-is_active": "on"},
    )
    assert answer.status_code == 422
    assert "This site has a room of that name" in answer.content.decode()
    room.refresh_from_db()
    assert room.name == "Room 2"


@pytest.mark.parametrize("name", ["clinic:site-edit", "clinic:room-add", "clinic:room-edit"])
@pytest.mark.parametrize("pk", [987654321, 10**30])
def test_what_is_not_there_is_not_found(admin_client, name, pk):
    assert admin_client.post(reverse(name, args=[pk]), {"name": "x"}).status_code == 404
