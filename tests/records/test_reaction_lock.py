"""The database keeps reactions as they were told, whoever writes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from meso_clinic.core.constraints import violates
from records.models import AdverseEvent, HoldLift
from tests.factories.core import UserFactory
from tests.factories.reactions import AdverseEventFactory, AdverseEventUpdateFactory
from tests.factories.treatments import AT, LotFactory, TreatmentCourseFactory
from treatments.models import TreatmentCourse

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 26)


def refused(make, name):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    assert violates(error.value, name)


def lifted():
    return HoldLift.objects.create(
        course=TreatmentCourseFactory(), reason="Healed.", at=AT, by=UserFactory(prescriber=True)
    )


@pytest.mark.parametrize(
    ("make", "name", "change"),
    [
        (AdverseEventFactory, "reaction_is_immutable", {"grade": 2}),
        (AdverseEventUpdateFactory, "reaction_update_is_append_only", {"words": "Other"}),
        (lifted, "hold_lift_is_append_only", {"reason": "Other"}),
    ],
)
def test_nothing_is_changed_or_deleted(make, name, change):
    row = make()
    rows = type(row).objects.filter(pk=row.pk)
    refused(lambda: rows.update(**change), name)
    refused(rows.delete, name)
    [column] = change
    table = type(row)._meta.db_table

    def write():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {column}")

    refused(write, name)
    with pytest.raises(ValidationError):
        row.full_clean()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "nonsense"}, "reaction_kind_is_known"),
        ({"grade": 0}, "reaction_grade_is_1_to_5"),
        ({"grade": 6, "is_red_flag": True}, "reaction_grade_is_1_to_5"),
        ({"grade": 3}, "reaction_red_flag_is_told"),
        ({"has_sign": True}, "reaction_red_flag_is_told"),
        ({"kind": "nodule_late"}, "reaction_red_flag_is_told"),
        ({"description": ""}, "reaction_is_described"),
        ({"source": "OTHER"}, "reaction_says_who_told_it"),
        ({"outcome": "RESOLVED"}, "reaction_outcome_is_dated"),
        ({"resolved_on": DAY}, "reaction_outcome_is_dated"),
    ],
)
def test_a_reaction_that_cannot_be_is_refused(change, name):
    refused(lambda: AdverseEventFactory(**change), name)


def test_a_lot_comes_with_its_product():
    lot = LotFactory()
    refused(lambda: AdverseEventFactory(lot=lot), "reaction_lot_has_its_product")
    assert AdverseEventFactory(lot=lot, product=lot.product).lot == lot


def test_a_form_is_kept_once():
    key = AdverseEventFactory().key
    with pytest.raises(IntegrityError), transaction.atomic():
        AdverseEventFactory(key=key)
    assert AdverseEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"grade": 9, "is_red_flag": True}, "reaction_update_grade_is_1_to_5"),
        ({"grade": 4}, "reaction_update_red_flag_is_told"),
        ({"words": ""}, "reaction_update_has_words"),
        ({"outcome": "RESOLVED"}, "reaction_update_outcome_is_dated"),
        ({"regulator": "Agency"}, "reaction_report_names_whom_and_when"),
        ({"regulator_on": DAY}, "reaction_report_names_whom_and_when"),
    ],
)
def test_an_addition_that_cannot_be_is_refused(change, name):
    event = AdverseEventFactory()
    refused(lambda: AdverseEventUpdateFactory(event=event, **change), name)


def test_two_additions_never_have_one_number():
    update = AdverseEventUpdateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AdverseEventUpdateFactory(event=update.event, number=update.number)


def test_a_hold_is_never_lifted_without_words():
    course, by = TreatmentCourseFactory(), UserFactory(prescriber=True)
    refused(
        lambda: HoldLift.objects.create(course=course, reason="", at=AT, by=by),
        "hold_is_lifted_with_a_reason",
    )


def test_a_course_on_hold_does_not_run():
    course = TreatmentCourseFactory()
    rows = TreatmentCourse.objects.filter(pk=course.pk)
    refused(lambda: rows.update(held_at=AT), "course_on_hold_does_not_run")


def test_rows_name_themselves_without_the_patient():
    event = AdverseEventFactory()
    assert str(event) == f"reaction {event.pk}"
    assert str(AdverseEventUpdateFactory(event=event)) == f"update 1 of reaction {event.pk}"
    assert str(lifted()).startswith("end of the hold of course ")
