"""When it happens."""

from datetime import datetime, time, timedelta

import factory

from sessions.domain.windows import plan
from sessions.models import Appointment, Deviation, TreatmentSession
from sessions.selectors.chain import cadence_of
from tests.factories.clinic import RoomFactory, works_every_day
from tests.factories.treatments import AT, TreatmentCourseFactory


class TreatmentSessionFactory(factory.django.DjangoModelFactory):
    """The first session of a course, waiting for its time."""

    class Meta:
        model = TreatmentSession

    class Params:
        # Number 2 needs a window, as every session after the first does.
        second = factory.Trait(
            number=2,
            earliest_on=factory.LazyAttribute(lambda own: own.course.first_on + timedelta(days=7)),
            due_on=factory.LazyAttribute(lambda own: own.earliest_on),
            latest_on=factory.LazyAttribute(lambda own: own.earliest_on + timedelta(days=3)),
        )
        done = factory.Trait(
            status=TreatmentSession.Status.DONE,
            delivered_on=factory.SelfAttribute("due_on"),
        )

    course = factory.SubFactory(TreatmentCourseFactory)
    number = 1
    due_on = factory.SelfAttribute("course.first_on")


class AppointmentFactory(factory.django.DjangoModelFactory):
    """A booked place at 10:00 of the session's due day, with the course's own practitioner."""

    class Meta:
        model = Appointment

    class Params:
        consultation = factory.Trait(kind=Appointment.Kind.CONSULTATION)
        clock = time(10)
        minutes = 50
        of = factory.SubFactory(TreatmentSessionFactory)

    session = factory.LazyAttribute(
        lambda own: own.of if own.kind == Appointment.Kind.SESSION else None
    )
    patient = factory.LazyAttribute(lambda own: own.of.course.patient)
    practitioner = factory.LazyAttribute(lambda own: own.of.course.practitioner)
    room = factory.LazyAttribute(lambda own: RoomFactory(site=own.of.course.site))
    kind = Appointment.Kind.SESSION
    starts_at = factory.LazyAttribute(
        lambda own: datetime.combine(own.of.due_on, own.clock, own.of.course.site.zone)
    )
    ends_at = factory.LazyAttribute(lambda own: own.starts_at + timedelta(minutes=own.minutes))
    held_from = factory.SelfAttribute("starts_at")
    held_until = factory.SelfAttribute("ends_at")
    status = Appointment.Status.BOOKED
    status_since = AT
    booked_by = factory.SelfAttribute("practitioner")


class DeviationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deviation

    session = factory.SubFactory(TreatmentSessionFactory, second=True)
    kind = Deviation.Kind.LATE
    days_late = 2
    reason = Deviation.Reason.TRAVEL
    words = "On a journey until Sunday."
    at = AT
    by = factory.LazyAttribute(lambda own: own.session.course.practitioner)


def planned_course(*, hours=(time(9), time(17)), **course):
    """Make an active course with its whole chain planned; its practitioner works every day."""
    made = TreatmentCourseFactory(**course)
    TreatmentSession.objects.bulk_create(
        TreatmentSession(
            course=made,
            number=link.step.number,
            earliest_on=link.window.earliest,
            due_on=link.window.due,
            latest_on=link.window.latest,
        )
        for link in plan(cadence_of(made), made.first_on)
    )
    if not made.practitioner.shifts.exists():
        works_every_day(made.practitioner, made.site, *hours)
    return made
