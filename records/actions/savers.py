"""Whose saves the last ones of a draft were: a page that is loaded again meets its own.

Kept for minutes in the cache: it only tells one's own save from somebody else's.
"""

from django.core.cache import cache

from meso_clinic.core.models import User
from records.models import SessionRecord

# A clinic setting: longer than any save is under way.
REMEMBERED_SECONDS = 600


def note_saver(*, record: SessionRecord, saver: str, since: int, by: User) -> None:
    """Remember that the tab `saver` of `by` saved `record`, which it had read at version `since`."""
    if not saver:
        return
    known = cache.get(_key(record))
    # Its saves follow each other only if nobody saved in between.
    is_next = known and known[:2] == (by.pk, saver) and known[3] == record.version - 1
    begun = min(since, known[2]) if is_next else since
    cache.set(_key(record), (by.pk, saver, begun, record.version), timeout=REMEMBERED_SECONDS)


def is_own_since(*, record: SessionRecord, saver: str, since: int, by: User) -> bool:
    """Whether every save of `record` after version `since` was made by `by` in the tab `saver`."""
    known = cache.get(_key(record))
    if not saver or known is None:
        return False
    user, tab, begun, last = known
    return (user, tab, last) == (by.pk, saver, record.version) and begun <= since


def _key(record: SessionRecord) -> str:
    return f"record-saver:{record.pk}"
