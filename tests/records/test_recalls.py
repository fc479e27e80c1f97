"""A lot is taken back: who was touched, who is told, and how it ends."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from meso_clinic.core.constraints import violates
from meso_clinic.core.models import AuditEvent
from records.actions import drafts
from records.actions.recalls import (
    ContactChangedMeanwhile,
    RecallRefused,
    close_recall,
    note_attempt,
    open_recall,
)
from records.actions.signing import NotReadyToSign, WrongPassword
from records.actions.zones import ZoneRefused, remove_zone, save_zone
from records.domain.recalls import Counts, Reach, after_attempt, count_reach, watch_until
from records.models import (
    Administration,
    Recall,
    RecallAttempt,
    RecallContact,
    RecallLot,
    RecallUse,
)
from records.selectors.recalls import (
    contacts_of,
    counts_of,
    find_uses,
    listed_recalls,
    planned_sessions,
    reached,
)
from sessions.models import TreatmentSession
from tests.at_once import at_once
from tests.factories.core import PASSWORD
from tests.factories.patients import PatientFactory
from tests.factories.treatments import LotFactory, TreatmentCourseFactory
from tests.records.conftest import NOW, TODAY, arrive, fill, numb, sign, zone_values
from treatments.actions.stock import LotRefused, quarantine_lot, release_lot


@pytest.fixture
def treat(course, clinician):
    """Somebody else is here: a draft of their own, hours after everybody before."""
    count = iter(range(2, 500))

    def begin(**patient):
        other = TreatmentCourseFactory(
            patient=PatientFactory(**patient),
            indication=course.indication,
            site=course.site,
            total_sessions=3,
            initial_sessions=3,
            first_on=TODAY,
        )
        session = TreatmentSession.objects.create(
            course=other, number=1, earliest_on=TODAY, due_on=TODAY, latest_on=TODAY
        )
        arrive(session, at=NOW + timedelta(hours=next(count)))
        return drafts.open_record(session=session, by=clinician, at=NOW)

    return begin


def recall_of(*lots, by, **change):
    values = {
        "reason": "Mycobacteria found",
        "source": "Notice 12/2026",
        "script": "We call about the product of your last visit.",
    } | change
    return open_recall(lots=lots, by=by, at=NOW, **values)


def call(contact, status="REACHED", words="", seen=None, *, by):
    known = contact.attempt_count if seen is None else seen
    return note_attempt(contact=contact, status=status, words=words, seen=known, by=by, at=NOW)


def test_a_recall_finds_everybody_the_lot_touched_and_nobody_else(
    signed, treat, lot, cream, crown, frontal, clinician, patient
):
    other_lot = LotFactory(product=lot.product)
    draft = fill(treat(family_names="Draft"), lot, frontal, clinician)
    numbed = numb(fill(treat(family_names="Numbed"), other_lot, crown, clinician), cream, clinician)
    fill(treat(family_names="Untouched"), other_lot, crown, clinician)
    recall = recall_of(lot, cream, by=clinician)

    found = {contact.patient.family_names: contact for contact in contacts_of(recall)}
    assert set(found) == {"Whitfield", "Draft", "Numbed"}
    uses = {
        (use.contact.patient_id, use.session_id, use.lot_id, use.zone_id, use.was_signed)
        for use in RecallUse.objects.select_related("contact")
    }
    assert uses == {
        (patient.pk, signed.session_id, lot.pk, crown.pk, True),
        (found["Draft"].patient_id, draft.session_id, lot.pk, frontal.pk, False),
        (found["Numbed"].patient_id, numbed.session_id, cream.pk, None, False),
    }
    assert counts_of(recall) == Counts(unreached=3, untried=3)
    assert found["Whitfield"].watch_until == TODAY + timedelta(weeks=12)
    assert AuditEvent.objects.filter(kind="recall.opened").count() == 1


def test_the_lot_is_in_quarantine_at_once_and_no_draft_with_it_is_signed(
    complete, treat, lot, crown, clinician
):
    recall = recall_of(lot, by=clinician)
    lot.refresh_from_db()
    assert lot.status == "QUARANTINED"
    assert lot.events.get().reason == f"Recall {recall.pk}"
    with pytest.raises(NotReadyToSign, match="quarantined"):
        sign(complete, clinician)
    other = treat()
    with pytest.raises(ZoneRefused, match="quarantined"):
        save_zone(
            record=other, version=other.version, by=clinician, at=NOW, **zone_values(lot, crown)
        )


def test_what_a_draft_held_stays_listed_when_it_is_taken_out(complete, lot, crown, clinician):
    recall = recall_of(lot, by=clinician)
    remove_zone(record=complete, zone=crown, version=complete.version, by=clinician, at=NOW)
    assert not Administration.objects.exists()
    [contact] = contacts_of(recall)
    assert [use.zone for use in contact.uses.all()] == [crown]


def test_a_lot_that_was_aside_or_used_up_is_recalled_too(clinician):
    aside, empty = LotFactory(), LotFactory(status="USED_UP")
    quarantine_lot(lot=aside, reason="Cloudy", by=clinician, at=NOW)
    recall_of(aside, empty, by=clinician)
    empty.refresh_from_db()
    assert empty.status == "QUARANTINED"
    assert aside.events.count() == 1


def test_a_recalled_lot_is_not_released_while_the_recall_is_open(lot, clinician):
    recall = recall_of(lot, by=clinician)
    with pytest.raises(LotRefused, match="Close the recall first"):
        release_lot(lot=lot, reason="A slip", by=clinician, at=NOW)
    close_recall(
        recall=recall, summary="Nobody was touched.", password=PASSWORD, by=clinician, at=NOW
    )
    assert release_lot(lot=lot, reason="A false alarm", by=clinician, at=NOW).status == "AVAILABLE"


@pytest.mark.parametrize("change", [{"reason": " "}, {"source": ""}])
def test_a_recall_has_a_reason_and_a_notice(lot, clinician, change):
    with pytest.raises(ValidationError):
        recall_of(lot, by=clinician, **change)
    lot.refresh_from_db()
    assert lot.status == "AVAILABLE"


def test_a_recall_is_of_a_lot_and_of_each_only_once(lot, clinician):
    with pytest.raises(RecallRefused, match="at least one lot"):
        recall_of(by=clinician)
    recall_of(lot, by=clinician)
    with pytest.raises(RecallRefused, match="in an open recall already"):
        recall_of(lot, by=clinician)
    assert Recall.objects.count() == 1


def test_each_call_is_a_line_of_its_own(signed, lot, clinician):
    recall = recall_of(lot, by=clinician)
    contact = recall.contacts.get()
    call(contact, "UNREACHED", by=clinician)
    contact.refresh_from_db()
    call(contact, "SYMPTOMATIC", " A red lump on the crown. ", by=clinician)
    contact.refresh_from_db()
    call(contact, "UNREACHED", "No answer to the second call", by=clinician)
    contact.refresh_from_db()
    assert (contact.status, contact.attempt_count) == ("SYMPTOMATIC", 3)
    said = list(contact.attempts.order_by("pk").values_list("status", "words"))
    assert said[1] == ("SYMPTOMATIC", "A red lump on the crown.")
    lines = AuditEvent.objects.filter(kind="recall.contacted")
    assert {line.patient_id for line in lines} == {contact.patient_id}
    assert counts_of(recall) == Counts(symptomatic=1)


@pytest.mark.parametrize("status", ["SYMPTOMATIC", "REFERRED", "LOST"])
def test_what_was_found_is_said(signed, lot, clinician, status):
    contact = recall_of(lot, by=clinician).contacts.get()
    with pytest.raises(ValidationError):
        call(contact, status, "  ", by=clinician)
    assert not RecallAttempt.objects.exists()


def test_a_call_that_somebody_else_noted_is_not_passed_over(signed, lot, clinician):
    contact = recall_of(lot, by=clinician).contacts.get()
    call(contact, by=clinician)
    with pytest.raises(ContactChangedMeanwhile):
        call(contact, "UNREACHED", seen=0, by=clinician)
    assert contact.attempts.count() == 1


def test_a_recall_is_closed_once_everybody_was_called(signed, lot, clinician):
    recall = recall_of(lot, by=clinician)

    def close(password=PASSWORD, summary="All well."):
        return close_recall(recall=recall, summary=summary, password=password, by=clinician, at=NOW)

    with pytest.raises(RecallRefused, match="never called"):
        close()
    contact = recall.contacts.get()
    call(contact, by=clinician)
    with pytest.raises(WrongPassword):
        close(password="wrong")
    with pytest.raises(ValidationError):
        close(summary=" ")
    closed = close()
    assert (closed.closed_by, closed.summary, closed.is_open) == (clinician, "All well.", False)
    with pytest.raises(RecallRefused, match="closed already"):
        close()
    contact.refresh_from_db()
    with pytest.raises(RecallRefused, match="closed"):
        call(contact, by=clinician)
    assert list(listed_recalls()) == [closed]


def tables():
    return [Recall, RecallLot, RecallContact, RecallUse, RecallAttempt]


@pytest.mark.parametrize("model", tables())
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_nothing_of_a_closed_recall_is_changed(signed, lot, clinician, model, verb):
    recall = recall_of(lot, by=clinician)
    call(recall.contacts.get(), by=clinician)
    close_recall(recall=recall, summary="All well.", password=PASSWORD, by=clinician, at=NOW)
    with (
        pytest.raises(IntegrityError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(model._meta.db_table))
    names = [one.name for one in model._meta.constraints]
    assert any(violates(error.value, name) for name in names)
    assert str(model.objects.get())


def test_nobody_is_added_to_a_closed_recall(signed, lot, clinician):
    recall = recall_of(lot, by=clinician)
    call(recall.contacts.get(), by=clinician)
    close_recall(recall=recall, summary="All well.", password=PASSWORD, by=clinician, at=NOW)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RecallContact.objects.create(
            recall=recall, patient=PatientFactory(), last_used_on=date(2026, 11, 1)
        )
    assert violates(error.value, "contact_of_closed_recall_is_immutable")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "LOST", "attempt_count": 1}, "recall_contact_status_is_known"),
        ({"status": "REACHED"}, "recall_contact_is_reached_by_an_attempt"),
    ],
)
def test_a_contact_is_in_one_state(signed, lot, clinician, values, name):
    recall_of(lot, by=clinician)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RecallContact.objects.update(**values)
    assert violates(error.value, name)


def test_sessions_to_come_that_plan_the_product_are_found(course, treat, lot, clinician):
    type(course).objects.filter(pk=course.pk).update(product=lot.product)
    treat()
    found = planned_sessions([lot])
    assert {session.course_id for session in found} == {course.pk}
    assert [session.number for session in found] == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_lot_used_at_the_moment_of_its_recall_is_found_or_refused(record, lot, crown, clinician):
    answers = at_once(
        lambda: save_zone(
            record=record, version=record.version, by=clinician, at=NOW, **zone_values(lot, crown)
        ),
        lambda: recall_of(lot, by=clinician),
    )
    used = Administration.objects.filter(lot=lot).count()
    listed = RecallContact.objects.count()
    assert (used, listed) in {(1, 1), (0, 0)}
    assert any(isinstance(answer, ZoneRefused) for answer in answers) is (used == 0)


def test_finding_takes_two_queries_whatever_was_treated(
    signed, treat, lot, crown, frontal, clinician, django_assert_num_queries
):
    for zone in (crown, frontal, crown):
        fill(treat(), lot, zone, clinician)
    with django_assert_num_queries(2):
        uses = find_uses([lot.pk])
    assert (len(uses), reached(uses).patients, reached(uses).drafts) == (4, 4, 3)


def test_the_worklist_takes_as_many_queries_for_many_patients(
    signed, treat, lot, crown, clinician, django_assert_num_queries
):
    for _number in range(4):
        fill(treat(), lot, crown, clinician)
    recall = recall_of(lot, by=clinician)
    with django_assert_num_queries(3):
        for contact in contacts_of(recall):
            assert contact.patient.full_name
            assert [use.lot.product.name for use in contact.uses.all()]
            assert not list(contact.attempts.all())


@pytest.mark.parametrize("field", ["administration", "anaesthesia"])
def test_a_lot_leads_to_its_uses_by_an_index(db, field):
    """Not by reading the whole table, which grows with every session."""
    table = f"records_{field}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Few rows are read whole whatever indexes there are; this asks for the index.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN SELECT id FROM {table} WHERE lot_id IN (1, 2)")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE lot_id IN (1, 2)")
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert f"{table}_lot_id_" in plan
    assert "SCAN" not in plan.replace("Index Scan", "").replace("Bitmap Heap Scan", "")


@given(st.dates(max_value=date(2199, 1, 1)))
def test_infections_are_watched_for_twelve_weeks(day):
    assert (watch_until(day) - day).days == 84


@given(st.lists(st.sampled_from(Reach), min_size=1))
def test_a_call_that_nobody_took_never_hides_what_was_found(attempts):
    status = Reach.UNREACHED
    for attempt in attempts:
        status = after_attempt(status, attempt)
    found = [attempt for attempt in attempts if attempt is not Reach.UNREACHED]
    assert status is (found[-1] if found else Reach.UNREACHED)


@given(st.lists(st.tuples(st.sampled_from(Reach), st.integers(0, 3))))
def test_everybody_is_counted_once(contacts):
    counts = count_reach(contacts)
    assert counts.all == len(contacts)
    assert counts.untried == sum(attempts == 0 for _status, attempts in contacts)
