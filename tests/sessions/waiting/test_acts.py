"""Put on the list, called, booked from it, taken off it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from meso_clinic.core.models import AuditEvent
from sessions.actions.booking import BookingRefused, SlotTaken
from sessions.actions.undoing import undo_change
from sessions.actions.waiting import (
    WaitlistRefused,
    Wish,
    add_session,
    add_visit,
    book_entry,
    change_wish,
    end_impossible,
    note_call,
    return_entry,
    undo_call,
    wish_mark,
    withdraw_entry,
)
from sessions.models import Appointment, ScheduleChange, WaitlistCall, WaitlistEntry
from tests.factories.clinic import SiteFactory
from tests.factories.core import UserFactory
from tests.factories.patients import PatientFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mina(waits, desk):
    """Somebody who has day 8 at 15:00."""
    waits.started(desk)
    desk.now = desk.moment(1, "8:00")
    return desk


@pytest.fixture
def entry(waits, mina):
    return waits.add(mina)


def give(desk, entry, after=7, clock="10:00", **changes):
    return book_entry(
        **{
            "entry": entry,
            "practitioner": desk.practitioner,
            "room": desk.room,
            "starts_at": desk.moment(after, clock),
            "key": uuid4(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def consultation(desk, patient=None, **changes):
    return add_visit(
        **{
            "patient": patient or PatientFactory(),
            "kind": "CONSULTATION",
            "minutes": 30,
            "site": desk.site,
            "wish": Wish(),
            "by": desk.reception,
            "at": desk.now,
            **changes,
        }
    )


def refused(act, *words):
    """Make sure that `act` is refused in such words and leaves nothing behind."""

    def rows():
        models = (WaitlistEntry, WaitlistCall, ScheduleChange, Appointment, AuditEvent)
        return [list(model.objects.order_by("pk").values()) for model in models]

    before = rows()
    with pytest.raises(WaitlistRefused) as refusal:
        act()
    assert all(word in refusal.value.problem for word in words), refusal.value.problem
    assert rows() == before


def latest_audit():
    event = AuditEvent.objects.latest("pk")
    return event.kind, event.target, event.patient_id


def test_a_session_goes_on_the_list_with_what_the_patient_would_take(waits, mina):
    entry = waits.add(mina, weekdays=[4, 1, 1], time_of_day="MORNING", notice_hours=4)
    entry.refresh_from_db()
    assert (entry.patient, entry.site, entry.kind) == (mina.course.patient, mina.site, "SESSION")
    assert (entry.weekdays, entry.time_of_day, entry.notice_hours) == ([1, 4], "MORNING", 4)
    assert latest_audit() == (
        "waitlist.added",
        f"treatment_sessions.waitlistentry:{entry.pk}",
        mina.course.patient_id,
    )


def test_a_session_goes_on_the_list_once(waits, mina, entry):
    refused(lambda: waits.add(mina), "on the waiting list already")


def test_a_session_that_is_over_needs_no_earlier_time(waits, mina):
    refused(lambda: waits.add(mina, 1), "Session 1 has begun or is finished")


def test_a_course_that_does_not_run_waits_for_nothing(mina):
    mina.course.status = "DRAFT"
    session = mina.session(2)
    session.course = mina.course
    refused(
        lambda: add_session(session=session, wish=Wish(), by=mina.reception, at=mina.now),
        "This course is draft",
    )


def test_a_visit_of_another_kind_says_its_kind_and_length(mina):
    refused(lambda: consultation(mina, kind="SESSION"), "what the patient waits for")
    refused(lambda: consultation(mina, minutes=7), "5 to 240 minutes")
    patient = PatientFactory()
    consultation(mina, patient)
    refused(lambda: consultation(mina, patient), "already")
    assert consultation(mina, patient, kind="REVIEW", minutes=15).is_open


def test_a_fortnights_notice_is_the_most(waits, mina):
    refused(lambda: waits.add(mina, notice_hours=14 * 24 + 1), "14 days")
    refused(lambda: waits.add(mina, notice_hours=-1), "14 days")


def test_a_wish_can_be_changed_while_the_patient_waits(mina, entry):
    change = {"entry": entry, "by": mina.reception, "at": mina.now}
    change_wish(wish=Wish(practitioner=mina.practitioner, until=mina.day(9)), **change)
    entry.refresh_from_db()
    assert (entry.practitioner, entry.until) == (mina.practitioner, mina.day(9))
    assert latest_audit()[0] == "waitlist.changed"
    withdraw_entry(**change)
    refused(lambda: change_wish(wish=Wish(), **change), "not on the waiting list any more")


def test_a_wish_that_somebody_else_changed_is_not_overwritten(mina, entry):
    change = {"entry": entry, "by": mina.reception, "at": mina.now}
    entry.refresh_from_db()
    seen = wish_mark(entry)
    change_wish(wish=Wish(weekdays=[1]), seen=seen, **change)
    change_wish(wish=Wish(weekdays=[1]), seen=seen, **change)
    refused(lambda: change_wish(wish=Wish(), seen=seen, **change), "changed this entry meanwhile")
    entry.refresh_from_db()
    assert entry.weekdays == [1]


def test_one_click_moves_the_session_and_ends_the_entry(mina, entry):
    given = give(mina, entry)
    assert mina.place(2).starts_at == mina.moment(7)
    assert (given.ended, given.ended_by, given.ended_at) == ("BOOKED", mina.reception, mina.now)
    kinds = list(AuditEvent.objects.order_by("-pk").values_list("kind", flat=True)[:2])
    assert kinds == ["waitlist.booked", "session.moved"]


def test_a_session_without_a_time_is_booked(waits, mina):
    other = waits.started(mina.neighbour(), after=None, first="10:00")
    give(other, waits.add(other))
    assert other.place(2).starts_at == other.moment(7)


def test_the_same_click_twice_is_one_act(mina, entry):
    key = uuid4()
    first, second = give(mina, entry, key=key), give(mina, entry, key=key)
    assert first.change_id == second.change_id
    assert AuditEvent.objects.filter(kind="waitlist.booked").count() == 1


def test_a_second_person_is_told_that_the_patient_waits_no_more(mina, entry):
    give(mina, entry)
    refused(lambda: give(mina, entry), "is not on the waiting list any more: booked")
    refused(lambda: give(mina, entry, clock="11:00"), "not on the waiting list any more")


def test_who_has_the_time_already_is_not_booked_for_it_again(mina, entry):
    mina.book(2, 7, at=mina.now)
    refused(lambda: give(mina, entry), "has this time already")


def test_a_key_of_another_act_books_nobody(waits, mina, entry):
    key = uuid4()
    other = waits.started(mina.neighbour(), first="10:00", clock="12:00")
    others = waits.add(other)
    give(mina, entry, key=key)
    refused(lambda: give(mina, others, key=key), "has this time already")


def test_every_rule_of_the_calendar_is_checked_again(waits, mina, entry):
    with pytest.raises(BookingRefused, match="too early"):
        give(mina, entry, after=6)
    waits.started(mina.neighbour(), after=7, clock="10:00", first="11:00")
    with pytest.raises(SlotTaken, match="taken a moment ago"):
        give(mina, entry)
    entry.refresh_from_db()
    assert entry.is_open


def test_undo_gives_the_old_time_back_and_the_patient_waits_again(mina, entry):
    given = give(mina, entry)
    undo_change(change=given.change, by=mina.reception, at=mina.now + MINUTE)
    entry.refresh_from_db()
    assert (entry.is_open, entry.change) == (True, None)
    assert mina.place(2).starts_at == mina.moment(8, "15:00")
    assert latest_audit()[0] == "waitlist.returned"


def test_undo_leaves_alone_who_was_added_again_meanwhile(waits, mina, entry):
    given = give(mina, entry)
    again = waits.add(mina, at=mina.now)
    undo_change(change=given.change, by=mina.reception, at=mina.now + MINUTE)
    entry.refresh_from_db()
    assert (entry.ended, again.is_open) == ("BOOKED", True)


def test_a_consultation_is_booked_and_the_next_time_moved(mina):
    patient = PatientFactory()
    give(mina, consultation(mina, patient), after=5)
    visit = patient.appointments.get()
    assert (visit.kind, visit.minutes, visit.starts_at) == ("CONSULTATION", 30, mina.moment(5))
    give(mina, consultation(mina, patient), after=4)
    visit.refresh_from_db()
    assert visit.starts_at == mina.moment(4)


def test_taken_off_the_list_and_put_back(mina, entry):
    act = {"entry": entry, "by": mina.reception}
    gone = withdraw_entry(**act, at=mina.now)
    assert (gone.ended, latest_audit()[0]) == ("WITHDRAWN", "waitlist.withdrawn")
    refused(lambda: withdraw_entry(**act, at=mina.now), "withdrawn")
    assert return_entry(**act, at=mina.now + MINUTE).is_open
    assert latest_audit()[0] == "waitlist.returned"
    lines = AuditEvent.objects.count()
    assert return_entry(**act, at=mina.now + MINUTE).is_open
    assert AuditEvent.objects.count() == lines


def test_only_a_moment_ago_can_be_undone_and_only_once(waits, mina, entry):
    act = {"entry": entry, "by": mina.reception}
    withdraw_entry(**act, at=mina.now)
    refused(lambda: return_entry(**act, at=mina.now + 3 * MINUTE), "no longer be undone")
    waits.add(mina, at=mina.now)
    refused(lambda: return_entry(**act, at=mina.now + MINUTE), "already")


def test_a_booked_entry_is_not_put_back_by_hand(mina, entry):
    give(mina, entry)
    act = {"entry": entry, "by": mina.reception, "at": mina.now}
    refused(lambda: return_entry(**act), "no longer be undone")


def test_a_call_without_an_answer_is_noted_once(mina, entry):
    act = {"entry": entry, "by": mina.reception}
    call = note_call(**act, at=mina.now)
    assert note_call(**act, at=mina.now + timedelta(seconds=20)) == call
    assert note_call(**act, at=mina.now + 2 * MINUTE) != call
    colleague = UserFactory(reception=True)
    note_call(entry=entry, by=colleague, at=mina.now + 2 * MINUTE)
    assert entry.calls.count() == 3
    assert AuditEvent.objects.filter(kind="waitlist.called").count() == 3
    withdraw_entry(**act, at=mina.now)
    refused(lambda: note_call(**act, at=mina.now), "not on the waiting list any more")


def test_the_note_of_a_call_can_be_taken_back_for_a_moment(mina, entry):
    call = note_call(entry=entry, by=mina.reception, at=mina.now)
    act = {"call": call, "by": mina.reception}
    refused(lambda: undo_call(**act, at=mina.now + 3 * MINUTE), "no longer be undone")
    undo_call(**act, at=mina.now + MINUTE)
    undo_call(**act, at=mina.now + MINUTE)
    assert not entry.calls.exists()
    assert AuditEvent.objects.filter(kind="waitlist.call_undone").count() == 1


def test_what_can_no_longer_be_given_ends_overnight(waits, mina, entry):
    given = waits.add(mina, 3, until=mina.day(20))
    passed = waits.add(mina, 4, until=mina.day(2))
    stays = waits.add(mina, 5, until=mina.day(3))
    ended_course = mina.neighbour()
    lapsed = waits.add(ended_course)
    ended_course.course.__class__.objects.filter(pk=ended_course.course.pk).update(
        status="LAPSED", ended_at=mina.now, status_reason="Too long."
    )
    SiteFactory()
    mina.course.sessions.filter(number=2).update(status="ARRIVED")
    assert end_impossible(mina.moment(3, "3:00")) == 3
    for one in (entry, passed, lapsed):
        one.refresh_from_db()
        assert (one.ended, one.ended_by) == ("NOT_POSSIBLE", None)
    for one in (given, stays):
        one.refresh_from_db()
        assert one.is_open
    assert end_impossible(mina.moment(3, "3:00")) == 0
