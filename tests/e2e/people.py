"""What people do again and again, by the words they see."""

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from meso_clinic.core.models import User
from tests.factories.core import PASSWORD


def sign_in(page: Page, user: User, *, lands_in_shell: bool = True) -> None:
    """Sign in through the login page."""
    page.goto("/login/")
    page.get_by_label("Email or user name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    if lands_in_shell:
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        ready(page)


def session_cookie(user: User, url: str) -> Any:
    """Return the cookie of a session of `user` at `url`, as if they had signed in just now."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def ready(page: Page) -> None:
    """Wait until the scripts of the page run: before, it takes clicks, but no keys."""
    page.wait_for_load_state("domcontentloaded")


def heading(page: Page, words: str | re.Pattern[str]) -> Locator:
    """Return the main heading with these words."""
    return page.get_by_role("heading", level=1, name=words)


def go_to(page: Page, place: str) -> None:
    """Follow a link of the main navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()


def short_day(day: date) -> str:
    """Return a day as pages show it when it is near: "Thu 24 Dec"."""
    return f"{day:%a} {day.day} {day:%b}"


def times_on(page: Page, day: date) -> Locator:
    """Return the offered times of a day; the day is opened if it is closed."""
    # What was changed is folded as well, and names days.
    shown = page.locator("details.slot-d").filter(has_text=short_day(day))
    if shown.get_attribute("open") is None:
        shown.locator("summary").click()
    return page.get_by_role(
        "button", name=re.compile(rf"^{re.escape(short_day(day))}\b.*\d\d:\d\d")
    )


def choose_first_time(page: Page, number: int, day: date) -> None:
    """Take the first free time of a day for a session, and wait until it is booked."""
    expect(page.get_by_role("heading", name=f"Session {number}: choose a time")).to_be_visible()
    times_on(page, day).first.click()
    expect(toast(page, f"Session {number}: {short_day(day)}")).to_be_visible()


def toast(page: Page, words: str | re.Pattern[str]) -> Locator:
    """Return the message that tells what was done."""
    return page.get_by_role("status").get_by_text(words)


def row_of(page: Page, name: str) -> Locator:
    """Return a patient's row on Today."""
    return page.get_by_role("article", name=name)


def chain_row(page: Page, number: int) -> Locator:
    """Return the row of a session in the list of sessions."""
    sessions = page.get_by_role("region", name="Sessions", exact=True)
    return sessions.get_by_role("listitem").nth(number - 1)
