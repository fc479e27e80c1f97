"""Several people do the same thing at the same moment: it is done once."""

from functools import partial
from uuid import uuid4

import pytest

from tests.at_once import at_once, refused
from tests.factories.consents import ConsentTemplateFactory
from tests.factories.core import UserFactory
from tests.factories.treatments import AT, TreatmentCourseFactory
from treatments.actions.consents import (
    Choice,
    ConsentTextChanged,
    Signature,
    publish_consent_text,
    sign_consents,
)
from treatments.models import Consent, ConsentTemplate

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def test_a_form_that_is_sent_many_times_at_once_signs_once():
    course = TreatmentCourseFactory()
    text = ConsentTemplateFactory(indication=course.indication)
    key = uuid4()

    def sign():
        return sign_consents(
            course=course,
            choices=[Choice(text, is_given=True)],
            signature=Signature(name="Amara Whitfield"),
            key=key,
            by=course.practitioner,
            at=AT,
        )

    answers = at_once(*[sign] * MANY)
    consent = Consent.objects.get()
    assert answers == [[consent]] * MANY


@pytest.mark.parametrize("is_first", [True, False])
def test_of_many_who_publish_at_once_one_wins(is_first):
    indication = TreatmentCourseFactory().indication
    if not is_first:
        ConsentTemplateFactory(indication=indication)
    base = 0 if is_first else 1
    editors = UserFactory.create_batch(MANY, admin=True)

    def publish(editor):
        return publish_consent_text(
            unit="TREATMENT",
            indication=indication,
            base_version=base,
            title="Consent",
            text=f"What it is: By {editor.username}.",
            reason="New",
            by=editor,
            at=AT,
        )

    answers = at_once(*(partial(publish, editor) for editor in editors))
    lost = refused(answers)
    assert len(lost) == MANY - 1
    assert all(isinstance(answer, ConsentTextChanged) for answer in lost)
    assert ConsentTemplate.objects.in_force().get().version == base + 1
