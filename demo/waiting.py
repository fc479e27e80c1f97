"""A few patients of the first site who would take an earlier time."""

from datetime import timedelta

from demo.clinic_plan import LINDEN, Clinic
from patients.models import Patient
from sessions.actions.waiting import Wish, add_session, note_call
from sessions.models import TreatmentSession

TimeOfDay = Patient.TimeOfDay

WISHES = (
    Wish(notice_hours=1),
    Wish(time_of_day=TimeOfDay.MORNING, notice_hours=2),
    Wish(weekdays=(0, 1, 2, 3), notice_hours=1),
    Wish(time_of_day=TimeOfDay.AFTERNOON, notice_hours=24),
    Wish(notice_hours=4),
)


def add_waiting(clinic: Clinic) -> None:
    """Put those on the list whose window is open while they are booked for a later day."""
    today, site = clinic.today, clinic.sites[LINDEN]
    later = TreatmentSession.objects.filter(
        course__site=site,
        course__status="ACTIVE",
        status="BOOKED",
        earliest_on__lte=today + timedelta(days=1),
        appointments__status="BOOKED",
        appointments__starts_at__gt=clinic.now + timedelta(days=2),
    )
    found = later.select_related("course__patient").order_by("pk")[: len(WISHES)]
    for ago, (session, wish) in enumerate(zip(found, WISHES, strict=False)):
        at = clinic.now - timedelta(minutes=20 * (len(WISHES) - ago))
        entry = add_session(session=session, wish=wish, by=clinic.reception, at=at)
        if not ago:
            note_call(entry=entry, by=clinic.reception, at=at + timedelta(minutes=30))
