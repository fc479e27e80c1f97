"""Vitals, skin and the time straight after, from the page to the signed record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from patients.models import Allergy
from records.actions import drafts, signing
from records.actions.drafts import BLOOD
from records.domain.checks import CHECKS
from records.domain.problems import Lack
from records.domain.seal import seal
from records.domain.skin import SkinPreparation
from records.domain.vitals import Vitals
from records.models import EDITION, SessionRecord
from records.selectors.around import patient_facts
from records.selectors.drafts import record_facts
from records.selectors.seal import _rows, content_hash
from tests.factories.patients import PatientFactory
from tests.factories.screening import ScreeningAnswerFactory, ScreeningQuestionFactory
from tests.factories.treatments import LotFactory, ProductFactory, ZoneFactory
from tests.records.conftest import CLEAN, MEASURED, NOW, arrive, fill, sign, zone_values

pytestmark = pytest.mark.django_db


def url(session, step):
    return reverse("records:record-step", args=[session.pk, step])


def checked(record, by, vitals, at=NOW, **change):
    return drafts.save_checks(
        record=record,
        answers=dict.fromkeys(CHECKS, "CLEAR"),
        words="",
        vitals=vitals,
        version=record.version,
        by=by,
        at=at,
        **change,
    )


def bare(record, by, skin):
    return drafts.save_anaesthesia(
        record=record,
        kind="NONE",
        agent="",
        dose="",
        applied_at=None,
        skin=skin,
        version=record.version,
        by=by,
        at=NOW,
    )


def test_what_is_measured_is_kept_and_read(clinician_client, record):
    answer = clinician_client.post(
        url(record.session, "checks"),
        {
            "version": record.version,
            "systolic_mmhg": "128",
            "diastolic_mmhg": "82",
            "pulse_bpm": "66",
            "temperature_c": "36.8",
            "glucose_mmol": "5.6",
        },
    )
    assert answer.url == url(record.session, "anaesthesia")
    page = clinician_client.get(reverse("records:record-sign", args=[record.session_id]))
    for words in ("128/82 mmHg", "66 a minute", "36.8 °C", "5.6 mmol/l"):
        assert words in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"systolic_mmhg": "128"}, "Enter both pressures, like 120 and 80."),
        ({"systolic_mmhg": "80", "diastolic_mmhg": "120"}, "must be below the upper one"),
        ({"systolic_mmhg": "1280", "diastolic_mmhg": "80"}, "must be between 50 and 300"),
        ({"pulse_bpm": "5"}, "Pulse must be between 20 and 250."),
        ({"temperature_c": "98.6"}, "Temperature must be between 30.0 and 45.0 °C"),
        ({"glucose_mmol": "101"}, "Blood sugar must be between 0.5 and 60 mmol/l"),
    ],
)
def test_a_slip_is_told_and_what_was_typed_stays(clinician_client, record, typed, words):
    answer = clinician_client.post(
        url(record.session, "checks"), {"version": record.version, **typed}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    for value in typed.values():
        assert f'value="{value}"' in page
    record.refresh_from_db()
    assert (record.systolic_mmhg, record.pulse_bpm) == (None, None)


def test_a_pressure_that_stops_the_session_is_kept_and_told_at_once(clinician_client, record):
    answer = clinician_client.post(
        url(record.session, "checks"),
        {"version": record.version, "systolic_mmhg": "182", "diastolic_mmhg": "96"},
    )
    assert answer.url == url(record.session, "checks")
    page = clinician_client.get(answer.url).content.decode()
    assert "No treatment today" in page
    assert "Blood pressure 182/96: no treatment today." in page


def test_a_pressure_that_stops_the_session_is_told_while_it_is_typed(clinician_client, record):
    values = {"version": record.version, "systolic_mmhg": "120", "diastolic_mmhg": "110"}
    answer = clinician_client.post(
        url(record.session, "checks"), values, headers={"X-Autosave": "1"}
    )
    assert "Blood pressure 120/110: no treatment today." in answer.json()["parts"]["stops"]


def test_nothing_is_injected_or_signed_once_the_session_is_stopped(complete, lot, crown, clinician):
    stopped = checked(complete, clinician, Vitals(180, 100, 80))
    with pytest.raises(drafts.ZoneRefused) as refused:
        drafts.save_zone(
            record=stopped, version=stopped.version, by=clinician, at=NOW, **zone_values(lot, crown)
        )
    assert [one.lack for one in refused.value.problems] == [Lack.PRESSURE_TOO_HIGH]
    with pytest.raises(drafts.StoppedToday):
        drafts.save_anaesthesia(
            record=stopped,
            kind="INJECTED",
            agent="Procaine",
            dose="1 ml of 1 %",
            applied_at=None,
            numbed=drafts.Numbed(strength_percent=Decimal(1), volume_ml=Decimal(1)),
            version=stopped.version,
            by=clinician,
            at=NOW,
        )
    with pytest.raises(signing.NotReadyToSign) as refused:
        sign(stopped, clinician)
    assert [one.lack for one in refused.value.problems] == [Lack.PRESSURE_TOO_HIGH]
    # Rest, and another measurement.
    calm = checked(stopped, clinician, MEASURED)
    assert sign(calm, clinician).is_signed


def test_vitals_of_an_earlier_visit_are_measured_anew(record, clinician):
    record = checked(record, clinician, MEASURED)
    appointment = record.session.appointments.get()
    type(appointment).objects.filter(pk=appointment.pk).update(arrived_at=NOW + timedelta(hours=2))
    assert record_facts(record).vitals == Vitals()
    later = NOW + timedelta(hours=3)
    record = drafts.save_aftercare(
        record=record,
        reaction="",
        notes="",
        given=False,
        version=record.version,
        by=clinician,
        at=later,
    )
    record.refresh_from_db()
    assert (record.systolic_mmhg, record.pulse_bpm) == (None, None)


def test_skin_is_kept_before_anything_is_said_about_anaesthesia(clinician_client, record):
    answer = clinician_client.post(
        url(record.session, "anaesthesia"),
        {"version": record.version, "antiseptic": "IODINE", "contact_seconds": "30"},
    )
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.antiseptic, record.contact_seconds, record.is_dried) == ("IODINE", 30, False)


def test_a_time_without_an_antiseptic_is_told(clinician_client, record):
    answer = clinician_client.post(
        url(record.session, "anaesthesia"),
        {"version": record.version, "contact_seconds": "30"},
    )
    assert answer.status_code == 422
    assert "Choose what the skin was cleaned with." in answer.content.decode()


def test_an_allergy_to_chlorhexidine_stops_it(record, patient, clinician):
    Allergy.objects.create(
        patient=patient,
        substance="Disinfectant",
        allergen="chlorhexidine",
        noted_at=NOW,
        noted_by=clinician,
    )
    with pytest.raises(drafts.SkinRefused) as refused:
        bare(record, clinician, SkinPreparation("CHLORHEXIDINE"))
    assert [one.lack for one in refused.value.problems] == [Lack.ANTISEPTIC_ALLERGY]
    assert bare(record, clinician, CLEAN).antiseptic == "ALCOHOL"


def test_chlorhexidine_and_a_zone_at_the_eyes_refuse_each_other(record, indication, lot, clinician):
    eyes = ZoneFactory(indication=indication, code="periorbital", name="Around the eyes")
    record = bare(record, clinician, SkinPreparation("CHLORHEXIDINE"))
    values = zone_values(lot, eyes)
    with pytest.raises(drafts.ZoneRefused) as refused:
        drafts.save_zone(record=record, version=record.version, by=clinician, at=NOW, **values)
    assert [one.lack for one in refused.value.problems] == [Lack.ANTISEPTIC_NEAR_EYES]
    record = bare(record, clinician, CLEAN)
    record = drafts.save_zone(record=record, version=record.version, by=clinician, at=NOW, **values)
    with pytest.raises(drafts.SkinRefused):
        bare(record, clinician, SkinPreparation("CHLORHEXIDINE"))


def test_one_press_says_no_reaction_and_leaves_what_was_said_otherwise(clinician_client, complete):
    step = url(complete.session, "aftercare")
    typed = {"version": complete.version, "pain": "3", "aftercare_given": "on", "go": "usual"}
    assert "No reaction, pinpoint bleeding" in clinician_client.get(step).content.decode()
    assert clinician_client.post(step, typed).url == url(complete.session, "sign")
    complete.refresh_from_db()
    assert (complete.reaction, complete.end_points, complete.pain) == ("None", "PINPOINT", 3)
    typed |= {"version": complete.version, "reaction": "swelling", "end_points": "NONE"}
    clinician_client.post(step, typed)
    complete.refresh_from_db()
    assert (complete.reaction, complete.end_points) == ("Swelling", "NONE")


@pytest.mark.parametrize(
    ("techniques", "words"),
    [(["papular"], "papules"), (["papular", "nappage"], "both"), ([], "pinpoint bleeding")],
)
def test_what_is_usual_follows_the_technique(
    clinician_client, record, lot, crown, frontal, clinician, techniques, words
):
    for zone, technique in zip((crown, frontal), techniques, strict=False):
        record = drafts.save_zone(
            record=record,
            version=record.version,
            by=clinician,
            at=NOW,
            **zone_values(lot, zone, technique=technique),
        )
    page = clinician_client.get(url(record.session, "aftercare")).content.decode()
    assert f"No reaction, {words}" in page


def test_pain_is_not_copied_and_what_is_kept_is_shown(clinician_client, complete):
    form = clinician_client.get(url(complete.session, "aftercare")).context["form"]
    assert form["pain"].value() == "2"
    posted = {
        "version": complete.version,
        "pain": "2",
        "end_points": "PINPOINT",
        "reaction": "none",
        "aftercare_given": "on",
        "observed_minutes": "30",
    }
    clinician_client.post(url(complete.session, "aftercare"), posted)
    # Nothing changed, so nothing was written.
    assert SessionRecord.objects.get().version == complete.version


def second(course, signed, clinician):
    later = NOW + timedelta(days=8)
    session = arrive(course.sessions.get(number=2), at=later)
    return drafts.open_record(session=session, by=clinician, at=later)


def test_one_press_copies_the_preparation_and_never_what_was_measured_or_felt(
    clinician_client, signed, course, clinician
):
    record = second(course, signed, clinician)
    step = url(record.session, "anaesthesia")
    assert (
        "None, Alcohol 70 %, left on for 30 seconds" in clinician_client.get(step).content.decode()
    )
    answer = clinician_client.post(step, {"version": record.version, "go": "same"})
    assert answer.url == url(record.session, "injections")
    record.refresh_from_db()
    assert (record.antiseptic, record.is_sterile, record.is_preparation_copied) == (
        "ALCOHOL",
        True,
        True,
    )
    assert {record.systolic_mmhg, record.pain, record.observed_minutes} == {None}
    assert (record.reaction, record.end_points) == ("", "")
    assert "Copied, check" in clinician_client.get(step).content.decode()


def test_a_copied_preparation_is_marked_until_it_is_touched(
    clinician_client, signed, course, clinician
):
    record = second(course, signed, clinician)
    step = url(record.session, "anaesthesia")
    clinician_client.post(step, {"version": record.version, "go": "same"})
    kept = {"antiseptic": "ALCOHOL", "contact_seconds": "30", "is_dried": "on", "is_sterile": "on"}
    clinician_client.post(step, {"version": 2, "kind": "COLD", **kept})
    record.refresh_from_db()
    assert (record.anaesthesia.kind, record.is_preparation_copied) == ("COLD", True)
    clinician_client.post(step, {"version": 3, "kind": "COLD", **kept, "contact_seconds": "45"})
    record.refresh_from_db()
    assert (record.contact_seconds, record.is_preparation_copied) == (45, False)


def test_where_an_amount_numbed_the_press_copies_the_skin_and_stays(
    clinician_client, complete, cream, course, clinician
):
    complete = drafts.save_anaesthesia(
        record=complete,
        kind="CREAM",
        agent="Lidocaine cream",
        dose="2 g",
        applied_at=None,
        numbed=drafts.Numbed(grams=Decimal(2), area_cm2=40),
        skin=CLEAN,
        version=complete.version,
        by=clinician,
        at=NOW,
    )
    record = second(course, sign(complete, clinician), clinician)
    step = url(record.session, "anaesthesia")
    assert clinician_client.post(step, {"version": 1, "go": "same"}).url == step
    record.refresh_from_db()
    assert record.antiseptic == "ALCOHOL"
    assert not drafts.Anaesthesia.objects.filter(record=record).exists()


def test_an_allergy_and_what_is_new_ask_for_time(record, patient, clinician, lot, crown):
    known = patient_facts(record.session)
    assert known.is_first_session
    assert [one.substance for one in known.noted] == ["penicillin"]
    facts = record_facts(fill(record, lot, crown, clinician))
    assert facts.patient.has_new_product
    assert facts.watch_minutes == 30


def test_a_product_of_a_signed_session_is_not_new(signed, course, lot, crown, clinician):
    later = NOW + timedelta(days=8)
    record = second(course, signed, clinician)
    record = fill(record, lot, crown, clinician, at=later)
    known = record_facts(record).patient
    assert (known.is_first_session, known.has_new_product) == (False, False)
    other = LotFactory(product=ProductFactory())
    other.product.indications.add(crown.indication)
    record = fill(record, other, crown, clinician, at=later)
    assert record_facts(record).patient.has_new_product


@pytest.mark.parametrize(
    ("code", "value", "name"),
    [
        ("diabetes_insulin", "YES", "has_diabetes"),
        ("diabetes_uncontrolled", "UNKNOWN", "has_diabetes"),
        ("anaphylaxis_history", "YES", "has_severe_allergy"),
    ],
)
def test_the_health_questions_are_listened_to(session, clinician, code, value, name):
    question = ScreeningQuestionFactory(code=code)
    assert not getattr(patient_facts(session), name)
    for at, said in ((NOW, value), (NOW + timedelta(minutes=5), "NO")):
        ScreeningAnswerFactory(
            patient=session.course.patient,
            question=question,
            value=said,
            answered_at=at,
        )
        assert getattr(patient_facts(session), name) is (said != "NO")
    assert not getattr(patient_facts(session), name)


@pytest.mark.parametrize(
    "columns",
    [
        {"systolic_mmhg": 120},
        {"diastolic_mmhg": 80},
        {"systolic_mmhg": 80, "diastolic_mmhg": 80},
        {"systolic_mmhg": 301, "diastolic_mmhg": 80},
        {"pulse_bpm": 19},
        {"temperature_c": Decimal("45.1")},
        {"glucose_mmol": Decimal("0.4")},
        {"contact_seconds": 30},
        {"antiseptic": "ALCOHOL", "contact_seconds": 4},
        {"pain": 11},
        {"observed_minutes": 241},
    ],
)
def test_the_database_takes_nothing_impossible(record, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(**columns)


@pytest.mark.parametrize(
    "columns", [{"antiseptic": ""}, {"is_sterile": False}, {"end_points": ""}, {"pain": None}]
)
def test_the_database_signs_nothing_without_them(complete, clinician, columns):
    if columns == {"antiseptic": ""}:
        columns = {"antiseptic": "", "contact_seconds": None}
    SessionRecord.objects.filter(pk=complete.pk).update(**columns)
    with pytest.raises(IntegrityError, match="has_preparation_and_outcome"), transaction.atomic():
        SessionRecord.objects.filter(pk=complete.pk).update(
            signed_at=NOW, signed_by=clinician, edition=EDITION
        )


def test_an_impossible_value_is_refused_in_words(record, clinician):
    with pytest.raises(ValidationError, match="Enter both pressures"):
        checked(record, clinician, Vitals(systolic_mmhg=120))


def test_what_was_measured_prepared_and_felt_is_under_the_seal(signed):
    for column, value in (("pulse_bpm", 71), ("is_dried", False), ("pain", 3)):
        kept = getattr(signed, column)
        setattr(signed, column, value)
        assert content_hash(signed) != signed.content_hash
        setattr(signed, column, kept)
    assert content_hash(signed) == signed.content_hash


NEW_COLUMNS = {
    "systolic_mmhg": None,
    "diastolic_mmhg": None,
    "temperature_c": None,
    "glucose_mmol": None,
    "is_preparation_copied": False,
    "pulse_bpm": None,
    "antiseptic": "",
    "contact_seconds": None,
    "is_dried": False,
    "is_sterile": False,
    "end_points": "",
    "pain": None,
    "observed_minutes": None,
    "edition": None,
    **dict.fromkeys(BLOOD),
    "blood_kit_lot": "",
    "blood_anticoagulant": "",
    "blood_spin": "",
    "needle_changes": None,
    "blood_is_activated": False,
}


def test_a_record_that_was_signed_before_they_were_asked_for_still_stands(
    clinician_client, complete, clinician
):
    SessionRecord.objects.filter(pk=complete.pk).update(**NEW_COLUMNS)
    SessionRecord.objects.filter(pk=complete.pk).update(signed_at=NOW, signed_by=clinician)
    old = SessionRecord.objects.get()
    then = [
        (name, {key: value for key, value in columns.items() if key not in NEW_COLUMNS})
        for name, columns in _rows(old)
    ]
    assert content_hash(old) == seal(then)
    page = clinician_client.get(reverse("records:record-detail", args=[old.session_id]))
    assert page.status_code == 200


def test_reception_reads_none_of_it(reception_client, signed):
    for name in ("record-detail", "patient-sessions"):
        pk = signed.session_id if name == "record-detail" else signed.session.course.patient_id
        answer = reception_client.get(reverse(f"records:{name}", args=[pk]))
        assert "120/80" not in answer.content.decode()


def test_other_patients_allergies_do_not_count(session, clinician):
    Allergy.objects.create(
        patient=PatientFactory(), substance="Chlorhexidine", noted_at=NOW, noted_by=clinician
    )
    assert [one.substance for one in patient_facts(session).noted] == ["penicillin"]
