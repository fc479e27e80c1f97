"""The editor of what patients read: list, preview, publishing, versions."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from tests.factories.core import UserFactory
from tests.factories.treatments import IndicationFactory, IndicationRevisionFactory
from treatments.models import IndicationRevision

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def edit(cellulite):
    return reverse("treatments:indication-edit", args=[cellulite.slug])


@pytest.fixture
def preview(cellulite):
    return reverse("treatments:indication-preview", args=[cellulite.slug])


def text(**change):
    return {
        "summary": "Small injections for dimpled skin.",
        "who_it_suits": "Adults in good health.",
        "evidence": "Small studies only.",
        "recovery_notes": "Same day: Redness is common.\n72 hours: No sauna.",
        "aftercare": "Keep the skin clean.",
        "when_to_call": "a fever",
        "disclaimer_addition": "",
        "reason": "New advice on heat",
        "base_number": "1",
    } | change


def test_the_list_names_the_live_version_of_every_indication(admin_client, cellulite):
    IndicationRevisionFactory(indication=cellulite, number=2, reason="Second")
    IndicationFactory(name="Hair loss", is_active=False, needs_specialist=True)
    page = admin_client.get(reverse("treatments:indication-list"))
    assert [(row[0].name, row[1].number) for row in page.context["rows"]] == [
        ("Cellulite", 2),
        ("Hair loss", 1),
    ]
    assert "Needs a specialist consultation" in page.content.decode()
    assert "Not offered" in page.content.decode()


def test_the_editor_holds_the_live_text_its_preview_and_its_versions(admin_client, edit):
    page = admin_client.get(edit)
    html = page.content.decode()
    assert page.context["form"]["summary"].value() == "What the course is."
    assert page.context["form"]["base_number"].value() == 1
    assert "data-recovery" in html
    assert "data-disclaimer" in html
    assert "Publish version 2" in html
    assert "First version" in html
    assert reverse("treatments:revision-detail", args=["cellulite", 1]) in html


def test_publishing_makes_the_next_version_live(admin_client, admin, edit, cellulite, audited, now):
    answer = admin_client.post(edit, text(), follow=True)
    assert answer.redirect_chain == [(edit, 302)]
    assert "Version 2 is live." in answer.content.decode()
    newest = cellulite.revisions.get(number=2)
    assert newest.recovery_notes == "Same day: Redness is common.\n72 hours: No sauna."
    assert newest.reason == "New advice on heat"
    assert newest.published_by == admin
    assert newest.published_at == now
    assert audited() == ["indication.published"]
    assert cellulite.revisions.get(number=1).summary == "What the course is."


def test_line_ends_of_a_browser_and_loose_spaces_are_tidied(admin_client, edit, cellulite):
    notes = " Same day: Redness. \r\n\r\n \u200b \r\n48 hours: No sauna.\r\n"
    admin_client.post(edit, text(recovery_notes=notes))
    assert cellulite.revisions.get(number=2).recovery_notes == (
        "Same day: Redness.\n48 hours: No sauna."
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recovery_notes": ""}, "Recovery notes are missing."),
        ({"recovery_notes": " \n\t"}, "Recovery notes are missing."),
        ({"recovery_notes": "\u200b\u2060"}, "Recovery notes are missing."),
        ({"recovery_notes": "48 hours:"}, "“48 hours:” says when and not what."),
        ({"recovery_notes": ":"}, "“:” says when and not what."),
        ({"summary": ""}, "Summary is missing."),
        ({"summary": "\u200b"}, "Summary is missing."),
        ({"who_it_suits": ""}, "Who it suits is missing."),
        ({"evidence": " "}, "Evidence and its limits is missing."),
        ({"aftercare": ""}, "After-care is missing."),
        ({"when_to_call": ""}, "Get help the same day if you have is missing."),
        ({"reason": ""}, "Say why the text changed."),
        ({"reason": "x" * 201}, "200 characters at most"),
        ({"summary": "x" * 6001}, "Summary can have 6000 characters at most."),
    ],
)
def test_what_is_missing_is_said_and_everything_typed_stays(
    admin_client, edit, cellulite, change, sentence
):
    typed = text(**change)
    answer = admin_client.post(edit, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for name, value in typed.items():
        assert answer.context["form"][name].value() == value
    assert cellulite.revisions.count() == 1
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("number", ["", "0", "x", "99999999999999999999"])
def test_a_version_that_cannot_be_is_refused(admin_client, edit, cellulite, number):
    assert admin_client.post(edit, text(base_number=number)).status_code == 422
    assert cellulite.revisions.count() == 1


def test_the_same_text_again_is_no_new_version(admin_client, edit, cellulite):
    live = cellulite.revisions.get()
    fields = ("summary", "who_it_suits", "evidence", "recovery_notes", "aftercare", "when_to_call")
    answer = admin_client.post(edit, text(**{name: getattr(live, name) for name in fields}))
    assert answer.status_code == 422
    assert "This is the same text as version 1." in answer.content.decode()
    assert cellulite.revisions.count() == 1


def test_two_editors_at_once_lose_nothing(admin_client, edit, cellulite):
    other = Client()
    other.force_login(UserFactory(admin=True, first_name="Ines", last_name="Halloran"))
    other.post(edit, text(summary="Theirs.", reason="Shorter", evidence="Larger studies."))

    answer = admin_client.post(edit, text(summary="Mine.", evidence="What is known."))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Ines Halloran published version 2 meanwhile" in html
    assert "Why: Shorter." in html
    cells = {cell.strip() for cell in re.findall(r'<td dir="auto">(.*?)</td>', html, re.DOTALL)}
    assert {"Theirs.", "Mine."} <= cells
    # The evidence differs only because they changed it: publishing again would undo that.
    assert html.count("You did not change this.") == 1
    assert cellulite.revisions.count() == 2
    form = answer.context["form"]
    assert form["summary"].value() == "Mine."
    assert form["reason"].value() == "New advice on heat"
    assert form["base_number"].value() == "2"

    again = {name: form[name].value() for name in form.fields}
    assert admin_client.post(edit, again).status_code == 302
    assert [revision.summary for revision in cellulite.revisions.newest_first()] == [
        "Mine.",
        "Theirs.",
        "What the course is.",
    ]


def test_a_version_that_never_was_is_a_conflict_too(admin_client, edit, cellulite):
    answer = admin_client.post(edit, text(base_number="99"))
    assert answer.status_code == 409
    assert cellulite.revisions.count() == 1


def test_two_editors_who_wrote_the_same_are_told_so(admin_client, edit):
    admin_client.post(edit, text())
    answer = admin_client.post(edit, text())
    assert answer.status_code == 409
    assert "Your text says the same as theirs." in answer.content.decode()


def test_the_preview_shows_what_is_typed_and_saves_nothing(admin_client, preview, cellulite):
    answer = admin_client.post(
        preview,
        text(disclaimer_addition="Tell us about new moles."),
        headers={"HX-Request": "true"},
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith('<section id="preview"')
    assert "<b>72 hours:</b> No sauna." in html
    assert "Tell us about new moles." in html
    assert "Cellulite, version 2, 26 November 2026." in html
    assert "020 7946 0142" in html
    assert cellulite.revisions.count() == 1


def test_the_preview_without_javascript_is_the_page_with_everything_typed(admin_client, preview):
    answer = admin_client.post(preview, text(reason=""))
    assert answer.status_code == 200
    assert "<b>72 hours:</b> No sauna." in answer.content.decode()
    assert answer.context["form"]["summary"].value() == "Small injections for dimpled skin."
    assert "There is a problem" not in answer.content.decode()


@pytest.mark.parametrize("notes", ["", "48 hours:", "\u200b"])
def test_the_preview_says_that_recovery_notes_are_missing(admin_client, preview, notes):
    answer = admin_client.post(preview, text(recovery_notes=notes), headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Recovery notes are missing" in html
    assert "data-disclaimer" in html


def test_the_preview_runs_nothing_that_is_typed(admin_client, preview):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    typed = {name: attack for name in text() if name != "base_number"}
    answer = admin_client.post(preview, typed, headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 7


def test_an_attack_that_is_published_stays_text(admin_client, edit, cellulite):
    attack = "<script>alert(1)</script>"
    admin_client.post(edit, text(summary=attack, reason=attack, recovery_notes=f"Now: {attack}"))
    detail = reverse("treatments:revision-detail", args=["cellulite", 2])
    for url in (edit, detail, reverse("treatments:indication-list")):
        assert attack not in admin_client.get(url).content.decode()


def test_a_version_shows_everything_it_says(admin_client, cellulite):
    revision = cellulite.revisions.get()
    page = admin_client.get(reverse("treatments:revision-detail", args=["cellulite", 1]))
    html = page.content.decode()
    for said in ("What the course is.", "Who it suits.", "48 hours: No sauna.", "First version"):
        assert said in html
    assert revision.published_by.display_name in html
    assert "0 courses have this text." in html
    assert "Use this text again" not in html


def test_an_older_text_can_be_used_again(admin_client, edit, cellulite):
    admin_client.post(edit, text())
    detail = admin_client.get(reverse("treatments:revision-detail", args=["cellulite", 1]))
    assert f"{edit}?from=1" in detail.content.decode()
    page = admin_client.get(edit, {"from": "1"})
    form = page.context["form"]
    assert "This is the text of version 1" in page.content.decode()
    assert form["summary"].value() == "What the course is."
    assert form["base_number"].value() == 2
    typed = {name: form[name].value() for name in form.fields} | {"reason": "Back to the first"}
    assert admin_client.post(edit, typed).status_code == 302
    assert cellulite.revisions.get(number=3).summary == "What the course is."


@pytest.mark.parametrize("number", ["7", "x", "-1", "9" * 30, "²"])
def test_a_version_that_does_not_exist_is_not_found(admin_client, edit, number):
    assert admin_client.get(edit, {"from": number}).status_code == 404


@pytest.mark.parametrize("number", [2, 10**30])
def test_the_page_of_a_version_that_does_not_exist_is_not_found(admin_client, cellulite, number):
    url = reverse("treatments:revision-detail", args=["cellulite", number])
    assert admin_client.get(url).status_code == 404


NAMES = ["indication-edit", "indication-settings", "protocol-edit"]


@pytest.mark.parametrize("name", NAMES)
def test_an_indication_that_does_not_exist_is_not_found(admin_client, name):
    assert admin_client.get(reverse(f"treatments:{name}", args=["none"])).status_code == 404


@pytest.mark.parametrize("who", ["reception_client", "clinician_client"])
def test_only_admins_edit_content(request, who, edit, preview, cellulite):
    client = request.getfixturevalue(who)
    urls = [reverse(f"treatments:{name}", args=["cellulite"]) for name in NAMES]
    urls += [
        reverse("treatments:indication-list"),
        reverse("treatments:revision-detail", args=["cellulite", 1]),
    ]
    for url in urls:
        assert client.get(url).status_code == 403
    for url in (edit, preview):
        assert client.post(url, text()).status_code == 403
    assert IndicationRevision.objects.count() == 1


def test_the_manage_page_leads_here(admin_client):
    html = admin_client.get(reverse("clinic:manage")).content.decode()
    assert reverse("treatments:indication-list") in html
    assert reverse("treatments:product-list") in html
