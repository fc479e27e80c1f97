"""Writes to a draft."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from records.actions import drafts, zones
from records.actions.aftercare import save_aftercare
from records.actions.anaesthesia import save_anaesthesia
from records.actions.checks import save_checks
from records.actions.zones import DoseGiven, ZoneRefused, remove_zone
from records.domain.checks import CHECKS
from records.domain.problems import Lack
from records.models import Administration, SessionRecord, ZoneTreatment
from records.selectors.drafts import record_facts
from sessions.actions.status import undo_status
from sessions.models import Appointment, TreatmentSession
from tests.factories.treatments import LotFactory, ProductFactory, ZoneFactory
from tests.records.conftest import NOW, fill, sign, zone_values

pytestmark = pytest.mark.django_db


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def save_zone(record, by, **values):
    return zones.save_zone(record=record, version=record.version, by=by, at=NOW, **values)


def test_opening_starts_the_session_once(session, clinician):
    record = drafts.open_record(session=session, by=clinician, at=NOW)
    again = drafts.open_record(session=session, by=clinician, at=NOW)
    session.refresh_from_db()
    assert record == again
    assert record.opened_by == clinician
    assert session.status == TreatmentSession.Status.IN_TREATMENT
    assert session.appointments.get().status == Appointment.Status.IN_TREATMENT
    assert kinds().count("record.opened") == 1


def test_a_session_of_somebody_who_is_not_here_is_not_opened(session, clinician):
    session.appointments.update(status="BOOKED")
    TreatmentSession.objects.filter(pk=session.pk).update(status="BOOKED")
    session.refresh_from_db()
    with pytest.raises(drafts.CannotRecord):
        drafts.open_record(session=session, by=clinician, at=NOW)
    assert not SessionRecord.objects.exists()


def test_a_session_without_a_time_is_not_opened(course, clinician):
    with pytest.raises(drafts.CannotRecord):
        drafts.open_record(session=course.sessions.get(number=2), by=clinician, at=NOW)


def test_each_save_makes_a_new_version_and_is_audited(record, clinician):
    saved = save_checks(
        record=record,
        answers={"identity_check": "CLEAR"},
        words=" seen ",
        version=1,
        by=clinician,
        at=NOW,
    )
    assert (saved.version, saved.identity_check, saved.consent_check) == (2, "CLEAR", "")
    assert saved.checks_words == "seen"
    event = AuditEvent.objects.get(kind="record.saved")
    assert event.patient_id == record.session.course.patient_id


def test_a_lost_update_is_refused(record, clinician):
    values = {"words": "", "version": record.version, "by": clinician, "at": NOW}
    save_checks(record=record, answers=dict.fromkeys(CHECKS, "CLEAR"), **values)
    with pytest.raises(drafts.RecordChangedMeanwhile):
        save_checks(record=record, answers={}, **values)
    record.refresh_from_db()
    assert record.identity_check == "CLEAR"


def anaesthesia(record, by, kind, **change):
    values = {"agent": "", "dose": "", "applied_at": None} | change
    return save_anaesthesia(
        record=record, kind=kind, version=record.version, by=by, at=NOW, **values
    )


def test_anaesthesia_keeps_its_agent_and_time(record, clinician):
    cream = {"agent": "Lidocaine 4 %", "dose": "2 g", "applied_at": time(10, 15)}
    record = anaesthesia(record, clinician, "CREAM", **cream)
    assert record.anaesthesia.agent == "Lidocaine 4 %"
    record = anaesthesia(record, clinician, "NONE", **cream)
    record.anaesthesia.refresh_from_db()
    assert (record.anaesthesia.agent, record.anaesthesia.applied_at) == ("", None)


def test_anaesthesia_without_its_agent_is_refused(record, clinician):
    with pytest.raises(ValidationError, match="agent and its dose"):
        anaesthesia(record, clinician, "CREAM")


def test_a_zone_is_kept_and_replaced_not_doubled(record, lot, crown, clinician):
    record = save_zone(record, clinician, **zone_values(lot, crown))
    second = DoseGiven(lot=lot, volume_ml=Decimal("0.40"))
    save_zone(record, clinician, **zone_values(lot, crown, points=20, doses=[second]))
    kept = ZoneTreatment.objects.get()
    assert (kept.points, kept.seen_words) == (20, "Redness")
    assert Administration.objects.get().volume_ml == Decimal("0.40")


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"depth_mm": Decimal("4.5")}, Lack.DEPTH_OUTSIDE),
        ({"points": 0}, Lack.POINTS_OUTSIDE),
        ({"doses": []}, Lack.NO_VOLUME),
        ({"technique": ""}, Lack.TECHNIQUE_MISSING),
    ],
)
def test_a_zone_outside_the_limits_is_refused(record, lot, crown, clinician, change, lack):
    with pytest.raises(ZoneRefused) as refused:
        save_zone(record, clinician, **zone_values(lot, crown, **change))
    assert [problem.lack for problem in refused.value.problems] == [lack]
    assert not ZoneTreatment.objects.exists()


def dosed(lot):
    return [DoseGiven(lot=lot, volume_ml=Decimal(1))]


@pytest.mark.parametrize(
    ("state", "lack"),
    [
        ({"expires_on": date(2026, 11, 25)}, Lack.LOT_EXPIRED),
        ({"status": "QUARANTINED"}, Lack.LOT_NOT_AVAILABLE),
    ],
)
def test_a_lot_that_may_not_be_used_is_refused(record, lot, crown, clinician, state, lack):
    bad = LotFactory(product=lot.product, **state)
    with pytest.raises(ZoneRefused) as refused:
        save_zone(record, clinician, **zone_values(lot, crown, doses=dosed(bad)))
    assert [problem.lack for problem in refused.value.problems] == [lack]


def test_a_product_that_is_off_or_for_something_else_is_refused(record, lot, crown, clinician):
    off = ProductFactory(is_enabled=False)
    off.indications.add(crown.indication)
    for product, lack in [
        (off, Lack.LOT_NOT_AVAILABLE),
        (ProductFactory(), Lack.LOT_OTHER_INDICATION),
    ]:
        bad = LotFactory(product=product)
        with pytest.raises(ZoneRefused) as refused:
            save_zone(record, clinician, **zone_values(lot, crown, doses=dosed(bad)))
        assert [problem.lack for problem in refused.value.problems] == [lack]


def test_a_zone_of_another_indication_is_refused(record, lot, clinician):
    with pytest.raises(ZoneRefused):
        save_zone(record, clinician, **zone_values(lot, ZoneFactory()))


def test_a_zone_is_taken_out_of_a_draft(record, lot, crown, clinician):
    record = save_zone(record, clinician, **zone_values(lot, crown))
    remove_zone(record=record, zone=crown, version=record.version, by=clinician, at=NOW)
    assert not ZoneTreatment.objects.exists()
    assert not Administration.objects.exists()


def test_nothing_of_a_signed_record_is_saved(signed, lot, crown, frontal, clinician):
    at = {"record": signed, "version": signed.version, "by": clinician, "at": NOW}
    attempts = [
        lambda: save_checks(answers={}, words="", **at),
        lambda: save_anaesthesia(kind="COLD", agent="", dose="", applied_at=None, **at),
        lambda: zones.save_zone(**zone_values(lot, frontal), **at),
        lambda: remove_zone(zone=crown, **at),
        lambda: save_aftercare(reaction="x", notes="", given=True, **at),
    ]
    for attempt in attempts:
        with pytest.raises(drafts.RecordIsSigned):
            attempt()


def test_a_start_that_was_undone_is_made_again_by_signing(complete, clinician):
    undo_status(appointment=complete.session.appointments.get(), by=clinician, at=NOW)
    complete.refresh_from_db()
    assert sign(complete, clinician).is_signed


def test_checks_of_an_earlier_visit_are_asked_anew(record, session, lot, crown, clinician):
    record = fill(record, lot, crown, clinician)
    place = session.appointments.live().get()
    place.arrived_at = NOW + timedelta(days=2)
    place.save(update_fields=["arrived_at"])
    assert not any(record_facts(record).answers.values())
    record = save_aftercare(
        record=record,
        reaction="None",
        notes="",
        given=True,
        version=record.version,
        by=clinician,
        at=NOW + timedelta(days=2, minutes=5),
    )
    assert not any(record_facts(record).answers.values())


def test_a_draft_is_not_written_while_the_patient_is_not_here(record, session, clinician):
    place = session.appointments.live().get()
    undo_status(appointment=place, by=clinician, at=NOW)
    undo_status(appointment=place, by=clinician, at=NOW)
    with pytest.raises(drafts.CannotRecord):
        save_aftercare(
            record=record,
            reaction="None",
            notes="",
            given=True,
            version=record.version,
            by=clinician,
            at=NOW,
        )
