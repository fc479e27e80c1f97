"""How much of a product may be given, as a clinic sets it, and whether a lot may be used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

VOLUME_ML: Final = (Decimal("0.05"), Decimal(100))
INTERVAL_DAYS: Final = (0, 365)
POINT_ML: Final = (Decimal("0.005"), Decimal(1))

# [S57b]: a multi-dose vial is thrown away 28 days after it was opened, or earlier by its label.
MULTI_DOSE_DAYS: Final = 28
DAYS_AFTER_OPENING: Final = (1, MULTI_DOSE_DAYS)

# Clinic settings: how many vials of a lot, and what "expires soon" means.
QUANTITY: Final = (1, 10_000)
LOW_STOCK: Final = (0, 10_000)
EXPIRES_SOON: Final = timedelta(days=30)


class State(StrEnum):
    """What somebody said of a lot. That it is past its date says the calendar."""

    AVAILABLE = "AVAILABLE"
    QUARANTINED = "QUARANTINED"
    USED_UP = "USED_UP"


_MOVES: Final = {
    State.AVAILABLE: frozenset({State.QUARANTINED, State.USED_UP}),
    # Out of quarantine leads one way only, so that nobody gets round its reason.
    State.QUARANTINED: frozenset({State.AVAILABLE}),
    State.USED_UP: frozenset({State.AVAILABLE, State.QUARANTINED}),
}


class Why(StrEnum):
    """Why a lot may not be used. A sentence for each is in `treatments.stock_words`."""

    PRODUCT_OFF = "product_off"
    QUARANTINED = "quarantined"
    USED_UP = "used_up"
    EXPIRED = "expired"
    NOT_OPENED = "not_opened"
    OPENED_LATER = "opened_later"
    BEYOND_USE = "beyond_use"
    VIALS_SPENT = "vials_spent"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot as the rules see it.

    `opened_on` is the day on which the vial in use was opened, `openings` are those of the vials
    before it as far as the day that is asked for may lie before today. `vials` came in, None if nobody
    counted; `spent` of them went into other sessions than the one that is asked for.
    `days_after_opening` is what the product's label says, None if it says nothing.
    """

    expires_on: date
    state: str = State.AVAILABLE
    is_product_in_use: bool = True
    is_multi_dose: bool = False
    days_after_opening: int | None = None
    opened_on: date | None = None
    openings: tuple[date, ...] = ()
    opened: int = 0
    vials: int | None = None
    spent: int = 0

    @property
    def beyond_use_on(self) -> date:
        """The last day on which it may be used, or the vial in use if it has several doses."""
        return self._last_day(self.opened_on)

    def vial_on(self, on: date) -> tuple[date | None, date]:
        """Return when the vial in use on that day was opened, and the last day it may be used.

        If the first one was opened later, it is that one; None if none was.
        """
        days = sorted({*self.openings, *([self.opened_on] if self.opened_on else [])})
        before = [day for day in days if day <= on]
        opened_on = before[-1] if before else next(iter(days), None)
        return opened_on, self._last_day(opened_on)

    def _last_day(self, opened_on: date | None) -> date:
        if not self.is_multi_dose or opened_on is None:
            return self.expires_on
        days = timedelta(days=min(self.days_after_opening or MULTI_DOSE_DAYS, MULTI_DOSE_DAYS))
        return min(self.expires_on, opened_on + days)

    @property
    def vials_left(self) -> int | None:
        """The vials nobody has begun, and the open one; None if nobody counted them."""
        if self.vials is None:
            return None
        begun = max(self.opened - 1, 0) if self.is_multi_dose else self.spent
        return max(self.vials - begun, 0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a lot may not be used, with the day or the number of vials that the sentence names."""

    why: Why
    day: date | None = None
    vials: int | None = None


def lot_refusal(lot: LotFacts, *, on: date) -> Refusal | None:
    """Return why `lot` may not be used on that day, the gravest reason first; None if it may.

    A lot may be used on its last day. A vial for one dose is for one patient [S57]: a lot of so
    many vials serves so many sessions. A vial with several doses is judged as the one that was in
    use on that day, whichever was opened since.
    """
    opened_on, last_on = lot.vial_on(on)
    reasons = [
        (lot.state == State.QUARANTINED, Refusal(Why.QUARANTINED)),
        (not lot.is_product_in_use, Refusal(Why.PRODUCT_OFF)),
        (lot.expires_on < on, Refusal(Why.EXPIRED, day=lot.expires_on)),
        (lot.state == State.USED_UP, Refusal(Why.USED_UP)),
    ]
    if lot.is_multi_dose:
        reasons += [
            (opened_on is None, Refusal(Why.NOT_OPENED)),
            (opened_on is not None and opened_on > on, Refusal(Why.OPENED_LATER, day=opened_on)),
            (last_on < on, Refusal(Why.BEYOND_USE, day=last_on)),
        ]
    else:
        is_spent = lot.vials is not None and lot.spent >= lot.vials
        reasons.append((is_spent, Refusal(Why.VIALS_SPENT, vials=lot.vials)))
    return next((refusal for is_so, refusal in reasons if is_so), None)


def can_move(before: str, after: str) -> bool:
    """Whether a lot may go from one state to the other."""
    return after in _MOVES.get(State(before), frozenset())


def can_open(lot: LotFacts) -> bool:
    """Whether a vial of `lot` is left to be opened."""
    return lot.is_multi_dose and (lot.vials is None or lot.opened < lot.vials)


def vials_in_stock(lots: Iterable[LotFacts], *, on: date) -> int | None:
    """Return how many vials may be used on that day or opened then; None if nobody counted."""
    left = 0
    for lot in lots:
        refusal = lot_refusal(lot, on=on)
        # A closed vial only waits to be opened; an open one that is too old is the one that is lost.
        if refusal is None or refusal.why is Why.NOT_OPENED:
            vials = lot.vials_left
        elif refusal.why in {Why.BEYOND_USE, Why.OPENED_LATER} and on <= lot.expires_on:
            vials = None if lot.vials is None else lot.vials - lot.opened
        else:
            continue
        if vials is None:
            return None
        left += vials
    return left


def is_low(left: int | None, *, threshold: int) -> bool:
    """Whether fewer vials than `threshold` are left. What nobody counted is never called low."""
    return left is not None and left < threshold


def volume_fits(volume_ml: Decimal | None) -> bool:
    """Whether a volume is one that can be drawn up; None means that another rule limits it."""
    return volume_ml is None or VOLUME_ML[0] <= volume_ml <= VOLUME_ML[1]


def volumes_in_order(usual_ml: Decimal | None, most_ml: Decimal | None) -> bool:
    """Whether the usual volume stays within the most, as far as both are set."""
    return usual_ml is None or most_ml is None or usual_ml <= most_ml
