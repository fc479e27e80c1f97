"""Saves that a page makes by itself, and forms that came to the wrong patient."""

import pytest
from django.urls import reverse

from records.actions.aftercare import save_aftercare
from records.models import SessionRecord, ZoneTreatment
from tests.factories.core import UserFactory
from tests.records.conftest import NOW, sign
from tests.records.test_step_pages import typed, url

pytestmark = pytest.mark.django_db

AUTOSAVE = {"X-Autosave": "1"}


def save(client, session, step, values):
    return client.post(url(session, step), values, headers=AUTOSAVE)


def test_a_change_is_saved_and_the_page_told_when(clinician_client, record):
    answer = save(clinician_client, record.session, "aftercare", {"version": 1, "notes": "Calm."})
    told = answer.json()
    assert (answer.status_code, told["version"]) == (200, 2)
    assert "Saved at" in told["parts"]["save-state"]
    assert "10:42" in told["parts"]["save-state"]
    record.refresh_from_db()
    assert record.notes == "Calm."


def test_the_first_answer_opens_the_record(clinician_client, session):
    values = {"version": 0, "identity_check": "CLEAR"}
    told = save(clinician_client, session, "checks", values).json()
    assert told["version"] == SessionRecord.objects.get().version == 2


def test_what_is_kept_already_makes_no_new_version(clinician_client, record):
    values = {"version": 1, "notes": "Calm."}
    save(clinician_client, record.session, "aftercare", values)
    told = save(clinician_client, record.session, "aftercare", values | {"version": 2}).json()
    assert told["version"] == 2
    answer = clinician_client.post(url(record.session, "aftercare"), values | {"version": 2})
    assert answer.url == url(record.session, "sign")
    assert SessionRecord.objects.get().version == 2


def test_a_saved_zone_brings_the_list_and_the_findings_along(clinician_client, record, lot, crown):
    values = typed(lot, crown, 1, point_ml="0.1", drawn_up_ml="1")
    told = save(clinician_client, record.session, "injections", values).json()
    zones = " ".join(told["parts"]["zones"].split())
    assert "1.20 ml given" in zones
    assert "of 1.00 ml drawn up" in zones
    assert "the points come to 2.4 ml, recorded are 1.2 ml" in told["parts"]["findings"]
    assert "only 1 ml drawn up" in told["parts"]["findings"]


def test_half_a_zone_is_not_saved_and_nobody_is_scolded_for_it(clinician_client, record, crown):
    values = {"version": 1, "zone": crown.pk, "points": "24"}
    answer = save(clinician_client, record.session, "injections", values)
    assert (answer.status_code, answer.json()) == (422, {"refused": []})
    assert not ZoneTreatment.objects.exists()


def test_a_broken_rule_is_said_at_once(clinician_client, record):
    values = {
        "version": 1,
        "kind": "INJECTED",
        "agent": "Lidocaine",
        "strength_percent": "2",
        "volume_ml": "12",
        "weight_kg": "50",
    }
    answer = save(clinician_client, record.session, "anaesthesia", values)
    assert answer.status_code == 422
    assert answer.json()["refused"] == [
        "Lidocaine 240 mg is 4.8 mg/kg. The limit is 225 mg. Give less."
    ]


def test_two_writers_see_both_texts(clinician_client, record, clinician):
    save_aftercare(
        record=record, reaction="None", notes="Hers", given=True, version=1, by=clinician, at=NOW
    )
    values = {"version": 1, "reaction": "other", "reaction_other": "Itch", "notes": "His"}
    answer = save(clinician_client, record.session, "aftercare", values)
    told = answer.json()
    assert (answer.status_code, told["version"]) == (409, 2)
    for words in ("Hers", "His", "Itch", "Other", "None", "Yes", "Nothing"):
        assert words in told["conflict"]
    page = clinician_client.post(url(record.session, "aftercare"), values)
    assert page.status_code == 409
    assert "Hers" in page.content.decode()
    assert "His" in page.content.decode()


def test_a_signed_record_answers_no_page(clinician_client, signed):
    answer = save(clinician_client, signed.session, "aftercare", {"version": 1, "notes": "x"})
    assert answer.status_code == 302


@pytest.mark.parametrize("step", ["checks", "anaesthesia", "injections", "aftercare", "sign"])
def test_a_form_of_another_patient_is_not_kept_here(clinician_client, complete, step):
    page = clinician_client.get(url(complete.session, step)).content.decode()
    assert f'name="patient" value="{complete.session.course.patient_id}"' in page
    other = complete.session.course.patient_id + 1
    values = {"version": complete.version, "patient": other, "notes": "Of somebody else"}
    answer = clinician_client.post(url(complete.session, step), values)
    assert answer.status_code == 409
    assert "another patient" in answer.content.decode()
    assert "Of somebody else" not in answer.content.decode()
    before = complete.version
    complete.refresh_from_db()
    assert (complete.version, complete.is_signed) == (before, False)


def test_a_zone_is_not_removed_by_another_patients_form(clinician_client, complete, crown):
    remove = reverse("records:zone-remove", args=[complete.session.pk, crown.pk])
    other = complete.session.course.patient_id + 1
    answer = clinician_client.post(remove, {"version": complete.version, "patient": other})
    assert answer.status_code == 409
    assert ZoneTreatment.objects.exists()


def test_forms_say_whom_this_device_keeps_what_for(clinician_client, clinician, complete):
    page = clinician_client.get(url(complete.session, "aftercare")).content.decode()
    assert f'data-record-user="{clinician.pk}"' in page
    assert 'data-keep="aftercare"' in page
    assert "data-unsaved" not in page
    sign(complete, clinician)


def saved_from(client, record, saver, version, notes):
    values = {"version": version, "notes": notes, "saver": saver}
    return save(client, record.session, "aftercare", values).status_code


def test_ones_own_saves_of_a_moment_ago_are_no_conflict(clinician_client, record):
    assert saved_from(clinician_client, record, "tab1", 1, "A") == 200
    assert saved_from(clinician_client, record, "tab1", 2, "B") == 200
    # Loaded again in the middle of either save.
    assert saved_from(clinician_client, record, "tab1", 1, "C") == 200
    record.refresh_from_db()
    assert (record.notes, record.version) == ("C", 4)
    assert saved_from(clinician_client, record, "tab1", 3, "D") == 200


@pytest.mark.parametrize("saver", ["tab2", "", "x" * 41, "tab 1"])
def test_another_tab_or_none_is_told(clinician_client, record, saver):
    assert saved_from(clinician_client, record, "tab1", 1, "A") == 200
    assert saved_from(clinician_client, record, saver, 1, "B") == 409


def test_whoever_saved_in_between_is_not_overwritten(clinician_client, record, clinician):
    assert saved_from(clinician_client, record, "tab1", 1, "A") == 200
    other = save_aftercare(
        record=record, reaction="", notes="Hers", given=True, version=2, by=clinician, at=NOW
    )
    assert saved_from(clinician_client, record, "tab1", 1, "B") == 409
    assert saved_from(clinician_client, record, "tab1", other.version, "C") == 200
    # Of its own saves only those since hers count.
    assert saved_from(clinician_client, record, "tab1", 1, "D") == 409
    assert saved_from(clinician_client, record, "tab1", other.version, "E") == 200


def test_the_same_tab_of_somebody_else_is_told(clinician_client, client, record):
    assert saved_from(clinician_client, record, "tab1", 1, "A") == 200
    client.force_login(UserFactory(clinician=True))
    assert saved_from(client, record, "tab1", 1, "B") == 409
