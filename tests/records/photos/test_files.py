"""The bytes of a photo: who gets them, how, and what is kept of it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from records.actions.photos import withdraw_photo
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.records.conftest import NOW
from tests.records.photos.conftest import files_in
from tests.records.photos.pictures import opened
from treatments.actions.consents import revoke_consent

pytestmark = pytest.mark.django_db

FILES = ("photo-file", "photo-thumbnail")


def url(photo, name="photo-file", *more):
    return reverse(f"records:{name}", args=[photo.key, *more])


def every_url(photo):
    for name in (*FILES, "photo-detail", "photo-withdraw"):
        yield url(photo, name)
    yield url(photo, "photo-copy", "teaching")


def status(client, address):
    """Ask, and read what comes, so that the file is closed."""
    answer = client.get(address)
    if answer.streaming:
        body(answer)
    return answer.status_code


def body(answer):
    return b"".join(answer.streaming_content)


def seen():
    return AuditEvent.objects.filter(kind="photo.seen").count()


@pytest.mark.parametrize("name", FILES)
def test_a_clinician_gets_the_picture_and_a_line_is_kept(clinician_client, photo, clinician, name):
    answer = clinician_client.get(url(photo, name))
    image = opened(body(answer))
    assert image.format == "JPEG"
    assert image.size == (64, 48)
    line = AuditEvent.objects.get(kind="photo.seen")
    assert (line.by, line.patient_id) == (clinician, photo.patient_id)
    assert line.target == f"records.photo:{photo.pk}"


@pytest.mark.parametrize("name", FILES)
def test_a_browser_is_told_to_do_nothing_but_show_it(clinician_client, photo, name):
    answer = clinician_client.get(
        url(photo, name), headers={"Accept-Encoding": "gzip", "Range": "bytes=0-3"}
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'inline; filename="photo-{photo.key}.jpg"'
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Accept-Ranges"] == "none"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    content = body(answer)
    assert len(content) == int(answer.headers["Content-Length"])
    assert opened(content).format == "JPEG"


def test_asking_for_the_head_says_the_same_without_a_byte(clinician_client, photo):
    answer = clinician_client.head(url(photo))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert body(answer) == b""
    assert seen() == 1


def test_for_everybody_else_there_is_no_such_file(
    reception_client, admin_client, clinician_client, photo
):
    for client in (reception_client, admin_client):
        for name in FILES:
            for ask in (client.get, client.head):
                answer = ask(url(photo, name))
                assert answer.status_code == 404
                assert answer.headers["Content-Type"].startswith("text/html")
    missing = reverse("records:photo-file", args=[uuid4()])
    nothing = reception_client.get(missing)
    assert nothing.status_code == 404
    assert nothing.content == reception_client.get(url(photo)).content
    assert clinician_client.get(missing).status_code == 404
    assert Client().get(url(photo)).url.startswith("/login/")
    assert seen() == 0


@pytest.mark.parametrize("ask", ["post", "put", "patch", "delete"])
def test_a_file_is_only_ever_read(clinician_client, photo, ask):
    assert getattr(clinician_client, ask)(url(photo)).status_code == 405


def test_a_withdrawn_photo_is_gone_from_every_address(clinician_client, photo, clinician):
    assert {status(clinician_client, each) for each in every_url(photo)} == {200, 403}
    withdraw_photo(photo=photo, reason="Wrong patient", by=clinician, at=NOW)
    assert {status(clinician_client, each) for each in every_url(photo)} == {404}


def test_a_consent_that_is_taken_back_is_gone_from_every_address(
    clinician_client, take, agreed, clinician
):
    photo = take()
    assert status(clinician_client, url(photo)) == 200
    revoke_consent(consent=agreed, reason="", by=clinician, at=NOW)
    assert {status(clinician_client, each) for each in every_url(photo)} == {404}


def test_a_file_that_is_lost_is_not_found(clinician_client, photo, folder):
    for file in files_in(folder):
        file.unlink()
    assert clinician_client.get(url(photo)).status_code == 404


class TestCopies:
    def copy(self, client, photo, use):
        return client.get(url(photo, "photo-copy", use))

    def test_without_the_unit_there_is_none(self, clinician_client, take, agreed):
        answer = self.copy(clinician_client, take(), "publication")
        assert answer.status_code == 403
        assert b"has not signed that photos may be used for publication" in answer.content

    def test_with_it_a_file_is_handed_out_and_a_line_is_kept(
        self, clinician_client, take, agreed, course
    ):
        photo = take()
        text = ConsentTemplateFactory(unit="MARKETING", indication=None, title="Publication")
        ConsentFactory(of=course, template=text)
        answer = self.copy(clinician_client, photo, "publication")
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert opened(body(answer)).format == "JPEG"
        assert AuditEvent.objects.filter(kind="photo.copied").count() == 1

    @pytest.mark.parametrize("use", ["record", "sale"])
    def test_there_are_no_other_uses(self, clinician_client, photo, use):
        assert self.copy(clinician_client, photo, use).status_code == 404


def test_the_folder_has_no_address_of_its_own(clinician_client, photo):
    for name in (photo.file_name, photo.thumbnail_name):
        for start in ("/media/", "/photos/", "/static/", "/"):
            assert clinician_client.get(f"{start}{name}").status_code == 404


def test_reception_and_admin_read_no_word_of_it(
    reception_client, admin_client, photo, course, session
):
    pages = [
        reverse("patients:patient-detail", args=[course.patient_id]),
        reverse("sessions:course-detail", args=[course.pk]),
    ]
    for client in (reception_client, admin_client):
        for page in pages:
            content = client.get(page).content.decode()
            assert "photos/" not in content
            assert "before session 1" not in content
        for name, row in (("course-photos", course), ("session-photos", session)):
            answer = client.get(reverse(f"records:{name}", args=[row.pk]))
            assert answer.status_code == 403
            assert str(photo.key) not in answer.content.decode()
