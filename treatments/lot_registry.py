"""What apps above know about lots: how often each was used, and what keeps one in quarantine."""

from collections.abc import Callable, Collection, Mapping

# Lot keys in, how many sessions took from each out; a lot that nobody used may be left out.
CountSessions = Callable[[Collection[int]], Mapping[int, int]]
# A lot's key in, the sentence that says why it stays in quarantine out; "" if nothing keeps it.
FindHold = Callable[[int], str]

_counts: list[CountSessions] = []
_holds: list[FindHold] = []


def register_sessions(count: CountSessions) -> None:
    """Add sessions that use lots; called from `AppConfig.ready()`."""
    if count not in _counts:
        _counts.append(count)


def register_hold(find: FindHold) -> None:
    """Add a reason why lots stay in quarantine; called from `AppConfig.ready()`."""
    if find not in _holds:
        _holds.append(find)


def sessions_of(lots: Collection[int]) -> dict[int, int]:
    """Return how many sessions took from each of `lots`, 0 for those nobody used."""
    total = dict.fromkeys(lots, 0)
    for count in _counts:
        for lot, sessions in count(lots).items():
            total[lot] += sessions
    return total


def what_holds(lot: int) -> str:
    """Return why the lot with that key stays in quarantine, "" if nothing keeps it."""
    return next((sentence for find in _holds if (sentence := find(lot))), "")
