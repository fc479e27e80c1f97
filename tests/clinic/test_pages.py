"""Every page of the clinic's screens opens for an admin."""

import pytest
from django.urls import reverse

from tests.factories.clinic import ClosureFactory, RoomFactory, works_every_day


@pytest.fixture
def pages(site, clinician):
    RoomFactory(site=site)
    works_every_day(clinician, site)
    ClosureFactory(site=site, starts_on="2099-12-24", ends_on="2099-12-31")
    return {
        "clinic:manage": [],
        "clinic:profile-edit": [],
        "clinic:site-list": [],
        "clinic:site-add": [],
        "clinic:site-edit": [site.pk],
        "clinic:hours": [clinician.pk],
        "clinic:closure-list": [],
        "clinic:holiday-import": [],
        "core:people-list": [],
        "core:person-add": [],
        "core:person-edit": [clinician.pk],
        "core:person-deactivate": [clinician.pk],
        "core:account": [],
    }


def test_each_page_opens_and_says_what_it_is(admin_client, pages):
    for name, args in pages.items():
        answer = admin_client.get(reverse(name, args=args))
        assert answer.status_code == 200, name
        assert b"<h1>" in answer.content, name


def test_manage_shows_a_card_for_each_part(admin_client):
    text = admin_client.get(reverse("clinic:manage")).content.decode()
    for part in ("People and hours", "Closures", "Sites and rooms", "Clinic"):
        assert part in text
