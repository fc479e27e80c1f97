"""R12: a lot that was put in quarantine while a session was under way is typed if it was given."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from records.actions import zones
from records.actions.deviations import keep_deviation
from records.actions.recalls import close_confirmed, note_attempt, open_recall
from records.actions.signing import NotReadyToSign
from records.domain.problems import Lack
from records.models import Administration, RecallContact, RecallUse, SessionRecord
from records.recall_words import use_lines
from records.selectors.scanning import ScanProblem, scanned_lot
from records.wording import problem_sentence
from sessions.actions.status import start_appointment, undo_status
from tests.factories.core import UserFactory
from tests.records.conftest import NOW, TODAY, fill, sign, zone_values
from tests.records.test_step_pages import typed, url
from treatments.actions.stock import quarantine_lot, release_lot

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=20)
BEFORE = NOW - timedelta(minutes=20)


@pytest.fixture
def doctor(site):
    return UserFactory(prescriber=True, first_name="Ines", last_name="Halloran")


def put_aside(lot, by, at=SOON):
    quarantine_lot(lot=lot, reason="Cloudy", by=by, at=at)


def give(record, lot, zone, by, *, said=True, at=SOON, **change):
    record = SessionRecord.objects.get(pk=record.pk)
    dose = zones.DoseGiven(lot=lot, volume_ml=Decimal("1.20"), is_said_given=said)
    values = zone_values(lot, zone, **({"doses": [dose]} | change))
    return zones.save_zone(record=record, version=record.version, by=by, at=at, **values)


def refusal(*args, **change):
    with pytest.raises(zones.ZoneRefused) as told:
        give(*args, **change)
    [problem] = told.value.problems
    return problem


@pytest.mark.parametrize(
    ("minutes", "said", "lack"),
    [
        (20, True, None),
        (0, True, None),
        (20, False, Lack.LOT_GIVEN_UNSAID),
        (-20, True, Lack.LOT_NOT_AVAILABLE),
        (-20, False, Lack.LOT_NOT_AVAILABLE),
    ],
)
def test_it_is_typed_if_it_was_put_aside_since_and_somebody_says_that_it_was_given(
    record, lot, crown, clinician, minutes, said, lack
):
    put_aside(lot, clinician, NOW + timedelta(minutes=minutes))
    if lack is None:
        assert give(record, lot, crown, clinician, said=said).administrations.get().is_said_given
    else:
        assert refusal(record, lot, crown, clinician, said=said).lack is lack
        assert not Administration.objects.exists()


def test_the_refusal_says_what_to_do(record, lot, crown, clinician):
    put_aside(lot, clinician)
    assert problem_sentence(refusal(record, lot, crown, clinician, said=False)) == (
        "Crown. Lot DB-2609 of Dexpanthenol was put in quarantine after this session began. Give no "
        "more of it. If it was given already, tick that. If not, choose another lot."
    )


def test_a_start_that_was_made_again_after_the_quarantine_counts(record, lot, crown, clinician):
    held = record.session.appointments.get()
    undo_status(appointment=held, by=clinician, at=NOW)
    put_aside(lot, clinician, NOW + timedelta(minutes=1))
    start_appointment(appointment=held, by=clinician, at=NOW + timedelta(minutes=2))
    assert refusal(record, lot, crown, clinician).lack is Lack.LOT_NOT_AVAILABLE


def test_it_waits_for_a_prescriber_as_if_it_had_been_typed_before(
    record, lot, crown, clinician, doctor
):
    draft = fill_late(record, lot, crown, clinician)
    with pytest.raises(NotReadyToSign) as told:
        sign(draft, clinician, at=SOON)
    assert [one.lack for one in told.value.problems] == [Lack.LOT_PUT_ASIDE]
    [kept] = keep_deviation(
        record=draft, reason="Given before.", version=draft.version, by=doctor, at=SOON
    )
    assert not kept.was_before
    assert sign(draft, clinician, at=SOON).is_signed


def fill_late(record, lot, zone, by):
    """Fill the record in, and give it the lot that was put aside in place of the one it has."""
    draft = fill(record, lot, zone, by)
    zones.remove_zone(record=draft, zone=zone, version=draft.version, by=by, at=NOW)
    put_aside(lot, by)
    return give(draft, lot, zone, by)


def test_what_is_said_of_a_lot_in_use_is_not_kept(record, lot, crown, clinician):
    assert not give(record, lot, crown, clinician).administrations.get().is_said_given
    put_aside(lot, clinician)
    assert give(record, lot, crown, clinician).administrations.get().is_said_given
    release_lot(lot=lot, reason="Clear", by=clinician, at=SOON)
    assert not give(record, lot, crown, clinician).administrations.get().is_said_given


def test_what_was_typed_before_is_corrected_in_the_same_way(complete, lot, crown, clinician):
    put_aside(lot, clinician)
    assert refusal(complete, lot, crown, clinician, said=False).lack is Lack.LOT_GIVEN_UNSAID
    give(complete, lot, crown, clinician, points=20)
    assert complete.zones.get().points == 20


def test_another_session_says_nothing(record, other_record, lot, crown, clinician):
    """Its own session began after the lot was put aside."""
    later = SOON + timedelta(minutes=1)
    SessionRecord.objects.filter(pk=other_record.pk).update(opened_at=later)
    other_record.session.appointments.update(status_since=later)
    put_aside(lot, clinician)
    assert refusal(other_record, lot, crown, clinician).lack is Lack.LOT_NOT_AVAILABLE


# In a recall


def recall(lot, by):
    return open_recall(lots=[lot], reason="Glass", source="Maker", by=by, at=SOON)


def test_a_recall_that_is_open_gains_the_patient(record, lot, crown, clinician, doctor):
    found = recall(lot, doctor)
    assert not found.contacts.exists()
    give(record, lot, crown, clinician)
    contact = found.contacts.get()
    assert (contact.patient, contact.last_used_on) == (record.session.course.patient, TODAY)
    [use] = contact.uses.all()
    assert (use.zone, use.is_late, use.was_signed) == (crown, True, False)
    [line] = use_lines([use])
    assert line.endswith("Not signed yet. Typed after the lot was put in quarantine.")


def test_a_patient_who_is_in_it_gains_the_zone_once(
    complete, lot, crown, frontal, clinician, doctor
):
    found = recall(lot, doctor)
    contact = found.contacts.get()
    RecallContact.objects.update(last_used_on=TODAY - timedelta(days=1))
    for _ in range(2):
        give(complete, lot, frontal, clinician)
    give(complete, lot, crown, clinician)
    uses = RecallUse.objects.filter(contact=contact).order_by("pk")
    assert [(use.zone, use.is_late) for use in uses] == [(crown, False), (frontal, True)]
    assert found.contacts.get().last_used_on == TODAY


def test_a_recall_of_another_lot_gains_nobody(
    record, lot, other_lot, crown, frontal, clinician, doctor
):
    found = recall(other_lot, doctor)
    put_aside(lot, clinician)
    give(record, lot, crown, clinician)
    assert not found.contacts.exists()


def test_a_recall_that_is_closed_stays_as_it_is(complete, lot, crown, frontal, clinician, doctor):
    found = recall(lot, doctor)
    note_attempt(
        contact=found.contacts.get(), status="REACHED", words="", seen=0, by=doctor, at=SOON
    )
    close_confirmed(recall=found, summary="All reached.", by=doctor, at=SOON)
    give(complete, lot, frontal, clinician)
    assert RecallUse.objects.count() == 1


def test_a_recall_that_comes_later_finds_it(record, lot, crown, clinician, doctor):
    put_aside(lot, clinician)
    give(record, lot, crown, clinician)
    found = recall(lot, doctor)
    assert found.contacts.get().uses.get().is_late


@pytest.fixture
def other_lot(lot):
    return type(lot).objects.create(
        product=lot.product, number="DB-2700", expires_on=lot.expires_on
    )


# The pages


def said(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_warns_and_keeps_what_is_ticked(record, lot, crown, clinician, clinician_client):
    step = url(record.session, "injections")
    assert "It was given already" not in said(clinician_client.get(step))
    put_aside(lot, clinician)
    page = said(clinician_client.get(step))
    assert "In quarantine: Dexpanthenol, lot DB-2609" in page
    assert "Dexpanthenol. Lot DB-2609. In quarantine." in page
    sent = typed(lot, crown, record.version)
    answer = clinician_client.post(step, sent)
    assert answer.status_code == 422
    assert "If it was given already, tick that." in said(answer)
    answer = clinician_client.post(step, sent | {"is_said_given": "on"})
    assert answer.status_code == 302
    page = said(clinician_client.get(step, {"zone": crown.pk}))
    assert (
        'name="is_said_given" id="id_is_said_given" checked' in page
        or "checked" in (page.partition('name="is_said_given"')[2][:80])
    )
    sign_page = said(clinician_client.get(reverse("records:record-sign", args=[record.session_id])))
    assert "Typed after it was put in quarantine: it was given already." in sign_page
    assert "a prescriber has to say why" in sign_page


def test_what_was_put_aside_before_the_session_is_not_offered(
    record, lot, clinician, clinician_client
):
    put_aside(lot, clinician, BEFORE)
    page = said(clinician_client.get(url(record.session, "injections")))
    assert "DB-2609" not in page
    assert "It was given already" not in page


@pytest.mark.parametrize(("at", "problem"), [(SOON, None), (BEFORE, ScanProblem.REFUSED)])
def test_its_box_is_scanned(record, lot, clinician, at, problem):
    put_aside(lot, clinician, at)
    scan = scanned_lot(lot.number, record, TODAY)
    assert scan.problem is problem
    assert (scan.lot == lot) is (problem is None)
