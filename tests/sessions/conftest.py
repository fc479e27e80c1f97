"""What the tests of the working day share."""

import pytest

from meso_clinic.core.models import AuditEvent
from tests.sessions.desk import Desk


@pytest.fixture
def desk(db):
    return Desk()


@pytest.fixture
def audited(db):
    """Return the kinds of the lines that the audit trail has gained, oldest first."""

    def kinds():
        return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))

    return kinds
