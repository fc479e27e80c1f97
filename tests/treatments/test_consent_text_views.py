"""Admins write what patients agree to."""

import pytest
from django.urls import reverse

from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from treatments.models import ConsentTemplate

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def template(hair_loss):
    return ConsentTemplateFactory(indication=hair_loss)


def edit_url(unit="treatment", slug="hair_loss"):
    return reverse("treatments:consent-text-edit", args=[unit, slug])


def page(name, template):
    return reverse(f"treatments:{name}", args=[template.pk])


def text(**change):
    return {
        "title": "Consent",
        "text": "What it is: Care.\n\n Risks: Few. ",
        "reason": "New advice",
        "base_version": 1,
    } | change


def words(answer):
    return " ".join(answer.content.decode().split())


def test_the_list_shows_what_is_live_withdrawn_and_not_written(admin_client, template, cellulite):
    answer = words(admin_client.get(reverse("treatments:consent-text-list")))
    assert "Treatment: Hair loss" in answer
    assert "Treatment: Cellulite" in answer
    assert "Not written" in answer
    assert "Live" in answer
    admin_client.post(page("consent-text-withdraw", template), {"reason": "On paper"})
    assert "Withdrawn" in words(admin_client.get(reverse("treatments:consent-text-list")))


def test_the_list_takes_as_many_queries_for_many_texts(
    admin_client, template, django_assert_max_num_queries
):
    url = reverse("treatments:consent-text-list")
    admin_client.get(url)
    with django_assert_max_num_queries(12) as few:
        admin_client.get(url)
    for _ in range(5):
        ConsentTemplateFactory()
    with django_assert_max_num_queries(len(few)):
        admin_client.get(url)


def test_a_new_version_goes_live(admin_client, admin, template):
    assert template.text.split("\n")[0] in words(admin_client.get(edit_url()))
    answer = admin_client.post(edit_url(), text())
    assert (answer.status_code, answer["Location"]) == (302, edit_url())
    newest = ConsentTemplate.objects.in_force().get()
    assert (newest.version, newest.text) == (2, "What it is: Care.\nRisks: Few.")
    assert newest.published_by == admin
    assert "Version 1" in words(admin_client.get(edit_url()))


def test_a_first_text_is_written(admin_client, cellulite):
    assert "There is no text yet" in words(admin_client.get(edit_url(slug="cellulite")))
    answer = admin_client.post(edit_url(slug="cellulite"), text(base_version=0))
    assert answer.status_code == 302
    assert ConsentTemplate.objects.get().indication == cellulite


def test_a_text_for_all_is_written(admin_client):
    url = edit_url("off-label", "all")
    assert admin_client.post(url, text(base_version=0)).status_code == 302
    made = ConsentTemplate.objects.get()
    assert (made.unit, made.indication) == ("OFF_LABEL", None)


@pytest.mark.parametrize(
    ("unit", "slug"),
    [("nothing", "all"), ("treatment", "nothing"), ("photos", "hair_loss"), ("nul", "all")],
)
def test_a_text_that_cannot_be_is_not_found(admin_client, hair_loss, unit, slug):
    assert admin_client.get(edit_url(unit, slug)).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Title is missing."),
        ({"text": " \n "}, "Text is missing."),
        ({"text": "x" * 7000}, "6000 characters at most"),
        ({"text": "\u200b"}, "Text is missing."),
        ({"reason": ""}, "Say why the text changed."),
        ({"base_version": "x"}, "There is a problem"),
        ({"base_version": "9" * 30}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_said(admin_client, template, change, sentence):
    answer = admin_client.post(edit_url(), text(**change))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert ConsentTemplate.objects.count() == 1


def test_the_same_text_is_no_new_version(admin_client, template):
    answer = admin_client.post(edit_url(), text(title=template.title, text=template.text))
    assert answer.status_code == 422
    assert "This is the text that is live." in words(answer)


def test_two_people_at_once_see_each_others_text(admin_client, template):
    admin_client.post(edit_url(), text())
    answer = admin_client.post(edit_url(), text(title="Mine"))
    assert answer.status_code == 409
    assert "Somebody published another text meanwhile" in words(answer)
    assert answer.context["form"]["title"].value() == "Mine"
    # The second press is a decision.
    again = text(title="Mine", base_version=answer.context["form"]["base_version"].value())
    assert admin_client.post(edit_url(), again).status_code == 302


def test_a_version_is_shown_with_the_disclaimer(admin_client, template):
    ConsentFactory(template=template, of__indication=template.indication)
    answer = words(admin_client.get(page("consent-text-detail", template)))
    assert "You decide." in answer
    assert "Results vary" in answer
    assert "signed or declined 1 time." in answer


def test_a_text_is_withdrawn_with_a_reason(admin_client, template):
    url = page("consent-text-withdraw", template)
    assert admin_client.get(url).status_code == 200
    assert admin_client.post(url, {"reason": " "}).status_code == 422
    assert admin_client.post(url, {"reason": "On paper"}).status_code == 302
    assert not ConsentTemplate.objects.in_force().exists()
    assert "On paper" in words(admin_client.get(page("consent-text-detail", template)))
    assert "The text is withdrawn." in words(admin_client.get(edit_url()))
    assert admin_client.post(url, {"reason": "Twice"}).status_code == 409


@pytest.mark.parametrize("who", ["reception_client", "clinician_client"])
def test_only_admins_write_texts(request, template, who):
    client = request.getfixturevalue(who)
    for url in (
        reverse("treatments:consent-text-list"),
        edit_url(),
        page("consent-text-detail", template),
        page("consent-text-withdraw", template),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, text()).status_code in (403, 405)
    assert ConsentTemplate.objects.count() == 1
