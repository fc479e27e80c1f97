"""What the day costs on the wire: with packed, hashed and cached files, as a real clinic serves it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import CDPSession, expect

from demo.names import FAMILY, FEMALE
from meso_clinic.core import context
from meso_clinic.core.roles import Role
from patients.models import Patient
from sessions.models import Appointment
from tests.e2e.clinic import Clinic, person
from tests.e2e.people import go_to
from tests.factories.clinic import RoomFactory
from tests.factories.patients import PatientFactory

FIRST_VISIT, LATER_VISITS = 200_000, 15_000
PRACTITIONERS, VISITS = 10, 144


@pytest.fixture
def address(
    clinic: Clinic, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Serve the clinic with its files as `manage.py serve` prepares them."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "meso_clinic.core.staticfiles.HashedStorage"},
    }
    # What this process has drawn for good names the files as other tests serve them.
    monkeypatch.setattr(context, "_dialogs", {})
    call_command("collectstatic", verbosity=0, interactive=False)
    # The files come from the product's own middleware, not from a handler for tests.
    as_it_is: Any = lambda product: product  # noqa: E731
    server = LiveServerThread("localhost", static_handler=as_it_is)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://localhost:{server.port}"
    server.terminate()


@pytest.fixture
def full_day(clinic: Clinic) -> None:
    """Ten practitioners with 144 visits today; whoever came before is treated or done."""
    people = [
        person(f"doctor{n}", "Robin", f"Surname{n}", Role.CLINICIAN) for n in range(PRACTITIONERS)
    ]
    rooms = [RoomFactory(site=clinic.site, name=f"Treatment {n}") for n in range(PRACTITIONERS)]
    names = [(given, family) for family in FAMILY for given in FEMALE]
    patients = Patient.objects.bulk_create(
        PatientFactory.build(given_names=given, family_names=family)
        for given, family in (names[n * 7 % len(names)] for n in range(VISITS))
    )
    first = clinic.now.replace(hour=7, minute=0, second=0, microsecond=0)
    Appointment.objects.bulk_create(
        _visit(clinic, patient, people[n % PRACTITIONERS], rooms[n % PRACTITIONERS], starts_at)
        for n, patient in enumerate(patients)
        for starts_at in [first + timedelta(minutes=45 * (n // PRACTITIONERS))]
    )


def _visit(clinic: Clinic, patient, practitioner, room, starts_at) -> Appointment:
    ends_at = starts_at + timedelta(minutes=40)
    now = timezone.now()
    begun = "DONE" if ends_at < now else "IN_TREATMENT"
    return Appointment(
        kind="CONSULTATION",
        patient=patient,
        practitioner=practitioner,
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        held_from=starts_at,
        held_until=ends_at,
        status=begun if starts_at < now else "BOOKED",
        status_since=now,
        booked_by=clinic.maya,
    )


class Wire:
    """Counts the bytes that come over the wire: heads and packed bodies, nothing out of a cache."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes = 0
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def test_the_first_visit_and_all_that_follow_are_light(clinic, full_day, address, enter):
    client = Client()
    client.force_login(clinic.maya)
    page = enter(None)
    # Signed in without the page for it, which would bring half of the files along.
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    page.context.add_cookies([cookie])
    wire = Wire(page.context.new_cdp_session(page))
    page.goto(f"{address}/today/")
    expect(page.locator(".ec-event .ev-a")).to_have_count(VISITS)
    page.wait_for_load_state("networkidle")
    fonts = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length")
    assert fonts >= 1
    assert 50_000 < wire.bytes <= FIRST_VISIT
    wire.bytes = 0
    go_to(page, "Today")
    expect(page.locator(".ec-event .ev-a")).to_have_count(VISITS)
    page.wait_for_load_state("networkidle")
    assert 1_000 < wire.bytes <= LATER_VISITS
