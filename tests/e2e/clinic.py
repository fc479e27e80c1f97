"""The clinic that the journeys happen in, built by the product's own actions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from clinic.actions import (
    add_room,
    add_shift,
    close_days,
    copy_weekday,
    mark_away,
    set_up_clinic,
)
from clinic.models import Room, Site
from meso_clinic.core.actions import create_user
from meso_clinic.core.models import User
from meso_clinic.core.roles import Role
from patients.actions import register_patient
from patients.models import Patient, ScreeningQuestion
from sessions.actions.booking import book_session
from sessions.actions.planning import plan_course
from sessions.actions.status import check_in, start_appointment
from sessions.models import Appointment, TreatmentSession
from tests.factories.core import PASSWORD
from tests.factories.treatments import LotFactory
from treatments.actions.catalogue import load_catalogue, load_screening
from treatments.actions.consents import publish_consent_text, withdraw_consent_text
from treatments.actions.courses import CoursePlan, activate_course
from treatments.models import ConsentTemplate, Indication, Product, TreatmentCourse

# It is always this hour of the morning at the clinic, whenever and wherever the tests run: no
# journey meets midnight, and there is time left to book today.
HOUR = 10


def zone_where_it_is_morning(now: datetime) -> str:
    """Return the name of a time zone in which it is HOUR o'clock at `now` (aware)."""
    ahead = (HOUR - now.astimezone(UTC).hour + 12) % 24 - 12
    # These names count hours to the west.
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


@dataclass
class Clinic:
    """One site, two rooms, two practitioners who work every day, and the three roles."""

    site: Site
    rooms: list[Room]
    maya: User  # reception
    petra: User  # clinician
    omar: User  # clinician
    alex: User  # admin

    @property
    def zone(self) -> ZoneInfo:
        return self.site.zone

    @property
    def now(self) -> datetime:
        return timezone.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def moment(self, ahead: int, clock: time) -> datetime:
        """Return the wall-clock time `ahead` days from today."""
        return datetime.combine(self.day(ahead), clock, self.zone)

    def indication(self, slug: str) -> Indication:
        return Indication.objects.get(slug=slug)

    def patient(self, given: str = "Amara", family: str = "Whitfield", **fields) -> Patient:
        known = {"born_on": date(1990, 8, 22), "sex": "FEMALE", "phone": "020 7946 0991"}
        return register_patient(
            given_names=given,
            family_names=family,
            language="en",
            by=self.maya,
            at=timezone.now(),
            **known | fields,
        )

    def keeps_consent_on_paper(self) -> None:
        """Withdraw the texts, so that a journey that is not about consent needs none."""
        for template in ConsentTemplate.objects.in_force():
            withdraw_consent_text(
                template=template, reason="On paper", by=self.alex, at=timezone.now()
            )

    def keeps_screening_on_paper(self) -> None:
        """Ask no health question, so that a journey that is not about them needs no answer."""
        ScreeningQuestion.objects.update(is_active=False)

    def asks_about_health(self) -> None:
        """Ask all health questions."""
        load_screening(by=self.alex, at=timezone.now())
        ScreeningQuestion.objects.update(is_active=True)

    def asks_for_consent(self, slug: str = "body_sculpting") -> None:
        """Publish the texts of the treatment and of photos again."""
        for unit, indication in (("TREATMENT", self.indication(slug)), ("PHOTOS", None)):
            [text] = ConsentTemplate.objects.newest().filter(unit=unit, indication=indication)
            publish_consent_text(
                unit=unit,
                indication=indication,
                base_version=text.version,
                title=text.title,
                text=text.text,
                reason="Asked for again",
                by=self.alex,
                at=timezone.now(),
            )

    def course(
        self,
        patient: Patient | None = None,
        slug: str = "body_sculpting",
        *,
        total: int = 8,
        initial: int = 5,
        first_ahead: int = 0,
        is_active: bool = True,
    ) -> TreatmentCourse:
        """Plan a course whose first session is `first_ahead` days from today, or was then."""
        at = timezone.now() + timedelta(days=min(first_ahead, 0))
        course = plan_course(
            plan=CoursePlan(
                patient=patient or self.patient(),
                indication=self.indication(slug),
                site=self.site,
                practitioner=self.petra,
                total_sessions=total,
                initial_sessions=initial,
                first_on=self.day(first_ahead),
            ),
            by=self.maya,
            at=at,
        )
        if is_active:
            course = activate_course(course=course, by=self.maya, at=at)
        return course

    def book(
        self,
        course: TreatmentCourse,
        number: int = 1,
        *,
        starts_at: datetime,
        room: int = 0,
        practitioner: User | None = None,
    ) -> Appointment:
        """Book a session, on the day before if its time has begun already."""
        return book_session(
            session=course.sessions.get(number=number),
            practitioner=practitioner or self.petra,
            room=self.rooms[room],
            starts_at=starts_at,
            by=self.maya,
            at=min(timezone.now(), starts_at - timedelta(hours=12)),
        )

    def book_all(
        self,
        course: TreatmentCourse,
        clock: time,
        *,
        first_ahead: int = 1,
        last_waits: bool = False,
        room: int = 0,
    ) -> None:
        """Book every session, each on the first day that the one before allows.

        If the last one waits it is on the last day of its window.
        """
        on = self.day(first_ahead)
        for number in range(1, course.total_sessions + 1):
            session = session_of(course, number)
            if number > 1:
                is_last = last_waits and number == course.total_sessions
                allowed = session.latest_on if is_last else session.earliest_on
                assert allowed is not None  # the session before has a time
                on = allowed
            self.book(course, number, starts_at=datetime.combine(on, clock, self.zone), room=room)

    def close(self, first: int, last: int, reason: str) -> None:
        """Close the site from `first` to `last` days ahead, both included."""
        close_days(
            sites=[self.site],
            starts_on=self.day(first),
            ends_on=self.day(last),
            reason=reason,
            by=self.alex,
            at=timezone.now(),
        )

    def send_away(self, practitioner: User, first: int, last: int) -> None:
        """Mark somebody away from `first` to `last` days ahead, both included."""
        mark_away(
            practitioner=practitioner,
            first_on=self.day(first),
            last_on=self.day(last),
            reason="Holiday",
            by=self.alex,
            at=timezone.now(),
        )

    def began(self, minutes_ago: int) -> datetime:
        """Return a time on the calendar's grid of 5 minutes, about `minutes_ago`."""
        moment = self.now - timedelta(minutes=minutes_ago)
        return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)

    def in_the_chair(self, course: TreatmentCourse, number: int = 1) -> Appointment:
        """Book session `number` for a moment ago, check the patient in and begin."""
        place = self.book(course, number, starts_at=self.began(5))
        place = check_in(appointment=place, by=self.maya, at=timezone.now())
        return start_appointment(appointment=place, by=self.petra, at=timezone.now())


def person(username: str, first_name: str, last_name: str, *roles: Role) -> User:
    """Add somebody with these roles and the password of all tests."""
    return create_user(
        username=username,
        first_name=first_name,
        last_name=last_name,
        password=PASSWORD,
        by=None,
        at=timezone.now(),
        **{f"is_{role}": role in roles for role in Role},
    )


def build_clinic() -> Clinic:
    """Make the clinic in the empty database of a test."""
    at = timezone.now()
    alex = person("alex", "Alex", "Moreau", Role.ADMIN)
    maya = person("maya", "Maya", "Brandt", Role.RECEPTION)
    petra = person("petra", "Petra", "Lindqvist", Role.CLINICIAN)
    omar = person("omar", "Omar", "Haddad", Role.CLINICIAN)
    site = set_up_clinic(
        name="Linden Street Clinic",
        phone="020 7946 0142",
        country="GB",
        site_name="Linden Street",
        timezone=zone_where_it_is_morning(at),
        by=alex,
        at=at,
    )
    rooms = [add_room(site=site, name=name, by=alex, at=at) for name in ("Room 1", "Room 2")]
    for practitioner in (petra, omar):
        add_shift(
            practitioner=practitioner,
            site=site,
            weekday=0,
            starts=time(0, 5),
            ends=time(23, 55),
            by=alex,
            at=at,
        )
        copy_weekday(practitioner=practitioner, source=0, weekdays=range(1, 7), by=alex, at=at)
    load_catalogue(by=alex, at=at)
    for product in Product.objects.enabled():
        LotFactory(product=product, number=f"LOT-{product.pk:03}", expires_on=date(2199, 1, 31))
    clinic = Clinic(site, rooms, maya, petra, omar, alex)
    clinic.keeps_consent_on_paper()
    clinic.keeps_screening_on_paper()
    return clinic


def session_of(course: TreatmentCourse, number: int) -> TreatmentSession:
    """Return session `number` of `course` as the database has it."""
    return course.sessions.get(number=number)
