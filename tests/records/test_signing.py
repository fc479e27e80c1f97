"""Signing a record, and what is added to it afterwards."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from records.actions import drafts, signing
from records.actions.anaesthesia import AgentRefused
from records.domain.problems import Lack, Step
from records.models import Administration, Amendment, SessionRecord
from records.selectors.drafts import unsigned_records
from sessions.actions.booking import LateReason
from sessions.actions.delivery import DeliveryRefused
from sessions.models import Appointment, Deviation, TreatmentSession
from tests.factories.core import PASSWORD, UserFactory
from tests.factories.patients import AllergyFactory
from tests.factories.reactions import AdverseEventFactory
from tests.factories.treatments import LotFactory, ProductFactory
from tests.records.conftest import NOW, TODAY, arrive, fill, numb, sign

pytestmark = pytest.mark.django_db


def test_signing_locks_everything_and_delivers_the_session(complete, clinician):
    record = sign(complete, clinician)
    record.refresh_from_db()
    assert (record.signed_at, record.signed_by) == (NOW, clinician)
    assert record.anaesthesia.is_locked
    assert record.zones.get().is_locked
    assert Administration.objects.get().is_locked
    session = TreatmentSession.objects.get(pk=record.session_id)
    assert (session.status, session.delivered_on) == ("DONE", TODAY)
    assert session.appointments.get().status == Appointment.Status.DONE
    event = AuditEvent.objects.get(kind="record.signed")
    assert (event.by, event.patient_id) == (clinician, session.course.patient_id)


def test_signing_moves_the_windows_that_follow(complete, clinician):
    # A course that began three days late: all that follows moves by three days.
    course = complete.session.course
    type(course).objects.filter(pk=course.pk).update(first_on=TODAY - timedelta(days=3))
    TreatmentSession.objects.filter(course=course, number=2).update(
        earliest_on=TODAY + timedelta(days=4),
        due_on=TODAY + timedelta(days=4),
        latest_on=TODAY + timedelta(days=7),
    )
    complete.refresh_from_db()
    sign(complete, clinician)
    following = course.sessions.get(number=2)
    assert (following.earliest_on, following.latest_on) == (
        TODAY + timedelta(days=7),
        TODAY + timedelta(days=10),
    )


def test_the_booked_day_may_be_given_a_day_later(complete, clinician):
    tomorrow = NOW + timedelta(days=1)
    record = sign(complete, clinician, at=tomorrow, delivered_on=TODAY)
    assert TreatmentSession.objects.get(pk=record.session_id).delivered_on == TODAY


@pytest.mark.parametrize("days", [-1, 1, 30])
def test_another_day_is_refused(complete, clinician, days):
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(complete, clinician, delivered_on=TODAY + timedelta(days=days))
    assert [problem.lack for problem in refused.value.problems] == [Lack.DAY_NOT_ALLOWED]


def test_an_incomplete_record_is_refused_and_stays_a_draft(record, clinician):
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(record, clinician)
    assert Lack.NO_ZONE in [problem.lack for problem in refused.value.problems]
    record.refresh_from_db()
    assert not record.is_signed


def test_a_lot_that_was_quarantined_meanwhile_stops_the_signature(complete, lot, clinician):
    type(lot).objects.filter(pk=lot.pk).update(status="QUARANTINED")
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(complete, clinician)
    assert [problem.lot for problem in refused.value.problems] == [lot.number]


def test_an_allergy_noted_meanwhile_stops_the_signature(complete, lot, patient, clinician):
    type(lot.product).objects.filter(pk=lot.product_id).update(allergens=["sulfite"])
    AllergyFactory(patient=patient, substance="Wine", allergen="sulfite")
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(complete, clinician)
    assert {problem.lack for problem in refused.value.problems} == {Lack.PRODUCT_FORBIDDEN}


def test_what_was_given_before_its_reaction_is_signed(complete, lot, patient, course, clinician):
    type(lot.product).objects.filter(pk=lot.product_id).update(allergens=["sulfite"])
    AllergyFactory(patient=patient, substance="Wine", allergen="sulfite")
    AdverseEventFactory(course=course, session=complete.session)
    assert sign(complete, clinician).is_signed


def test_an_allergy_to_what_numbs_stops_it_and_the_signature(
    complete, indication, patient, clinician
):
    cream = LotFactory(product=ProductFactory(product_class="topical_anaesthetic", route="TOPICAL"))
    cream.product.indications.add(indication)
    complete = numb(complete, cream, clinician)
    type(cream.product).objects.filter(pk=cream.product_id).update(allergens=["amide_anaesthetic"])
    AllergyFactory(patient=patient, substance="Lidocaine", allergen="amide_anaesthetic")
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(complete, clinician)
    found = {(problem.step, problem.lack) for problem in refused.value.problems}
    # Both by the name that was typed and by what the lot holds.
    assert found == {
        (Step.ANAESTHESIA, Lack.AGENT_ALLERGY),
        (Step.ANAESTHESIA, Lack.PRODUCT_FORBIDDEN),
    }
    with pytest.raises(AgentRefused):
        numb(complete, cream, clinician)


def test_a_wrong_password_signs_nothing(complete, clinician):
    with pytest.raises(signing.WrongPassword):
        sign(complete, clinician, password="wrong")
    complete.refresh_from_db()
    assert not complete.is_signed


def test_five_wrong_passwords_close_the_door_for_five_minutes(complete, clinician):
    for _try in range(signing.TRIES):
        with pytest.raises(signing.WrongPassword):
            sign(complete, clinician, password="wrong")
    with pytest.raises(signing.TooManyTries):
        sign(complete, clinician)
    later = NOW + signing.TRIES_WINDOW
    assert sign(complete, clinician, at=later).is_signed


def test_the_wrong_passwords_of_one_do_not_stop_another(complete, clinician):
    other = UserFactory(clinician=True)
    for _try in range(signing.TRIES):
        with pytest.raises(signing.WrongPassword):
            sign(complete, clinician, password="wrong")
    assert sign(complete, other).signed_by == other


def test_signing_twice_is_refused(signed, clinician):
    with pytest.raises(drafts.RecordIsSigned):
        sign(signed, clinician)
    assert AuditEvent.objects.filter(kind="record.signed").count() == 1


def test_signing_what_somebody_else_changed_is_refused(complete, clinician):
    with pytest.raises(drafts.RecordChangedMeanwhile):
        sign(complete, clinician, version=complete.version - 1)


def test_a_refused_delivery_leaves_no_signature(complete, clinician):
    course = complete.session.course
    type(course).objects.filter(pk=course.pk).update(status="SUSPENDED", status_reason="Unwell")
    with pytest.raises(DeliveryRefused, match="suspended"):
        sign(complete, clinician)
    kept = SessionRecord.objects.get(pk=complete.pk)
    assert not kept.is_signed
    assert not kept.zones.get().is_locked


def test_a_late_session_is_signed_with_a_reason(signed, course, lot, crown, clinician):
    late = NOW + timedelta(days=12)
    session = arrive(course.sessions.get(number=2), at=late)
    record = drafts.open_record(session=session, by=clinician, at=late)
    record = fill(record, lot, crown, clinician, at=late)
    with pytest.raises(DeliveryRefused) as refused:
        sign(record, clinician, at=late)
    assert refused.value.needs_reason
    reason = LateReason(Deviation.Reason.TRAVEL, "Away for a week")
    assert sign(record, clinician, at=late, late_reason=reason).is_signed
    assert session.deviations.get().words == "Away for a week"


def test_a_note_is_added_to_a_signed_record(signed, clinician):
    note = signing.amend_record(
        record=signed,
        kind=Amendment.Kind.CORRECTION,
        words=" Depth was 2.5 mm in the crown. ",
        reason="Typed wrongly",
        by=clinician,
        at=NOW,
    )
    assert (note.words, note.by) == ("Depth was 2.5 mm in the crown.", clinician)
    assert AuditEvent.objects.filter(kind="record.amended").exists()


@pytest.mark.parametrize(("words", "reason"), [("", "Forgotten"), ("Bruise seen", " ")])
def test_a_note_needs_words_and_a_reason(signed, clinician, words, reason):
    with pytest.raises(ValidationError):
        signing.amend_record(
            record=signed, kind="ADDENDUM", words=words, reason=reason, by=clinician, at=NOW
        )


def test_a_draft_takes_no_notes(record, clinician):
    with pytest.raises(signing.NotSigned):
        signing.amend_record(
            record=record, kind="ADDENDUM", words="x", reason="y", by=clinician, at=NOW
        )


def test_unsigned_records_are_found_until_they_are_signed(complete, clinician):
    assert list(unsigned_records()) == list(unsigned_records(by=clinician)) == [complete]
    assert not unsigned_records(by=UserFactory(clinician=True)).exists()
    signing.sign_record(
        record=complete,
        password=PASSWORD,
        version=complete.version,
        delivered_on=date(2026, 11, 26),
        by=clinician,
        at=NOW,
    )
    assert not unsigned_records().exists()
