import pytest

from patients import registry
from tests.clients import (  # noqa: F401 - pytest finds fixtures by their names here
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
def next_step(monkeypatch):
    """A page that plans a course, whatever higher apps are installed."""
    monkeypatch.setattr(registry, "_next_step", ["patients:patient-edit"])


@pytest.fixture
def no_next_step(monkeypatch):
    monkeypatch.setattr(registry, "_next_step", [])
