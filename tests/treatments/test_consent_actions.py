"""Consent is signed, taken back, published and withdrawn."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.treatments import ProductFactory, TreatmentCourseFactory
from tests.treatments.conftest import NOW
from treatments.actions import consents as actions
from treatments.actions.consents import Choice, Signature
from treatments.domain.consents import State, digest
from treatments.models import Consent, ConsentReopening, ConsentTemplate
from treatments.selectors.consents import read_standing, read_standings

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(patient, hair_loss, site, clinician):
    return TreatmentCourseFactory(
        patient=patient, indication=hair_loss, site=site, practitioner=clinician
    )


@pytest.fixture
def treatment(hair_loss):
    return ConsentTemplateFactory(indication=hair_loss)


@pytest.fixture
def photos():
    return ConsentTemplateFactory(photos=True)


def sign(course, *choices, by=None, key=None, at=NOW, **signature):
    return actions.sign_consents(
        course=course,
        choices=[Choice(template, is_given) for template, is_given in choices],
        signature=Signature(**{"name": "Amara Whitfield"} | signature),
        key=key or uuid4(),
        by=by or course.practitioner,
        at=at,
    )


def publish(admin, unit="TREATMENT", indication=None, base_version=0, **change):
    values = {"title": "Consent", "text": "What it is: Care.", "reason": "New"} | change
    return actions.publish_consent_text(
        unit=unit,
        indication=indication,
        base_version=base_version,
        by=admin,
        at=NOW,
        **values,
    )


def states(course, at=NOW):
    return {one.asked.unit: one.state for one in read_standing(course, at=at).findings}


class TestSigning:
    def test_each_unit_is_kept_with_the_text_that_was_read(
        self, course, treatment, photos, audited
    ):
        signed = sign(
            course,
            (treatment, True),
            (photos, False),
            path="M1 2L3 4",
            witness="Bao Tran",
            interpreter="Lin Wu",
            device="Tablet",
        )
        first, second = Consent.objects.in_order()
        assert signed == [first, second]
        assert (first.course, second.course) == (course, None)
        assert (first.is_given, second.is_given) == (True, False)
        assert first.text == treatment.shown
        assert first.text_sha256 == digest(first.text)
        assert "Results vary" in first.text
        assert (first.patient, first.taken_by) == (course.patient, course.practitioner)
        assert (first.witness, first.interpreter, first.device) == ("Bao Tran", "Lin Wu", "Tablet")
        assert (first.signature, first.signed_name) == ("M1 2L3 4", "Amara Whitfield")
        assert first.signed_at == NOW
        assert audited() == ["consent.signed", "consent.declined"]
        assert states(course) == {"TREATMENT": State.VALID, "PHOTOS": State.DECLINED}

    def test_the_same_form_sent_twice_signs_once(self, course, treatment, audited):
        key = uuid4()
        first = sign(course, (treatment, True), key=key)
        assert sign(course, (treatment, True), key=key) == first
        assert audited() == ["consent.signed"]

    def test_a_form_of_one_patient_never_signs_for_another(self, course, treatment):
        key = uuid4()
        sign(course, (treatment, True), key=key)
        other = TreatmentCourseFactory(indication=course.indication)
        with pytest.raises(actions.ConsentRefused, match="another patient"):
            sign(other, (treatment, True), key=key)
        assert not other.patient.consents.exists()

    def test_a_text_that_is_not_in_force_is_not_signed(self, course, treatment, admin, photos):
        publish(admin, indication=treatment.indication, base_version=1, text="Risks: More.")
        with pytest.raises(actions.TextsChangedMeanwhile, match="Read it again"):
            sign(course, (photos, True), (treatment, True))
        assert not Consent.objects.exists()

    def test_a_text_for_something_else_is_not_signed(self, course, treatment, cellulite):
        other = ConsentTemplateFactory(indication=cellulite)
        with pytest.raises(actions.TextsChangedMeanwhile):
            sign(course, (other, True))

    def test_a_text_of_the_indication_takes_the_place_of_the_one_for_all(self, course, treatment):
        general = ConsentTemplateFactory(indication=None)
        with pytest.raises(actions.TextsChangedMeanwhile):
            sign(course, (general, True))
        sign(course, (treatment, True))
        assert states(course) == {"TREATMENT": State.VALID}

    def test_nothing_is_signed_without_a_choice(self, course, treatment):
        with pytest.raises(actions.ConsentRefused, match="at least one"):
            sign(course)

    def test_nothing_is_signed_without_a_name(self, course, treatment):
        with pytest.raises(ValidationError):
            sign(course, (treatment, True), name="")

    def test_nothing_is_signed_for_a_course_that_ended(self, course, treatment):
        type(course).objects.update(status="COMPLETED", ended_at=NOW)
        with pytest.raises(actions.ConsentRefused, match="has ended"):
            sign(course, (treatment, True))


class TestTakingBack:
    def test_it_is_a_row_of_its_own_and_the_signature_stays(self, course, treatment, audited):
        [consent] = sign(course, (treatment, True))
        before = Consent.objects.values().get()
        revoked = actions.revoke_consent(
            consent=consent, reason=" Wants to wait. ", by=course.practitioner, at=NOW
        )
        assert (revoked.reason, revoked.by, revoked.at) == (
            "Wants to wait.",
            course.practitioner,
            NOW,
        )
        assert Consent.objects.values().get() == before
        assert audited() == ["consent.signed", "consent.revoked"]
        assert states(course) == {"TREATMENT": State.REVOKED}

    def test_it_can_be_signed_again(self, course, treatment):
        [consent] = sign(course, (treatment, True))
        actions.revoke_consent(consent=consent, reason="Waits", by=course.practitioner, at=NOW)
        sign(course, (treatment, True), at=NOW + timedelta(minutes=1))
        assert states(course) == {"TREATMENT": State.VALID}

    def test_nothing_is_taken_back_twice(self, course, treatment):
        [consent] = sign(course, (treatment, True))
        actions.revoke_consent(consent=consent, reason="Waits", by=course.practitioner, at=NOW)
        with pytest.raises(actions.ConsentRefused, match="already"):
            actions.revoke_consent(consent=consent, reason="So", by=course.practitioner, at=NOW)

    def test_what_was_declined_is_not_taken_back(self, course, treatment):
        [consent] = sign(course, (treatment, False))
        with pytest.raises(actions.ConsentRefused, match="did not agree"):
            actions.revoke_consent(consent=consent, reason="So", by=course.practitioner, at=NOW)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_nobody_has_to_say_why(self, course, treatment, reason):
        [consent] = sign(course, (treatment, True))
        actions.revoke_consent(consent=consent, reason=reason, by=course.practitioner, at=NOW)
        assert consent.revocation.reason == "No reason given"

    def test_a_reason_may_be_too_long(self, course, treatment):
        [consent] = sign(course, (treatment, True))
        with pytest.raises(ValidationError):
            actions.revoke_consent(
                consent=consent, reason="x" * 201, by=course.practitioner, at=NOW
            )
        assert states(course) == {"TREATMENT": State.VALID}


class TestReopening:
    def reopen(self, course, reason="PATIENT_ASKS", words="", at=NOW):
        return actions.reopen_consents(
            course=course, reason=reason, words=words, by=course.practitioner, at=at
        )

    @pytest.mark.parametrize("reason", ConsentReopening.Reason.values)
    def test_what_was_signed_stays_and_is_signed_again(self, course, treatment, audited, reason):
        [before] = sign(course, (treatment, True), at=NOW - timedelta(days=1))
        row = self.reopen(course, reason, " Asked on the phone. ")
        assert (row.words, row.by, row.at) == ("Asked on the phone.", course.practitioner, NOW)
        assert states(course) == {"TREATMENT": State(reason)}
        assert audited() == ["consent.signed", "consent.reopened"]
        assert Consent.objects.get() == before
        sign(course, (treatment, True), at=NOW + timedelta(hours=1))
        assert states(course) == {"TREATMENT": State.VALID}

    def test_other_courses_of_the_patient_stand(self, course, treatment):
        other = TreatmentCourseFactory(
            patient=course.patient, indication=course.indication, site=course.site
        )
        for one in (course, other):
            sign(one, (treatment, True), at=NOW - timedelta(days=1))
        self.reopen(course)
        assert states(course) == {"TREATMENT": State.PATIENT_ASKS}
        assert states(other) == {"TREATMENT": State.VALID}

    def test_nothing_is_reopened_that_does_not_stand(self, course, treatment, photos):
        sign(course, (photos, True))
        with pytest.raises(actions.ConsentRefused, match="nothing to reopen"):
            self.reopen(course)

    def test_nothing_is_reopened_of_a_course_that_ended(self, course, treatment):
        sign(course, (treatment, True))
        type(course).objects.update(status="COMPLETED", ended_at=NOW)
        with pytest.raises(actions.ConsentRefused, match="has ended"):
            self.reopen(course)

    @pytest.mark.parametrize("change", [{"reason": "OTHER"}, {"words": "x" * 201}])
    def test_what_is_no_reason_is_refused(self, course, treatment, change):
        sign(course, (treatment, True))
        with pytest.raises(ValidationError):
            self.reopen(course, **change)
        assert not ConsentReopening.objects.exists()

    def test_the_class_of_the_planned_product_is_kept(self, course, treatment):
        [without] = sign(course, (treatment, True))
        assert without.product_class == ""
        product = ProductFactory(product_class="ha")
        type(course).objects.update(product=product)
        assert states(course) == {"TREATMENT": State.OTHER_PRODUCT}
        [signed] = sign(course, (treatment, True))
        assert signed.product_class == "ha"
        assert states(course) == {"TREATMENT": State.VALID}
        type(product).objects.update(product_class="vitamin")
        assert states(course) == {"TREATMENT": State.OTHER_PRODUCT}


class TestTexts:
    def test_a_new_version_is_asked_again(self, course, treatment, admin, audited):
        sign(course, (treatment, True))
        newer = publish(
            admin,
            indication=treatment.indication,
            base_version=1,
            title="  Consent  ",
            text=" Risks: More. \r\n\r\n Choice: Yours.",
        )
        assert (newer.version, newer.title) == (2, "Consent")
        assert newer.text == "Risks: More.\nChoice: Yours."
        assert states(course) == {"TREATMENT": State.OUTDATED}
        assert audited()[-1] == "consent.text_published"

    def test_versions_are_counted_for_each_text(self, admin, hair_loss, cellulite):
        made = [
            publish(admin, indication=hair_loss),
            publish(admin, indication=cellulite),
            publish(admin),
            publish(admin, unit="PHOTOS"),
        ]
        assert [text.version for text in made] == [1, 1, 1, 1]
        assert ConsentTemplate.objects.in_force().count() == 4

    @pytest.mark.parametrize("base_version", [0, 2])
    def test_a_text_that_changed_meanwhile_is_not_overwritten(self, admin, treatment, base_version):
        with pytest.raises(actions.ConsentTextChanged):
            publish(admin, indication=treatment.indication, base_version=base_version)

    def test_the_same_text_is_no_new_version(self, admin, treatment):
        with pytest.raises(actions.SameConsentText):
            publish(
                admin,
                indication=treatment.indication,
                base_version=1,
                title=treatment.title,
                text=treatment.text,
            )

    @pytest.mark.parametrize("missing", ["title", "text", "reason"])
    def test_it_needs_title_text_and_reason(self, admin, missing):
        with pytest.raises(ValidationError):
            publish(admin, **{missing: " \n"})

    def test_what_a_patient_agrees_to_once_has_no_indication(self, admin, hair_loss):
        with pytest.raises(ValidationError):
            publish(admin, unit="PHOTOS", indication=hair_loss)

    def test_a_withdrawn_text_is_not_asked_for(self, course, treatment, admin, audited):
        actions.withdraw_consent_text(template=treatment, reason="On paper", by=admin, at=NOW)
        assert not read_standing(course, at=NOW).is_asked
        assert audited() == ["consent.text_withdrawn"]

    def test_a_withdrawn_text_comes_back_as_a_new_version(self, course, treatment, admin):
        actions.withdraw_consent_text(template=treatment, reason="On paper", by=admin, at=NOW)
        publish(
            admin,
            indication=treatment.indication,
            base_version=1,
            title=treatment.title,
            text=treatment.text,
        )
        assert states(course) == {"TREATMENT": State.MISSING}

    def test_an_old_version_never_comes_back_in_force(self, treatment, admin):
        newer = publish(admin, indication=treatment.indication, base_version=1, text="Risks: Few.")
        actions.withdraw_consent_text(template=newer, reason="On paper", by=admin, at=NOW)
        assert not ConsentTemplate.objects.in_force().exists()

    def test_only_the_text_in_force_is_withdrawn(self, treatment, admin):
        newer = publish(admin, indication=treatment.indication, base_version=1, text="Risks: Few.")
        with pytest.raises(actions.ConsentTextChanged):
            actions.withdraw_consent_text(template=treatment, reason="Old", by=admin, at=NOW)
        actions.withdraw_consent_text(template=newer, reason="On paper", by=admin, at=NOW)
        with pytest.raises(actions.ConsentTextChanged):
            actions.withdraw_consent_text(template=newer, reason="Twice", by=admin, at=NOW)

    def test_a_withdrawal_needs_a_reason(self, treatment, admin):
        with pytest.raises(ValidationError):
            actions.withdraw_consent_text(template=treatment, reason=" ", by=admin, at=NOW)


class TestReading:
    def test_a_planned_product_can_ask_for_more(self, course, treatment):
        off_label = ConsentTemplateFactory(unit="OFF_LABEL", indication=None, title="Product")
        # Who gets no such product is not asked about it at all.
        assert [one.asked.unit for one in read_standing(course, at=NOW).findings] == ["TREATMENT"]
        product = course.indication.products.create(
            code="fat", name="Fat", product_class="detergent", route="SUBCUTANEOUS", source="x"
        )
        course.product = product
        course.save(update_fields=["product"])
        assert [one.asked.template for one in read_standing(course, at=NOW).missing] == [
            treatment.pk,
            off_label.pk,
        ]

    def test_a_course_that_paused_for_long_asks_again(self, course, treatment):
        ConsentFactory(of=course, template=treatment, signed_at=NOW - timedelta(days=300))
        course.sessions.create(
            number=1,
            due_on=NOW.date() - timedelta(days=200),
            delivered_on=NOW.date() - timedelta(days=200),
            status="DONE",
        )
        assert states(course) == {"TREATMENT": State.AFTER_BREAK}

    def test_a_consent_to_another_treatment_is_said_to_be_one(
        self, course, treatment, cellulite, patient
    ):
        other = TreatmentCourseFactory(patient=patient, indication=cellulite)
        ConsentFactory(of=other)
        assert states(course) == {"TREATMENT": State.OTHER_INDICATION}

    def test_many_courses_take_as_many_queries_as_one(
        self, course, treatment, django_assert_max_num_queries
    ):
        ConsentFactory(of=course, template=treatment)
        others = [TreatmentCourseFactory(indication=course.indication) for _ in range(5)]
        with django_assert_max_num_queries(3):
            found = read_standings([course, *others], at=NOW)
        assert [one for one in found if found[one].is_complete] == [course.pk]

    def test_a_clinic_without_texts_costs_one_query(self, course, django_assert_max_num_queries):
        with django_assert_max_num_queries(1):
            assert not read_standing(course, at=NOW).is_asked

    def test_no_course_has_no_standing(self, treatment):
        assert read_standings([], at=NOW) == {}
