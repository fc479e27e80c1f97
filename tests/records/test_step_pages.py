"""The steps of a draft, in the browser's words."""

from datetime import timedelta

import pytest
from django.urls import reverse

from records.actions import drafts
from records.actions.aftercare import save_aftercare
from records.actions.zones import save_zone
from records.domain.checks import CHECKS
from records.models import SessionRecord, ZoneTreatment
from sessions.models import Appointment, TreatmentSession
from tests.factories.treatments import LotFactory
from tests.records.conftest import NOW, arrive, sign, zone_values

pytestmark = pytest.mark.django_db

STEPS = ["checks", "anaesthesia", "injections", "aftercare", "sign"]


def url(session, step):
    return reverse("records:record-step", args=[session.pk, step])


def typed(lot, zone, version, **change):
    return {
        "version": version,
        "zone": zone.pk,
        "technique": "point_by_point",
        "points": "24",
        "depth_mm": "2.0",
        "needle": "30G, 4 mm",
        "lot": lot.pk,
        "volume_ml": "1.20",
        "seen": ["REDNESS", "PAIN"],
        "go": "aftercare",
    } | change


@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_who_the_patient_is(clinician_client, complete, step):
    page = clinician_client.get(url(complete.session, step))
    assert page.status_code == 200
    for words in ["Amara Whitfield", "Born 22 August 1990", "Allergy: penicillin", "LSC-"]:
        assert words in page.content.decode()
    assert "Hair loss, session 1 of 3" in page.content.decode()
    assert 'data-density="touch"' in page.content.decode()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["reception", "admin"])
def test_other_roles_are_refused_and_read_nothing(request, complete, step, role):
    client = request.getfixturevalue(f"{role}_client")
    for answer in (
        client.get(url(complete.session, step)),
        client.post(url(complete.session, step), {"version": 1}),
    ):
        assert answer.status_code == 403
        for words in ["Amara", "penicillin", "Dexpanthenol", "Hair loss"]:
            assert words not in answer.content.decode()


def test_an_unknown_step_or_session_is_not_found(clinician_client, record):
    assert clinician_client.get(url(record.session, "party")).status_code == 404
    record.session.pk = 999_999
    assert clinician_client.get(url(record.session, "checks")).status_code == 404


def test_looking_at_the_checks_writes_nothing(clinician_client, session):
    page = clinician_client.get(url(session, "checks"))
    assert page.status_code == 200
    assert not SessionRecord.objects.exists()
    answer = clinician_client.get(url(session, "injections"))
    assert answer.url == url(session, "checks")


def test_a_patient_who_is_not_here_is_not_recorded(clinician_client, course):
    session = arrive(course.sessions.get(number=1), status="BOOKED")
    for answer in (
        clinician_client.get(url(session, "checks")),
        clinician_client.post(url(session, "checks"), {"version": 0, "all_clear": 1}),
    ):
        assert answer.status_code == 409
        assert "Check the patient in first" in answer.content.decode()
    assert not SessionRecord.objects.exists()


def test_all_clear_answers_every_check_and_starts_the_session(clinician_client, session):
    answer = clinician_client.post(url(session, "checks"), {"version": 0, "all_clear": 1})
    assert answer.url == url(session, "anaesthesia")
    record = SessionRecord.objects.get()
    assert {getattr(record, check) for check in CHECKS} == {"CLEAR"}
    session.refresh_from_db()
    assert session.status == TreatmentSession.Status.IN_TREATMENT


def test_all_clear_leaves_a_concern_standing_and_asks_for_words(clinician_client, session):
    values = {"version": 0, "all_clear": 1, "infection_check": "CONCERN"}
    answer = clinician_client.post(url(session, "checks"), values)
    assert answer.status_code == 422
    assert "why it is safe to go on" in answer.content.decode()
    assert not SessionRecord.objects.exists()
    values["checks_words"] = "A scratch on the hand."
    assert clinician_client.post(url(session, "checks"), values).status_code == 302
    record = SessionRecord.objects.get()
    assert (record.infection_check, record.consent_check) == ("CONCERN", "CLEAR")


def test_checks_may_wait_in_a_draft(clinician_client, session):
    values = {"version": 0, "identity_check": "CLEAR"}
    assert clinician_client.post(url(session, "checks"), values).status_code == 302
    assert SessionRecord.objects.get().consent_check == ""
    assert "Saved at 10:42" in clinician_client.get(url(session, "checks")).content.decode()


def test_what_somebody_else_saved_is_not_overwritten(clinician_client, record, clinician):
    save_aftercare(
        record=record, reaction="Red", notes="", given=True, version=1, by=clinician, at=NOW
    )
    values = {"version": 1, "reaction": "none", "notes": "Typed for long"}
    answer = clinician_client.post(url(record.session, "aftercare"), values)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else saved this record" in page
    assert "Typed for long" in page
    assert 'name="version" value="2"' in page
    record.refresh_from_db()
    assert record.reaction == "Red"
    values["version"] = 2
    assert clinician_client.post(url(record.session, "aftercare"), values).status_code == 302


def test_two_people_opening_the_same_record_do_not_overwrite(clinician_client, record):
    answer = clinician_client.post(url(record.session, "checks"), {"version": 0, "all_clear": 1})
    assert answer.status_code == 409


def test_anaesthesia_is_kept_and_its_agent_asked_for(clinician_client, record):
    step = url(record.session, "anaesthesia")
    answer = clinician_client.post(step, {"version": 1, "kind": "CREAM", "agent": "Lidocaine"})
    assert answer.status_code == 422
    assert "Enter the amount of cream in grams." in answer.content.decode()
    values = {
        "version": 1,
        "kind": "CREAM",
        "agent": "Lidocaine",
        "grams": "2",
        "area_cm2": "40",
        "wait_minutes": "45",
        "applied_at": "10:15",
    }
    assert clinician_client.post(step, values).url == url(record.session, "injections")
    page = clinician_client.get(step).content.decode()
    assert 'data-applied_at="10:15"' in page
    assert 'data-record-wall="38520"' in page
    record.anaesthesia.refresh_from_db()
    assert (record.anaesthesia.dose, record.anaesthesia.area_cm2) == ("2 g", 40)


def test_anaesthesia_may_wait_in_a_draft(clinician_client, record):
    answer = clinician_client.post(url(record.session, "anaesthesia"), {"version": 1})
    assert answer.status_code == 302


def test_a_zone_is_saved_and_shown(clinician_client, record, lot, crown):
    step = url(record.session, "injections")
    answer = clinician_client.post(step, typed(lot, crown, 1))
    assert answer.url == url(record.session, "aftercare")
    kept = ZoneTreatment.objects.get()
    assert (kept.points, kept.seen_words) == (24, "Redness, Pain")
    page = " ".join(clinician_client.get(f"{step}?zone={crown.pk}").content.decode().split())
    assert "24 × 0.05" in page
    assert "1.20 ml given" in page
    assert "Lot DB-2609. Use by 30 Sep 2027." in page


def test_add_zone_saves_this_one_and_offers_the_next(clinician_client, record, lot, crown, frontal):
    answer = clinician_client.post(
        url(record.session, "injections"), typed(lot, crown, 1, go="add")
    )
    assert answer.url.endswith(f"?zone={frontal.pk}")
    assert ZoneTreatment.objects.get().zone == crown


@pytest.mark.parametrize(
    ("go", "ends"), [("anaesthesia", "anaesthesia/"), ("aftercare", "aftercare/")]
)
def test_an_untouched_zone_is_left_without_being_recorded(
    clinician_client, record, crown, go, ends
):
    values = {"version": 1, "zone": crown.pk, "go": go}
    answer = clinician_client.post(url(record.session, "injections"), values)
    assert answer.url.endswith(ends)
    assert not ZoneTreatment.objects.exists()


def test_another_zone_is_chosen_from_the_list(clinician_client, record, crown, frontal):
    values = {"version": 1, "zone": crown.pk, "go": frontal.pk}
    answer = clinician_client.post(url(record.session, "injections"), values)
    assert answer.url.endswith(f"?zone={frontal.pk}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"depth_mm": "4.5"}, "Depth must be 1.0 to 4.0 mm."),
        ({"depth_mm": "deep"}, "Depth must be 1.0 to 4.0 mm."),
        ({"points": "0"}, "Points must be between 1 and 400."),
        ({"points": "401"}, "Points must be between 1 and 400."),
        ({"volume_ml": ""}, "Volume must be more than 0"),
        ({"volume_ml": "0"}, "Volume must be more than 0"),
        ({"volume_ml": "1e9"}, "Volume must be more than 0"),
        ({"lot": ""}, "Choose the product and its lot."),
        ({"volume_2_ml": "1"}, "Choose the product and its lot."),
        ({"technique": ""}, "Choose the technique."),
        ({"technique": "tickling"}, "Select a valid choice"),
        ({"needle": "other"}, "Enter the needle"),
    ],
)
def test_a_zone_that_makes_no_sense_is_shown_again(
    clinician_client, record, lot, crown, change, words
):
    step = url(record.session, "injections")
    answer = clinician_client.post(step, typed(lot, crown, 1, needle_other="") | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "There is a problem" in page
    assert "Leave it without saving" in page
    assert not ZoneTreatment.objects.exists()


def test_a_lot_that_may_not_be_used_is_not_offered(clinician_client, record, lot, crown):
    expired = LotFactory(product=lot.product, number="OLD-1", expires_on="2026-11-25")
    held = LotFactory(product=lot.product, number="HELD-1", status="QUARANTINED")
    step = url(record.session, "injections")
    page = clinician_client.get(step).content.decode()
    assert "DB-2609" in page
    assert "OLD-1" not in page
    assert "HELD-1" not in page
    for bad in (expired, held):
        answer = clinician_client.post(step, typed(bad, crown, 1))
        assert answer.status_code == 422


def test_a_lot_that_ran_out_after_it_was_recorded_is_still_shown(
    clinician_client, complete, lot, crown
):
    type(lot).objects.filter(pk=lot.pk).update(status="QUARANTINED")
    step = url(complete.session, "injections")
    assert "DB-2609" in clinician_client.get(f"{step}?zone={crown.pk}").content.decode()
    answer = clinician_client.post(step, typed(lot, crown, complete.version, points="20"))
    assert answer.status_code == 422
    assert "Crown. Lot DB-2609 of Dexpanthenol is in quarantine." in answer.content.decode()


def test_a_zone_is_removed(clinician_client, complete, crown):
    remove = reverse("records:zone-remove", args=[complete.session.pk, crown.pk])
    assert clinician_client.get(remove).status_code == 405
    stale = clinician_client.post(remove, {"version": 1}, follow=True)
    assert "Not removed" in stale.content.decode()
    gone = clinician_client.post(remove, {"version": complete.version}, follow=True)
    assert "Crown removed." in gone.content.decode()
    assert not ZoneTreatment.objects.exists()


def test_a_zone_is_not_removed_when_the_patient_left(clinician_client, complete, crown):
    remove = reverse("records:zone-remove", args=[complete.session.pk, crown.pk])
    Appointment.objects.update(status="BOOKED")
    TreatmentSession.objects.filter(pk=complete.session_id).update(status="BOOKED")
    answer = clinician_client.post(remove, {"version": "9" * 5000}, follow=True)
    assert answer.status_code in (200, 409)
    assert complete.zones.filter(zone=crown).exists()


def test_too_much_is_warned_of_and_not_blocked(clinician_client, record, lot, crown):
    step = url(record.session, "injections")
    assert clinician_client.post(step, typed(lot, crown, 1, volume_ml="25")).status_code == 302
    assert "More than the protocol" in clinician_client.get(step).content.decode()


def test_the_last_settings_are_copied_and_never_the_lot(
    clinician_client, signed, course, clinician, lot, crown, frontal
):
    week_later = NOW + timedelta(days=7)
    second = arrive(course.sessions.get(number=2), at=week_later)
    drafts.open_record(session=second, by=clinician, at=week_later)
    step = url(second, "injections")
    page = clinician_client.get(f"{step}?zone={crown.pk}").content.decode()
    assert "Same as session 1" in page
    assert "Copied, check" not in page
    copied = clinician_client.get(f"{step}?zone={crown.pk}&copy=1").content.decode()
    assert "Copied, check" in copied
    assert 'value="24"' in copied
    assert 'value="1.20"' in copied
    assert "selected" in copied
    assert f'value="{lot.pk}" selected' not in copied
    other = clinician_client.get(f"{step}?zone={frontal.pk}&copy=1").content.decode()
    assert "Same as session" not in other
    assert "Copied, check" not in other


def test_an_indication_without_zones_says_so(clinician_client, record, indication):
    indication.zones.all().delete()
    page = clinician_client.get(url(record.session, "injections"))
    assert "This indication has no zones" in page.content.decode()


@pytest.mark.parametrize("step", STEPS)
def test_a_signed_record_is_never_opened_again(clinician_client, signed, step):
    detail = reverse("records:record-detail", args=[signed.session.pk])
    assert clinician_client.get(url(signed.session, step)).url == detail
    answer = clinician_client.post(url(signed.session, step), {"version": 1}, follow=True)
    assert "Nothing was changed: this record is signed." in answer.content.decode()


def test_the_pages_of_a_zone_ask_the_database_no_more_with_more_zones(
    clinician_client, record, lot, crown, frontal, clinician, django_assert_max_num_queries
):
    for zone in (crown, frontal):
        record = save_zone(
            record=record, version=record.version, by=clinician, at=NOW, **zone_values(lot, zone)
        )
    with django_assert_max_num_queries(40):
        clinician_client.get(url(record.session, "injections"))


def test_each_step_is_ticked_once_it_is_complete(clinician_client, complete, clinician):
    page = clinician_client.get(url(complete.session, "sign")).content.decode()
    assert page.count("(complete)") == 4
    sign(complete, clinician)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"reaction": "none"}, "None"),
        ({"reaction": "other", "reaction_other": "Itching"}, "Itching"),
        ({}, ""),
    ],
)
def test_the_reaction_is_kept_in_words(clinician_client, record, values, words):
    step = url(record.session, "aftercare")
    answer = clinician_client.post(step, {"version": 1, "aftercare_given": "on", **values})
    assert answer.url == url(record.session, "sign")
    record.refresh_from_db()
    assert (record.reaction, record.aftercare_given) == (words, True)
    again = clinician_client.get(step).context["form"].initial
    assert {name: again[name] for name in values} == values


def test_another_reaction_is_said_in_words(clinician_client, record):
    values = {"version": 1, "reaction": "other"}
    answer = clinician_client.post(url(record.session, "aftercare"), values)
    assert answer.status_code == 422
    assert "Say what you saw, or the patient felt." in answer.content.decode()


def test_the_zones_of_the_scalp_are_drawn_as_the_list_says(clinician_client, complete, frontal):
    frontal.indication.zones.filter(name="Crown").update(code="vertex")
    step = url(complete.session, "injections")
    page = clinician_client.get(f"{step}?zone={frontal.pk}")
    assert page.context["map"] == {"vertex": "dn", frontal.code: "on"}
    assert 'class="zn dn"' in page.content.decode()
    type(frontal.indication).objects.filter(pk=frontal.indication_id).update(slug="other")
    assert 'class="map"' not in clinician_client.get(step).content.decode()


def test_the_agent_is_asked_for(clinician_client, record):
    values = {"version": 1, "kind": "CREAM", "dose": "2 g"}
    answer = clinician_client.post(url(record.session, "anaesthesia"), values)
    assert "Enter the agent." in answer.content.decode()


@pytest.mark.parametrize(("step", "back"), [("anaesthesia", "checks"), ("aftercare", "injections")])
def test_going_back_saves_too(clinician_client, record, step, back):
    values = {"version": 1, "kind": "COLD", "notes": "Calm", "go": "back"}
    answer = clinician_client.post(url(record.session, step), values)
    assert answer.url == url(record.session, back)
    record.refresh_from_db()
    assert record.version == 2
