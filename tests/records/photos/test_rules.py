"""Views, sets and uses: the rules, without a database."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.domain.photos import (
    AREA_SOURCES,
    BEFORE_COURSE,
    BODY_DISTANCE_M,
    BY_CODE,
    CELLULITE,
    FACE_DISTANCE_M,
    NINE_ITEMS,
    POSE_GUIDE,
    STYLING_GUIDE,
    UNIT_OF_USE,
    VIEWS,
    Area,
    Item,
    Side,
    TileState,
    Use,
    areas_for,
    coverage,
    may_use,
    tile_state,
    views_of,
)
from records.photo_words import AREA_NAMES, VIEW_NAMES, checklist
from treatments.domain.catalogue import PROTOCOLS
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.consents import State, Unit

SOURCES = Path(__file__).parents[3] / "docs" / "clinical-sources.md"
INDICATIONS = [protocol.indication for protocol in PROTOCOLS]
indications = st.sampled_from([*INDICATIONS, "knee_pain"])
codes = st.sets(st.sampled_from([view.code for view in VIEWS]), max_size=12)


def rows(heading):
    """The body rows of a table of the sources document, without backticks."""
    section = SOURCES.read_text().split(f"\n### {heading}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines
    ]


class TestViews:
    def test_a_code_is_of_one_view_and_has_a_name(self):
        assert len(BY_CODE) == len(VIEWS)
        assert set(VIEW_NAMES) == set(BY_CODE)
        assert set(AREA_NAMES) == set(AREA_SOURCES) == set(Area)
        assert all(len(view.code) <= 40 for view in VIEWS)

    @pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.code)
    def test_a_code_says_the_side_that_the_view_has(self, view):
        said = {"left": Side.LEFT, "right": Side.RIGHT}
        sides = [side for word, side in said.items() if word in view.code.split("_")]
        assert [view.side] == (sides or [Side.MIDDLE])
        name = str(VIEW_NAMES[view.code]).lower()
        assert ("left" in name) == (view.side is Side.LEFT)
        assert ("right" in name) == (view.side is Side.RIGHT)

    @given(st.sampled_from(Area), indications)
    def test_every_view_is_asked_for_or_offered_and_left_goes_with_right(self, area, indication):
        asked, others = views_of(area, indication)
        assert {*asked, *others} == {view for view in VIEWS if view.area is area}
        assert not set(asked) & set(others)
        for views in (asked, others):
            sides = [view.side for view in views]
            assert sides.count(Side.LEFT) == sides.count(Side.RIGHT)

    def test_cellulite_is_photographed_relaxed_and_tensed(self):
        assert len(views_of(Area.THIGH, CELLULITE)[0]) == 8
        assert len(views_of(Area.THIGH, "body_sculpting")[0]) == 4

    @pytest.mark.parametrize("indication", INDICATIONS)
    def test_an_indication_has_areas_of_its_own(self, indication):
        assert areas_for(indication)
        assert set(areas_for(indication)) < set(Area)

    def test_an_indication_of_the_clinic_itself_has_all(self):
        assert areas_for("knee_pain") == tuple(Area)

    def test_views_and_distances_stand_in_the_sources_document(self):
        assert rows("Views") == [
            [area.value, source, ", ".join(view.code for view in VIEWS if view.area is area)]
            for area, source in AREA_SOURCES.items()
        ]
        assert rows("How photos are taken") == [
            ["From the lens to the face", f"{' to '.join(FACE_DISTANCE_M)} m", POSE_GUIDE],
            ["From the lens to the body", f"{' to '.join(BODY_DISTANCE_M)} m", POSE_GUIDE],
            ["No make-up or jewellery, hair back", "always", STYLING_GUIDE],
            ["Things that must be alike", f"{len(Item)}", NINE_ITEMS],
            [
                "The camera's word for when is believed from, before the course was planned",
                f"{BEFORE_COURSE.days} days",
                CLINIC_SETTING,
            ],
        ]

    def test_each_of_the_nine_items_is_said_in_words(self):
        assert len(checklist()) == len(Item) == 9
        assert all(name and words and "%" not in words for name, words in checklist())


class TestCoverage:
    def test_a_set_without_anything_asks_for_the_usual_area(self):
        found = coverage("hair_loss", taken=(), declined=())
        assert not found.is_begun
        assert not found.is_complete
        assert found.missing == views_of(Area.SCALP, "hair_loss")[0]

    def test_a_photo_after_a_no_counts_as_taken(self):
        assert tile_state(is_taken=True, is_declined=True) is TileState.TAKEN
        found = coverage("hair_loss", taken=["scalp_vertex"], declined=["scalp_vertex"])
        assert (found.taken, found.declined) == (1, 0)

    @given(indications, codes, codes)
    def test_a_set_is_complete_when_each_view_of_its_areas_is_taken_or_declined(
        self, indication, taken, declined
    ):
        found = coverage(indication, taken=taken, declined=declined)
        missing = {view.code for view in found.missing}
        assert not missing & (taken | declined)
        touched = {BY_CODE[code].area for code in taken | declined}
        assert found.is_begun == bool(touched)
        filled = coverage(indication, taken=taken | missing, declined=declined)
        assert filled.is_complete
        assert found.is_complete == (found.is_begun and not missing)
        assert all(BY_CODE[code].is_asked(indication) for code in missing)


class TestUses:
    @given(st.sampled_from(Use), st.dictionaries(st.sampled_from(Unit), st.sampled_from(State)))
    def test_a_photo_is_used_as_its_own_unit_allows_and_no_other(self, use, states):
        allowed = may_use(use, states)
        assert allowed == (states.get(UNIT_OF_USE[use]) is State.VALID)
        others = {unit: state for unit, state in states.items() if unit is not UNIT_OF_USE[use]}
        assert not may_use(use, others | dict.fromkeys(set(Unit) - {UNIT_OF_USE[use]}, State.VALID))

    def test_the_record_gives_no_right_to_publish(self):
        assert not any(may_use(use, {Unit.PHOTOS: State.VALID}) for use in Use)
