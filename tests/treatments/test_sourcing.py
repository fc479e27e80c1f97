"""Where the numbers of a protocol come from, as they are now."""

import pytest
from django.urls import reverse

from tests.factories.treatments import IndicationFactory, ProtocolFactory
from treatments.domain.catalogue import PROTOCOLS
from treatments.domain.catalogue.sources import CELLULITE_COURSE, CLINIC_SETTING, FOUNDING_RULE
from treatments.domain.sourcing import number_sources

SLUG = "cellulite_tightening"


def test_a_number_of_the_catalogue_has_its_source():
    numbers = {"total_sessions": 10, "initial_sessions": 6, "initial_min_days": 7}
    assert number_sources(SLUG, numbers) == {
        CELLULITE_COURSE: ["total_sessions"],
        CLINIC_SETTING: ["initial_sessions"],
        FOUNDING_RULE: ["initial_min_days"],
    }


def test_a_number_that_the_clinic_changed_is_its_own():
    numbers = {"total_sessions": 12, "initial_min_days": 8}
    assert number_sources(SLUG, numbers) == {CLINIC_SETTING: ["total_sessions", "initial_min_days"]}


def test_an_indication_of_the_clinic_itself_has_no_other_source():
    numbers = {"total_sessions": 10, "initial_min_days": 7}
    assert number_sources("knee_pain", numbers) == {CLINIC_SETTING: list(numbers)}


@pytest.mark.parametrize("known", PROTOCOLS, ids=lambda known: known.indication)
def test_no_number_is_without_a_source(known):
    numbers = {name: getattr(known, name) for name in known.sources}
    found = number_sources(known.indication, numbers)
    assert {name: source for source, names in found.items() for name in names} == known.sources


def test_the_page_names_the_sources_of_what_is_saved(admin_client, db):
    indication = IndicationFactory(slug=SLUG, protocol=None)
    ProtocolFactory(indication=indication, total_sessions=10)
    url = reverse("treatments:protocol-edit", args=[SLUG])
    for page in (admin_client.get(url), admin_client.post(url, {"total_sessions": "99"})):
        sources = dict(page.context["sources"])
        assert sources[CELLULITE_COURSE] == ["Sessions"]
        assert f"<dt>{CELLULITE_COURSE}</dt>" in page.content.decode()
