"""R12: which lots a record may use, at saving and at signing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from records.actions.anaesthesia import AgentRefused
from records.actions.signing import NotReadyToSign
from records.actions.zones import ZoneRefused, save_zone
from records.domain.problems import Lack
from records.models import Administration
from records.selectors.drafts import usable_agents, usable_lots
from records.selectors.lots import sessions_of_lots, used_lots
from records.wording import problem_line
from tests.at_once import at_once, refused
from tests.records.conftest import NOW, TODAY, fill, numb, sign, zone_values
from treatments.actions.stock import open_vial, quarantine_lot


def use(record, lot, zone, by):
    return save_zone(record=record, version=record.version, by=by, at=NOW, **zone_values(lot, zone))


def single(lot, vials):
    type(lot).objects.filter(pk=lot.pk).update(quantity=vials)
    lot.refresh_from_db()
    return lot


def test_a_single_dose_vial_serves_one_patient(
    record, other_record, lot, crown, frontal, clinician
):
    single(lot, 1)
    record = use(record, lot, crown, clinician)
    # The same session may take from it for another zone, and again.
    use(use(record, lot, frontal, clinician), lot, crown, clinician)
    with pytest.raises(ZoneRefused) as told:
        use(other_record, lot, crown, clinician)
    [problem] = told.value.problems
    assert problem.lack is Lack.LOT_NOT_AVAILABLE
    assert "A single-dose vial is for one patient." in problem_line(problem)
    assert not other_record.administrations.exists()
    assert sessions_of_lots([lot.pk]) == {lot.pk: 1}


def test_a_lot_of_two_vials_serves_two(record, other_record, lot, crown, clinician):
    single(lot, 2)
    use(record, lot, crown, clinician)
    use(other_record, lot, crown, clinician)
    assert sessions_of_lots([lot.pk]) == {lot.pk: 2}


def test_a_vial_that_two_drafts_hold_is_refused_at_the_signature(
    record, other_record, lot, crown, clinician
):
    complete = fill(record, lot, crown, clinician)
    use(other_record, lot, crown, clinician)
    single(lot, 1)
    with pytest.raises(NotReadyToSign) as told:
        sign(complete, clinician)
    assert [one.refusal.why for one in told.value.problems] == ["vials_spent"]
    complete.refresh_from_db()
    assert not complete.is_signed


def test_a_multi_dose_vial_is_used_within_its_days(record, lot, crown, clinician):
    type(lot.product).objects.update(is_multi_dose=True)
    with pytest.raises(ZoneRefused, match="not_opened"):
        use(record, lot, crown, clinician)
    assert not usable_lots(crown.indication, TODAY, record=record).exists()
    open_vial(lot=lot, on=TODAY - timedelta(days=28), by=clinician, at=NOW)
    complete = fill(record, lot, crown, clinician)
    assert list(usable_lots(crown.indication, TODAY, record=record)) == [lot]
    with pytest.raises(NotReadyToSign, match="beyond_use"):
        sign(complete, clinician, at=NOW + timedelta(days=1))


def test_a_lot_put_in_quarantine_keeps_a_draft_from_its_signature(complete, lot, clinician):
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=NOW)
    with pytest.raises(NotReadyToSign) as told:
        sign(complete, clinician)
    assert "Lot DB-2609 of Dexpanthenol is in quarantine." in problem_line(told.value.problems[0])


def test_the_lot_of_the_agent_is_kept_and_looked_at(record, lot, cream, crown, clinician):
    complete = numb(fill(record, lot, crown, clinician), cream, clinician)
    assert complete.anaesthesia.lot == cream
    assert used_lots(complete) == {lot.pk, cream.pk}
    assert list(usable_agents(TODAY, record=complete)) == [cream]
    quarantine_lot(lot=cream, reason="Torn tube", by=clinician, at=NOW)
    with pytest.raises(NotReadyToSign) as told:
        sign(complete, clinician)
    assert [problem.lack for problem in told.value.problems] == [Lack.LOT_PUT_ASIDE]
    with pytest.raises(AgentRefused):
        numb(complete, cream, clinician)
    assert numb(complete, cream, clinician, kind="COLD").anaesthesia.lot is None


def test_the_pickers_offer_what_the_rule_allows(record, other_record, lot, cream, clinician, crown):
    single(lot, 1)
    single(cream, 1)
    numb(use(other_record, lot, crown, clinician), cream, clinician)
    assert not usable_lots(crown.indication, TODAY, record=record).exists()
    assert not usable_agents(TODAY, record=record).exists()
    # What a record took itself stands in nobody's way; what is recorded stays in the list.
    assert list(usable_lots(crown.indication, TODAY, record=other_record)) == [lot]
    assert list(usable_agents(TODAY, also=[cream.pk], record=record)) == [cream]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_vial_one_is_refused(record, other_record, lot, crown, clinician):
    single(lot, 1)
    works = [lambda one=one: use(one, lot, crown, clinician) for one in (record, other_record)]
    [told] = refused(at_once(*works))
    assert isinstance(told, ZoneRefused)
    assert Administration.objects.filter(lot=lot).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_taken_from_a_lot_that_is_put_aside_at_the_same_moment(
    record, lot, crown, clinician
):
    at_once(
        lambda: use(record, lot, crown, clinician),
        lambda: quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=NOW),
    )
    lot.refresh_from_db()
    assert lot.status == "QUARANTINED"
    # Whoever came first: from now on it is refused.
    record.refresh_from_db()
    with pytest.raises(ZoneRefused, match="quarantined"):
        use(record, lot, crown, clinician)


def test_a_signed_record_stays_what_it_is(signed, lot, other_record, crown, clinician):
    use(other_record, lot, crown, clinician)
    single(lot, 1)
    quarantine_lot(lot=lot, reason="Cloudy", by=clinician, at=NOW)
    signed.refresh_from_db()
    assert signed.is_signed
    assert signed.administrations.get().volume_ml == Decimal("1.20")
    assert lot.expires_on > date(2026, 11, 26)
