"""What is measured before a session, and when it stops the session of that day."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.facts import INJECTED, Numbing, PatientFacts
from records.domain.problems import Lack
from records.domain.readiness import vitals_problems
from records.domain.vitals import NO_VITALS, Vitals, stopping
from tests.records.test_record_rules import COMPLETE, CROWN, DOSE

UNMEASURED = replace(COMPLETE, vitals=NO_VITALS)


def lacks(facts):
    return [problem.lack for problem in vitals_problems(facts)]


def given_of(**change):
    return replace(UNMEASURED, zones=(replace(CROWN, doses=(replace(DOSE, **change),)),))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (UNMEASURED, []),
        (replace(UNMEASURED, anaesthesia=INJECTED), [Lack.VITALS_FOR_ANAESTHETIC]),
        (given_of(lidocaine_percent=Decimal(1)), [Lack.VITALS_FOR_ANAESTHETIC]),
        (given_of(product_class="autologous"), [Lack.VITALS_FOR_BLOOD]),
        (given_of(product_class="vasodilator"), [Lack.VITALS_FOR_VASOACTIVE]),
        (replace(UNMEASURED, numbing=Numbing(has_adrenaline=True)), []),
        (replace(UNMEASURED, age=60), []),
        (replace(UNMEASURED, age=61), [Lack.VITALS_FOR_AGE]),
        (replace(UNMEASURED, patient=PatientFacts(has_diabetes=True)), [Lack.GLUCOSE_MISSING]),
        (
            replace(UNMEASURED, answers={**COMPLETE.answers, "infection_check": "CONCERN"}),
            [Lack.TEMPERATURE_MISSING],
        ),
    ],
)
def test_what_has_to_be_measured_is_asked_for(facts, expected):
    assert lacks(facts) == expected


@pytest.mark.parametrize("field", ["systolic_mmhg", "diastolic_mmhg", "pulse_bpm"])
def test_pressure_and_pulse_are_needed_whole(field):
    facts = replace(COMPLETE, age=70, vitals=replace(COMPLETE.vitals, **{field: None}))
    assert lacks(facts) == [Lack.VITALS_FOR_AGE]
    assert lacks(replace(facts, vitals=COMPLETE.vitals)) == []


def test_what_is_measured_is_not_asked_for_again():
    facts = replace(
        COMPLETE,
        answers={**COMPLETE.answers, "infection_check": "CONCERN"},
        patient=PatientFacts(has_diabetes=True),
        vitals=replace(COMPLETE.vitals, temperature_c=Decimal("37.2"), glucose_mmol=Decimal("6.1")),
    )
    assert lacks(facts) == []


@given(systolic=st.integers(51, 300), diastolic=st.integers(20, 200))
def test_either_pressure_stops_the_session_from_its_limit_on(systolic, diastolic):
    found = stopping(Vitals(systolic_mmhg=systolic, diastolic_mmhg=diastolic))
    is_high = systolic >= 180 or diastolic >= 110
    assert [one.lack for one in found] == ([Lack.PRESSURE_TOO_HIGH] if is_high else [])


@given(st.decimals("30", "45", places=1), st.decimals("0.5", "60", places=1))
def test_fever_and_much_sugar_stop_the_session(temperature, glucose):
    found = {one.lack for one in stopping(Vitals(temperature_c=temperature, glucose_mmol=glucose))}
    assert (Lack.FEVER in found) is (temperature >= 38)
    assert (Lack.GLUCOSE_TOO_HIGH in found) is (glucose > 14)
