"""A course at a clinic that works every day, and short words for what tests do with it."""

from datetime import date, datetime, time, timedelta

from sessions.actions.booking import LateReason, book_session
from sessions.actions.delivery import deliver_session
from sessions.actions.status import check_in
from sessions.models import TreatmentSession
from tests.factories.clinic import RoomFactory
from tests.factories.core import UserFactory
from tests.factories.sessions import planned_course

FIRST_ON = date(2026, 11, 26)
AWAY = LateReason("TRAVEL", "On a journey until Sunday.")


class Desk:
    """`course` is active and planned from Thursday 26 November 2026 on; `room` suits everything.

    Days are given as the number of days after the first session, clocks as "10:00".
    """

    def __init__(self, **course):
        self.course = planned_course(**{"first_on": FIRST_ON, **course})
        self.site = self.course.site
        self.practitioner = self.course.practitioner
        self.room = self.site.rooms.first() or RoomFactory(site=self.site, name="Room 1")
        self.reception = UserFactory(reception=True)
        self.now = self.moment(0, "8:00")

    def day(self, after):
        return self.course.first_on + timedelta(days=after)

    def moment(self, after, clock="10:00"):
        hours, minutes = clock.split(":")
        return datetime.combine(self.day(after), time(int(hours), int(minutes)), self.site.zone)

    def session(self, number):
        return self.course.sessions.get(number=number)

    def place(self, number):
        """Return the live appointment of session `number`."""
        return self.session(number).appointments.live().get()

    def window(self, number):
        """Return the stored window of session `number`, as days after the first session."""
        session = self.session(number)
        return tuple(
            day and (day - self.course.first_on).days
            for day in (session.earliest_on, session.due_on, session.latest_on)
        )

    def book(self, number, after, clock="10:00", **changes):
        return book_session(
            **{
                "session": self.session(number),
                "practitioner": self.practitioner,
                "room": self.room,
                "starts_at": self.moment(after, clock),
                "by": self.reception,
                "at": self.now,
                **changes,
            }
        )

    def arrive(self, number):
        """Check the patient of session `number` in, at its own time."""
        place = self.place(number)
        return check_in(appointment=place, by=self.reception, at=place.starts_at)

    def deliver(self, number, after, **changes):
        return deliver_session(
            **{
                "session": self.session(number),
                "on": self.day(after),
                "by": self.practitioner,
                "at": self.moment(after, "18:00"),
                **changes,
            }
        )

    def give(self, number, after):
        """Book, check in and deliver session `number` on one day."""
        self.book(number, after)
        self.arrive(number)
        return self.deliver(number, after)

    def neighbour(self, **course):
        """Return the desk of another patient's course with the same practitioner and room."""
        other = Desk.__new__(Desk)
        other.course = planned_course(
            **{
                "first_on": self.course.first_on,
                "site": self.site,
                **course,
            }
        )
        other.site, other.room, other.reception = self.site, self.room, self.reception
        other.practitioner, other.now = self.practitioner, self.now
        return other

    def statuses(self):
        return list(
            TreatmentSession.objects.filter(course=self.course)
            .in_order()
            .values_list("status", flat=True)
        )
