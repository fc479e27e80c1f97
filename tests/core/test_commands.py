"""The commands that run and keep a clinic."""

import re
import socket
import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from meso_clinic.core.models import Invitation, User
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory


@pytest.fixture
def served(settings, tmp_path, capsys):
    """Run `serve --prepare-only` and return what it printed."""
    settings.STATIC_ROOT = tmp_path / "static"

    def run():
        call_command("serve", "--prepare-only")
        return capsys.readouterr().out

    return run


@pytest.mark.django_db
def test_a_real_clinic_gets_a_link_for_its_first_admin_and_no_password(served, client):
    printed = served()
    link = re.search(r"http://\S+(/welcome/\S+)", printed)
    assert link
    assert "password" not in printed
    assert client.get(link[1]).status_code == 200
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
def test_serving_again_changes_nothing_and_prints_no_link(served):
    UserFactory(admin=True)
    served()
    assert "welcome" not in served()
    assert User.objects.count() == 1


@pytest.mark.parametrize("port", ["0", "70000", "eight", "-1"])
def test_a_port_that_is_none_is_refused_in_a_sentence(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="PORT must be a number"):
        call_command("serve")


def test_a_busy_port_is_named_with_a_way_out(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(CommandError, match=f"Port {port} is busy"):
            call_command("serve")


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_a_whole_database(tmp_path, capsys):
    if connection.vendor != "sqlite":
        with pytest.raises(CommandError, match="pg_dump"):
            call_command("backup", str(tmp_path))
        return
    PatientFactory(given_names="Leila")
    call_command("backup", str(tmp_path / "copies"))
    (copy,) = (tmp_path / "copies").glob("clinic-*.sqlite3")
    assert str(copy) in capsys.readouterr().out
    rows = sqlite3.connect(copy).execute("SELECT given_names FROM patients_patient").fetchall()
    assert rows == [("Leila",)]
