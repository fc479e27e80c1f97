"""What is timed: the questions of the desk, each with its goal."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from bench import asking, recipe
from bench.clinic import Clinic, fill_gaps
from bench.records import add_records
from bench.timing import Task
from patients.models import Patient
from records.models import SessionRecord
from records.selectors.recalls import find_uses
from sessions.actions.planning import NewPlace, book_new_course
from sessions.domain.openings import Need, Openings
from sessions.domain.timeline import lowest
from sessions.models import Appointment, TreatmentSession
from sessions.selectors.calendars import read_openings
from sessions.selectors.search import propose
from treatments.actions.courses import CoursePlan
from treatments.models import Lot, Product, TreatmentCourse, Zone

FLOOR = "the barest signed-in page"
COURSE_15, COURSE_3 = (
    "propose 15 sessions, one practitioner",
    "propose 3 sessions, one practitioner",
)
FULL_DAYS = 90


def floor(clinic: Clinic) -> Task:
    """Return what every page costs before it does anything: session, person, site."""
    client = signed_in(clinic)
    return Task(FLOOR, lambda _number: client.get("/"))


def signed_in(clinic: Clinic) -> Client:
    """Return a browser in which reception is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(clinic.reception)
    return client


def reading(clinic: Clinic) -> list[Task]:
    """Return the questions that write nothing."""
    patient = newcomer()

    def ask_course(total: int, practitioner: Any) -> Any:
        return lambda number: propose(
            asking.new_course(clinic, patient, total, practitioner, first_on=_soon(number))
        )

    first = clinic.practitioners[0]
    return [
        Task(
            "free times of a day, all ten",
            lambda number: list(_free_moments(_openings(clinic, patient, _soon(number), 1))),
            goal_ms=6,
            most_queries=8,
        ),
        Task(COURSE_3, ask_course(3, first), most_queries=8),
        Task(COURSE_15, ask_course(15, first), goal_ms=15, most_queries=8),
        Task(
            "propose 15 sessions, best over all ten",
            ask_course(15, None),
            goal_ms=60,
            most_queries=8,
        ),
    ]


def longest_proposal(clinic: Clinic) -> Task:
    """Return the longest question: 15 sessions, the best over all ten."""
    return reading(clinic)[-1]


def replanning(clinic: Clinic) -> list[Task]:
    """Return the question after a missed session: four of 15 were given, the fifth was not."""
    course = _running_course(clinic, given=4)
    missed = course.sessions.get(number=5).appointments.get()

    def replan(_number: int) -> object:
        return propose(asking.rest_of_course(course, from_number=5, now=missed.ends_at))

    return [Task("re-plan from a missed session 5 of 15", replan, goal_ms=20)]


def pages(clinic: Clinic) -> list[Task]:
    """Return the planner's whole page, asked for again because a setting changed."""
    client, patient = signed_in(clinic), newcomer()
    address = reverse("sessions:course-plan", args=[patient.pk])

    def change_setting(number: int) -> None:
        settings: dict[str, str | int] = {
            "indication": clinic.indication.pk,
            "numbers_of": clinic.indication.pk,
            "total_sessions": 15 - number % 2,
            "monthly_from": 6,
            "first_on": _soon(number).isoformat(),
            "practitioner": clinic.practitioners[number % len(clinic.practitioners)].pk,
        }
        answer = client.get(address, settings, headers={"HX-Request": "true"})
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"the planner answered {answer.status_code}")

    return [Task("the planner's page after a changed setting", change_setting, goal_ms=100)]


def desk(clinic: Clinic) -> list[Task]:
    """Return what a screen at the desk asks for all day: the board, the poll, the week.

    Of a full clinic: 144 visits a day. The first ten of the day are in treatment, five wait.
    """
    begun = Appointment.objects.on_days(recipe.NOW.date(), recipe.NOW.date(), clinic.site)
    first = list(begun.in_order().values_list("pk", flat=True)[:15])
    begun.filter(pk__in=first[:10]).update(status=Appointment.Status.IN_TREATMENT)
    begun.filter(pk__in=first[10:]).update(
        status=Appointment.Status.ARRIVED, arrived_at=recipe.NOW, status_since=recipe.NOW
    )
    client = signed_in(clinic)
    day, changes = reverse("sessions:day"), reverse("sessions:day-changes")
    calendar = reverse("sessions:calendar-data")
    version = client.get(changes)["ETag"]
    today, monday = recipe.NOW.date(), recipe.NOW.date() + timedelta(days=7)

    def show(address: str, **asked: str) -> None:
        answer = client.get(address, asked, headers={"HX-Request": "true"})
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address} answered {answer.status_code}")

    def poll(_number: int) -> None:
        answer = client.get(changes, headers={"If-None-Match": version})
        if answer.status_code != HTTPStatus.NOT_MODIFIED or answer.content:
            raise RuntimeError("the clinic has changed")

    return [
        Task(
            "board data of a day, 144 visits",
            lambda _number: show(calendar, view="day", date=today.isoformat()),
            goal_ms=15,
            most_floors=6,
            most_queries=8,
        ),
        Task(
            "the day with its desk, 144 visits",
            lambda _number: show(day, date=today.isoformat()),
            goal_ms=15,
            most_queries=8,
        ),
        Task("an unchanged poll", poll, goal_ms=4, most_queries=3),
        Task(
            "a week, 864 visits",
            lambda _number: show(calendar, week=monday.isoformat()),
            goal_ms=60,
            most_queries=8,
        ),
    ]


def booking(clinic: Clinic) -> list[Task]:
    """Return the booking of a whole course: planned, started and booked in one transaction."""
    return [
        Task(
            "book a new course of 15 sessions",
            lambda _number, wanted: book_new_course(**wanted),
            prepare=lambda number: _wanted(clinic, number),
            goal_ms=40,
        )
    ]


def when_full(clinic: Clinic) -> list[Task]:
    """Fill the clinic for 90 days, and return the question for the first free time."""
    patient = newcomer()
    fill_gaps(clinic, FULL_DAYS)

    def first_free(_number: int) -> int | None:
        return _earliest(_openings(clinic, patient, recipe.NOW.date(), FULL_DAYS))

    if first_free(0) is not None:
        raise RuntimeError("the full days have a free time")
    return [
        Task(
            f"first free time, all ten, {FULL_DAYS} full days",
            first_free,
            goal_ms=10,
            most_queries=8,
        )
    ]


def recalling(clinic: Clinic) -> list[Task]:
    """Give every fifth visit of the past a signed record, and return what a recall asks first."""
    lots = add_records(clinic)

    def find(number: int) -> None:
        if not find_uses([lots[number % len(lots)]]):
            raise RuntimeError("the lot touched nobody")

    return [Task("what a recalled lot touched", find, goal_ms=1_000, most_queries=2)]


def recording(clinic: Clinic) -> list[Task]:
    """Return what a tablet sends while a session is recorded: a zone, and the after-care."""
    session = _session_in_treatment(clinic)
    client = Client(SERVER_NAME="localhost")
    client.force_login(clinic.practitioners[0])
    zone = Zone.objects.create(indication=clinic.indication, code="bench", name="Crown")
    product = Product.objects.create(
        code="bench-injected",
        name="Injected",
        product_class="vitamin",
        route=Product.Route.INTRADERMAL,
        source="made up",
    )
    product.indications.add(clinic.indication)
    lot = Lot.objects.create(product=product, number="BENCH", expires_on=date(2029, 1, 1))

    def save(step: str, **typed: Any) -> None:
        address = reverse("records:record-step", args=[session.pk, step])
        kept = SessionRecord.objects.filter(session=session).values_list("version", flat=True)
        sent = {"version": kept.first() or 0, **typed}
        answer = client.post(address, sent, headers={"X-Autosave": "1"})
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{step} answered {answer.status_code}")

    def save_zone(number: int) -> None:
        save(
            "injections",
            zone=zone.pk,
            technique="point_by_point",
            points=str(24 + number % 2),
            depth_mm="2.0",
            needle="30G, 4 mm",
            lot=lot.pk,
            volume_ml="1.20",
        )

    save("checks", identity_check="CLEAR")
    return [
        Task("autosave of a zone", save_zone, goal_ms=100),
        Task(
            "autosave of after-care",
            lambda number: save("aftercare", notes=f"Calm, {number}."),
            goal_ms=100,
        ),
    ]


def _session_in_treatment(clinic: Clinic) -> TreatmentSession:
    course = book_new_course(**_wanted(clinic, 0)).new_course
    assert course is not None  # a new course is what was booked
    session = course.sessions.get(number=1)
    session.status = TreatmentSession.Status.IN_TREATMENT
    session.save(update_fields=["status"])
    session.appointments.update(
        status=Appointment.Status.IN_TREATMENT,
        starts_at=recipe.NOW,
        ends_at=recipe.NOW + timedelta(minutes=recipe.MINUTES),
        held_from=recipe.NOW,
        held_until=recipe.NOW + timedelta(minutes=recipe.MINUTES),
    )
    return session


def newcomer() -> Patient:
    """Return a new patient, with nothing in the calendar."""
    number = Patient.objects.count()
    return Patient.objects.create(
        record_number=f"NEW-{number:07}",
        given_names="New",
        born_on=date(1980, 5, 17),
        sex=Patient.Sex.FEMALE,
        phone="020 7946 0000",
        registered_at=recipe.NOW,
        search_names="new",
        phone_digits="02079460000",
    )


def _wanted(clinic: Clinic, number: int) -> dict[str, Any]:
    """Return a proposal for a newcomer as what booking asks for."""
    person = clinic.practitioners[number % len(clinic.practitioners)]
    ask = asking.new_course(clinic, newcomer(), 15, person, first_on=_soon(number))
    rows = [(row.number, row.place) for row in propose(ask).rows]
    outline = ask.outline
    return {
        "plan": CoursePlan(
            patient=outline.patient,
            indication=outline.indication,
            site=outline.site,
            practitioner=person,
            total_sessions=outline.cadence.total,
            initial_sessions=outline.cadence.initial,
            first_on=outline.first_on,
        ),
        "placements": [
            NewPlace(number, place.practitioner, place.room, place.starts_at)
            for number, place in rows
            if place is not None
        ],
        "key": uuid4(),
        "by": clinic.reception,
        "at": recipe.NOW,
    }


def _running_course(clinic: Clinic, given: int) -> TreatmentCourse:
    """Book a course, then say that `given` of its sessions were given and the next one was missed."""
    course = book_new_course(**_wanted(clinic, 0)).new_course
    assert course is not None  # a new course is what was booked
    for session in course.sessions.filter(number__lte=given):
        place = session.appointments.get()
        session.status = TreatmentSession.Status.DONE
        session.delivered_on = place.starts_at.astimezone(recipe.ZONE).date()
        session.save(update_fields=["status", "delivered_on"])
        place.status = Appointment.Status.DONE
        place.save(update_fields=["status"])
    missed = course.sessions.get(number=given + 1)
    missed.appointments.update(status=Appointment.Status.NO_SHOW)
    missed.status = TreatmentSession.Status.PLANNED
    missed.save(update_fields=["status"])
    return course


def _soon(number: int) -> date:
    """Return a working day; another one for each repetition, so that no answer is kept."""
    weeks, days = divmod(number, 5)
    return recipe.NOW.date() + timedelta(days=1 + days, weeks=weeks % 3)


def _openings(clinic: Clinic, patient: Patient, first: date, days: int) -> Openings:
    return read_openings(
        site=clinic.site,
        practitioners=[person.pk for person in clinic.practitioners],
        indication=clinic.indication,
        patient=patient,
        need=Need(recipe.MINUTES),
        first=first,
        last=first + timedelta(days=days - 1),
        now=recipe.NOW,
    )


def _free_moments(openings: Openings) -> Iterator[Any]:
    for practitioner in openings.practitioners:
        for day in openings.days:
            yield from openings.moments(practitioner, day)


def _earliest(openings: Openings) -> int | None:
    """Return the first step at which anybody is free."""
    starts = [openings.starts(practitioner) for practitioner in openings.practitioners]
    return min((lowest(bits) for bits in starts if bits), default=None)
