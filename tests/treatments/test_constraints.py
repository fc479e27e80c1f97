"""What the database itself refuses, whoever writes to it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from meso_clinic.core.constraints import violates
from tests.factories.treatments import (
    AT,
    AssessmentFactory,
    IndicationRevisionFactory,
    LotFactory,
    ProductFactory,
    ProtocolFactory,
    TreatmentCourseFactory,
    ZoneFactory,
)
from treatments.models import IndicationRevision, Protocol, TreatmentCourse


def refused(name, write):
    """Assert that `write` breaks the constraint called `name`, and that nothing is kept of it."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert violates(refusal.value, name), refusal.value


CADENCE = [
    ({"total_sessions": 0, "initial_sessions": 0}, "has_3_to_15_sessions|initial_fits_in_total"),
    ({"total_sessions": 2, "initial_sessions": 2}, "has_3_to_15_sessions"),
    ({"total_sessions": 16}, "has_3_to_15_sessions"),
    ({"initial_sessions": 0}, "initial_fits_in_total"),
    ({"total_sessions": 5, "initial_sessions": 6}, "initial_fits_in_total"),
    ({"initial_min_days": 6}, "initial_gap_is_7_to_10_days"),
    ({"initial_max_days": 11}, "initial_gap_is_7_to_10_days"),
    ({"initial_min_days": 10, "initial_max_days": 7}, "initial_gap_is_7_to_10_days"),
    ({"monthly_min_days": 27}, "monthly_gap_is_28_to_35_days"),
    ({"monthly_max_days": 36}, "monthly_gap_is_28_to_35_days"),
    ({"monthly_min_days": 35, "monthly_max_days": 28}, "monthly_gap_is_28_to_35_days"),
    ({"session_minutes": 9}, "takes_10_to_240_minutes"),
    ({"session_minutes": 241}, "takes_10_to_240_minutes"),
    ({"buffer_before_minutes": 61}, "buffers_are_0_to_60_minutes"),
    ({"buffer_after_minutes": 61}, "buffers_are_0_to_60_minutes"),
]


def broken(name, model, numbers, write):
    prefix = model.__name__.lower()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write(numbers)
    assert any(violates(refusal.value, f"{prefix}_{part}") for part in name.split("|"))


@pytest.mark.django_db
@pytest.mark.parametrize(("numbers", "name"), CADENCE)
def test_a_protocol_keeps_to_the_chain(numbers, name):
    protocol = ProtocolFactory()
    broken(name, Protocol, numbers, lambda new: Protocol.objects.update(**new))
    for field, value in numbers.items():
        setattr(protocol, field, value)
    with pytest.raises(ValidationError):
        protocol.validate_constraints()


@pytest.mark.django_db
@pytest.mark.parametrize(("numbers", "name"), CADENCE)
def test_a_course_keeps_to_the_chain(numbers, name):
    TreatmentCourseFactory()
    broken(name, TreatmentCourse, numbers, lambda new: TreatmentCourse.objects.update(**new))


@pytest.mark.django_db
@pytest.mark.parametrize("model_factory", [ProtocolFactory, TreatmentCourseFactory])
@pytest.mark.parametrize(
    "numbers",
    [
        {"total_sessions": 3, "initial_sessions": 1},
        {"total_sessions": 15, "initial_sessions": 15},
        {"initial_min_days": 7, "initial_max_days": 7},
        {"initial_min_days": 10, "initial_max_days": 10},
        {"monthly_min_days": 28, "monthly_max_days": 28},
        {"monthly_min_days": 35, "monthly_max_days": 35},
        {"session_minutes": 10},
        {"session_minutes": 240},
        {"buffer_before_minutes": 60, "buffer_after_minutes": 60},
    ],
)
def test_the_limits_themselves_are_allowed(model_factory, numbers):
    assert model_factory(**numbers).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ({"depth_min_mm": Decimal("0.9")}, "protocol_depth_is_1_to_4_mm"),
        ({"depth_max_mm": Decimal("4.1")}, "protocol_depth_is_1_to_4_mm"),
        (
            {"depth_min_mm": Decimal("3.0"), "depth_max_mm": Decimal("2.0")},
            "protocol_depth_is_1_to_4_mm",
        ),
        ({"downtime_min_days": 3, "downtime_max_days": 2}, "protocol_downtime_is_in_order"),
    ],
)
def test_a_protocol_keeps_to_depth_and_rest(numbers, name):
    ProtocolFactory()
    refused(name, lambda: Protocol.objects.update(**numbers))


@pytest.mark.django_db
def test_depth_may_be_one_and_four_millimetres():
    assert ProtocolFactory(depth_min_mm=Decimal("1.0"), depth_max_mm=Decimal("4.0")).pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"activated_at": None}, "course_is_activated_once_it_leaves_draft"),
        ({"status": "DRAFT"}, "course_is_activated_once_it_leaves_draft"),
        ({"status": "COMPLETED"}, "course_is_ended_iff_its_status_says_so"),
        ({"ended_at": AT}, "course_is_ended_iff_its_status_says_so"),
        ({"status": "SUSPENDED"}, "course_stops_with_a_reason"),
        ({"status": "LAPSED", "ended_at": AT}, "course_stops_with_a_reason"),
        ({"status": "DISCONTINUED", "ended_at": AT}, "course_stops_with_a_reason"),
    ],
)
def test_a_course_is_in_one_state_at_a_time(values, name):
    TreatmentCourseFactory()
    refused(name, lambda: TreatmentCourse.objects.update(**values))


def opened(vials):
    return {"opened_on": date(2026, 11, 2), "vials_opened": vials}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "values", "name"),
    [
        (ProductFactory, {"min_interval_days": 366}, "product_interval_is_within_a_year"),
        (ProductFactory, {"source": ""}, "product_numbers_have_a_source"),
        (LotFactory, {"number": ""}, "lot_has_a_number"),
        (LotFactory, {"status": "LOST"}, "lot_status_is_known"),
        (LotFactory, {"quantity": 0}, "lot_quantity_is_positive"),
        (LotFactory, {"vials_opened": 1}, "lot_opened_day_comes_with_a_vial"),
        (LotFactory, {"opened_on": date(2026, 11, 2)}, "lot_opened_day_comes_with_a_vial"),
        (LotFactory, {"quantity": 1, **opened(2)}, "lot_vials_opened_came_in"),
        (
            LotFactory,
            {"received_on": date(2026, 11, 3), **opened(1)},
            "lot_is_opened_after_it_came_in",
        ),
        (ProductFactory, {"days_after_opening": 7}, "opened_vial_is_used_within_28_days"),
        (
            ProductFactory,
            {"is_multi_dose": True, "days_after_opening": 29},
            "opened_vial_is_used_within_28_days",
        ),
        (AssessmentFactory, {"assessed_by": ""}, "assessment_says_who_and_what"),
        (AssessmentFactory, {"finding": ""}, "assessment_says_who_and_what"),
        (IndicationRevisionFactory, {"recovery_notes": ""}, "indication_revision_is_complete"),
        (IndicationRevisionFactory, {"summary": ""}, "indication_revision_is_complete"),
        (IndicationRevisionFactory, {"reason": ""}, "indication_revision_is_complete"),
    ],
)
def test_what_must_be_said_is_said(factory, values, name):
    refused(name, lambda: factory(**values))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "shared"),
    [
        (IndicationRevisionFactory, ("indication", "number")),
        (LotFactory, ("product", "number")),
        (ZoneFactory, ("indication", "code")),
    ],
)
def test_what_is_numbered_is_numbered_once(factory, shared):
    first = factory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**{name: getattr(first, name) for name in shared})


@pytest.fixture
def revision(db):
    return IndicationRevisionFactory()


FROZEN = "indication_revision_is_immutable"


def test_a_published_text_is_not_saved_again(revision):
    revision.summary = "Something else"
    refused(FROZEN, lambda: revision.save(update_fields=["summary"]))
    revision.refresh_from_db()
    assert revision.summary == "What the course is."


def test_a_published_text_does_not_validate_as_changed(revision):
    revision.summary = "Something else"
    with pytest.raises(ValidationError, match="A published text is never changed"):
        revision.full_clean()


def test_a_published_text_is_not_updated_in_bulk(revision):
    mine = IndicationRevision.objects.filter(pk=revision.pk)
    refused(FROZEN, lambda: mine.update(summary="Something else"))


def test_a_published_text_is_not_deleted(revision):
    refused(FROZEN, revision.delete)
    refused(FROZEN, IndicationRevision.objects.filter(pk=revision.pk).delete)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE treatments_indicationrevision SET summary = 'x' WHERE id = %s",
        "UPDATE treatments_indicationrevision SET number = number WHERE id = %s",
        "DELETE FROM treatments_indicationrevision WHERE id = %s",
    ],
)
def test_a_published_text_withstands_bare_sql(revision, statement):
    def write():
        with connection.cursor() as cursor:
            cursor.execute(statement, [revision.pk])

    refused(FROZEN, write)
    assert IndicationRevision.objects.get(pk=revision.pk).summary == "What the course is."


def test_a_lot_is_usable_up_to_its_last_day(db):
    lot = LotFactory(expires_on=date(2026, 11, 26))
    LotFactory(expires_on=date(2026, 11, 26), status="QUARANTINED")
    LotFactory(expires_on=date(2026, 11, 26), product__is_enabled=False)
    usable = type(lot).objects.usable_on
    assert list(usable(date(2026, 11, 26))) == [lot]
    assert list(usable(date(2026, 11, 27))) == []
