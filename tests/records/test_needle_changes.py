"""How often the needle was changed stands in the record, on its page and under its seal."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from records.models import SessionRecord
from records.selectors.seal import content_hash
from tests.records.conftest import sign
from tests.records.test_step_pages import typed, url

pytestmark = pytest.mark.django_db


def said(answer):
    return " ".join(answer.content.decode().split())


def read(client, record):
    return said(client.get(reverse("records:record-sign", args=[record.session_id])))


@pytest.mark.parametrize(
    ("sent", "kept", "words"),
    [
        ("", None, ""),
        ("0", 0, "0 needle changes"),
        ("1", 1, "1 needle change "),
        ("3", 3, "3 needle changes"),
    ],
)
def test_it_is_kept_and_read(clinician_client, record, lot, crown, sent, kept, words):
    step = url(record.session, "injections")
    sent = typed(lot, crown, record.version, needle_changes=sent)
    assert clinician_client.post(step, sent).status_code == 302
    record.refresh_from_db()
    assert record.needle_changes == kept
    assert words in read(clinician_client, record)
    if kept is None:
        assert "needle change" not in read(clinician_client, record)


def test_another_zone_leaves_it(clinician_client, record, lot, crown, frontal):
    step = url(record.session, "injections")
    clinician_client.post(step, typed(lot, crown, record.version, needle_changes="2"))
    record.refresh_from_db()
    clinician_client.post(step, typed(lot, frontal, record.version))
    record.refresh_from_db()
    assert record.needle_changes == 2
    assert record.zones.count() == 2


@pytest.mark.parametrize("odd", ["-1", "100", "1.5", "many", "9" * 400])
def test_a_slip_is_told_and_nothing_is_kept(clinician_client, record, lot, crown, odd):
    sent = typed(lot, crown, record.version, needle_changes=odd)
    answer = clinician_client.post(url(record.session, "injections"), sent)
    assert answer.status_code == 422
    assert "Needle changes must be between 0 and 99." in said(answer)
    assert not record.zones.exists()


def test_the_database_takes_no_impossible_number(record):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionRecord.objects.filter(pk=record.pk).update(needle_changes=100)


def test_the_signature_seals_it(complete, clinician):
    SessionRecord.objects.filter(pk=complete.pk).update(needle_changes=2)
    signed = sign(SessionRecord.objects.get(pk=complete.pk), clinician)
    signed.refresh_from_db()
    assert content_hash(signed) == signed.content_hash
    signed.needle_changes = 3
    assert content_hash(signed) != signed.content_hash
