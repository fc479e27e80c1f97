"""When an appointment may begin: the same as a careful person with a calendar would say."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.domain.free_time import Span
from sessions.domain.openings import Bits, Need, Obstacle, Openings, fewest_changes
from sessions.domain.timeline import Timeline, indexes

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
MIDNIGHT = datetime(2026, 11, 30, tzinfo=UTC)
LINE = Timeline(MIDNIGHT, 2 * 288)
DAYS = {MONDAY: (0, 288), TUESDAY: (288, 576)}
PETRA, ROOM, OTHER_ROOM = 1, 7, 8


def bits(words):
    """Return the steps of "9:00-12:30 13:00-17:00"; "24:00" begins Tuesday."""
    spans = []
    for stretch in words.split():
        start, end = (
            MIDNIGHT + timedelta(hours=int(clock.split(":")[0]), minutes=int(clock.split(":")[1]))
            for clock in stretch.split("-")
        )
        spans.append(Span(start, end))
    return LINE.inside(spans)


def openings(hours="9:00-17:00", busy="", rooms=("",), patient="", need=None, **changes):
    return Openings(
        **{
            "zone": ZoneInfo("UTC"),
            "timeline": LINE,
            "days": DAYS,
            "closed": {},
            "practitioners": {PETRA: Bits(bits(hours), bits(busy))},
            "rooms": {
                key: Bits(LINE.all, bits(taken))
                for key, taken in zip((ROOM, OTHER_ROOM), rooms, strict=False)
            },
            "patient_busy": bits(patient),
            "need": need or Need(50),
            **changes,
        }
    )


def clocks(moments):
    return [f"{moment:%H:%M}" for moment in moments]


def packed(read):
    return clocks(read.packed(PETRA, MONDAY, 6))


def test_a_free_stretch_offers_its_beginning_and_then_every_half_hour():
    assert packed(openings("9:00-11:00")) == ["09:00", "09:30", "10:00"]


def test_the_end_of_an_appointment_is_where_the_next_one_may_begin():
    assert packed(openings("9:00-11:40", "9:00-9:50")) == ["09:50", "10:20", "10:50"]


def test_every_five_minutes_may_be_a_beginning():
    found = clocks(openings("9:00-10:00").moments(PETRA, MONDAY))
    assert found == ["09:00", "09:05", "09:10"]


def test_a_coarser_grid_counts_from_the_days_beginning():
    read = openings("9:05-11:00", every=6)
    assert clocks(read.moments(PETRA, MONDAY)) == ["09:30", "10:00"]
    assert packed(read) == ["09:30", "10:00"]


def test_a_stretch_shorter_than_the_session_offers_nothing():
    assert packed(openings("9:00-9:45")) == []


def test_a_session_needs_one_room_for_its_whole_time():
    read = openings("9:00-10:50", rooms=("9:00-9:50", "10:00-17:00"))
    assert packed(read) == ["09:00", "09:50"]
    assert read.rooms_at(MIDNIGHT + timedelta(hours=9)) == [OTHER_ROOM]
    assert read.rooms_at(MIDNIGHT + timedelta(hours=9, minutes=50)) == [ROOM]


def test_buffers_hold_practitioner_and_room_but_not_the_patient():
    need = Need(50, before=10, after=20)
    read = openings("9:00-11:00", patient="9:00-9:10", need=need)
    assert clocks(read.moments(PETRA, MONDAY)) == [
        f"{hour:02}:{minute:02}" for hour, minute in product((9,), range(10, 55, 5)) if minute <= 50
    ]
    assert clocks(openings("9:00-10:15", need=need).moments(PETRA, MONDAY)) == []


def test_nothing_begins_in_the_past():
    read = openings("9:00-11:00", not_before=9 * 12 + 2)
    assert packed(read)[0] == "09:10"


def test_a_place_off_the_grid_may_stay_but_is_not_offered():
    read = openings(every=12)
    off_grid = MIDNIGHT + timedelta(hours=10, minutes=5)
    assert read.can_stay(PETRA, ROOM, off_grid)
    assert not read.starts(PETRA) >> LINE.index(off_grid) & 1


@pytest.mark.parametrize(
    ("person", "room", "hours"),
    [(PETRA, 99, 10), (99, ROOM, 10), (PETRA, ROOM, 8), (PETRA, ROOM, 99), (PETRA, ROOM, -5)],
)
def test_a_place_that_is_not_free_may_not_stay(person, room, hours):
    assert not openings().can_stay(person, room, MIDNIGHT + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({}, None),
        ({"not_before": 400}, Obstacle.PAST),
        ({"hours": "", "closed": {MONDAY: "Training day"}}, Obstacle.CLOSED),
        ({"hours": "33:00-40:00"}, Obstacle.AWAY),
        ({"hours": "9:00-9:30"}, Obstacle.AWAY),
        ({"busy": "9:00-12:00 12:30-17:00"}, Obstacle.FULL),
        ({"patient": "0:00-24:00"}, Obstacle.PATIENT_BUSY),
        ({"rooms": ("8:00-18:00",)}, Obstacle.ROOMS_FULL),
        ({"rooms": ()}, Obstacle.NO_ROOM),
        ({"hours": "9:05-9:55", "every": 6}, Obstacle.FULL),
    ],
)
def test_a_day_without_a_beginning_says_why(changes, obstacle):
    assert openings(**changes).obstacle(PETRA, MONDAY) == obstacle


@pytest.mark.parametrize(
    ("hours", "wished"), [((0, 24), (0, 288)), ((0, 12), (0, 144)), ((12, 17), (144, 204))]
)
def test_wished_hours_are_steps_of_a_usual_day(hours, wished):
    assert openings().wished_steps(MONDAY, hours) == wished


def test_wished_hours_follow_the_clock_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")
    for day, length, morning_ends in (
        (date(2026, 3, 29), 276, 132),
        (date(2026, 10, 25), 300, 156),
    ):
        begin = datetime.combine(day, datetime.min.time(), berlin).astimezone(UTC)
        read = openings(zone=berlin, timeline=Timeline(begin, length), days={day: (0, length)})
        assert read.wished_steps(day, (0, 12)) == (0, morning_ends)
        assert read.wished_steps(day, (17, 24)) == (morning_ends + 60, length)
        assert read.step_at(day, time(12)) == morning_ends
    assert openings().step_at(MONDAY, time(9, 5)) == 109


steps = st.integers(0, 575)
stretches = st.lists(st.tuples(steps, steps).map(sorted), max_size=6)


def as_bits(drawn):
    return sum(
        1 << step for step in {step for first, last in drawn for step in range(first, last + 1)}
    )


@given(
    hours=stretches,
    busy=stretches,
    rooms=st.lists(stretches, max_size=3),
    patient=stretches,
    minutes=st.integers(1, 120),
    before=st.integers(0, 30),
    after=st.integers(0, 30),
    not_before=steps,
    every=st.sampled_from([1, 3, 6]),
)
def test_beginnings_are_those_that_a_careful_person_finds(
    hours, busy, rooms, patient, minutes, before, after, not_before, every
):
    open_bits, busy_bits, met = as_bits(hours), as_bits(busy), as_bits(patient)
    taken = [as_bits(one) for one in rooms]
    read = Openings(
        zone=ZoneInfo("UTC"),
        timeline=LINE,
        days=DAYS,
        closed={},
        practitioners={PETRA: Bits(open_bits, busy_bits)},
        rooms={key: Bits(LINE.all, one) for key, one in enumerate(taken)},
        patient_busy=met,
        need=Need(minutes, before, after),
        not_before=not_before,
        every=every,
    )
    early, length, late = -(-before // 5), -(-minutes // 5), -(-after // 5)

    def is_free(first, count, free):
        return first >= 0 and all(
            step < LINE.length and free >> step & 1 for step in range(first, first + count)
        )

    expected = set()
    for start in range(not_before, LINE.length):
        held, count = start - early, early + length + late
        if start % 288 % every:
            continue
        has_room = any(is_free(held, count, LINE.all & ~one) for one in taken)
        has_patient = is_free(start, length, LINE.all & ~met)
        if has_room and has_patient and is_free(held, count, open_bits & ~busy_bits):
            expected.add(start)
    assert set(indexes(read.starts(PETRA))) == expected
    for start in list(expected)[:5]:
        moment = LINE.moment(start)
        assert set(read.rooms_at(moment)) == {
            key
            for key, one in enumerate(taken)
            if is_free(start - early, early + length + late, LINE.all & ~one)
        }
        assert all(read.can_stay(PETRA, room, moment) for room in read.rooms_at(moment))
    for day, (first, end) in DAYS.items():
        here = {step for step in expected if first <= step < end}
        assert (read.obstacle(PETRA, day) is None) is bool(here)
        offered = read.packed(PETRA, day, 6)
        assert {LINE.index(moment) for moment in offered} <= here
        assert bool(offered) is bool(here)
        assert offered == sorted(offered)
        # Each beginning of a stretch is offered.
        if every == 1:
            heads = {step for step in here if step - 1 not in here or step == first}
            assert heads <= {LINE.index(moment) for moment in offered}


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, unique=True), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(0, 3)),
)
def test_rooms_change_as_seldom_as_possible(choices, usual):
    def changes(rooms):
        known = rooms if usual is None else [usual, *rooms]
        return sum(one != other for one, other in pairwise(known))

    chosen = fewest_changes(choices, usual)
    assert all(room in free for room, free in zip(chosen, choices, strict=True))
    assert changes(chosen) == min(changes(list(rooms)) for rooms in product(*choices))


@pytest.mark.parametrize(
    ("clock", "changes", "obstacle"),
    [
        ("9:00", {}, None),
        ("16:30", {}, Obstacle.AWAY),
        ("9:00", {"busy": "9:30-10:00"}, Obstacle.FULL),
        ("9:00", {"patient": "9:30-10:00"}, Obstacle.PATIENT_BUSY),
        ("9:00", {"rooms": ("9:30-10:00", "9:00-9:05")}, Obstacle.ROOMS_FULL),
        ("9:00", {"rooms": ()}, Obstacle.NO_ROOM),
        ("9:00", {"closed": {MONDAY: "Training day"}}, Obstacle.CLOSED),
        ("9:00", {"not_before": 9 * 12 + 1}, Obstacle.PAST),
        # Off the offered grid, but free.
        ("9:05", {"every": 6}, None),
    ],
)
def test_a_moment_at_which_nothing_can_begin_says_why(clock, changes, obstacle):
    hours, minutes = clock.split(":")
    moment = MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))
    assert openings(**changes).obstacle_at(PETRA, moment) == obstacle


def test_a_moment_of_another_day_is_not_offered():
    assert openings().obstacle_at(PETRA, MIDNIGHT - timedelta(minutes=5)) == Obstacle.PAST
    assert openings().obstacle_at(PETRA, MIDNIGHT + timedelta(days=2)) == Obstacle.PAST


def test_nothing_begins_before_the_moment_it_is():
    read = openings("9:00-11:00")
    later = read.from_moment(MIDNIGHT + timedelta(hours=9, minutes=31))
    assert packed(later) == ["09:35", "10:05"]
    assert packed(read) == ["09:00", "09:30", "10:00"]
    # What was over stays over.
    assert packed(later.from_moment(MIDNIGHT)) == ["09:35", "10:05"]
    assert not later.from_moment(MIDNIGHT + timedelta(days=9)).starts(PETRA)
