"""Lists that apps fill in their `AppConfig.ready()`, kept in order."""

from typing import Protocol, TypeVar


class Ordered(Protocol):
    """Anything with an `order`, the least first."""

    @property
    def order(self) -> int: ...


T = TypeVar("T", bound=Ordered)


def put_in_order(known: list[T], new: T) -> None:
    """Put `new` into `known`, once; of one order, what came first stands first in every process."""
    known[:] = sorted(dict.fromkeys([*known, new]), key=lambda one: one.order)
