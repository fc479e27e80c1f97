"""A photo was taken when its camera says, if that can be; else when it was added."""

from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone as django_timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from records.actions.photos import Shot, add_photos
from records.domain.photos import BEFORE_COURSE, Area, read_stamp, taken_at
from records.models import Photo
from records.photo_words import added_words, taken_words
from records.selectors.photos import course_photos, photo_sets, tiles
from tests.records.conftest import NOW, TODAY
from tests.records.photos import pictures
from tests.records.photos.conftest import clean

BERLIN = ZoneInfo("Europe/Berlin")
PLANNED = NOW - timedelta(days=10)
BORN = date(1990, 8, 22)
FACTS = {"zone": BERLIN, "born_on": BORN, "planned_at": PLANNED, "now": NOW}
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2026:11:25 17:40:02", "", datetime(2026, 11, 25, 17, 40, 2)),  # noqa: DTZ001
        ("2026:11:25 17:40:02\x00", "", None),
        (" 2026:11:25 17:40:02 ", "", datetime(2026, 11, 25, 17, 40, 2)),  # noqa: DTZ001
        (
            "2026:11:25 17:40:02",
            "+01:00",
            datetime(2026, 11, 25, 17, 40, 2, tzinfo=timezone(HOUR)),
        ),
        ("2026:11:25 17:40:02", "east", datetime(2026, 11, 25, 17, 40, 2)),  # noqa: DTZ001
        ("0000:00:00 00:00:00", "", None),
        ("    :  :     :  :  ", "", None),
        ("2026-11-25", "", None),
        ("", "", None),
        ("9" * 5000, "", None),
    ],
)
def test_what_a_camera_writes(taken, offset, expected):
    assert read_stamp(taken, offset) == expected


@pytest.mark.parametrize(
    ("stamp", "is_kept"),
    [
        (NOW - HOUR, True),
        (NOW, True),
        (NOW + timedelta(seconds=1), False),
        (PLANNED - BEFORE_COURSE, True),
        (PLANNED - BEFORE_COURSE - timedelta(seconds=1), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (None, False),
        (datetime(9999, 12, 31, 23, 59, 59), False),  # noqa: DTZ001
        (datetime(1, 1, 1, tzinfo=timezone(14 * HOUR)), False),
    ],
)
def test_only_what_can_be_is_believed(stamp, is_kept):
    assert taken_at(stamp, **FACTS) == (stamp if is_kept else NOW)


def test_nobody_is_photographed_before_birth():
    born = {"born_on": TODAY, "planned_at": NOW}
    assert taken_at(NOW - timedelta(days=1), **(FACTS | born)) == NOW
    assert taken_at(NOW - HOUR, **(FACTS | born)) == NOW - HOUR


def test_without_an_offset_it_is_the_clock_of_the_site():
    wall = datetime(2026, 11, 26, 11, 41)  # noqa: DTZ001
    assert taken_at(wall, **FACTS) == datetime(2026, 11, 26, 10, 41, tzinfo=UTC)
    assert taken_at(wall + timedelta(minutes=2), **FACTS) == NOW


@given(
    stamp=st.none()
    | st.datetimes(timezones=st.none() | st.sampled_from([UTC, BERLIN, timezone(-12 * HOUR)])),
    planned=st.integers(0, 4000),
)
def test_it_is_now_or_what_the_camera_says_and_never_later_or_long_before(stamp, planned):
    planned_at = NOW - timedelta(days=planned)
    found = taken_at(stamp, **(FACTS | {"planned_at": planned_at}))
    assert planned_at - BEFORE_COURSE <= found <= NOW
    assert found.astimezone(BERLIN).date() >= BORN
    if found != NOW:
        assert found.replace(tzinfo=None) == stamp.replace(tzinfo=None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_read_before_the_words_of_the_camera_are_dropped(kind):
    picture = clean(pictures.stamped("2026:11:25 17:40:02", "+01:00", kind))
    assert picture.stamp == datetime(2026, 11, 25, 16, 40, 2, tzinfo=UTC)
    kept = Image.open(BytesIO(picture.content))
    assert not kept.getexif()
    assert b"2026:11:25" not in picture.content + picture.thumbnail


@pytest.mark.parametrize(
    "content",
    [
        pictures.jpeg(),
        pictures.stamped("yesterday"),
        pictures.with_secrets(),
        pictures.jpeg(exif=b"Exif\x00\x00" + b"\x00" * 40),
        pictures.stamped("2026:11:25 17:40:02").replace(b"2026:11:25", b"\xff\xfe\x00\x01\x02" * 2),
    ],
    ids=["none", "words", "others", "noughts", "bytes"],
)
def test_what_says_nothing_is_taken_all_the_same(content):
    picture = clean(content)
    assert picture.stamp is None
    assert picture.width


def test_a_picture_of_the_tablets_own_camera_says_nothing():
    """Its script draws the picture, and no camera writes into that."""
    assert clean(pictures.jpeg()).stamp is None


# Kept


@pytest.fixture
def keep(course, clinician, agreed):
    type(course).objects.filter(pk=course.pk).update(planned_at=PLANNED)

    def kept(content, view="scalp_vertex", session=None):
        [photo] = add_photos(
            course=course,
            session=session,
            shots=[Shot(view, clean(content))],
            device="Tablet",
            key=uuid4(),
            by=clinician,
            at=NOW,
        )
        return Photo.objects.get(pk=photo.pk)

    return kept


@pytest.mark.django_db
def test_a_photo_keeps_both_moments(keep):
    photo = keep(pictures.stamped("2026:11:25 17:40:02", "+01:00"))
    assert photo.taken_at == datetime(2026, 11, 25, 16, 40, 2, tzinfo=UTC)
    assert photo.kept_at == NOW
    odd = keep(pictures.stamped("2036:11:25 17:40:02", "+01:00"), view="scalp_parting")
    assert odd.taken_at == odd.kept_at == NOW


@pytest.mark.django_db
def test_it_belongs_to_the_day_on_which_it_was_taken(keep, course):
    keep(pictures.stamped("2026:11:24 09:00:00", "+00:00"))
    keep(pictures.jpeg(), view="scalp_parting")
    sets = photo_sets(course_photos(course), [])
    assert [one.on for one in sets] == [TODAY - timedelta(days=2), TODAY]


@pytest.mark.django_db
def test_the_one_that_was_added_last_stands_for_its_view(keep, course, session):
    keep(pictures.jpeg(), session=session)
    better = keep(pictures.stamped("2026:11:26 10:00:00", "+00:00"), session=session)
    found = course_photos(course)
    shown = {tile.view.code: tile.photo for tile in tiles(found, session, Area.SCALP, today=TODAY)}
    assert shown["scalp_vertex"] == better
    [of_session] = photo_sets(found, [session])
    assert of_session.photos == (better,)


@pytest.mark.django_db
def test_the_caption_says_the_day_if_it_was_added_on_another(keep, clinician_client, course):
    same = keep(pictures.jpeg())
    older = keep(pictures.stamped("2026:11:25 17:40:02", "+01:00"), view="scalp_parting")
    with django_timezone.override("Europe/London"):
        assert (taken_words(same), added_words(same)) == ("10:42", "")
        assert taken_words(older) == "25 Nov 2026, 16:40"
        assert added_words(older) == "Added 26 Nov 2026. The camera says when it was taken."
    page = clinician_client.get(reverse("records:photo-detail", args=[older.key]))
    assert "25 Nov 2026, 16:40" in page.content.decode()
    assert "Added 26 Nov 2026." in page.content.decode()
    page = clinician_client.get(reverse("records:photo-detail", args=[same.key]))
    assert "Added" not in page.content.decode()
    page = clinician_client.get(reverse("records:course-photos", args=[course.pk]))
    assert "25 Nov 2026, 16:40" in " ".join(page.content.decode().split())


@pytest.mark.django_db
def test_a_photo_from_before_says_nothing_of_its_upload(keep):
    photo = keep(pictures.jpeg())
    photo.kept_at = None
    assert added_words(photo) == ""


@pytest.mark.django_db
def test_the_database_keeps_no_photo_before_it_was_taken(keep):
    photo = keep(pictures.jpeg())
    photo.pk, photo.key, photo.form_key = None, uuid4(), uuid4()
    photo.file_name, photo.thumbnail_name = "a", "b"
    photo.taken_at = NOW + HOUR
    with pytest.raises(IntegrityError), transaction.atomic():
        photo.save(force_insert=True)
