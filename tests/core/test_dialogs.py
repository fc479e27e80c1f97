"""The dialogs that every page can open: drawn once, asked for once, the right ones for each role."""

import re

import pytest
from django.urls import reverse

from sessions.templatetags.course_words import calendar_words_url

pytestmark = pytest.mark.django_db


def address(client):
    return re.search(r'data-dialogs="([^"]+)"', client.get("/account/").content.decode())[1]


def test_a_browser_keeps_them_for_good(reception_client, site, clinic_profile):
    answer = reception_client.get(address(reception_client))
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    drawn = answer.content.decode()
    assert 'id="keys"' in drawn
    assert 'id="palette"' in drawn
    assert "Go to Follow-ups" in drawn


def test_those_of_an_old_address_are_not_kept(reception_client, site, clinic_profile):
    answer = reception_client.get(reverse("core:dialogs", args=["long-ago"]))
    assert answer["Cache-Control"] == "no-store"
    assert 'id="palette"' in answer.content.decode()


def test_they_are_for_people_who_are_signed_in(client, reception_client, site, clinic_profile):
    assert client.get(address(reception_client)).status_code == 302


def test_the_words_of_the_calendar_are_kept_too(reception_client, site, clinic_profile):
    words = reception_client.get(calendar_words_url())
    assert words["Content-Type"] == "text/javascript"
    assert words["Cache-Control"].endswith("immutable")
    assert words.content.decode().startswith("window.calendarWords = {")
    old = reception_client.get(reverse("sessions:calendar-words", args=["long-ago"]))
    assert (old.status_code, old["Cache-Control"]) == (200, "no-store")
