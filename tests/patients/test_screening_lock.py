"""Answers are only ever added to, whatever way one tries, and no impossible one is stored."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from patients.models import Screening, ScreeningAnswer
from tests.factories.screening import ScreeningAnswerFactory, ScreeningQuestionFactory

pytestmark = pytest.mark.django_db

CHANGES = {ScreeningAnswer: ("value", "YES"), Screening: ("part", "SHORT")}


def refused(what, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        what(*args, **kwargs)


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("model", CHANGES)
def test_no_row_is_changed_or_removed(model):
    row = ScreeningAnswerFactory() and model.objects.get()
    before = list(model.objects.values())
    table, (field, value) = model._meta.db_table, CHANGES[model]
    setattr(row, field, value)
    refused(execute, f"UPDATE {table} SET {field} = %s", [value])
    refused(execute, f"DELETE FROM {table}")
    refused(model.objects.update, **{field: value})
    refused(model.objects.bulk_update, [row], [field])
    refused(row.save)
    refused(model.objects.all()._raw_delete, model.objects.db)
    assert list(model.objects.values()) == before


@pytest.mark.parametrize(
    "change",
    [
        {"value": "MAYBE"},
        {"value": "NO", "day": date(2026, 11, 1)},
        {"value": "UNKNOWN", "day": date(2026, 11, 1)},
    ],
)
def test_no_impossible_answer_is_stored(change):
    refused(ScreeningAnswerFactory, **change)


def test_an_answer_is_not_older_than_itself():
    kept = ScreeningAnswerFactory()
    refused(
        ScreeningAnswerFactory,
        patient=kept.patient,
        unchanged_since=kept.answered_at + timedelta(seconds=1),
    )


def test_a_question_is_answered_once_in_one_filling_in():
    kept = ScreeningAnswerFactory()
    refused(
        ScreeningAnswerFactory,
        patient=kept.patient,
        screening=kept.screening,
        question=kept.question,
    )


@pytest.mark.parametrize(
    "change",
    [{"text": ""}, {"source": ""}, {"kind": "DAY"}, {"detail": "Which?"}],
)
def test_no_impossible_question_is_stored(change):
    refused(ScreeningQuestionFactory, **change)


def test_the_newest_answer_counts_also_within_one_moment():
    first = ScreeningAnswerFactory()
    second = ScreeningAnswerFactory(
        patient=first.patient, question=first.question, value="YES", answered_at=first.answered_at
    )
    older = ScreeningAnswerFactory(
        patient=first.patient,
        question=first.question,
        answered_at=first.answered_at - timedelta(days=1),
    )
    assert list(ScreeningAnswer.objects.newest()) == [second]
    assert older.pk > second.pk
    assert [str(one) for one in (first.question, first, first.screening)] == [
        first.question.code,
        f"answer {first.pk}",
        f"screening {first.screening.pk}",
    ]
