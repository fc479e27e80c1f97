"""When what is waited for could begin: the calendars of a site, read once for all who wait."""

from collections.abc import Sequence
from datetime import date, datetime

from clinic.models import Site
from sessions.domain.openings import Openings
from sessions.selectors.calendars import Calendars, Stretch
from sessions.selectors.waiting.freed import AHEAD
from sessions.selectors.waiting.rows import WaitingRow


class FreeTime:
    """The free time of a site from `now` (aware) on, as far ahead as anybody calls about."""

    def __init__(self, site: Site, rows: Sequence[WaitingRow], now: datetime) -> None:
        self.site, self.now = site, now
        self.today = now.astimezone(site.zone).date()
        self._last = (now + AHEAD).astimezone(site.zone).date()
        self._calendars = Calendars()
        self.people = self._calendars.practitioners
        self.rooms = {room.pk: room for room in self._calendars.rooms([site], None)}
        self._openings: dict[int, Openings | None] = {}
        if rows and self.rooms:
            self._calendars.read(self._stretch(rows))

    def openings(self, row: WaitingRow) -> Openings | None:
        """Return when what `row` waits for could begin, None if it cannot at all."""
        if row.entry.pk not in self._openings:
            self._openings[row.entry.pk] = self._read_openings(row)
        return self._openings[row.entry.pk]

    def _stretch(self, rows: Sequence[WaitingRow]) -> Stretch:
        return Stretch(
            first=self.today,
            last=self._last,
            sites={self.site.pk: self.site},
            practitioners=frozenset(self.people),
            rooms=frozenset(self.rooms),
            patients=frozenset(row.entry.patient_id for row in rows),
        )

    def _read_openings(self, row: WaitingRow) -> Openings | None:
        wished = row.entry.practitioner_id
        people = [wished] if wished else list(self.people)
        indication = row.course.indication if row.course else None
        rooms = self._calendars.rooms([self.site], indication)
        last = self._last_day(row)
        if not rooms or last < self.today or not set(people) <= set(self.people):
            return None
        return self._calendars.openings(
            site=self.site,
            practitioners=people,
            indication=indication,
            patient=row.entry.patient,
            need=row.need,
            first=self.today,
            last=last,
            now=self.now + row.waiting.taking.notice,
            ignoring=[row.held] if row.held else [],
        )

    def _last_day(self, row: WaitingRow) -> date:
        """Return the last day worth a look: none is after the one that the patient has."""
        booked_on = row.held.starts_at.astimezone(self.site.zone).date() if row.held else None
        days = (self._last, row.entry.until, booked_on)
        return min(day for day in days if day is not None)
