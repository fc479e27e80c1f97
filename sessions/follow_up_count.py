"""How many follow-ups wait, for the number in the navigation of every page.

Counting reads the whole clinic, so no page waits for it: a page shows the number that is kept, and
one that is old is counted again by a request of its own once the page is there.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

from clinic.models import Site
from meso_clinic.core.models import User
from sessions.follow_ups import follow_ups, total

FRESH_FOR = timedelta(minutes=1)
KEPT_FOR = timedelta(days=1)


def kept_count(site: Site, user: User, *, now: datetime) -> tuple[int, bool]:
    """Return the number that is kept for `user` at `site`, and whether it is still fresh."""
    number, counted_at = cache.get(_key(site, user), (0, None))
    return number, counted_at is not None and now - counted_at < FRESH_FOR


def count_again(site: Site, user: User, *, now: datetime) -> int:
    """Count what waits for `user` at `site`, and keep it. Who asks meanwhile gets what was kept."""
    number, is_fresh = kept_count(site, user, now=now)
    if is_fresh:
        return number
    keep_count(site, user, number, now=now)
    number = total(follow_ups(site, now, reader=user))
    keep_count(site, user, number, now=now)
    return number


def keep_count(site: Site, user: User, number: int, *, now: datetime) -> None:
    """Keep `number` as what waits for all people of the roles of `user` at `site`."""
    cache.set(_key(site, user), (number, now), timeout=KEPT_FOR.total_seconds())


def _key(site: Site, user: User) -> str:
    return f"follow-ups:{site.pk}:{'-'.join(user.roles)}"
