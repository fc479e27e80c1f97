"""A patient whose photos may be taken, and a folder of files for each test."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from records.actions.photos import Shot, add_photos
from records.imaging import Picture, clean_picture
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.records.conftest import NOW
from tests.records.photos.pictures import jpeg


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """An empty folder for photos."""
    place = tmp_path / "photos"
    settings.STORAGES = {
        **django_settings.STORAGES,
        "photos": {
            "BACKEND": "records.photo_storage.PrivateFolder",
            "OPTIONS": {"location": str(place)},
        },
    }
    return place


@pytest.fixture(scope="session")
def picture() -> Picture:
    return clean(jpeg())


def clean(content) -> Picture:
    return clean_picture(BytesIO(content), size=len(content))


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def photo_text(db):
    """The clinic asks for consent to photos."""
    return ConsentTemplateFactory(photos=True)


@pytest.fixture
def agreed(course, photo_text):
    """The patient agrees to photos."""
    return ConsentFactory(of=course, template=photo_text)


@pytest.fixture
def take(course, clinician, picture):
    """Keep a photo of a view."""

    def taken(view="scalp_vertex", *, session=None, at=NOW, of=None, **change):
        values = {"device": "Tablet", "key": uuid4(), "by": clinician, "at": at} | change
        [photo] = add_photos(
            course=of or course, session=session, shots=[Shot(view, picture)], **values
        )
        return photo

    return taken


@pytest.fixture
def photo(take, session):
    return take(session=session)
