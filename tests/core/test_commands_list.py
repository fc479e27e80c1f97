"""What the palette offers, to whom."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from meso_clinic.core import commands
from meso_clinic.core.commands import Command, actions_of, pages_of, register_command
from meso_clinic.core.roles import Right

LIST = "/commands/"
HTMX = {"HX-Request": "true"}


def labels(client):
    groups = client.get(LIST, headers=HTMX).context["groups"]
    return {str(heading): [str(each.label) for each in group] for heading, group in groups}


def test_reception_gets_its_actions_and_places(reception_client):
    offered = labels(reception_client)
    assert {"New patient", "Plan a course", "Account", "Dark colours"} <= set(offered["Actions"])
    assert {"Today", "Patients", "Courses", "Follow-ups"} <= set(offered["Go to"])


def test_what_a_role_may_not_do_is_not_offered(reception_client, clinician_client, admin_client):
    reception, clinician, admin = map(labels, (reception_client, clinician_client, admin_client))
    assert "Close a day" in admin["Actions"]
    assert "Close a day" not in reception["Actions"]
    assert "Plan a course" not in admin["Actions"]
    assert "Schedule check" in admin["Go to"]
    assert "Schedule check" not in reception["Go to"]
    assert "Manage" not in clinician["Go to"]
    assert "Products" in clinician["Go to"]


def test_every_address_that_is_offered_answers(reception_client, clinician_client, admin_client):
    for client in (reception_client, clinician_client, admin_client):
        for _heading, group in client.get(LIST, headers=HTMX).context["groups"]:
            for command in group:
                if command.url:
                    assert client.get(command.url).status_code == 200, command.key


def test_no_two_have_one_name_or_one_address(admin_client, clinician_client):
    for client in (admin_client, clinician_client):
        groups = client.get(LIST, headers=HTMX).context["groups"]
        keys = [command.key for _heading, group in groups for command in group]
        pages = [command.url_name for command in groups[1][1]]
        assert len(keys) == len(set(keys))
        assert len(pages) == len(set(pages))


def test_the_palette_gets_options_and_a_browser_without_scripts_links(reception_client):
    part = reception_client.get(LIST, headers=HTMX)
    assert "HX-Request" in part["Vary"]
    assert "<html" not in part.content.decode()
    assert 'role="option"' in part.content.decode()
    page = reception_client.get(LIST).content.decode()
    assert 'role="option"' not in page
    assert f'href="{reverse("patients:patient-list")}?plan=1"' in page
    assert "Dark colours" not in page


def test_nobody_gets_it_without_signing_in(client, site):
    assert client.get(LIST).status_code == 302


def test_it_costs_no_query_of_its_own(reception_client, django_assert_num_queries):
    reception_client.get(LIST, headers=HTMX)
    with django_assert_num_queries(3):  # session, person, sites
        reception_client.get(LIST, headers=HTMX)


@pytest.fixture
def no_commands(monkeypatch):
    monkeypatch.setattr(commands, "_commands", [])


def test_the_lowest_order_stands_first_and_a_key_is_there_once(no_commands, reception):
    register_command(Command("late", "Late", "sun", press="#q", order=90))
    register_command(Command("early", "Early", "sun", press="#q"))
    register_command(Command("late", "Later", "sun", press="#q", order=90))
    assert [command.label for command in actions_of(reception)] == ["Early", "Later"]


def test_a_right_keeps_an_action_from_others(no_commands, reception, admin):
    register_command(Command("audit", gettext_lazy("Audit"), "eye", right=Right.SEE_AUDIT))
    assert actions_of(reception) == []
    assert [command.key for command in actions_of(admin)] == ["audit"]


def test_an_action_that_presses_something_leads_nowhere(reception):
    assert Command("keys", "Keys", "keyboard", press="#keys").url == ""


def test_the_places_show_their_keys(reception):
    keys = {page.url_name: page.keys for page in pages_of(reception)}
    assert keys["sessions:day"] == "G T"
    assert keys["patients:patient-list"] == "G P"
