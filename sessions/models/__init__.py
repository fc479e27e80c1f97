"""When it happens: the steps of a course, places in the calendar, changes and deviations."""

from sessions.models.appointments import Appointment
from sessions.models.busy_weeks import BusyWeek
from sessions.models.chain import Deviation, TreatmentSession
from sessions.models.changes import ScheduleChange, ScheduleChangeLine, ScheduleCheck
from sessions.models.waiting import WaitlistCall, WaitlistEntry

__all__ = [
    "Appointment",
    "BusyWeek",
    "Deviation",
    "ScheduleChange",
    "ScheduleChangeLine",
    "ScheduleCheck",
    "TreatmentSession",
    "WaitlistCall",
    "WaitlistEntry",
]
