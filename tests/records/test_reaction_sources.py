"""The sources document says the same about reactions as the code."""

from records.domain.clusters import LEAST, WITHIN
from records.domain.emergency import EMERGENCY_CARDS
from records.domain.reaction_kinds import REACTION_KINDS
from records.domain.reactions import RED_FROM, REVIEW_FROM, REVIEW_WITHIN, Grade
from records.domain.readiness import SIGN_WITHIN
from records.domain.sources import (
    ANAPHYLAXIS,
    CLINIC_SETTING,
    DEOXYCHOLIC_LABEL,
    GRADES,
    MYCOBACTERIA,
)
from records.selectors.clusters import INCUBATION
from tests.treatments.test_catalogue_sources import _references, _table_rows


def yes_no(answer):
    return "yes" if answer else "no"


def days(kind):
    first, last = kind.onset_days
    return f"{first} to {'any' if last is None else last}"


def test_every_kind_and_every_rule_stands_in_the_sources_document():
    kinds = [
        [
            kind.code,
            days(kind),
            yes_no(kind.is_always_red),
            yes_no(kind.is_spread),
            "; ".join(kind.sources),
        ]
        for kind in REACTION_KINDS
    ]
    rules = [
        ["Grades 1 to 5", "mild, moderate, severe, a danger to life, death", GRADES],
        [
            "A prescriber looks at a reaction",
            f"from grade {REVIEW_FROM}, within {REVIEW_WITHIN.total_seconds() / 3600:.0f} hours",
            CLINIC_SETTING,
        ],
        ["Treatment stops", f"from grade {RED_FROM}, or at a red flag", CLINIC_SETTING],
        [
            "What was given is never given again",
            f"after anaphylaxis, or an allergy of grade {Grade.LIFE_THREATENING:d}",
            f"{ANAPHYLAXIS}; {CLINIC_SETTING}",
        ],
        ["A cluster", f"{LEAST} or more patients within {WITHIN.days} days", CLINIC_SETTING],
        [
            "Sessions that a late lump may come from",
            f"{INCUBATION.days // 7} weeks before it",
            MYCOBACTERIA,
        ],
    ]
    found = list(_table_rows("Reactions"))
    assert found[: len(kinds)] == kinds
    assert found[-len(rules) :] == rules


def within(kind):
    hours = kind.look_within_hours
    return f"{hours} hours" if hours else "the same day"


def test_when_each_kind_is_looked_at_stands_in_the_sources_document():
    known = [
        [
            kind.code,
            within(kind),
            DEOXYCHOLIC_LABEL if kind.code == "numbness_induration" else CLINIC_SETTING,
        ]
        for kind in REACTION_KINDS
    ]
    assert list(_table_rows("Follow-up of reactions")) == known


def test_how_long_a_draft_may_wait_stands_in_the_sources_document():
    hours = f"{SIGN_WITHIN.total_seconds() / 3600:.0f} hours from the end of the session"
    assert list(_table_rows("Signing a record")) == [
        ["A draft waits for its signature", hours, CLINIC_SETTING]
    ]


def test_every_card_stands_in_the_sources_document():
    cards = [[card.slug, "; ".join(card.sources)] for card in EMERGENCY_CARDS]
    assert list(_table_rows("Emergency cards")) == cards


def test_every_source_is_a_listed_reference():
    used = {name for kind in REACTION_KINDS for name in kind.sources}
    used |= {name for card in EMERGENCY_CARDS for name in card.sources}
    assert used | {GRADES} <= {CLINIC_SETTING, *_references()}
