from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from meso_clinic.core.models import AuditEvent
from patients import actions
from patients.models import Allergy, Patient
from tests.factories.clinic import ClinicProfileFactory
from tests.factories.core import UserFactory
from tests.factories.patients import AllergyFactory, PatientFactory

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIELDS = {
    "given_names": "Zoë",
    "family_names": "O’Müller",
    "born_on": date(1990, 8, 22),
    "sex": Patient.Sex.FEMALE,
    "phone": "07700 900733",
    "language": "en",
    "contact_by": Patient.Contact.SMS,
}


def register(**fields):
    return actions.register_patient(by=UserFactory(reception=True), at=AT, **(FIELDS | fields))


def trail():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", "target", "patient_id"))


@pytest.mark.django_db
class TestRegister:
    def test_the_first_patient_gets_the_first_number(self, clinic_profile):
        patient = register()
        assert patient.record_number == "LSC-00001"
        assert (patient.registered_at, patient.version) == (AT, 1)
        assert trail() == [("patient.registered", f"patients.patient:{patient.pk}", patient.pk)]

    def test_numbers_go_on_after_the_highest(self, clinic_profile):
        PatientFactory(record_number="LSC-00481")
        assert register().record_number == "LSC-00482"
        PatientFactory(record_number="LSC-99999")
        assert register().record_number == "LSC-100000"
        assert register().record_number == "LSC-100001"

    def test_another_prefix_counts_by_itself(self, clinic_profile):
        PatientFactory(record_number="LSC-A-00009")
        PatientFactory(record_number="LSCX-00007")
        assert register().record_number == "LSC-00001"

    def test_a_prefix_is_text_and_not_a_pattern(self, db):
        ClinicProfileFactory(record_prefix="M.C+")
        PatientFactory(record_number="MXCC-00007")
        assert [register().record_number for _ in range(2)] == ["M.C+-00001", "M.C+-00002"]

    def test_what_search_reads_is_filled(self, clinic_profile):
        patient = register(other_phone="+33 6 12 34 56 78")
        assert patient.search_names == "zoe omuller"
        assert patient.phone_digits == "447700900733"
        assert patient.other_phone_digits == "33612345678"

    def test_names_that_unfold_to_more_than_fits_are_cut_for_search_alone(self, clinic_profile):
        patient = register(given_names="ﷺ" * 200, family_names="ﷺ" * 200)
        patient.refresh_from_db()
        assert patient.given_names == "ﷺ" * 200
        assert len(patient.search_names) == actions.SEARCH_LENGTH

    @pytest.mark.parametrize("name", ["X", "김", "𠮷" * 200, "ا" * 200, "-", "د‌م"])
    def test_a_name_of_any_script_survives(self, clinic_profile, name):
        patient = register(given_names=name, family_names="")
        patient.refresh_from_db()
        assert patient.full_name == name

    @pytest.mark.parametrize(
        "fields",
        [
            {"given_names": ""},
            {"given_names": "x" * 201},
            {"sex": "?"},
            {"born_on": None},
            {"phone": ""},
        ],
    )
    def test_a_patient_that_lacks_something_is_refused(self, clinic_profile, fields):
        with pytest.raises(ValidationError):
            register(**fields)
        assert not Patient.objects.exists()
        assert trail() == []


@pytest.mark.django_db(transaction=True)
def test_people_who_register_at_once_get_different_numbers():
    ClinicProfileFactory()
    user = UserFactory(reception=True)
    numbers = []

    def work():
        try:
            for _ in range(3):
                patient = actions.register_patient(by=user, at=AT, **FIELDS)
                numbers.append(patient.record_number)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"LSC-{number:05}" for number in range(1, 19)]


@pytest.mark.django_db
class TestConstraints:
    def test_a_record_number_is_given_once(self):
        PatientFactory(record_number="LSC-00001")
        with pytest.raises(IntegrityError), transaction.atomic():
            PatientFactory(record_number="LSC-00001")

    def test_a_patient_has_a_name(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            PatientFactory(given_names="")

    def test_an_allergy_names_a_substance(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            AllergyFactory(substance="")

    def test_an_allergy_is_withdrawn_with_a_reason(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            AllergyFactory(withdrawn_at=AT)


@pytest.mark.django_db
class TestChange:
    @pytest.fixture
    def patient(self, clinic_profile):
        return PatientFactory(given_names="Carys", family_names="Penhallow")

    def change(self, patient, version=1, **fields):
        return actions.change_patient(
            patient=patient, version=version, by=UserFactory(), at=AT, **fields
        )

    def test_changed_fields_are_kept_and_found(self, patient):
        row = self.change(patient, family_names="Vále", phone="020 7946 0142")
        row.refresh_from_db()
        assert (row.family_names, row.search_names) == ("Vále", "carys vale")
        assert (row.phone_digits, row.version) == ("442079460142", 2)
        assert trail() == [("patient.changed", f"patients.patient:{row.pk}", row.pk)]

    def test_saving_what_is_there_already_writes_nothing(self, patient):
        assert self.change(patient, family_names="Penhallow").version == 1
        assert trail() == []

    def test_a_change_since_then_is_not_overwritten(self, patient):
        self.change(patient, phone="020 7946 0142")
        with pytest.raises(actions.PatientChangedMeanwhile) as refused:
            self.change(patient, phone="020 7946 0999")
        assert refused.value.current.phone == "020 7946 0142"
        assert Patient.objects.get().phone == "020 7946 0142"

    def test_a_field_somebody_else_writes_directly_is_left_alone(self, patient):
        Patient.objects.update(email="carys@example.org", version=F("version"))
        assert self.change(patient, phone="020 7946 0142").email == "carys@example.org"

    def test_what_is_not_allowed_is_refused(self, patient):
        with pytest.raises(ValidationError):
            self.change(patient, given_names="")


@pytest.mark.django_db
class TestAllergies:
    def test_an_allergy_is_recorded(self):
        patient, clinician = PatientFactory(), UserFactory(clinician=True)
        allergy = actions.record_allergy(
            patient=patient, substance="Latex", reaction="Rash", by=clinician, at=AT
        )
        assert list(patient.allergies.live()) == [allergy]
        assert (allergy.noted_by, allergy.noted_at) == (clinician, AT)
        assert trail() == [
            ("patient.allergy_recorded", f"patients.allergy:{allergy.pk}", patient.pk)
        ]

    def test_an_allergy_to_nothing_is_refused(self):
        with pytest.raises(ValidationError):
            actions.record_allergy(
                patient=PatientFactory(), substance="", reaction="", by=UserFactory(), at=AT
            )

    def test_an_allergy_is_withdrawn_with_a_reason_and_stays(self):
        allergy = AllergyFactory()
        actions.withdraw_allergy(allergy=allergy, reason="Tested", by=UserFactory(), at=AT)
        assert not Allergy.objects.live().exists()
        assert Allergy.objects.get().withdrawn_reason == "Tested"
        assert trail() == [
            ("patient.allergy_withdrawn", f"patients.allergy:{allergy.pk}", allergy.patient_id)
        ]

    def test_withdrawing_without_a_reason_is_refused(self):
        with pytest.raises(ValidationError):
            actions.withdraw_allergy(allergy=AllergyFactory(), reason="", by=UserFactory(), at=AT)

    def test_withdrawing_twice_is_refused(self):
        allergy = AllergyFactory(withdrawn=True)
        with pytest.raises(actions.AllergyAlreadyWithdrawn):
            actions.withdraw_allergy(allergy=allergy, reason="Again", by=UserFactory(), at=AT)
        assert Allergy.objects.get().withdrawn_reason == "Entered twice"
