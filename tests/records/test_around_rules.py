"""How the skin is prepared, and what is said of the time straight after."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.afterwards import minutes_to_watch
from records.domain.facts import PatientFacts
from records.domain.problems import Caution, Lack
from records.domain.readiness import cautions, missing_to_sign
from records.domain.skin import ANTISEPTICS, Noted, SkinPreparation, antiseptic_problems
from tests.records.test_record_rules import AFTER, COMPLETE, CROWN, TODAY


def lacks(facts):
    return [problem.lack for problem in missing_to_sign(facts, delivered_on=TODAY)]


def cleaned(antiseptic="ALCOHOL", *, is_sterile=True, **change):
    skin = SkinPreparation(antiseptic, is_dried=True, is_sterile=is_sterile)
    return replace(COMPLETE, skin=skin, **change)


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        (cleaned(""), Lack.ANTISEPTIC_MISSING),
        (cleaned(is_sterile=False), Lack.NOT_STERILE),
        (replace(COMPLETE, after=replace(AFTER, end_points="")), Lack.END_POINTS_MISSING),
        (replace(COMPLETE, after=replace(AFTER, pain=None)), Lack.PAIN_MISSING),
        (replace(COMPLETE, after=replace(AFTER, reaction=" ")), Lack.REACTION_MISSING),
        (
            replace(COMPLETE, patient=PatientFacts(is_first_session=True)),
            Lack.OBSERVED_TOO_SHORT,
        ),
    ],
)
def test_one_thing_that_is_missing_is_named_alone(facts, lack):
    assert lacks(facts) == [lack]


def test_no_pain_is_an_answer():
    assert lacks(replace(COMPLETE, after=replace(AFTER, pain=0))) == []


def test_what_was_not_left_to_dry_is_to_be_looked_at():
    wet = replace(COMPLETE, skin=replace(COMPLETE.skin, is_dried=False))
    assert lacks(wet) == []
    assert [one.lack for one in cautions(wet, on=TODAY)] == [Caution.NOT_DRIED]


@pytest.mark.parametrize(
    ("noted", "refused"),
    [
        (Noted("Disinfectant", "chlorhexidine"), {"CHLORHEXIDINE"}),
        (Noted("chlorhexidine gluconate"), {"CHLORHEXIDINE"}),
        (Noted("Plasters", "iodine"), {"IODINE"}),
        (Noted("Povidone-iodine"), {"IODINE"}),
        (Noted("Isopropyl alcohol"), {"CHLORHEXIDINE", "ALCOHOL"}),
        (Noted("Benzyl alcohol", "benzyl_alcohol"), set()),
        (Noted("Penicillin", "elsewhere"), set()),
    ],
)
def test_nobody_is_cleaned_with_what_they_are_allergic_to(noted, refused):
    found = {one for one in ANTISEPTICS if antiseptic_problems(one, [noted], [])}
    assert found == refused


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [
        ("periorbital", True),
        ("left_ear", True),
        ("eyelid-upper", True),
        ("forehead", False),
        ("forearm", False),
        ("malar_left", False),
    ],
)
def test_chlorhexidine_stays_away_from_eyes_and_ears(code, is_refused):
    zones = (replace(CROWN, code=code),)
    expected = [Lack.ANTISEPTIC_NEAR_EYES] if is_refused else []
    assert lacks(cleaned("CHLORHEXIDINE", zones=zones)) == expected
    assert lacks(cleaned("IODINE", zones=zones)) == []


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 60))
def test_the_patient_is_watched_as_long_as_the_most_careful_reason_asks(first, new, allergy, seen):
    minutes = minutes_to_watch(is_first=first, is_new_product=new, has_allergy=allergy)
    assert minutes == (30 if allergy else 15 if first or new else 0)
    patient = PatientFacts(is_first_session=first, has_new_product=new, has_severe_allergy=allergy)
    after = replace(AFTER, observed_minutes=seen or None)
    expected = [Lack.OBSERVED_TOO_SHORT] if seen < minutes else []
    assert lacks(replace(COMPLETE, patient=patient, after=after)) == expected


def test_any_allergy_of_the_past_counts():
    patient = PatientFacts(noted=(Noted("Penicillin"),))
    assert replace(COMPLETE, patient=patient).watch_minutes == 30
