"""A photo of a reaction: kept, shown and hidden as every photo of the patient is."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from meso_clinic.core.models import AuditEvent
from records.actions.photos import PhotoRefused, Shot, withdraw_photo
from records.actions.reaction_photos import add_reaction_photo
from records.models import Photo, ReactionPhoto
from records.selectors.reactions import photos_of
from tests.factories.consents import ConsentFactory
from tests.factories.reactions import AdverseEventFactory
from tests.records.conftest import NOW
from tests.records.photos import pictures
from tests.records.photos.conftest import files_in
from treatments.actions.consents import revoke_consent

pytestmark = pytest.mark.django_db

VIEW = "scalp_vertex"


@pytest.fixture
def event(course):
    return AdverseEventFactory(course=course)


def add(event, picture, by, key=None):
    return add_reaction_photo(
        event=event,
        shot=Shot(VIEW, picture),
        device="Tablet",
        key=key or uuid4(),
        by=by,
        at=NOW,
    )


def test_it_is_a_photo_of_the_course_that_shows_the_reaction(event, picture, clinician):
    photo = add(event, picture, clinician)
    assert (photo.course, photo.session, photo.view) == (event.course, None, VIEW)
    assert list(photos_of(event)) == [photo]
    assert AuditEvent.objects.filter(kind="photo.taken", patient_id=event.patient_id).exists()


def test_sent_twice_it_is_kept_once(event, picture, clinician, folder):
    key = uuid4()
    assert add(event, picture, clinician, key) == add(event, picture, clinician, key)
    assert ReactionPhoto.objects.count() == 1
    assert len(files_in(folder)) == 2


def test_without_consent_there_is_none(event, picture, clinician, photo_text, folder):
    with pytest.raises(PhotoRefused):
        add(event, picture, clinician)
    assert not Photo.objects.exists()
    assert files_in(folder) == []


def test_with_the_consent_it_goes_from_sight(event, picture, clinician, photo_text, course):
    consent = ConsentFactory(of=course, template=photo_text)
    add(event, picture, clinician)
    assert photos_of(event).count() == 1
    revoke_consent(consent=consent, reason="Changed my mind", by=clinician, at=NOW)
    assert not photos_of(event).exists()


def test_a_photo_that_was_withdrawn_is_not_shown(event, picture, clinician):
    photo = add(event, picture, clinician)
    withdraw_photo(photo=photo, reason="Wrong side", by=clinician, at=NOW)
    assert not photos_of(event).exists()


def test_it_never_moves_to_another_reaction(event, picture, clinician, course):
    add(event, picture, clinician)
    other = AdverseEventFactory(course=course)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReactionPhoto.objects.update(event=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReactionPhoto.objects.all().delete()


# The page


def upload(content=None):
    return SimpleUploadedFile("a.jpg", pictures.jpeg() if content is None else content)


def sent(event, **change):
    values = {"patient": event.patient_id, "key": str(uuid4()), "view": VIEW, "picture": upload()}
    return {f"photo-{name}": value for name, value in (values | change).items() if value != ""}


def url(event):
    return reverse("records:reaction-photo", args=[event.pk])


def detail(event):
    return reverse("records:reaction-detail", args=[event.pk])


def said(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_takes_a_photo_and_shows_it(event, clinician_client):
    assert url(event) in said(clinician_client.get(detail(event)))
    answer = clinician_client.post(url(event), sent(event))
    assert answer.url == detail(event)
    photo = Photo.objects.get()
    assert reverse("records:photo-thumbnail", args=[photo.key]) in said(
        clinician_client.get(detail(event))
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"picture": ""}, "Choose or take a photo."),
        ({"view": ""}, "Choose what the photo shows."),
        ({"view": "face_front"}, "Choose among the views of this treatment."),
        ({"picture": upload(b"GIF89a")}, "photo"),
    ],
    ids=["none", "no view", "other view", "no picture"],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(event, clinician_client, change, words):
    answer = clinician_client.post(url(event), sent(event, **change))
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Photo.objects.exists()


def test_a_form_of_another_patient_is_refused(event, clinician_client):
    answer = clinician_client.post(url(event), sent(event, patient=0))
    assert answer.status_code == 409
    assert not Photo.objects.exists()


def test_a_patient_who_said_no_is_not_photographed(event, photo_text, course, clinician_client):
    ConsentFactory(of=course, template=photo_text, is_given=False)
    assert url(event) not in said(clinician_client.get(detail(event)))
    answer = clinician_client.post(url(event), sent(event))
    assert answer.status_code == 409
    assert not Photo.objects.exists()


def test_nobody_else_adds_one(event, reception_client, admin_client):
    for client in (reception_client, admin_client):
        assert client.post(url(event), sent(event)).status_code == 403
