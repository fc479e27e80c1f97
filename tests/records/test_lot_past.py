"""R12: a record is signed as it happened, whatever became of its lots since."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from records.actions import drafts
from records.actions.deviations import DeviationRefused, keep_deviation
from records.actions.recalls import open_recall
from records.actions.signing import NotReadyToSign
from records.actions.zones import ZoneRefused, save_zone
from records.domain.problems import Lack, Step
from records.models import LotDeviation, SessionRecord
from records.selectors.lot_past import put_aside_lots
from records.selectors.seal import broken_seals
from records.wording import problem_line
from sessions.actions.status import start_appointment, undo_status
from tests.factories.core import PASSWORD, UserFactory
from tests.factories.treatments import LotFactory
from tests.records.conftest import NOW, TODAY, fill, numb, sign, zone_values
from treatments.actions.stock import open_vial, quarantine_lot, release_lot, use_up_lot

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=20)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def doctor(site):
    return UserFactory(prescriber=True, first_name="Ines", last_name="Halloran")


@pytest.fixture
def put_aside(complete, lot, clinician):
    """The draft of a session whose lot was put in quarantine twenty minutes after it began."""
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=SOON)
    return complete


def keep(record, by, reason="It was given before the notice came.", at=SOON, **change):
    version = change.get("version", record.version)
    return keep_deviation(record=record, reason=reason, version=version, by=by, at=at)


def refused(record, by, **change):
    with pytest.raises(NotReadyToSign) as told:
        sign(record, by, **change)
    return told.value.problems


# Vials with several doses


@pytest.fixture
def from_a_vial(record, lot, crown, clinician):
    type(lot.product).objects.update(is_multi_dose=True)
    open_vial(lot=lot, on=TODAY - timedelta(days=20), by=clinician, at=NOW)
    return fill(record, lot, crown, clinician)


def test_a_draft_of_yesterday_is_signed_after_the_next_vial_was_opened(from_a_vial, lot, clinician):
    open_vial(lot=lot, on=TOMORROW.date(), by=clinician, at=TOMORROW)
    assert sign(from_a_vial, clinician, at=TOMORROW, delivered_on=TODAY).is_signed


def test_a_vial_that_was_open_too_long_then_stays_refused(record, lot, crown, clinician):
    type(lot.product).objects.update(is_multi_dose=True)
    open_vial(lot=lot, on=TODAY - timedelta(days=28), by=clinician, at=NOW)
    draft = fill(record, lot, crown, clinician)
    ends = TOMORROW + timedelta(minutes=30)
    draft.session.appointments.update(
        starts_at=TOMORROW, ends_at=ends, held_from=TOMORROW, held_until=ends
    )
    later = TOMORROW + timedelta(days=1)
    open_vial(lot=lot, on=later.date(), by=clinician, at=later)
    [problem] = refused(draft, clinician, at=later, delivered_on=TOMORROW.date())
    assert problem.refusal.why == "beyond_use"


def test_what_was_used_up_since_was_there(complete, lot, clinician):
    use_up_lot(lot=lot, by=clinician, at=SOON)
    assert sign(complete, clinician).is_signed


def test_what_was_used_up_before_was_not(record, lot, crown, clinician):
    use_up_lot(lot=lot, by=clinician, at=NOW - timedelta(hours=1))
    zone = zone_values(lot, crown)
    with pytest.raises(ZoneRefused, match="used_up"):
        save_zone(record=record, version=record.version, by=clinician, at=NOW, **zone)


# Quarantine


def test_the_refusal_says_the_rule_and_who_may_lift_it(put_aside, clinician):
    [problem] = refused(put_aside, clinician)
    assert (problem.step, problem.lack) == (Step.SIGN, Lack.LOT_PUT_ASIDE)
    line = problem_line(problem)
    assert "Lot DB-2609 of Dexpanthenol is in quarantine." in line
    assert "a prescriber has to say why" in line
    assert "Choose another lot" not in line


def test_a_lot_in_two_zones_is_said_once(complete, lot, frontal, clinician):
    zone = zone_values(lot, frontal)
    record = save_zone(record=complete, version=complete.version, by=clinician, at=NOW, **zone)
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=SOON)
    assert len(refused(record, clinician)) == 1


def test_with_a_reason_of_a_prescriber_anybody_who_treats_signs(put_aside, doctor, clinician):
    [kept] = keep(put_aside, doctor)
    assert (kept.was_before, kept.quarantine.reason, kept.by) == (False, "Cloudy", doctor)
    signed = sign(put_aside, clinician)
    assert signed.is_signed
    assert list(broken_seals()) == []
    assert AuditEvent.objects.filter(
        kind="record.deviation_kept", by=doctor, patient_id=put_aside.session.course.patient_id
    ).exists()


def test_nobody_else_keeps_a_reason(put_aside, clinician):
    with pytest.raises(DeviationRefused, match="Only a prescriber"):
        keep(put_aside, clinician)
    assert not LotDeviation.objects.exists()


def test_no_reason_is_no_reason(put_aside, doctor):
    with pytest.raises(DeviationRefused, match="Say why"):
        keep(put_aside, doctor, reason="  ")


def test_where_nothing_waits_there_is_nothing_to_say(complete, doctor):
    with pytest.raises(DeviationRefused, match="No lot"):
        keep(complete, doctor)


def test_somebody_else_saved_meanwhile(put_aside, doctor):
    with pytest.raises(drafts.RecordChangedMeanwhile):
        keep(put_aside, doctor, version=put_aside.version - 1)


def test_a_recalled_lot_is_let_through_in_the_same_way(complete, lot, doctor, clinician):
    open_recall(lots=[lot], reason="Glass", source="Maker", by=doctor, at=SOON)
    refused(complete, clinician)
    [kept] = keep(complete, doctor)
    assert kept.quarantine.reason.startswith("Recall")
    assert sign(complete, clinician).is_signed


def test_what_numbed_is_let_through_in_the_same_way(complete, cream, doctor, clinician):
    record = numb(complete, cream, clinician)
    quarantine_lot(lot=cream, reason="Torn tube", by=clinician, at=SOON)
    keep(record, doctor)
    assert sign(record, clinician).is_signed


def test_a_lot_without_history_is_let_through_too(complete, lot, doctor, clinician):
    type(lot).objects.filter(pk=lot.pk).update(status="QUARANTINED")
    [kept] = keep(complete, doctor)
    assert (kept.quarantine, kept.was_before) == (None, True)
    assert sign(complete, clinician).is_signed


def test_a_lot_put_aside_before_the_session_began_is_said_to_have_been(
    complete, lot, doctor, clinician
):
    """The start was taken back, and made again after the lot was put aside."""
    held = complete.session.appointments.get()
    undo_status(appointment=held, by=clinician, at=NOW)
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=NOW + timedelta(minutes=1))
    start_appointment(appointment=held, by=clinician, at=NOW + timedelta(minutes=2))
    record = SessionRecord.objects.get(pk=complete.pk)
    [kept] = keep(record, doctor)
    assert kept.was_before
    assert sign(record, clinician, at=NOW + timedelta(minutes=3)).is_signed


def test_one_quarantine_is_not_another(put_aside, lot, doctor, clinician):
    keep(put_aside, doctor)
    release_lot(lot=lot, reason="Clear again", by=clinician, at=SOON)
    quarantine_lot(lot=lot, reason="Glass", by=clinician, at=SOON + timedelta(minutes=1))
    [problem] = refused(put_aside, clinician)
    assert problem.lack is Lack.LOT_PUT_ASIDE
    keep(put_aside, doctor, reason="Looked at under the light.")
    assert sign(put_aside, clinician).is_signed


def test_the_reason_lets_no_expired_lot_through(put_aside, lot, doctor, clinician):
    keep(put_aside, doctor)
    type(lot).objects.filter(pk=lot.pk).update(expires_on=TODAY - timedelta(days=1))
    assert [one.lack for one in refused(put_aside, clinician)] == [Lack.LOT_EXPIRED]


def test_another_patient_still_gets_nothing_of_it(
    put_aside, other_record, lot, crown, doctor, clinician
):
    keep(put_aside, doctor)
    zone = zone_values(lot, crown)
    with pytest.raises(ZoneRefused, match="quarantined"):
        save_zone(record=other_record, version=1, by=clinician, at=NOW, **zone)


@pytest.mark.parametrize(
    "change", [{"reason": "Other"}, {"was_before": True}, {"at": TOMORROW}], ids=str
)
def test_a_reason_is_never_changed(put_aside, doctor, change):
    [kept] = keep(put_aside, doctor)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDeviation.objects.filter(pk=kept.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDeviation.objects.filter(pk=kept.pk).delete()


@pytest.mark.parametrize("change", [{"reason": ""}, {}], ids=["no reason", "twice"])
def test_the_database_keeps_one_reason_each(put_aside, lot, doctor, change):
    [kept] = keep(put_aside, doctor)
    values = {
        "record": put_aside,
        "lot": lot,
        "quarantine": kept.quarantine,
        "was_before": False,
        "reason": "Again",
        "at": NOW,
        "by": doctor,
    }
    if change:
        values |= change | {"lot": LotFactory()}
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDeviation.objects.create(**values)


def test_a_reason_without_history_is_kept_once(put_aside, lot, doctor):
    values = {"record": put_aside, "lot": lot, "was_before": True, "reason": "x", "at": NOW}
    LotDeviation.objects.create(by=doctor, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotDeviation.objects.create(by=doctor, **values)


def test_a_reason_that_is_added_past_the_locks_breaks_the_seal(put_aside, lot, doctor, clinician):
    keep(put_aside, doctor)
    signed = sign(put_aside, clinician)
    LotDeviation.objects.create(
        record=signed, lot=LotFactory(), was_before=False, reason="Later", at=NOW, by=doctor
    )
    assert list(broken_seals()) == [signed]


# The pages


def sign_url(record):
    return reverse("records:record-sign", args=[record.session_id])


def reason_url(record):
    return reverse("records:record-deviation", args=[record.session_id])


def said(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def doctor_client(client, doctor):
    client.force_login(doctor)
    return client


def test_the_page_says_what_happened_and_who_may_lift_it(put_aside, clinician_client):
    page = said(clinician_client.get(sign_url(put_aside)))
    assert "Lot DB-2609 of Dexpanthenol was put in quarantine on 26 Nov 2026 at 11:02" in page
    assert "That was after this session began." in page
    assert "Rule R12" in page
    assert reason_url(put_aside) not in page


def test_a_prescriber_gives_the_reason_and_it_stays_on_the_record(put_aside, doctor_client, doctor):
    assert reason_url(put_aside) in said(doctor_client.get(sign_url(put_aside)))
    patient = put_aside.session.course.patient_id
    sent = {"version": put_aside.version, "reason": "Given before the notice.", "patient": patient}
    answer = doctor_client.post(reason_url(put_aside), sent)
    assert answer.url == sign_url(put_aside)
    page = said(doctor_client.get(sign_url(put_aside)))
    assert "Ines Halloran lets the record be signed: Given before the notice." in page
    assert reason_url(put_aside) not in page
    sent = {"version": put_aside.version, "delivered_on": TODAY, "password": PASSWORD}
    doctor_client.post(sign_url(put_aside), sent)
    detail = said(doctor_client.get(reverse("records:record-detail", args=[put_aside.session_id])))
    assert "Put in quarantine after the session began." in detail
    assert "Why the record stands: Given before the notice." in detail
    assert reverse("records:record-detail", args=[put_aside.session_id]) == (
        doctor_client.post(reason_url(put_aside), sent).url
    )


def test_what_is_wrong_with_a_reason_is_said_and_it_stays(put_aside, doctor_client):
    answer = doctor_client.post(reason_url(put_aside), {"version": put_aside.version})
    assert answer.status_code == 422
    assert "Say why the record may be signed." in said(answer)
    stale = {"version": put_aside.version - 1, "reason": "Given before."}
    answer = doctor_client.post(reason_url(put_aside), stale)
    assert answer.status_code == 409
    assert "Given before." in said(answer)
    assert not LotDeviation.objects.exists()


def test_a_reason_of_somebody_else_or_for_somebody_else_is_refused(put_aside, clinician_client):
    sent = {"version": put_aside.version, "reason": "Given before."}
    answer = clinician_client.post(reason_url(put_aside), sent)
    assert answer.status_code == 422
    assert "Only a prescriber may let this record be signed." in said(answer)
    answer = clinician_client.post(reason_url(put_aside), sent | {"patient": "0"})
    assert answer.status_code == 409
    assert not LotDeviation.objects.exists()


def test_without_a_record_there_is_no_such_page(session, clinician_client):
    url = reverse("records:record-deviation", args=[session.pk])
    assert clinician_client.post(url, {}).status_code == 404


def test_a_lot_without_history_says_so(complete, lot, clinician_client):
    type(lot).objects.filter(pk=lot.pk).update(status="QUARANTINED")
    assert "Nobody noted since when." in said(clinician_client.get(sign_url(complete)))
    [one] = put_aside_lots(complete)
    assert one.event is None


def test_the_day_on_which_it_was_begun_is_proposed(complete, lot, client, clinician):
    """A lot that ended on the day of the session stands in nobody's way the day after."""
    type(lot).objects.filter(pk=lot.pk).update(expires_on=TODAY)
    with time_machine.travel(TOMORROW, tick=False):
        client.force_login(clinician)
        page = said(client.get(sign_url(complete)))
    assert "Missing before" not in page
    assert re.search(r'value="2026-11-26"[^>]* checked', page)
