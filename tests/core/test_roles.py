"""Who may do what: the whole table, and how a person's roles add up."""

import pytest

from meso_clinic.core.models import User
from meso_clinic.core.roles import RIGHTS, Right, Role
from tests.factories.core import UserFactory

# Written out a second time on purpose: a change of policy has to be meant twice.
ALLOWED = {
    "clinician": {
        "see_day",
        "run_day",
        "book",
        "book_late",
        "see_patients",
        "edit_patients",
        "see_clinical",
        "edit_clinical",
        "see_courses",
        "plan_course",
        "decide_course",
        "write_record",
        "take_consent",
        "hand_over",
        "manage_stock",
        "see_stock",
        "run_recall",
    },
    "reception": {
        "see_day",
        "run_day",
        "book",
        "see_patients",
        "edit_patients",
        "see_courses",
        "plan_course",
        "hand_over",
        "see_stock",
    },
    "admin": {
        "see_day",
        "manage_stock",
        "see_stock",
        "run_day",
        "book",
        "see_patients",
        "edit_patients",
        "see_courses",
        "edit_content",
        "manage_clinic",
        "manage_people",
        "see_audit",
    },
}


def somebody(*roles, **fields):
    return User(username="somebody", **{f"is_{role}": True for role in roles}, **fields)


@pytest.mark.parametrize("role", ALLOWED)
@pytest.mark.parametrize("right", list(Right))
def test_a_role_has_the_rights_of_the_table_and_no_other(role, right):
    assert somebody(role).has_right(right) is (right in ALLOWED[role])


def test_every_right_is_somebodys():
    assert set(RIGHTS) == set(Right)
    assert all(RIGHTS.values())


def test_every_role_is_in_the_table():
    assert set(ALLOWED) == set(Role)


def test_roles_add_up():
    both = somebody("clinician", "admin")
    assert both.has_right(Right.WRITE_RECORD)
    assert both.has_right(Right.MANAGE_PEOPLE)
    assert both.roles == (Role.CLINICIAN, Role.ADMIN)


@pytest.mark.parametrize("right", list(Right))
def test_somebody_who_has_left_has_no_rights(right):
    assert not somebody("clinician", "reception", "admin", is_active=False).has_right(right)


@pytest.mark.parametrize("right", list(Right))
def test_a_prescriber_is_no_role_and_a_superuser_neither(right):
    assert not somebody(is_prescriber=True, is_superuser=True, is_staff=True).has_right(right)


@pytest.mark.parametrize(
    ("roles", "main"),
    [
        (("clinician",), Role.CLINICIAN),
        (("reception",), Role.RECEPTION),
        (("admin",), Role.ADMIN),
        (("clinician", "admin"), Role.CLINICIAN),
        (("reception", "admin"), Role.RECEPTION),
    ],
)
def test_the_main_role_is_the_one_nearest_the_patient(roles, main):
    assert somebody(*roles).role is main


@pytest.mark.django_db
def test_practitioners_are_active_clinicians_by_name():
    zoe = UserFactory(clinician=True, last_name="Young")
    ada = UserFactory(clinician=True, last_name="Adams")
    UserFactory(clinician=True, is_active=False)
    UserFactory(reception=True)
    assert list(User.objects.practitioners()) == [ada, zoe]


@pytest.mark.parametrize(
    ("first_name", "last_name", "display_name", "surname", "initials"),
    [
        ("Petra", "Lindqvist", "Petra Lindqvist", "Lindqvist", "PL"),
        ("Dr Ines", "Halloran", "Dr Ines Halloran", "Dr Halloran", "IH"),
        ("", "", "somebody", "somebody", "S"),
        ("Li", "", "Li", "Li", "L"),
        ("Ana Maria", "da Costa", "Ana Maria da Costa", "da Costa", "AC"),
    ],
)
def test_names_as_they_stand_on_the_board(first_name, last_name, display_name, surname, initials):
    person = somebody("clinician", first_name=first_name, last_name=last_name)
    assert (person.display_name, person.surname, person.initials) == (
        display_name,
        surname,
        initials,
    )
    assert str(person) == display_name
