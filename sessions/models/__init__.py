"""When it happens: the steps of a course, places in the calendar, deviations."""

from sessions.models.appointments import Appointment
from sessions.models.chain import Deviation, TreatmentSession

__all__ = ["Appointment", "Deviation", "TreatmentSession"]
