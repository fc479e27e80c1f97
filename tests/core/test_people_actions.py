"""People: added, changed, shut out, and let in by one-time links."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from meso_clinic.core import actions
from meso_clinic.core.audit import Kind
from meso_clinic.core.models import AuditEvent, Invitation, User
from tests.factories.core import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "a quiet river bends"


@pytest.fixture
def by(admin, at):
    return {"by": admin, "at": at}


def last_audit():
    return AuditEvent.objects.order_by("pk").last()


def test_a_person_is_added_without_a_password(by):
    user = actions.create_user(username="ines", first_name="Dr Ines", is_clinician=True, **by)
    assert not user.has_usable_password()
    line = last_audit()
    assert (line.kind, line.by, line.target) == (
        Kind.USER_CREATED,
        by["by"],
        f"core.user:{user.pk}",
    )


def test_the_first_people_of_the_demo_clinic_add_themselves(at):
    user = actions.create_user(
        username="ines", is_clinician=True, password=PASSWORD, by=None, at=at
    )
    assert user.check_password(PASSWORD)
    assert last_audit().by == user


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choose at least one role"),
        ({"is_reception": True, "is_prescriber": True}, "must also be a clinician"),
        ({"is_reception": True, "username": "MAYA"}, "This user name is taken"),
        ({"is_reception": True, "email": "maya@EXAMPLE.org"}, "Another person has this e-mail"),
    ],
)
def test_a_person_that_breaks_a_rule_is_refused(by, fields, says):
    UserFactory(username="maya", email="Maya@example.org")
    with pytest.raises(ValidationError, match=says):
        actions.create_user(**{"username": "ines", **fields}, **by)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("user_has_a_role", {"is_reception": False}),
        ("prescriber_is_a_clinician", {"is_prescriber": True}),
        ("user_name_is_unique_in_any_case", {"username": "MAYA"}),
        ("email_belongs_to_one_person", {"email": "maya@EXAMPLE.org"}),
    ],
)
def test_the_database_keeps_the_rules_of_people(name, fields):
    UserFactory(username="maya", email="Maya@example.org")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        UserFactory(**fields)


def test_several_people_have_no_e_mail():
    assert UserFactory(email="").pk != UserFactory(email="").pk


def test_a_person_is_changed(by):
    user = UserFactory(reception=True)
    actions.change_user(user=user, job_title="Nurse", is_clinician=True, is_reception=False, **by)
    user.refresh_from_db()
    assert (user.job_title, user.is_clinician, user.is_reception) == ("Nurse", True, False)
    assert last_audit().kind == Kind.USER_CHANGED


def test_nobody_changes_their_own_roles(by, admin):
    for role in ("is_clinician", "is_admin"):
        with pytest.raises(actions.OwnRights):
            actions.change_user(user=admin, **{role: not getattr(admin, role)}, **by)
    actions.change_user(user=admin, job_title="Head", is_admin=True, **by)
    admin.refresh_from_db()
    assert (admin.job_title, admin.is_admin) == ("Head", True)


def test_a_change_that_breaks_a_rule_is_refused(by):
    user = UserFactory(reception=True)
    with pytest.raises(ValidationError, match="Choose at least one role"):
        actions.change_user(user=user, is_reception=False, **by)


def test_who_lost_the_admin_role_a_moment_ago_changes_nobody(by, admin):
    other = UserFactory(admin=True)
    User.objects.filter(pk=admin.pk).update(is_admin=False, is_reception=True)
    for act in (actions.change_user, actions.deactivate_user, actions.reactivate_user):
        with pytest.raises(actions.NotAnAdmin):
            act(user=other, **by)


def test_shutting_somebody_out_ends_their_sessions_and_link(admin):
    now = timezone.now()
    leaver, stayer = UserFactory(), UserFactory()
    theirs, others = Client(), Client()
    theirs.force_login(leaver)
    others.force_login(stayer)
    actions.invite(user=leaver, by=admin, at=now)
    actions.deactivate_user(user=leaver, by=admin, at=now)
    leaver.refresh_from_db()
    assert not leaver.is_active
    assert not Invitation.objects.exists()
    assert list(Session.objects.values_list("pk", flat=True)) == [others.session.session_key]
    assert last_audit().kind == Kind.USER_DEACTIVATED
    actions.reactivate_user(user=leaver, by=admin, at=now)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert last_audit().kind == Kind.USER_REACTIVATED


def test_nobody_shuts_themselves_out(by, admin):
    with pytest.raises(actions.OwnRights):
        actions.deactivate_user(user=admin, **by)


def test_a_link_lets_a_person_choose_a_password_once(by, at):
    user = UserFactory()
    token = actions.invite(user=user, **by)
    assert token not in Invitation.objects.get().token_hash
    accepted = actions.accept_invitation(token=token, password=NEW_PASSWORD, at=at)
    assert accepted == user
    assert accepted.check_password(NEW_PASSWORD)
    assert (last_audit().kind, last_audit().by) == (Kind.PASSWORD_CHANGED, user)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_invitation(token=token, password=NEW_PASSWORD, at=at)


def test_only_the_last_link_of_a_person_works(by, at):
    user, other = UserFactory(), UserFactory()
    first, last = actions.invite(user=user, **by), actions.invite(user=user, **by)
    untouched = actions.invite(user=other, **by)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_invitation(token=first, password=NEW_PASSWORD, at=at)
    assert actions.accept_invitation(token=last, password=NEW_PASSWORD, at=at) == user
    assert actions.accept_invitation(token=untouched, password=NEW_PASSWORD, at=at) == other


def test_a_link_ends_after_two_days(by, at):
    token = actions.invite(user=UserFactory(), **by)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_invitation(token=token, password="x", at=at + timedelta(days=2))
    just_before = at + timedelta(days=2, seconds=-1)
    actions.accept_invitation(token=token, password=NEW_PASSWORD, at=just_before)


def test_who_is_shut_out_is_not_let_in_by_a_link(by, at):
    user = UserFactory()
    token = actions.invite(user=user, **by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_invitation(token=token, password=NEW_PASSWORD, at=at)


FIRST = {"username": "alex", "first_name": "Alex", "last_name": "", "password": NEW_PASSWORD}


def test_the_first_admin_is_made_once(at):
    token = actions.invite_first_admin(at=at)
    admin = actions.accept_first_admin_invitation(token=token, at=at, **FIRST)
    assert admin.is_admin
    assert admin.check_password(NEW_PASSWORD)
    assert last_audit().by == admin
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_first_admin_invitation(token=token, at=at, **FIRST)


def test_a_second_start_ends_the_link_of_the_first_and_no_others(by, at):
    user = UserFactory()
    persons = actions.invite(user=user, **by)
    first, last = actions.invite_first_admin(at=at), actions.invite_first_admin(at=at)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_first_admin_invitation(token=first, at=at, **FIRST)
    actions.accept_first_admin_invitation(token=last, at=at, **FIRST)
    assert actions.accept_invitation(token=persons, password=NEW_PASSWORD, at=at) == user


def test_a_link_of_one_kind_does_not_do_the_other(by, at):
    persons = actions.invite(user=UserFactory(), **by)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_first_admin_invitation(token=persons, at=at, **FIRST)
    first = actions.invite_first_admin(at=at)
    with pytest.raises(actions.NoSuchInvitation):
        actions.accept_invitation(token=first, password=NEW_PASSWORD, at=at)


def test_a_password_is_changed(at):
    user = UserFactory()
    actions.change_own_password(user=user, password=NEW_PASSWORD, at=at)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert last_audit().kind == Kind.PASSWORD_CHANGED
