"""Long reads that see one state of the database while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """Let every read inside see the database as it was at the first one; writes are not for here.

    Nobody waits for it, and it waits for nobody. Inside a transaction that has begun already it
    changes nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # IMMEDIATE, the mode of all other transactions, would keep writers out.
        connection.ensure_connection()
        sqlite = cast(Any, connection)
        usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = usual
