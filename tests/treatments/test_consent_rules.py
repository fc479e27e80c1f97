"""Whether consent stands: the rules, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from treatments.consent_words import STATE_WORDS, open_reasons, open_words, state_sentence
from treatments.domain.catalogue import DISCLAIMER_HEADING, DISCLAIMER_TEXT
from treatments.domain.consents import (
    COURSE_UNITS,
    PATIENT_UNITS,
    SAID_BY_HAND,
    TURNS,
    Asked,
    CourseFacts,
    Finding,
    Signed,
    Standing,
    State,
    Team,
    Turn,
    Unit,
    can_reopen,
    digest,
    required_units,
    standing,
    text_to_sign,
)
from treatments.domain.zone_classes import ZoneClass

TODAY = date(2026, 11, 26)
COURSE = CourseFacts(course=7, indication="hair", last_session_on=None)
ASKED = Asked(unit=Unit.TREATMENT, indication="hair", version=2, template=1, is_required=True)
SIGNED = Signed(
    consent=1,
    unit=Unit.TREATMENT,
    indication="hair",
    version=2,
    course=7,
    course_indication="hair",
    is_given=True,
    signed_on=date(2026, 11, 1),
    signed_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
    is_revoked=False,
)
PHOTOS = Asked(unit=Unit.PHOTOS, indication="", version=1, template=2, is_required=False)


def state(*signed, asked=ASKED, course=COURSE, today=TODAY):
    [finding] = standing([asked], signed, course, today=today).findings
    return finding.state


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, State.VALID),
        ({"is_given": False}, State.DECLINED),
        ({"is_revoked": True}, State.REVOKED),
        ({"version": 1}, State.OUTDATED),
        ({"indication": ""}, State.OUTDATED),
        ({"course": 6}, State.MISSING),
        ({"course": 6, "course_indication": "skin"}, State.OTHER_INDICATION),
        ({"course": 6, "course_indication": "skin", "is_given": False}, State.MISSING),
        ({"course": 6, "course_indication": "skin", "is_revoked": True}, State.MISSING),
        ({"unit": Unit.OFF_LABEL}, State.MISSING),
        ({"signed_on": date(2025, 11, 27)}, State.VALID),
        ({"signed_on": date(2025, 11, 26)}, State.EXPIRED),
    ],
)
def test_one_signature(change, expected):
    assert state(replace(SIGNED, **change)) is expected


def test_nothing_signed_is_missing():
    assert state() is State.MISSING


@pytest.mark.parametrize(
    ("last", "signed_on", "expected"),
    [
        (date(2026, 5, 26), date(2026, 5, 1), State.VALID),
        (date(2026, 5, 25), date(2026, 5, 1), State.AFTER_BREAK),
        (date(2026, 5, 25), date(2026, 11, 25), State.AFTER_BREAK),
        (date(2026, 5, 25), date(2026, 11, 26), State.VALID),
    ],
)
def test_after_a_break_of_more_than_six_months_it_is_signed_again(last, signed_on, expected):
    course = replace(COURSE, last_session_on=last)
    assert state(replace(SIGNED, signed_on=signed_on), course=course) is expected


def test_what_is_agreed_for_all_courses_outlives_a_break():
    photos = replace(SIGNED, unit=Unit.PHOTOS, indication="", version=1, course=None)
    course = replace(COURSE, last_session_on=date(2026, 1, 2))
    assert state(photos, asked=PHOTOS, course=course) is State.VALID


TURN = datetime(2026, 11, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize("why", sorted(TURNS))
def test_after_a_turn_it_is_signed_again(why):
    course = replace(COURSE, turns=(Turn(why, TURN),))
    before, after = (replace(SIGNED, signed_at=TURN + timedelta(hours=n)) for n in (-1, 1))
    assert state(before, course=course) is why
    assert state(after, course=course) is State.VALID
    assert state(replace(SIGNED, signed_at=TURN), course=course) is why


def test_of_several_turns_the_newest_is_named():
    turns = (Turn(State.PATIENT_ASKS, TURN), Turn(State.HOLD_LIFTED, TURN - timedelta(days=1)))
    assert state(SIGNED, course=replace(COURSE, turns=turns)) is State.PATIENT_ASKS
    assert state(SIGNED, course=replace(COURSE, turns=turns[::-1])) is State.PATIENT_ASKS


@pytest.mark.parametrize("why", sorted(set(State) - TURNS))
def test_nothing_else_is_a_turn(why):
    with pytest.raises(ValueError, match=why):
        Turn(why, TURN)


def test_what_is_agreed_for_all_courses_outlives_a_turn():
    photos = replace(SIGNED, unit=Unit.PHOTOS, indication="", version=1, course=None)
    course = replace(COURSE, turns=(Turn(State.SEVERE_REACTION, TURN),), product_class="ha")
    assert state(photos, asked=PHOTOS, course=course) is State.VALID


@pytest.mark.parametrize(
    ("signed_for", "planned", "expected"),
    [
        ("", "", State.VALID),
        ("ha", "ha", State.VALID),
        ("ha", "", State.VALID),
        ("", "ha", State.OTHER_PRODUCT),
        ("ha", "detergent", State.OTHER_PRODUCT),
    ],
)
def test_another_class_of_products_is_talked_about(signed_for, planned, expected):
    course = replace(COURSE, product_class=planned)
    assert state(replace(SIGNED, product_class=signed_for), course=course) is expected
    numbing = {"unit": Unit.ANAESTHESIA}
    signed = replace(SIGNED, product_class=signed_for, **numbing)
    assert state(signed, asked=replace(ASKED, **numbing), course=course) is State.VALID


TEAM = Team(site=1, practitioner=8, is_known=False)


@pytest.mark.parametrize(
    ("signed_at", "taken_by", "team", "expected"),
    [
        (1, 9, None, State.VALID),
        (1, 9, TEAM, State.VALID),
        (2, 8, TEAM, State.VALID),
        (2, 9, replace(TEAM, is_known=True), State.VALID),
        (None, 9, TEAM, State.VALID),
        (2, 9, TEAM, State.OTHER_TEAM),
    ],
)
def test_another_site_with_somebody_new_is_talked_about(signed_at, taken_by, team, expected):
    signed = replace(SIGNED, site=signed_at, taken_by=taken_by)
    course = replace(COURSE, team=team)
    assert state(signed, course=course) is expected
    numbing = {"unit": Unit.ANAESTHESIA}
    asked = replace(ASKED, **numbing)
    assert state(replace(signed, **numbing), asked=asked, course=course) is State.VALID


@pytest.mark.parametrize(
    ("agreed", "part", "lacks"),
    [
        ({ZoneClass.FACE}, ZoneClass.FACE, None),
        ({ZoneClass.FACE}, ZoneClass.BODY, State.OTHER_ZONE),
        ({ZoneClass.FACE, ZoneClass.BODY}, ZoneClass.BODY, None),
        (set(), ZoneClass.SCALP, None),
    ],
)
def test_a_part_of_the_body_that_was_not_talked_about_is_lacking(agreed, part, lacks):
    signed = replace(SIGNED, zone_classes=frozenset(agreed))
    found = standing([ASKED], [signed], COURSE, today=TODAY)
    assert found.is_complete
    lacking = found.lacks_zone(part)
    assert (lacking and lacking.state) == lacks


def test_a_consent_that_does_not_stand_lacks_no_part_of_the_body():
    """It is open as a whole, and that is said."""
    signed = replace(SIGNED, zone_classes=frozenset({ZoneClass.FACE}), is_revoked=True)
    found = standing([ASKED, PHOTOS], [signed], COURSE, today=TODAY)
    assert found.lacks_zone(ZoneClass.BODY) is None
    assert standing([PHOTOS], [], COURSE, today=TODAY).lacks_zone(ZoneClass.BODY) is None


def test_only_what_stands_for_the_course_is_reopened():
    photos = replace(SIGNED, unit=Unit.PHOTOS, indication="", version=1, course=None)
    assert can_reopen(standing([ASKED], [SIGNED], COURSE, today=TODAY))
    assert not can_reopen(standing([ASKED, PHOTOS], [photos], COURSE, today=TODAY))


def test_every_state_has_its_words():
    assert set(STATE_WORDS) == set(State)
    for each in State:
        found = Finding(ASKED, each)
        assert state_sentence(found).endswith(".")
        if each is not State.VALID:
            assert open_words(Standing((found,))).startswith("Consent is open. Treatment: ")


@pytest.mark.parametrize("why", [State.SEVERE_REACTION, State.HOLD_LIFTED, State.NEW_FINDING])
def test_whoever_starts_a_session_reads_nothing_about_health(why):
    found = Standing((Finding(ASKED, why),))
    words = open_words(found)
    assert "A clinician talks about it with the patient" in words
    assert not any(word in words for word in ("reaction", "hold", "health"))
    assert state_sentence(found.findings[0]) in open_reasons(found)[0]


def test_a_unit_that_was_never_signed_needs_no_reason():
    assert open_reasons(standing([ASKED], [], COURSE, today=TODAY)) == []


def test_the_newest_signature_counts():
    declined = replace(SIGNED, consent=2, is_given=False)
    assert state(SIGNED, declined) is State.DECLINED
    assert state(declined, SIGNED) is State.VALID


def test_an_open_photo_holds_nobody_up():
    found = standing([PHOTOS, ASKED], [SIGNED], COURSE, today=TODAY)
    assert [finding.asked for finding in found.findings] == [ASKED, PHOTOS]
    assert found.is_complete
    assert not found.is_open
    assert [finding.asked for finding in found.to_sign] == [PHOTOS]


OFF_LABEL = replace(ASKED, unit=Unit.OFF_LABEL, template=3, is_required=False)


def test_what_only_another_product_asks_for_stands_aside():
    found = standing([ASKED, OFF_LABEL], [SIGNED], COURSE, today=TODAY)
    assert [finding.asked for finding in found.findings] == [ASKED]
    assert [finding.asked for finding in found.aside] == [OFF_LABEL]
    assert found.is_complete
    assert not found.to_sign


@pytest.mark.parametrize(
    ("product_class", "signed", "lacks"),
    [
        ("vasodilator", [SIGNED], State.MISSING),
        ("vasodilator", [SIGNED, replace(SIGNED, unit=Unit.OFF_LABEL)], None),
        (
            "vasodilator",
            [SIGNED, replace(SIGNED, unit=Unit.OFF_LABEL, is_revoked=True)],
            State.REVOKED,
        ),
        # The clinic has no text for blood, and nothing is asked for by a class of no unit.
        ("autologous", [SIGNED], None),
        ("ha", [SIGNED], None),
        ("", [], None),
    ],
)
def test_a_product_that_is_not_planned_asks_for_its_own_unit(product_class, signed, lacks):
    found = standing([ASKED, OFF_LABEL], signed, COURSE, today=TODAY).lacks_for(product_class)
    assert (found and found.state) == lacks


def test_on_paper_no_product_asks_for_anything():
    assert standing([OFF_LABEL], [], COURSE, today=TODAY).lacks_for("vasodilator") is None


def test_a_clinic_that_keeps_the_treatment_on_paper_holds_nobody_up_for_the_rest():
    off_label = replace(ASKED, unit=Unit.OFF_LABEL)
    found = standing([off_label], [], COURSE, today=TODAY)
    assert not found.is_asked
    assert not found.is_open
    assert not found.is_complete
    assert found.to_sign == found.findings


def test_a_clinic_that_asks_for_nothing_is_neither_open_nor_complete():
    found = standing([], [SIGNED], COURSE, today=TODAY)
    assert not found.is_asked
    assert not found.is_open
    assert not found.is_complete


@pytest.mark.parametrize(
    ("product_class", "more"),
    [
        ("", set()),
        ("ha", set()),
        ("detergent", {Unit.OFF_LABEL}),
        ("five_ari", {Unit.OFF_LABEL}),
        ("vasodilator", {Unit.OFF_LABEL}),
        ("autologous", {Unit.BLOOD_DRAW}),
    ],
)
def test_a_planned_product_can_ask_for_more(product_class, more):
    assert required_units(product_class) == {Unit.TREATMENT} | more


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CLASSES = st.sampled_from(["", "ha", "detergent"])
PARTS = st.frozensets(st.sampled_from(ZoneClass))
SIGNATURES = st.builds(
    Signed,
    consent=st.integers(1, 99),
    unit=st.sampled_from(COURSE_UNITS),
    indication=st.sampled_from(["", "hair", "skin"]),
    version=st.integers(1, 3),
    course=st.integers(5, 8),
    course_indication=st.sampled_from(["hair", "skin"]),
    is_given=st.booleans(),
    product_class=CLASSES,
    zone_classes=PARTS,
    site=st.none() | st.integers(1, 2),
    taken_by=st.integers(8, 9),
    signed_on=DAYS,
    signed_at=MOMENTS,
    is_revoked=st.booleans(),
) | st.builds(
    Signed,
    consent=st.integers(1, 99),
    unit=st.sampled_from(PATIENT_UNITS),
    indication=st.just(""),
    version=st.integers(1, 3),
    course=st.none(),
    course_indication=st.just(""),
    is_given=st.booleans(),
    product_class=CLASSES,
    signed_on=DAYS,
    signed_at=MOMENTS,
    is_revoked=st.booleans(),
)
TEXTS = st.lists(
    st.builds(
        Asked,
        unit=st.sampled_from(Unit),
        indication=st.sampled_from(["", "hair"]),
        version=st.integers(1, 3),
        template=st.integers(1, 99),
        is_required=st.booleans(),
    ),
    unique_by=lambda one: one.unit,
)
COURSES = st.builds(
    CourseFacts,
    course=st.integers(5, 8),
    indication=st.sampled_from(["hair", "skin"]),
    last_session_on=st.none() | DAYS,
    product_class=CLASSES,
    turns=st.lists(st.builds(Turn, st.sampled_from(sorted(TURNS)), MOMENTS), max_size=3).map(tuple),
    team=st.none()
    | st.builds(
        Team,
        site=st.integers(1, 2),
        practitioner=st.integers(8, 9),
        is_known=st.booleans(),
    ),
)
ALL = {"asked": TEXTS, "signed": st.lists(SIGNATURES), "course": COURSES, "today": DAYS}


@given(**ALL)
def test_a_valid_unit_rests_on_a_fresh_unrevoked_agreement_to_the_newest_text(
    asked, signed, course, today
):
    for finding in standing(asked, signed, course, today=today).findings:
        if finding.is_valid:
            one = finding.signed
            assert one in signed
            assert one.is_given
            assert not one.is_revoked
            assert one.unit is finding.asked.unit
            assert (one.version, one.indication) == (
                finding.asked.version,
                finding.asked.indication,
            )
            assert one.course in (None, course.course)
            assert today - one.signed_on < timedelta(days=366)


@given(**ALL)
def test_a_valid_unit_of_a_course_was_signed_after_every_turn_for_what_is_planned(
    asked, signed, course, today
):
    for finding in standing(asked, signed, course, today=today).findings:
        one = finding.signed
        if finding.is_valid and one.course is not None:
            assert all(turn.at < one.signed_at for turn in course.turns)
            if one.unit is not Unit.ANAESTHESIA:
                assert course.product_class in ("", one.product_class)


@given(**ALL)
def test_a_valid_treatment_was_agreed_to_where_or_with_whom_it_goes_on(
    asked, signed, course, today
):
    for finding in standing(asked, signed, course, today=today).findings:
        one, team = finding.signed, course.team
        if finding.is_valid and one.unit is Unit.TREATMENT and team and one.site:
            knows_place, knows_person = one.site == team.site, one.taken_by == team.practitioner
            assert knows_place or knows_person or team.is_known


@given(**ALL, part=st.sampled_from(ZoneClass))
def test_a_part_lacks_exactly_where_a_standing_consent_names_others(
    asked, signed, course, today, part
):
    found = standing(asked, signed, course, today=today)
    named = [
        one.signed.zone_classes
        for one in found.findings
        if one.asked.unit is Unit.TREATMENT and one.is_valid and one.signed.zone_classes
    ]
    assert (found.lacks_zone(part) is not None) == any(part not in parts for parts in named)


@given(**ALL, why=st.sampled_from(sorted(SAID_BY_HAND)), at=MOMENTS)
def test_one_more_turn_closes_nothing(asked, signed, course, today, why, at):
    before = standing(asked, signed, course, today=today)
    turned = replace(course, turns=(*course.turns, Turn(why, at)))
    after = standing(asked, signed, turned, today=today)
    assert {one.asked for one in before.missing} <= {one.asked for one in after.missing}


@given(**ALL)
def test_a_course_is_open_or_complete_or_nothing_is_asked(asked, signed, course, today):
    found = standing(asked, signed, course, today=today)
    assert [found.is_open, found.is_complete, not found.is_asked].count(True) == 1
    assert len(found.findings) + len(found.aside) == len(asked)
    assert set(found.missing) <= set(found.to_sign)


@given(**ALL, later=DAYS)
def test_time_alone_never_closes_what_is_open(asked, signed, course, today, later):
    assume(later >= today)
    before = standing(asked, signed, course, today=today)
    after = standing(asked, signed, course, today=later)
    assert {one.asked for one in before.missing} <= {one.asked for one in after.missing}


@given(**ALL)
def test_taking_everything_back_leaves_nothing_valid(asked, signed, course, today):
    taken_back = [replace(one, is_revoked=True) for one in signed]
    found = standing(asked, taken_back, course, today=today)
    assert not any(finding.is_valid for finding in found.findings)


@given(st.text(), st.text())
def test_the_disclaimer_stands_under_every_text(title, text):
    assert text_to_sign(title, text).endswith(f"\n{DISCLAIMER_HEADING}: {DISCLAIMER_TEXT}")


def test_what_is_treated_stands_in_the_text_above_the_disclaimer():
    lines = text_to_sign("Title", "One.\nTwo.", "What is treated: Scalp.").split("\n")
    assert lines[:4] == ["Title", "One.", "Two.", "What is treated: Scalp."]
    assert len(lines) == 5


def test_the_disclaimer_says_that_results_vary_and_sends_to_a_doctor():
    assert "Results vary" in DISCLAIMER_TEXT
    assert "Talk to a doctor" in DISCLAIMER_TEXT


def test_a_text_has_one_digest_and_another_text_another():
    assert digest("Ärztin") == digest("Ärztin")
    assert len(digest("")) == 64
    assert digest("I agree") != digest("I agree.")
