"""What a record needs before it can be signed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import IntegerField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.domain.afterwards import Afterwards
from records.domain.anaesthesia import anaesthesia_problems
from records.domain.checks import CHECKS, check_problems
from records.domain.facts import Dose, LotUsed, RecordFacts, ZoneFacts
from records.domain.problems import Lack, Problem, Step
from records.domain.readiness import complete_steps, delivery_days, missing_to_sign
from records.domain.skin import SkinPreparation
from records.domain.vitals import Vitals
from records.models import EDITION, SessionRecord
from treatments.domain.stock import LotFacts

TODAY = date(2026, 11, 26)
STOCK = LotFacts(expires_on=TODAY + timedelta(days=300))
DOSE = Dose("Dexpanthenol", "DB-2609", Decimal("1.20"), STOCK)
CROWN = ZoneFacts("Crown", "point_by_point", "30G, 4 mm", Decimal("2.0"), 24, (DOSE,))
AFTER = Afterwards(end_points="NONE", pain=2, reaction="None", is_care_given=True)
COMPLETE = RecordFacts(
    answers=dict.fromkeys(CHECKS, "CLEAR"),
    anaesthesia="NONE",
    zones=(CROWN,),
    vitals=Vitals(systolic_mmhg=120, diastolic_mmhg=80, pulse_bpm=70),
    skin=SkinPreparation("ALCOHOL", is_dried=True, is_sterile=True),
    after=AFTER,
)


BAD_AGENT = LotUsed("Cream", "C-1", replace(STOCK, state="QUARANTINED"))
USED_UP_AGENT = replace(BAD_AGENT, stock=replace(STOCK, state="USED_UP"))


def lacks(facts, on=TODAY):
    return [problem.lack for problem in missing_to_sign(facts, delivered_on=on)]


def zone(**change):
    return replace(COMPLETE, zones=(replace(CROWN, **change),))


def dose(**change):
    return zone(doses=(replace(DOSE, **change),))


def stock(**change):
    return dose(stock=replace(STOCK, **change))


def test_a_complete_record_lacks_nothing():
    assert missing_to_sign(COMPLETE, delivered_on=TODAY) == []


def test_an_empty_record_lacks_every_step():
    found = missing_to_sign(RecordFacts(), delivered_on=TODAY)
    assert {problem.step for problem in found} == set(Step) - {Step.SIGN}
    assert [problem.field for problem in found][:6] == list(CHECKS)
    assert complete_steps(RecordFacts(), delivered_on=TODAY) == frozenset()


def test_the_complete_steps_are_those_that_lack_nothing():
    facts = replace(COMPLETE, after=replace(AFTER, reaction=""))
    assert complete_steps(facts, delivered_on=TODAY) == {
        Step.CHECKS,
        Step.ANAESTHESIA,
        Step.INJECTIONS,
    }


@pytest.mark.parametrize("check", CHECKS)
def test_an_unanswered_check_is_named(check):
    answers = {**COMPLETE.answers, check: ""}
    assert check_problems(answers, "") == [Problem(Step.CHECKS, Lack.CHECK_UNANSWERED, field=check)]


def test_a_concern_needs_words():
    answers = {**COMPLETE.answers, "infection_check": "CONCERN"}
    assert [problem.lack for problem in check_problems(answers, " ")] == [
        Lack.CONCERN_WITHOUT_WORDS
    ]
    assert check_problems(answers, "A healed scratch, outside the area.") == []


@pytest.mark.parametrize(
    ("kind", "agent", "amount", "expected"),
    [
        ("", "", "", [Lack.ANAESTHESIA_UNKNOWN]),
        ("NONE", "", "", []),
        ("COLD", "", "", []),
        ("CREAM", "", "2 g", [Lack.AGENT_MISSING]),
        ("CREAM", "Lidocaine 4 %", " ", [Lack.AGENT_MISSING]),
        ("INJECTED", "Lidocaine 1 %", "1 ml", []),
    ],
)
def test_anaesthesia_names_agent_and_dose(kind, agent, amount, expected):
    assert [one.lack for one in anaesthesia_problems(kind, agent, amount)] == expected


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        (replace(COMPLETE, zones=()), Lack.NO_ZONE),
        (zone(technique=""), Lack.TECHNIQUE_MISSING),
        (zone(needle=" "), Lack.NEEDLE_MISSING),
        (zone(depth_mm=Decimal("0.9")), Lack.DEPTH_OUTSIDE),
        (zone(depth_mm=Decimal("4.1")), Lack.DEPTH_OUTSIDE),
        (zone(points=0), Lack.POINTS_OUTSIDE),
        (zone(points=401), Lack.POINTS_OUTSIDE),
        (zone(doses=()), Lack.NO_VOLUME),
        (dose(volume_ml=Decimal(0)), Lack.VOLUME_OUTSIDE),
        (dose(volume_ml=Decimal("100.01")), Lack.VOLUME_OUTSIDE),
        (stock(expires_on=TODAY - timedelta(days=1)), Lack.LOT_EXPIRED),
        (stock(state="QUARANTINED"), Lack.LOT_PUT_ASIDE),
        (stock(state="USED_UP"), Lack.LOT_NOT_AVAILABLE),
        (stock(vials=2, spent=2), Lack.LOT_NOT_AVAILABLE),
        (replace(COMPLETE, agent_lot=BAD_AGENT), Lack.LOT_PUT_ASIDE),
        (replace(COMPLETE, agent_lot=USED_UP_AGENT), Lack.AGENT_LOT_REFUSED),
        (dose(is_for_indication=False), Lack.LOT_OTHER_INDICATION),
        (replace(COMPLETE, after=replace(AFTER, reaction="  ")), Lack.REACTION_MISSING),
        (replace(COMPLETE, after=replace(AFTER, is_care_given=False)), Lack.AFTERCARE_NOT_GIVEN),
    ],
)
def test_one_thing_that_is_wrong_is_named_alone(facts, lack):
    assert lacks(facts) == [lack]


@pytest.mark.parametrize("depth", ["1.0", "4.0"])
def test_the_ends_of_the_depth_are_allowed(depth):
    assert lacks(zone(depth_mm=Decimal(depth))) == []


def test_a_lot_may_be_used_on_its_last_day():
    assert lacks(stock(expires_on=TODAY)) == []
    good = replace(BAD_AGENT, stock=replace(STOCK, expires_on=TODAY))
    assert lacks(replace(COMPLETE, agent_lot=good)) == []


def test_volumes_add_up_and_are_shared_only_if_they_share_evenly():
    assert CROWN.volume_ml == COMPLETE.volume_ml == Decimal("1.20")
    assert CROWN.each_point_ml == Decimal("0.05")
    assert replace(CROWN, points=7).each_point_ml is None
    assert replace(CROWN, doses=()).each_point_ml is None


def test_a_session_is_delivered_today_or_on_its_booked_day():
    yesterday = TODAY - timedelta(days=1)
    assert delivery_days(today=TODAY, booked_on=TODAY) == [TODAY]
    assert delivery_days(today=TODAY, booked_on=yesterday) == [TODAY, yesterday]
    assert delivery_days(today=TODAY, booked_on=TODAY + timedelta(days=1)) == [TODAY]


answers = st.fixed_dictionaries(
    {check: st.sampled_from(["CLEAR", "CLEAR", "CLEAR", "CONCERN", ""]) for check in CHECKS}
)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    answers=answers,
    after=st.builds(
        Afterwards,
        end_points=st.sampled_from(["", "NONE", "PAPULES"]),
        pain=st.sampled_from([None, 0, 10]),
        reaction=st.sampled_from(["", "None", "Redness"]),
        is_care_given=st.booleans(),
    ),
    skin=st.builds(
        SkinPreparation,
        antiseptic=st.sampled_from(["", "ALCOHOL", "CHLORHEXIDINE"]),
        is_sterile=st.booleans(),
    ),
)
def test_what_the_rules_let_sign_the_database_takes_and_nothing_else(
    answers, after, skin, clinician
):
    vitals = replace(COMPLETE.vitals, temperature_c=Decimal("36.8"))
    facts = replace(
        COMPLETE,
        answers=answers,
        checks_words="Looked at, and safe.",
        vitals=vitals,
        after=after,
        skin=skin,
    )
    conditions = [
        constraint.condition
        for constraint in SessionRecord._meta.constraints
        if constraint.name
        in {"signed_record_is_complete", "signed_record_has_preparation_and_outcome"}
    ]
    row = {
        **answers,
        "reaction": after.reaction,
        "end_points": after.end_points,
        "pain": Value(after.pain, output_field=IntegerField()),
        "aftercare_given": after.is_care_given,
        "antiseptic": skin.antiseptic,
        "is_sterile": skin.is_sterile,
        "edition": EDITION,
        "signed_at": "2026-11-26T10:58:00Z",
        "signed_by": clinician.pk,
    }
    assert all(one.check(row) for one in conditions) is (lacks(facts) == [])


days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(
    depth=st.decimals(0, 6, places=1),
    points=st.integers(-2, 500),
    volume=st.decimals(-1, 120, places=2),
    expires_on=days,
    on=days,
)
def test_a_zone_can_be_signed_exactly_within_all_its_limits(depth, points, volume, expires_on, on):
    facts = zone(
        depth_mm=depth,
        points=points,
        doses=(replace(DOSE, volume_ml=volume, stock=replace(STOCK, expires_on=expires_on)),),
    )
    is_within = 1 <= depth <= 4 and 1 <= points <= 400 and 0 < volume <= 100 and on <= expires_on
    assert (lacks(facts, on) == []) is is_within
