"""What every test stands on: no network, a cheap password hash, and tables that can be emptied."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.clients import (  # noqa: F401 - fixtures are found by name
    admin,
    admin_client,
    clinic_profile,
    clinician,
    clinician_client,
    reception,
    reception_client,
    site,
)

REFUSED_FLUSHES = 2
ON_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


def pytest_configure(config: pytest.Config) -> None:
    # Argon2 is slow on purpose; no test is about its strength.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        # File names with a hash need a collected folder, and tests collect nothing.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # A busy machine is no reason to fail, and a build server tries the same examples each time.
    hypothesis.settings.register_profile("clinic", deadline=None, derandomize="CI" in os.environ)
    hypothesis.settings.load_profile("clinic")
    _let_the_flush_pass_frozen_rows()


def _let_the_flush_pass_frozen_rows() -> None:
    """Switch triggers off while a transactional test empties the tables it wrote.

    Append-only tables carry triggers that refuse deletion; the flush at the end of such a test is
    the one deletion that must pass. The statements run in one transaction, so that triggers come
    back even when the flush fails.
    """
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        # A page of a browser that is just gone may still be read: of the two the database may
        # refuse either, and the page is not asked for again.
        for _refused in range(REFUSED_FLUSHES):
            with suppress(OperationalError):
                flush(self, _without_triggers(sql_list))
                return
        flush(self, _without_triggers(sql_list))

    BaseDatabaseOperations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign,assignment]


def _without_triggers(statements: list[str]) -> list[str]:
    if connection.vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica", *statements]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drop = [f"DROP TRIGGER {connection.ops.quote_name(name)}" for name, _ in triggers]
    return [*drop, *statements, *(sql for _, sql in triggers)]


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ON_THIS_MACHINE:
            self.close()
            raise AssertionError(f"a test reached for the network: {address!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_nearby)
        yield
