"""The pages of a recall: who sees what, calls, and the report."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meso_clinic.core.actions import set_signing_pin
from records.actions.recalls import close_recall, note_attempt, open_recall
from records.models import Recall, RecallAttempt
from sessions.follow_ups import follow_ups
from tests.factories.core import PASSWORD
from tests.factories.patients import PatientFactory
from tests.records.conftest import NOW
from tests.records.test_recalls import call

# The patient's name and words that only clinicians read.
CLINICAL = ("Whitfield", "Amara", "red lump", "Crown")


@pytest.fixture
def recall(signed, lot, clinician):
    recall = open_recall(
        lots=[lot],
        reason="Mycobacteria found",
        source="Notice 12/2026",
        script="We call about your last visit.\nHave you seen a lump?",
        by=clinician,
        at=NOW,
    )
    call(recall.contacts.get(), "SYMPTOMATIC", "A red lump", by=clinician)
    return recall


@pytest.fixture
def contact(recall):
    return recall.contacts.get()


def url(name, *args):
    return reverse(f"records:{name}", args=args)


def said(answer):
    return " ".join(answer.content.decode().split())


def opening(lot, **change):
    return {
        "lots": [lot.pk],
        "reason": "Mycobacteria found",
        "source": "Notice 12/2026",
        "script": "We call.",
    } | change


@pytest.mark.parametrize("who", ["clinician_client", "admin_client"])
def test_a_recall_is_opened_from_the_number_on_the_notice(request, signed, lot, who):
    client = request.getfixturevalue(who)
    new = url("recall-new")
    assert "Find the lot by its number" in said(client.get(new))
    assert "No lot has this number." in said(client.get(new, {"number": "nothing"}))
    assert f"{new}?lot={lot.pk}" in said(client.get(new, {"number": "db-26"}))
    page = client.get(new, {"lot": lot.pk})
    assert page.context["reached"].patients == 1
    answer = client.post(f"{new}?lot={lot.pk}", opening(lot), follow=True)
    recall = Recall.objects.get()
    assert answer.redirect_chain == [(url("recall-detail", recall.pk), 302)]
    assert "The lots are in quarantine." in said(answer)
    lot.refresh_from_db()
    assert lot.status == "QUARANTINED"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lots": []}, "Choose at least one lot."),
        ({"lots": ["0"]}, "This lot is not of this product."),
        ({"lots": ["x"]}, "This lot is not of this product."),
        ({"reason": ""}, "Enter the reason."),
        ({"reason": "x" * 301}, "Reason can have 300 characters at most."),
        ({"source": " "}, "Enter where the notice came from."),
    ],
)
def test_a_recall_that_says_too_little_is_refused(clinician_client, lot, change, words):
    typed = opening(lot, **change)
    answer = clinician_client.post(f"{url('recall-new')}?lot={lot.pk}", typed)
    assert answer.status_code == 422
    assert words in said(answer)
    assert answer.context["form"]["script"].value() == "We call."
    assert not Recall.objects.exists()


def test_a_lot_is_recalled_once(clinician_client, recall, lot):
    answer = clinician_client.post(f"{url('recall-new')}?lot={lot.pk}", opening(lot))
    assert answer.status_code == 422
    assert "Lot DB-2609 is in an open recall already." in said(answer)


@pytest.mark.parametrize("lot", ["rubbish", "9" * 40, "-1"])
def test_a_lot_that_cannot_be_asks_for_its_number(clinician_client, db, lot):
    answer = clinician_client.get(url("recall-new"), {"lot": lot})
    assert (answer.status_code, "Find the lot" in said(answer)) == (200, True)


def test_a_clinician_sees_whom_to_call(clinician_client, recall, contact, course):
    type(course).objects.update(product=recall.lots.get().product)
    page = said(clinician_client.get(url("recall-detail", recall.pk)))
    for words in (
        *CLINICAL,
        "We call about your last visit.",
        "Watch until 18 Feb 2027",
        'href="tel:',
        "Has symptoms",
        "Sessions that plan this product",
        "26 Nov 2026: Dexpanthenol, lot DB-2609, Crown.",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("status", "shown"),
    [("", 1), ("SYMPTOMATIC", 1), ("UNREACHED", 0), ("rubbish", 1)],
)
def test_the_list_is_filtered(clinician_client, recall, status, shown):
    page = clinician_client.get(url("recall-detail", recall.pk), {"status": status})
    assert len(page.context["rows"]) == shown
    assert [count for _key, _label, count in page.context["filters"]] == [1, 0, 0, 1, 0]


def test_an_admin_sees_counts_and_nothing_clinical(admin_client, recall, contact):
    page = said(admin_client.get(url("recall-detail", recall.pk)))
    assert "Has symptoms" in page
    assert "A clinician calls them" in page
    for words in (*CLINICAL, contact.patient.phone, "We call about"):
        assert words not in page
    assert "Recall" in said(admin_client.get(url("recall-list")))
    for address in (
        url("recall-contact", recall.pk, contact.pk),
        url("recall-close", recall.pk),
        url("recall-report", recall.pk),
        url("recall-pdf", recall.pk),
        url("recall-export", recall.pk),
    ):
        answer = admin_client.get(address)
        assert answer.status_code == 403
        assert "Whitfield" not in said(answer)


def test_reception_sees_no_recall(reception_client, recall):
    for address in (url("recall-list"), url("recall-detail", recall.pk), url("recall-new")):
        assert reception_client.get(address).status_code == 403


def test_who_is_not_reached_is_on_the_follow_ups_list(
    reception_client, clinician_client, signed, lot, clinician, site
):
    recall = open_recall(lots=[lot], reason="Torn", source="Maker", by=clinician, at=NOW)
    address = url("recall-contact", recall.pk, recall.contacts.get().pk)
    follow = reverse("sessions:follow-ups")
    seen, calls = said(reception_client.get(follow)), said(clinician_client.get(follow))
    for page in (seen, calls):
        assert "Clinical hold" in page
        assert "A clinician has to call." in page
    assert address not in seen
    assert address in calls
    for words in ("Torn", "DB-2609", "ecall of"):
        assert words not in seen
    call(recall.contacts.get(), by=clinician)
    assert "Clinical hold" not in said(clinician_client.get(follow))


def test_who_was_reached_is_asked_again_when_the_watch_is_over(recall, contact, clinician, site):
    def held(at):
        return [reason for reason, _items in follow_ups(site, at) if reason.icon == "shield-alert"]

    end = NOW + timedelta(weeks=12, hours=1)
    assert held(end - timedelta(weeks=1)) == []
    assert len(held(end)) == 1
    # A call that nobody took asked nothing.
    note_attempt(contact=contact, status="UNREACHED", words="", seen=1, by=clinician, at=end)
    assert len(held(end)) == 1
    note_attempt(contact=contact, status="REACHED", words="", seen=2, by=clinician, at=end)
    assert held(end) == []


def test_what_ends_soon_and_runs_low_is_on_the_follow_ups_list(reception_client, site, lot):
    type(lot.product).objects.update(low_stock_below=5)
    type(lot).objects.update(quantity=1, expires_on=NOW.date() + timedelta(days=9))
    page = said(reception_client.get(reverse("sessions:follow-ups")))
    assert "Dexpanthenol: 1 vial left." in page
    assert "Dexpanthenol, lot DB-2609: last day of use" in page
    found = {reason.icon: items for reason, items in follow_ups(site, NOW)}
    assert {item.patient for item in found["package"]} == {None}


def typed(contact, status="REACHED", **change):
    return {
        "patient": contact.patient_id,
        "seen": contact.attempt_count,
        "status": status,
        "words": "",
    } | change


def test_a_call_is_noted(clinician_client, recall, contact):
    address = url("recall-contact", recall.pk, contact.pk)
    page = said(clinician_client.get(address))
    for words in ("Call this patient", "A red lump", "Born", "We call about your last visit."):
        assert words in page
    answer = clinician_client.post(
        address, typed(contact, "REFERRED", words="Dr Halloran, tomorrow"), follow=True
    )
    assert answer.redirect_chain == [(f"{url('recall-detail', recall.pk)}#c-{contact.pk}", 302)]
    assert "The call is noted." in said(answer)
    contact.refresh_from_db()
    assert (contact.status, contact.attempt_count) == ("REFERRED", 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": ""}, "Say what came of the call."),
        ({"status": "LOST"}, "not one of the available choices"),
        ({"status": "SYMPTOMATIC"}, "Say what was found, or where the patient was sent."),
        ({"words": "x" * 501}, "In words can have 500 characters at most."),
        ({"seen": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_call_that_says_too_little_is_refused(clinician_client, recall, contact, change, words):
    answer = clinician_client.post(
        url("recall-contact", recall.pk, contact.pk), typed(contact, **change)
    )
    assert answer.status_code == 422
    assert words in said(answer)
    assert contact.attempts.count() == 1


def test_a_form_for_somebody_else_notes_nothing(clinician_client, recall, contact):
    """H1: two tabs, and the form of one sent to the address of the other."""
    for patient in (PatientFactory().pk, "", "x"):
        answer = clinician_client.post(
            url("recall-contact", recall.pk, contact.pk), typed(contact, patient=patient)
        )
        assert answer.status_code == 409
        assert "This form was made for another patient." in said(answer)
    assert contact.attempts.count() == 1


def test_a_call_noted_meanwhile_is_shown_and_what_was_typed_stays(
    clinician_client, recall, contact, clinician
):
    form = typed(contact, "REFERRED", words="To the hospital")
    call(contact, words="Somebody else was faster", by=clinician)
    address = url("recall-contact", recall.pk, contact.pk)
    answer = clinician_client.post(address, form)
    assert answer.status_code == 409
    assert "Somebody else was faster" in said(answer)
    assert 'value="To the hospital"' in said(answer)
    form = answer.context["form"]
    again = typed(contact, "REFERRED", words="To the hospital", seen=form["seen"].value())
    assert clinician_client.post(address, again).status_code == 302
    assert contact.attempts.count() == 3


def close(recall, clinician, summary="All well."):
    return close_recall(recall=recall, summary=summary, password=PASSWORD, by=clinician, at=NOW)


def test_a_recall_is_closed_with_a_signature(clinician_client, recall, contact, clinician):
    address = url("recall-close", recall.pk)
    assert "Sign and close" in said(clinician_client.get(address))
    for change, words in [
        ({"summary": " "}, "Enter the summary."),
        ({"password": ""}, "Enter your password to sign."),
        ({"password": "wrong"}, "The password is wrong."),
    ]:
        form = {"summary": "One referred.", "password": PASSWORD} | change
        answer = clinician_client.post(address, form)
        assert answer.status_code == 422
        assert words in said(answer)
    answer = clinician_client.post(
        address, {"summary": "One referred.", "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [(url("recall-report", recall.pk), 302)]
    recall.refresh_from_db()
    assert not recall.is_open
    page = said(clinician_client.get(url("recall-detail", recall.pk)))
    assert "Closed 26 Nov 2026 by Petra Lindqvist" in page
    assert "One referred." in page
    assert 'class="rc-f"' not in page
    late = url("recall-contact", recall.pk, contact.pk)
    assert "This recall is closed." in said(clinician_client.get(late))
    answer = clinician_client.post(late, typed(contact))
    assert answer.status_code == 409
    assert clinician_client.post(address, form).status_code == 422
    assert "Closed 26 Nov 2026" in said(clinician_client.get(url("recall-list")))


def test_who_has_a_pin_signs_with_it(clinician_client, recall, contact, clinician):
    set_signing_pin(user=clinician, pin="407193", at=NOW)
    address = url("recall-close", recall.pk)
    assert "Signing PIN or password" in said(clinician_client.get(address))
    form = {"summary": "One referred.", "password": "407194"}
    assert "Neither your PIN nor your password." in said(clinician_client.post(address, form))
    assert clinician_client.post(address, form | {"password": "407193"}).status_code == 302
    recall.refresh_from_db()
    assert recall.closed_by == clinician


def test_nobody_guesses_the_password_of_a_signature(clinician_client, recall):
    form = {"summary": "One referred.", "password": "wrong"}
    for _try in range(5):
        clinician_client.post(url("recall-close", recall.pk), form)
    answer = clinician_client.post(url("recall-close", recall.pk), form | {"password": PASSWORD})
    assert "Five wrong tries." in said(answer)


def test_the_report_holds_everything_that_was_done(clinician_client, recall, clinician):
    page = said(clinician_client.get(url("recall-report", recall.pk)))
    assert "This recall is still open." in page
    close(recall, clinician)
    page = said(clinician_client.get(url("recall-report", recall.pk)))
    for words in (*CLINICAL, "Mycobacteria found", "Notice 12/2026", "All well.", "18 Feb 2027"):
        assert words in page
    assert "still open" not in page


def test_the_report_is_a_pdf(clinician_client, recall, clinician, clinic_profile):
    answer = clinician_client.get(url("recall-pdf", recall.pk))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith(f'recall-{recall.pk}.pdf"')
    assert answer.content.startswith(b"%PDF")


def test_a_cell_of_the_file_is_never_a_formula(clinician_client, recall, contact, clinician):
    type(contact.patient).objects.update(given_names="=1+1", family_names="Tran")
    answer = clinician_client.get(url("recall-export", recall.pk))
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (len(head), row[1]) == (6, "'=1+1 Tran")
    assert row[2] == "Has symptoms"
    assert "A red lump" in row[4]


def test_an_empty_recall_has_a_report_too(clinician_client, lot, clinician, clinic_profile):
    recall = open_recall(lots=[lot], reason="Torn", source="Maker", by=clinician, at=NOW)
    assert "No patient was touched" in said(clinician_client.get(url("recall-report", recall.pk)))
    page = said(clinician_client.get(url("recall-detail", recall.pk)))
    assert "Nobody was given any of these lots." in page
    assert clinician_client.get(url("recall-pdf", recall.pk)).status_code == 200
    assert "No recall yet" not in said(clinician_client.get(url("recall-list")))


def test_the_list_of_recalls_begins_empty(admin_client, db):
    assert "No recall yet" in said(admin_client.get(url("recall-list")))


def test_the_pages_take_as_many_queries_for_many_patients(clinician_client, recall, clinician):
    def queries(address):
        with CaptureQueriesContext(connection) as context:
            clinician_client.get(address)
        return len(context)

    addresses = [url("recall-detail", recall.pk), url("recall-report", recall.pk)]
    queries(addresses[0])
    few = [queries(address) for address in addresses]
    contact = recall.contacts.get()
    for _number in range(5):
        known = type(contact).objects.create(
            recall=recall, patient=PatientFactory(), last_used_on=NOW.date()
        )
        note_attempt(contact=known, status="REACHED", words="", seen=0, by=clinician, at=NOW)
        uses = contact.uses.get()
        uses.pk, uses.contact = None, known
        uses.save(force_insert=True)
    assert [queries(address) for address in addresses] == few
    assert RecallAttempt.objects.count() == 6


def test_what_does_not_exist_is_not_found(clinician_client, recall, contact):
    for address in (
        url("recall-detail", 99999999),
        url("recall-close", 99999999),
        url("recall-report", 99999999),
        url("recall-contact", 99999999, contact.pk),
        f"{url('recall-new')}?lot=99999999",
    ):
        assert clinician_client.get(address).status_code == 404
