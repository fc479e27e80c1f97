"""Which anaesthetic it is: no spelling escapes the limit of lidocaine, nor an allergy."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.actions.anaesthesia import NOTHING, AgentRefused, Numbed, NumbingRefused
from records.domain.agents import ALLERGEN_OF, Agent, agents_in, allergy_to, is_without_medicine
from records.domain.anaesthesia import agent_problems
from records.domain.facts import INJECTED, LotUsed, Numbing, PatientFacts
from records.domain.problems import Caution, Lack
from records.domain.readiness import cautions, missing_to_sign
from records.domain.skin import Noted
from records.selectors.around import known_height_cm
from records.selectors.drafts import record_facts
from tests.factories.treatments import LotFactory, ProductFactory
from tests.records.conftest import numb
from tests.records.test_record_rules import COMPLETE, STOCK, TODAY
from tests.records.test_step_pages import url

LIDOCAINE_2 = LotUsed("Lidocaine 2 %", "L-1", STOCK, lidocaine_percent=Decimal(2))


def numbed(kind=INJECTED, agent="Lidocaine", lot=None, **change):
    numbing = Numbing(strength_percent=Decimal(1), volume_ml=Decimal(5))
    values = {"numbing": numbing, "weight_kg": Decimal(60), "weighed_on": TODAY} | change
    return replace(
        COMPLETE, anaesthesia=kind, agent=agent, agent_dose="5 ml", agent_lot=lot, **values
    )


def lacks(facts):
    return [one.lack for one in missing_to_sign(facts, delivered_on=TODAY)]


@pytest.mark.parametrize(
    "words",
    [
        "Lidocaine",
        "LIGNOCAINE 1 %",
        "lidocaína",
        "Lidocaïne",
        "Lidokain",
        "lydocaine",
        "lido-caine",
        "adrenaline-lignocaine",
        "buffered lidocain hydrochloride",
    ],
)
def test_every_spelling_of_lidocaine_is_reckoned(words):
    assert Agent.LIDOCAINE in agents_in(words)
    assert numbed(agent=words).lidocaine(TODAY).mg == 50


@given(st.sampled_from(list(Agent)), st.sampled_from([str.upper, str.title, str]), st.text())
def test_a_generic_name_is_found_whatever_stands_around_it(agent, spelt, around):
    assert agent in agents_in(f"{around} {spelt(agent.value)} {around}")
    assert allergy_to([agent], [Noted("Something", ALLERGEN_OF[agent])]) == "Something"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (numbed(agent="The usual"), [Lack.AGENT_UNKNOWN]),
        (numbed("CREAM", agent="Numbing cream"), [Lack.AGENT_UNKNOWN]),
        (numbed("OTHER", agent="The usual"), [Lack.AGENT_UNKNOWN]),
        (numbed("OTHER", agent="Lignocaine"), [Lack.AGENT_KIND_OTHER]),
        (numbed("OTHER", agent="The usual", lot=LIDOCAINE_2), [Lack.AGENT_KIND_OTHER]),
        (numbed("OTHER", agent="Vibration"), []),
        (numbed(agent="The usual", lot=LIDOCAINE_2), []),
        (numbed(agent="Procaine"), []),
        (numbed("NONE", agent=""), []),
        (
            numbed(lot=replace(LIDOCAINE_2, is_topical=True)),
            [Lack.AGENT_LOT_TOPICAL],
        ),
        (numbed("CREAM", lot=LIDOCAINE_2), [Lack.AGENT_LOT_NOT_TOPICAL]),
        (numbed("CREAM", lot=replace(LIDOCAINE_2, is_topical=True)), []),
    ],
)
def test_what_is_not_clear_is_asked(facts, expected):
    assert [one.lack for one in agent_problems(facts)] == expected


@pytest.mark.parametrize(
    ("patient", "agent", "is_allergic"),
    [
        (PatientFacts(noted=(Noted("Dentist", "amide_anaesthetic"),)), "Lignocaine", True),
        (PatientFacts(noted=(Noted("Dentist", "amide_anaesthetic"),)), "Articaine", True),
        (PatientFacts(noted=(Noted("Dentist", "amide_anaesthetic"),)), "Procaine", False),
        (PatientFacts(noted=(Noted("Lidocaine"),)), "Mepivacaine", True),
        (PatientFacts(noted=(Noted("Benzocaine"),)), "Procaine", True),
        (PatientFacts(noted=(Noted("Penicillin"),)), "Lidocaine", False),
        (PatientFacts(has_anaesthetic_allergy=True), "Procaine", True),
    ],
)
def test_a_typed_agent_is_compared_with_allergies(patient, agent, is_allergic):
    expected = [Lack.AGENT_ALLERGY] if is_allergic else []
    assert [one.lack for one in agent_problems(numbed(agent=agent, patient=patient))] == expected


@given(st.decimals("0.01", 10, places=2))
def test_what_is_typed_never_lowers_what_the_lot_holds(typed):
    numbing = Numbing(strength_percent=typed, volume_ml=Decimal(1))
    facts = numbed(lot=LIDOCAINE_2, numbing=numbing)
    assert facts.lidocaine(TODAY).mg == max(typed, Decimal(2)) * 10
    differs = Caution.STRENGTH_DIFFERS in {one.lack for one in cautions(facts, on=TODAY)}
    assert differs is (typed != 2)


def test_the_height_is_asked_for_and_an_ill_heart_cuts_the_limit():
    heavy = numbed(
        weight_kg=Decimal(90),
        numbing=Numbing(strength_percent=Decimal(1), volume_ml=Decimal(25)),
    )
    assert Lack.HEIGHT_MISSING in lacks(heavy)
    assert Lack.HEIGHT_MISSING not in lacks(replace(heavy, height_cm=190))
    assert Lack.LIDOCAINE_OVER in lacks(replace(heavy, height_cm=150))
    ill = replace(heavy, height_cm=190, patient=PatientFacts(is_slow_to_clear=True))
    assert Lack.LIDOCAINE_OVER in lacks(ill)


@pytest.mark.parametrize("words", ["Vibration", "ice pack", "cold air", "Nitrous oxide"])
def test_what_holds_no_medicine_needs_no_name(words):
    assert is_without_medicine(words)
    assert not agents_in(words)


@pytest.mark.django_db
def test_the_page_asks_for_the_height_and_keeps_it(clinician_client, record):
    step = url(record.session, "anaesthesia")
    typed = {
        "version": 1,
        "kind": "INJECTED",
        "agent": "Lignocaine",
        "strength_percent": "1",
        "volume_ml": "25",
        "weight_kg": "90",
    }
    answer = clinician_client.post(step, typed)
    assert answer.status_code == 422
    assert "250 mg lidocaine is near the limit for this weight." in answer.content.decode()
    assert clinician_client.post(step, typed | {"height_cm": "190"}).status_code == 302
    record.refresh_from_db()
    assert (record.anaesthesia.height_cm, record_facts(record).height_cm) == (190, 190)
    # It is known from now on.
    assert known_height_cm(record.session, None) == 190


@pytest.mark.django_db
def test_a_signed_record_keeps_to_its_own_height(signed, record):
    own = signed.anaesthesia
    assert own.is_locked
    assert known_height_cm(record.session, own) is None


@pytest.mark.django_db
def test_a_cream_is_not_offered_to_be_injected_and_not_taken(
    clinician_client, record, cream, clinician
):
    needle = LotFactory(product=ProductFactory(product_class="anaesthetic"))
    form = clinician_client.get(url(record.session, "anaesthesia")).context["form"]
    assert list(form.fields["lot"].queryset) == [needle]
    assert list(form.fields["cream_lot"].queryset) == [cream]
    with pytest.raises(AgentRefused) as refused:
        numb(
            record,
            cream,
            clinician,
            kind="INJECTED",
            numbed=Numbed(strength_percent=Decimal(1), volume_ml=Decimal(1), weight_kg=Decimal(60)),
        )
    assert [one.lack for one in refused.value.problems] == [Lack.AGENT_LOT_TOPICAL]
    with pytest.raises(AgentRefused):
        numb(record, None, clinician, kind="OTHER", agent="Lidocaine spray", numbed=NOTHING)
    assert record_facts(record).anaesthesia == ""


@pytest.mark.django_db
def test_the_dose_is_reckoned_from_the_lot(record, clinician):
    product = ProductFactory(lidocaine_percent=Decimal(2), product_class="anaesthetic")
    typed = {"strength_percent": Decimal("0.5"), "weight_kg": Decimal(60)}
    with pytest.raises(NumbingRefused) as refused:
        numb(
            record,
            LotFactory(product=product),
            clinician,
            kind="INJECTED",
            numbed=Numbed(volume_ml=Decimal(14), **typed),
        )
    assert [one.lack for one in refused.value.problems] == [Lack.LIDOCAINE_OVER]
