"""What the tests of content, numbers, products and courses share."""

from datetime import UTC, datetime

import pytest
import time_machine

from meso_clinic.core.models import AuditEvent
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
from tests.factories.patients import PatientFactory
from tests.factories.treatments import IndicationFactory

NOW = datetime(2026, 11, 26, 10, 42, tzinfo=UTC)


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def audited(db):
    """Return the kinds of the lines that the audit trail has gained, oldest first."""

    def kinds():
        return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))

    return kinds


@pytest.fixture
def patient(db):
    return PatientFactory(given_names="Amara", family_names="Whitfield")


@pytest.fixture
def cellulite(db):
    return IndicationFactory(slug="cellulite", name="Cellulite")


@pytest.fixture
def hair_loss(db):
    return IndicationFactory(slug="hair_loss", name="Hair loss", needs_specialist=True)
