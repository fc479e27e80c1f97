"""The seal of a signed record: one hash over everything that was signed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any


def seal(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Return the SHA-256 of `rows`, each a table's name and its columns, in the order given.

    The same values give the same seal on every database: numbers without loose noughts, times in
    UTC. What is empty is left out, so a column that is added later breaks no seal of before.
    """
    said = [
        [name, {key: _said(value) for key, value in columns.items() if not _is_empty(value)}]
        for name, columns in rows
    ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_empty(value: Any) -> bool:
    # A nought was written down; it is not empty.
    return value is None or value is False or value == ""


def _said(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return value
