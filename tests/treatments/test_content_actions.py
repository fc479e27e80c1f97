"""Publishing text, changing numbers and products: the writes below the pages."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from tests.factories.clinic import RoomFactory
from tests.factories.treatments import (
    AT,
    AssessmentFactory,
    LotFactory,
    ProductFactory,
    TreatmentCourseFactory,
)
from treatments.actions.content import (
    NothingChanged,
    TextChangedMeanwhile,
    TextIncomplete,
    change_indication,
    change_protocol,
    publish_indication,
)
from treatments.actions.courses import CoursePlan, create_course
from treatments.actions.products import change_product
from treatments.models import IndicationRevision


@pytest.fixture
def publish(cellulite, admin):
    live = cellulite.revisions.get().text

    def go(*, base_number=1, reason="Shorter", **change):
        return publish_indication(
            indication=cellulite,
            base_number=base_number,
            text=replace(live, **change),
            reason=reason,
            by=admin,
            at=AT,
        )

    return go


def test_a_publication_is_the_next_number_and_is_on_the_trail(publish, admin, cellulite):
    revision = publish(summary="Shorter.")
    assert (revision.number, revision.indication) == (2, cellulite)
    assert list(cellulite.revisions.newest_first()) == [revision, cellulite.revisions.get(number=1)]
    line = AuditEvent.objects.get()
    assert (line.kind, line.by, line.at) == ("indication.published", admin, AT)
    assert line.target == f"treatments.indicationrevision:{revision.pk}"
    assert revision.text.summary == "Shorter."


def test_the_text_in_force_is_the_newest_of_each_indication(publish, hair_loss):
    revision = publish(summary="Shorter.")
    assert set(IndicationRevision.objects.in_force()) == {revision, hair_loss.revisions.get()}


@pytest.mark.parametrize("base_number", [0, 2, 99])
def test_a_text_written_from_another_version_is_not_published(publish, cellulite, base_number):
    with pytest.raises(TextChangedMeanwhile) as refusal:
        publish(base_number=base_number, summary="Mine.")
    assert refusal.value.newest == cellulite.revisions.get()
    assert not AuditEvent.objects.exists()


def test_the_same_text_is_not_published_twice(publish, cellulite):
    with pytest.raises(NothingChanged) as refusal:
        publish()
    assert refusal.value.newest == cellulite.revisions.get()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"recovery_notes": ""}, ["recovery_notes"]),
        ({"recovery_notes": "48 hours: "}, ["recovery_notes"]),
        ({"summary": "\u200b", "aftercare": ""}, ["summary", "aftercare"]),
    ],
)
def test_a_text_that_lacks_something_is_not_published(publish, cellulite, change, fields):
    with pytest.raises(TextIncomplete) as refusal:
        publish(**change)
    assert refusal.value.fields == fields
    assert cellulite.revisions.count() == 1


@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_a_publication_says_why(publish, cellulite, reason):
    with pytest.raises(ValidationError):
        publish(reason=reason, summary="Shorter.")
    assert cellulite.revisions.count() == 1


def test_an_old_course_keeps_its_text_and_a_new_one_takes_the_new(
    publish, cellulite, patient, site, clinician
):
    def plan():
        plan = CoursePlan(
            patient=patient,
            indication=cellulite,
            site=site,
            practitioner=clinician,
            total_sessions=8,
            initial_sessions=5,
            first_on=AT.date(),
        )
        return create_course(plan=plan, by=clinician, at=AT)

    old = plan()
    newest = publish(summary="Shorter.")
    new = plan()
    old.refresh_from_db()
    assert old.revision.number == 1
    assert new.revision == newest


def test_an_indication_is_renamed_and_taken_off_the_list(cellulite, admin, site, audited):
    room = RoomFactory(site=site)
    changed = change_indication(
        indication=cellulite,
        name="Cellulite and tone",
        short_name="Cellulite",
        is_active=False,
        rooms=[room],
        by=admin,
        at=AT,
    )
    assert changed not in type(changed).objects.active()
    assert list(changed.rooms.all()) == [room]
    assert audited() == ["indication.changed"]


def test_an_indication_without_a_name_is_refused(cellulite, admin, audited):
    with pytest.raises(ValidationError):
        change_indication(
            indication=cellulite, name="", short_name="C", is_active=True, rooms=[], by=admin, at=AT
        )
    assert audited() == []


def test_a_protocol_changes_only_the_numbers_it_is_given(cellulite, admin, audited):
    changed = change_protocol(protocol=cellulite.protocol, total_sessions=12, by=admin, at=AT)
    changed.refresh_from_db()
    assert (changed.total_sessions, changed.initial_sessions) == (12, 5)
    assert audited() == ["protocol.changed"]


@pytest.mark.parametrize(
    "numbers",
    [
        {"total_sessions": 2},
        {"total_sessions": 16},
        {"initial_min_days": 6},
        {"initial_max_days": 11},
        {"monthly_min_days": 27},
        {"monthly_max_days": 36},
        {"depth_min_mm": Decimal("0.9")},
        {"depth_max_mm": Decimal("4.1")},
        {"needs_specialist": False},
        {"indication_id": 7},
    ],
)
def test_a_protocol_stays_within_its_limits(cellulite, admin, audited, numbers):
    with pytest.raises(ValidationError):
        change_protocol(protocol=cellulite.protocol, by=admin, at=AT, **numbers)
    cellulite.protocol.refresh_from_db()
    assert cellulite.protocol.total_sessions == 8
    assert audited() == []


@pytest.mark.parametrize(
    "numbers",
    [
        {"usual_volume_ml": Decimal(0)},
        {"max_volume_ml": Decimal(101)},
        {"usual_volume_ml": Decimal(3), "max_volume_ml": Decimal(2)},
        {"min_interval_days": 366},
    ],
)
def test_a_product_stays_within_its_limits(admin, audited, numbers):
    product = ProductFactory()
    values = {
        "is_enabled": True,
        "usual_volume_ml": None,
        "max_volume_ml": None,
        "min_interval_days": 0,
    } | numbers
    with pytest.raises(ValidationError):
        change_product(product=product, by=admin, at=AT, **values)
    assert audited() == []


def test_a_product_is_taken_out_of_use(admin, audited):
    lot = LotFactory()
    change_product(
        product=lot.product,
        is_enabled=False,
        usual_volume_ml=Decimal(2),
        max_volume_ml=Decimal(2),
        min_interval_days=365,
        by=admin,
        at=AT,
    )
    assert not type(lot).objects.usable_on(AT.date()).exists()
    assert not type(lot.product).objects.enabled().exists()
    assert audited() == ["product.changed"]


def test_things_are_called_what_people_call_them(cellulite):
    protocol, zone = cellulite.protocol, cellulite.zones.get()
    assert str(cellulite) == "Cellulite"
    assert str(cellulite.revisions.get()) == f"{cellulite.pk} version 1"
    assert str(protocol) == f"protocol of {cellulite.pk}"
    assert str(zone) == zone.name
    assert str(ProductFactory(name="Caffeine", strength="5 %")) == "Caffeine 5 %"
    assert str(ProductFactory(name="Saline")) == "Saline"
    assert str(LotFactory(number="A-1")) == "A-1"


def test_courses_and_findings_are_called_by_their_number(db):
    course, finding = TreatmentCourseFactory(), AssessmentFactory()
    assert str(course) == f"course {course.pk}"
    assert str(finding) == f"assessment {finding.pk}"
    assert list(type(course).objects.running()) == [course]
