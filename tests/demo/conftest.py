"""Everything here needs demo mode."""

import pytest


@pytest.fixture(autouse=True)
def demo_mode(settings):
    settings.DEMO = True
