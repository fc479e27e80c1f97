"""Rows of photos cannot be changed, and none says left and shows the right."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from records.actions.photos import withdraw_photo
from records.domain.photos import VIEWS, Area, Side
from records.models import Photo, PhotoDecline, PhotoWithdrawal
from tests.records.conftest import NOW

pytestmark = pytest.mark.django_db

CHANGES = {
    Photo: ("view", "scalp_parting"),
    PhotoWithdrawal: ("reason", "changed"),
    PhotoDecline: ("reason", "changed"),
}


@pytest.fixture
def rows(photo, session, clinician):
    withdraw_photo(photo=photo, reason="Blurred", by=clinician, at=NOW)
    PhotoDecline.objects.create(
        session=session, view="scalp_occiput", reason="Wet", at=NOW, by=clinician
    )

    def read(model):
        return list(model.objects.order_by("pk").values())

    return read


def refused(what, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        what(*args, **kwargs)


def execute(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("model", CHANGES)
def test_no_row_is_changed_or_removed(rows, model):
    before = rows(model)
    assert len(before) == 1
    table, (field, value) = model._meta.db_table, CHANGES[model]
    row = model.objects.get()
    setattr(row, field, value)
    refused(execute, f"UPDATE {table} SET {field} = %s", [value])
    refused(execute, f"DELETE FROM {table}")
    refused(model.objects.update, **{field: value})
    refused(model.objects.bulk_update, [row], [field])
    refused(row.save)
    refused(model.objects.all()._raw_delete, model.objects.db)
    if connection.vendor == "sqlite":
        refused(execute, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert rows(model) == before


def copied(photo, **change):
    """Add a row like `photo` past every action."""
    row = Photo.objects.get(pk=photo.pk)
    names = {"file_name": uuid4().hex, "thumbnail_name": uuid4().hex}
    for field, value in (
        {"pk": None, "key": uuid4(), "form_key": uuid4()} | names | change
    ).items():
        setattr(row, field, value)
    row.save(force_insert=True)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.code)
def test_area_side_and_view_belong_together(photo, view):
    copied(photo, area=view.area, side=view.side, view=view.code)
    other_side = next(side for side in Side if side is not view.side)
    other_area = next(area for area in Area if area is not view.area)
    refused(copied, photo, area=view.area, side=other_side, view=view.code)
    refused(copied, photo, area=other_area, side=view.side, view=view.code)


@pytest.mark.parametrize(
    "change",
    [
        {"view": "scalp_nose"},
        {"side": ""},
        {"sha256": ""},
        {"width": 0},
        {"height": 0},
        {"size_bytes": 0},
    ],
)
def test_a_photo_says_what_it_is(photo, change):
    refused(copied, photo, **change)


@pytest.mark.parametrize("field", ["key", "file_name", "thumbnail_name"])
def test_two_photos_share_no_name(photo, field):
    refused(copied, photo, **{field: getattr(photo, field)})
    refused(copied, photo, form_key=photo.form_key)


@pytest.mark.parametrize("change", [{"reason": ""}, {"view": "scalp_nose"}])
def test_a_view_is_declined_with_a_reason(session, clinician, change):
    values = {"view": "scalp_vertex", "reason": "Wet hair", "at": NOW, "by": clinician} | change
    refused(PhotoDecline.objects.create, session=session, **values)


def test_a_photo_is_withdrawn_with_a_reason(photo, clinician):
    refused(PhotoWithdrawal.objects.create, photo=photo, reason="", at=NOW, by=clinician)
