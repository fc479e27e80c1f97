"""The clinic itself: two sites, their rooms, the people, their hours, the days it is closed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from clinic import actions as clinic_actions
from clinic.models import Room, Site
from meso_clinic.core.actions import create_user
from meso_clinic.core.models import User
from treatments.actions.catalogue import load_catalogue, load_consent_texts, load_screening
from treatments.actions.stock import receive_lot
from treatments.models import Product

LINDEN, HARBOUR = "Linden Street", "Harbour Road"
ROOMS = {LINDEN: 4, HARBOUR: 2}
Hours = tuple[tuple[time, time], ...]
EVERY_DAY = (0, 1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. Clinicians have weekly hours, with lunch as the gap between two."""

    username: str
    first_name: str
    last_name: str
    job_title: str
    role: str
    site: str = LINDEN
    room: int = 0
    weekdays: tuple[int, ...] = EVERY_DAY
    hours: Hours = ()
    is_prescriber: bool = False
    has_password: bool = False


def _hours(*clocks: str) -> Hours:
    spans = (clock.split("-") for clock in clocks)
    return tuple((time.fromisoformat(starts), time.fromisoformat(ends)) for starts, ends in spans)


PETRA, INES, SAMIR, MALIK = "clinician", "ines.halloran", "samir.okonjo", "malik.duarte"
PEOPLE = (
    Person("admin", "Alex", "Moreau", "Clinic manager", "is_admin", has_password=True),
    Person("reception", "Maya", "Brandt", "Reception", "is_reception", has_password=True),
    Person(
        INES, "Dr Ines", "Halloran", "Doctor", "is_clinician", LINDEN, 0, (0, 1, 3),
        _hours("09:00-12:00", "13:00-17:00"), is_prescriber=True,
    ),
    Person(
        SAMIR, "Dr Samir", "Okonjo", "Doctor", "is_clinician", LINDEN, 1, (0, 2, 4),
        _hours("09:15-12:00", "13:00-17:00"), is_prescriber=True,
    ),
    Person(
        PETRA, "Petra", "Lindqvist", "Nurse prescriber", "is_clinician", LINDEN, 2, EVERY_DAY,
        _hours("09:00-12:30", "13:15-17:30"), is_prescriber=True, has_password=True,
    ),
    Person(
        MALIK, "Malik", "Duarte", "Nurse", "is_clinician", LINDEN, 3, (1, 2, 3, 4, 5),
        _hours("11:00-13:00", "13:45-18:00"),
    ),
    Person(
        "noemi.varga", "Dr Noemi", "Varga", "Doctor", "is_clinician", HARBOUR, 0, (1, 4),
        _hours("09:00-13:00", "14:00-17:00"), is_prescriber=True,
    ),
    Person(
        "tobias.reyle", "Tobias", "Reyle", "Nurse", "is_clinician", HARBOUR, 1, (0, 2, 3),
        _hours("10:00-13:00", "13:45-18:00"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the rest of the demo needs to know of the clinic."""

    now: datetime
    today: date
    sites: dict[str, Site]
    rooms: dict[str, list[Room]]
    staff: dict[str, User]
    closed: dict[str, list[tuple[date, date]]]

    @property
    def admin(self) -> User:
        """Who sets everything up."""
        return self.staff["admin"]

    @property
    def reception(self) -> User:
        """Who registers and books."""
        return self.staff["reception"]

    def is_open(self, site: str, day: date) -> bool:
        """Whether `site` has no closure on `day`."""
        return not any(first <= day <= last for first, last in self.closed[site])


def practitioners(site: str) -> list[Person]:
    """Return those who give sessions at `site`."""
    return [person for person in PEOPLE if person.hours and person.site == site]


def open_clinic(now: datetime) -> Clinic:
    """Make the clinic as it was set up five years before `now` (aware)."""
    at = now - timedelta(days=5 * 365)
    staff = _hire(at)
    admin = staff["admin"]
    _write_profile(admin, at)
    load_catalogue(by=admin, at=at)
    load_consent_texts(by=admin, at=at)
    load_screening(by=admin, at=at)
    sites, rooms = _build_sites(admin, at)
    _give_hours(staff, sites, at)
    today = now.astimezone(sites[LINDEN].zone).date()
    closed = _close(sites, today, admin, now - timedelta(days=30))
    _stock(today, admin, now - timedelta(days=200))
    return Clinic(now, today, sites, rooms, staff, closed)


def _hire(at: datetime) -> dict[str, User]:
    staff: dict[str, User] = {}
    for person in PEOPLE:
        staff[person.username] = create_user(
            by=staff.get("admin"),
            at=at,
            password=settings.DEMO_PASSWORD if person.has_password else None,
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            job_title=person.job_title,
            is_prescriber=person.is_prescriber,
            **{person.role: True},
        )
    return staff


def _write_profile(admin: User, at: datetime) -> None:
    clinic_actions.change_profile(
        by=admin,
        at=at,
        name="Linden Street Clinic",
        phone="020 7946 0142",
        email="desk@linden-street.example",
        opening_words="Monday to Saturday",
        legal_lines="A demonstration clinic. Nobody in it is real.",
        record_prefix="LSC",
    )


def _build_sites(admin: User, at: datetime) -> tuple[dict[str, Site], dict[str, list[Room]]]:
    addresses = {
        LINDEN: ("12 Linden Street, Exampleton", "020 7946 0142"),
        HARBOUR: ("3 Harbour Road, Exampleton", "020 7946 0187"),
    }
    sites, rooms = {}, {}
    for position, (name, (address, phone)) in enumerate(addresses.items()):
        sites[name] = clinic_actions.add_site(
            by=admin,
            at=at,
            name=name,
            address=address,
            phone=phone,
            timezone="Europe/London",
            position=position,
        )
        rooms[name] = [
            clinic_actions.add_room(site=sites[name], name=f"Room {number}", by=admin, at=at)
            for number in range(1, ROOMS[name] + 1)
        ]
    return sites, rooms


def _give_hours(staff: dict[str, User], sites: dict[str, Site], at: datetime) -> None:
    for person in PEOPLE:
        if not person.hours:
            continue
        who, first = staff[person.username], person.weekdays[0]
        for starts, ends in person.hours:
            clinic_actions.add_shift(
                practitioner=who,
                site=sites[person.site],
                weekday=first,
                starts=starts,
                ends=ends,
                by=staff["admin"],
                at=at,
            )
        clinic_actions.copy_weekday(
            practitioner=who, source=first, weekdays=person.weekdays, by=staff["admin"], at=at
        )


def _close(
    sites: dict[str, Site], today: date, admin: User, at: datetime
) -> dict[str, list[tuple[date, date]]]:
    christmas = date(today.year, 12, 25)
    if christmas <= today:
        christmas = date(today.year + 1, 12, 25)
    training = today + timedelta(days=23 - today.weekday())  # a Wednesday, in two to three weeks
    wanted = [
        (list(sites), christmas, christmas + timedelta(days=3), "Christmas"),
        ([LINDEN], training, training, "Training day"),
    ]
    closed: dict[str, list[tuple[date, date]]] = {name: [] for name in sites}
    for names, first, last, reason in wanted:
        clinic_actions.close_days(
            sites=[sites[name] for name in names],
            starts_on=first,
            ends_on=last,
            reason=reason,
            by=admin,
            at=at,
        )
        for name in names:
            closed[name].append((first, last))
    return closed


def _stock(today: date, admin: User, at: datetime) -> None:
    """Receive two lots of every product in use: one that lasts, one that ends within weeks.

    So many vials that no session of the past finds the shelf empty.
    """
    supporting = {"anaesthetic", "diluent"}
    for number, product in enumerate(Product.objects.enabled(), start=1):
        for letter, days in (("A", 40 + number), ("B", 380 + 11 * number)):
            receive_lot(
                product=product,
                number=f"{letter}{1000 + 37 * number}",
                expires_on=today + timedelta(days=days),
                quantity=10 if product.product_class in supporting else 400,
                by=admin,
                at=at,
            )
