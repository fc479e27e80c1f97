"""Several people do the same thing at the same moment: it is done once."""

import threading
from uuid import uuid4

import pytest
from django.db import connections

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


def at_once(act):
    """Let MANY threads do `act` with their number at once; return what each of them got."""
    start, answers = threading.Barrier(MANY), []

    def run(number):
        try:
            start.wait(timeout=30)
            answers.append(act(number))
        except Exception as refusal:
            answers.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def test_a_form_that_is_sent_many_times_at_once_signs_once():
    course = TreatmentCourseFactory()
    text = ConsentTemplateFactory(indication=course.indication)
    key = uuid4()

    def sign(_number):
        return sign_consents(
            course=course,
            choices=[Choice(text, is_given=True)],
            signature=Signature(name="Amara Whitfield"),
            key=key,
            by=course.practitioner,
            at=AT,
        )

    answers = at_once(sign)
    consent = Consent.objects.get()
    assert answers == [[consent]] * MANY


@pytest.mark.parametrize("is_first", [True, False])
def test_of_many_who_publish_at_once_one_wins(is_first):
    indication = TreatmentCourseFactory().indication
    if not is_first:
        ConsentTemplateFactory(indication=indication)
    base = 0 if is_first else 1
    editors = UserFactory.create_batch(MANY, admin=True)

    def publish(number):
        return publish_consent_text(
            unit="TREATMENT",
            indication=indication,
            base_version=base,
            title="Consent",
            text=f"What it is: By {number}.",
            reason="New",
            by=editors[number],
            at=AT,
        )

    answers = at_once(publish)
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(lost) == MANY - 1
    assert all(isinstance(answer, ConsentTextChanged) for answer in lost)
    assert ConsentTemplate.objects.in_force().get().version == base + 1
