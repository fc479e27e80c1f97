"""A browser, a served clinic, and people who sign in to it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from meso_clinic.core.models import User
from tests.e2e.clinic import Clinic, build_clinic
from tests.e2e.people import session_cookie
from tests.e2e.watch import Watch

# Playwright holds an event loop in the thread of the tests, which Django would mistake for async
# code that must not touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What a whole browser prepares beside each window and no test uses: the pages of its address bar,
# and processes for windows to come. Naming any replaces the list of Playwright, which begins here.
UNUSED = [
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
FLAGS = [
    f"--disable-features={','.join(UNUSED)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that shows a test picture, and nobody to ask whether it may be used.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# A build server with other work to do may take its time.
PATIENCE_MS = 10_000

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    return build_clinic()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def enter(
    browser: Browser, transactional_db: None, live_server: Any, watch: Watch
) -> Iterator[SignIn]:
    """Open the page `at`, in a browser window of its own, of somebody who is signed in already.

    Fails the test at its end if anything went wrong on any page of any window.
    """
    # Where sign-ins are counted.
    cache.clear()
    contexts = []

    def open_window(user: User | None = None, *, at: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1440, "height": 900}, **options}
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watch.follow(context)
        page = context.new_page()
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
            page.goto(at)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)
