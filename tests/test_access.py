"""Every address states who may call it, and keeps to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from meso_clinic.core.access import RIGHTS, Right, Role, declared_right
from tests.factories.clinic import ClinicProfileFactory, SiteFactory
from tests.factories.core import UserFactory

# Whoever opens a page to everybody has to say so here too.
PUBLIC = {
    "account_login",
    "account_logout",
    "core:health",
    "core:first-admin",
    "core:invitation",
    "patients:screening-link",
}

# Something of each converter that no row has.
NOWHERE = {
    "int": "987654321",
    "str": "nothing",
    "slug": "nothing",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "nothing",
}


@dataclass(frozen=True)
class Address:
    """A view, its URL name, and a path that leads to it."""

    name: str
    path: str
    view: Any

    @property
    def right(self) -> str | None:
        """What the view states, however it is wrapped."""
        view = self.view
        while view is not None:
            if found := declared_right(view):
                return found
            view = getattr(view, "__wrapped__", None)
        return None


def addresses(
    patterns: list[Any] | None = None, path: str = "/", namespace: str = ""
) -> Iterator[Address]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        deeper = path + written(pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from addresses(pattern.url_patterns, deeper, inner)
        else:
            assert isinstance(pattern, URLPattern)
            name = ":".join(part for part in (namespace, pattern.name or deeper) if part)
            yield Address(name, deeper, pattern.callback)


def written(pattern: URLPattern | URLResolver) -> str:
    """The pattern's own part of the path, with something that no row has for its parameters."""
    text = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = "str" if kind == "string" else kind
        for spelled in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(spelled, NOWHERE.get(kind, "nothing"))
    return text


ALL = list(addresses())
GUARDED = [address for address in ALL if address.right in set(Right)]


def call(client: Client, path: str) -> Any:
    """Ask for the page; if the address only takes forms, send an empty one."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


@pytest.fixture
def clinic(db):
    ClinicProfileFactory()
    SiteFactory()


@pytest.fixture
def somebody(clinic):
    """Somebody signed in with the given roles and no others."""

    def sign_in(*roles: Role) -> Client:
        held = {f"is_{role}": role in roles for role in Role}
        client = Client()
        client.force_login(UserFactory.create(**held))
        return client

    return sign_in


def test_the_walk_finds_the_addresses():
    assert {"core:home", "clinic:hours", "account_login"} <= {address.name for address in ALL}
    assert all("<" not in address.path for address in ALL)


def test_every_view_states_its_right():
    known = {"public", "signed_in", *Right}
    assert [address.name for address in ALL if address.right not in known] == []


def test_a_view_without_a_right_would_be_noticed():
    assert Address("bare", "/bare/", lambda request: None).right is None


def test_only_the_listed_pages_are_public():
    assert {address.name for address in ALL if address.right == "public"} == PUBLIC


def test_nobody_who_is_not_signed_in_gets_past_the_login(clinic):
    for address in ALL:
        if address.name not in PUBLIC:
            for ask in (Client().get, Client().post):
                answer = ask(address.path)
                assert answer.status_code == 302, address.name
                assert answer.url.startswith("/login/"), address.name


def test_public_pages_ask_nobody_to_sign_in(clinic):
    for address in ALL:
        if address.name in PUBLIC - {"account_logout"}:
            answer = Client().get(address.path)
            assert "/login/" not in answer.headers.get("Location", ""), address.name


@pytest.mark.parametrize("role", Role)
def test_a_role_that_lacks_the_right_is_refused_before_anything_is_looked_up(somebody, role):
    client = somebody(role)
    for address in GUARDED:
        if role not in RIGHTS[Right(address.right)]:
            answer = call(client, address.path)
            if getattr(address.view, "is_hidden", False):
                assert answer.status_code == 404, address.name
                continue
            assert answer.status_code == 403, address.name
            assert b"This page is for" in answer.content, address.name


@pytest.mark.parametrize("role", Role)
def test_a_role_that_has_the_right_is_let_in(somebody, role):
    client = somebody(role)
    for address in GUARDED:
        if role in RIGHTS[Right(address.right)]:
            status = call(client, address.path).status_code
            assert status < 500, address.name
            assert status != 403, address.name


def test_rights_of_several_roles_add_up(somebody):
    client = somebody(Role.RECEPTION, Role.ADMIN)
    assert client.get("/manage/").status_code == 200
    assert client.get("/account/").status_code == 200


def test_every_right_is_held_by_some_role():
    assert set(RIGHTS) == set(Right)
    assert all(RIGHTS.values())
