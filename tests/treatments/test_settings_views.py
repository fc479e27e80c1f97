"""How an indication is called, where it is treated, and the numbers of its protocol."""

from decimal import Decimal

import pytest
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from tests.factories.clinic import RoomFactory
from treatments.models import Protocol


@pytest.fixture
def settings_url(cellulite):
    return reverse("treatments:indication-settings", args=[cellulite.slug])


@pytest.fixture
def protocol_url(cellulite):
    return reverse("treatments:protocol-edit", args=[cellulite.slug])


def numbers(**change):
    return {
        "total_sessions": "10",
        "initial_sessions": "4",
        "initial_min_days": "7",
        "initial_max_days": "9",
        "monthly_min_days": "28",
        "monthly_max_days": "31",
        "session_minutes": "45",
        "buffer_before_minutes": "5",
        "buffer_after_minutes": "10",
        "depth_min_mm": "1.5",
        "depth_max_mm": "3.5",
        "max_volume_ml": "12.5",
        "downtime_min_days": "0",
        "downtime_max_days": "2",
    } | change


def test_name_and_rooms_are_changed(admin_client, settings_url, cellulite, site, audited):
    room, other = RoomFactory(site=site), RoomFactory(site=site)
    cellulite.rooms.add(other)
    page = admin_client.get(settings_url)
    assert f"{room}, {site}" in page.content.decode()
    answer = admin_client.post(
        settings_url,
        {"name": "Cellulite and tone", "short_name": "Cellulite", "rooms": [room.pk]},
    )
    assert answer.status_code == 302
    cellulite.refresh_from_db()
    assert (cellulite.name, cellulite.short_name) == ("Cellulite and tone", "Cellulite")
    assert cellulite.is_active is False
    assert list(cellulite.rooms.all()) == [room]
    assert audited() == ["indication.changed"]


def test_a_room_out_of_use_is_offered_only_if_it_is_chosen(
    admin_client, settings_url, cellulite, site
):
    old = RoomFactory(site=site, is_active=False, name="Old room")
    gone = RoomFactory(site=site, is_active=False, name="Gone room")
    cellulite.rooms.add(old)
    html = admin_client.get(settings_url).content.decode()
    assert "Old room" in html
    assert "Gone room" not in html
    answer = admin_client.post(settings_url, {"name": "A", "short_name": "A", "rooms": [gone.pk]})
    assert answer.status_code == 422
    assert "This room is not in use any more." in answer.content.decode()


@pytest.mark.parametrize("name", ["", "x" * 121, "a\nb"])
def test_a_name_that_cannot_be_is_refused(admin_client, settings_url, cellulite, name):
    answer = admin_client.post(settings_url, {"name": name, "short_name": "Kept"})
    assert answer.status_code == 422
    assert answer.context["form"]["short_name"].value() == "Kept"
    cellulite.refresh_from_db()
    assert cellulite.name == "Cellulite"


def test_the_numbers_are_changed(admin_client, protocol_url, cellulite, audited):
    html = admin_client.get(protocol_url).content.decode()
    for hint in ("3 to 15", "7 to 10 days", "28 to 35 days", "1.0 to 4.0 mm"):
        assert hint in html
    assert admin_client.post(protocol_url, numbers()).status_code == 302
    protocol = Protocol.objects.get(indication=cellulite)
    assert (protocol.total_sessions, protocol.initial_sessions) == (10, 4)
    assert (protocol.monthly_min_days, protocol.monthly_max_days) == (28, 31)
    assert protocol.depth_max_mm == Decimal("3.5")
    assert protocol.max_volume_ml == Decimal("12.50")
    assert protocol.techniques == ["point_by_point"]
    assert audited() == ["protocol.changed"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"total_sessions": "0"}, "Sessions must be between 3 and 15."),
        ({"total_sessions": "2"}, "Sessions must be between 3 and 15."),
        ({"total_sessions": "16"}, "Sessions must be between 3 and 15."),
        ({"total_sessions": "9.5"}, "Sessions must be between 3 and 15."),
        ({"total_sessions": "9" * 5000}, "Sessions must be between 3 and 15."),
        ({"total_sessions": ""}, "Sessions is missing."),
        ({"initial_sessions": "0"}, "First sessions must be between 1 and 15."),
        ({"initial_sessions": "11"}, "First sessions must not be more than the 10"),
        ({"initial_min_days": "6"}, "First gaps, at least must be between 7 and 10 days."),
        ({"initial_max_days": "11"}, "First gaps, at most must be between 7 and 10 days."),
        (
            {"initial_min_days": "10", "initial_max_days": "9"},
            "First gaps, at most must not be less than First gaps, at least.",
        ),
        ({"monthly_min_days": "27"}, "Monthly gaps, at least must be between 28 and 35 days."),
        ({"monthly_max_days": "36"}, "Monthly gaps, at most must be between 28 and 35 days."),
        ({"depth_min_mm": "0.9"}, "Depth, from must be between 1.0 and 4.0 mm."),
        ({"depth_max_mm": "4.1"}, "Depth, to must be between 1.0 and 4.0 mm."),
        ({"depth_max_mm": "2.25"}, "Depth, to must be between 1.0 and 4.0 mm."),
        ({"depth_max_mm": "NaN"}, "Depth, to must be between 1.0 and 4.0 mm."),
        (
            {"depth_min_mm": "3.0", "depth_max_mm": "2.0"},
            "Depth, to must not be less than Depth, from.",
        ),
        ({"max_volume_ml": "0"}, "Most per session must be between 0.05 and 100 ml."),
        ({"max_volume_ml": "1e400"}, "Most per session must be between 0.05 and 100 ml."),
        ({"session_minutes": "9"}, "Minutes per session must be between 10 and 240 minutes."),
        (
            {"downtime_min_days": "3"},
            "Rest days, to must not be less than Rest days, from.",
        ),
        ({"downtime_max_days": "61"}, "Rest days, to must be between 0 and 60 days."),
    ],
)
def test_a_number_outside_its_limits_is_refused_in_a_sentence(
    admin_client, protocol_url, cellulite, change, sentence
):
    typed = numbers(**change)
    answer = admin_client.post(protocol_url, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    assert Protocol.objects.get(indication=cellulite).total_sessions == 8
    assert not AuditEvent.objects.exists()
