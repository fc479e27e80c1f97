"""What the planner answers: a time for every session, or the first that none is found for."""

from dataclasses import dataclass

from meso_clinic.core.models import User
from sessions.domain.windows import Link
from sessions.selectors.asking import Outline, OutlineSession, Place, Wishes


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """One session with the time proposed for it; `was` is the time it has."""

    number: int
    link: Link
    place: Place | None
    was: Place | None
    outline: OutlineSession
    is_pinned: bool = False

    @property
    def was_over(self) -> bool:
        """Whether it was delivered or skipped before."""
        return self.outline.is_over

    @property
    def is_changed(self) -> bool:
        """Whether booking would write something for it."""
        return self.place is not None and self.place != self.was

    @property
    def days_late(self) -> int:
        """How many days after its window it would be."""
        return self.link.window.days_late(self.link.on) if self.place else 0

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to say why it is late."""
        return self.days_late > (0 if self.is_changed else self.outline.excused_days)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row for each session. `stuck_at` is the first one that no time can be found for."""

    outline: Outline
    wishes: Wishes
    practitioner: User
    rows: tuple[ProposedRow, ...]
    stuck_at: int | None = None
    cost: int = 0

    @property
    def links(self) -> list[Link]:
        """The windows, in order."""
        return [row.link for row in self.rows]

    @property
    def to_book(self) -> list[ProposedRow]:
        """The rows that booking would write."""
        return [row for row in self.rows if row.is_changed]

    @property
    def needs_reason(self) -> bool:
        """Whether a clinician has to give a reason."""
        return any(row.needs_reason for row in self.rows)

    def row(self, number: int) -> ProposedRow:
        """Return the row of session `number`."""
        return next(row for row in self.rows if row.number == number)
