"""Fixtures of the clinic's tests."""

from datetime import UTC, datetime

import pytest

from clinic import registry
from tests.clients import (  # noqa: F401 - fixtures
    admin,
    admin_client,
    clinic_profile,
    clinician,
    clinician_client,
    reception,
    reception_client,
    site,
)

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture
def only_touched(monkeypatch):
    """Let a test say alone what a closure or an absence touches, whatever higher apps registered."""
    by_closure, by_absence = [], []
    monkeypatch.setattr(registry, "_by_closure", by_closure)
    monkeypatch.setattr(registry, "_by_absence", by_absence)
    return registry
