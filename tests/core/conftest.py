"""Fixtures of the core's tests."""

from datetime import UTC, datetime

import pytest

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


@pytest.fixture
def at():
    return datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
