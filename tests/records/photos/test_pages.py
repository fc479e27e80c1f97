"""The pages of photos: what they show, what they take, and what they say when it is wrong."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records.actions.photos import withdraw_photo
from records.models import Photo, PhotoDecline
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.patients import PatientFactory
from tests.factories.treatments import TreatmentCourseFactory
from tests.records.conftest import NOW
from tests.records.photos import pictures
from treatments.actions.consents import revoke_consent

pytestmark = pytest.mark.django_db

VIEW = "scalp_vertex"


def words(answer):
    return " ".join(answer.content.decode().split())


def set_url(session, area="scalp"):
    return reverse("records:session-photos", args=[session.pk]) + f"?area={area}"


def course_url(course):
    return reverse("records:course-photos", args=[course.pk])


def upload(content=None, name="photo.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, pictures.jpeg() if content is None else content, kind)


def form(course, *, key=None, **files):
    sent = {f"{view}-picture": file for view, file in files.items()}
    return {"patient": course.patient_id, "key": str(key or uuid4()), **sent}


class TestSet:
    def test_it_shows_each_view_with_how_it_is(
        self, clinician_client, take, session, course, clinician
    ):
        before = take("scalp_parting", at=NOW - timedelta(days=30))
        take("scalp_temple_left", session=session)
        PhotoDecline.objects.create(
            session=session, view="scalp_occiput", reason="Hair is wet", at=NOW, by=clinician
        )
        page = clinician_client.get(set_url(session))
        tiles = {tile.view.code: tile for tile, _form in page.context["tiles"]}
        assert tiles["scalp_temple_left"].photo.session == session
        assert tiles["scalp_parting"].photo is None
        assert tiles["scalp_parting"].before == before
        text = words(page)
        assert "Declined: Hair is wet" in text
        assert "Missing" in text
        assert "Frankfort" not in text
        assert f'data-before="{reverse("records:photo-thumbnail", args=[before.key])}"' in text
        assert text.count('capture="environment"') == len(tiles)

    def test_several_photos_are_kept_at_once(self, clinician_client, session, course, agreed):
        answer = clinician_client.post(
            set_url(session),
            form(course, scalp_vertex=upload(), scalp_temple_right=upload()),
            headers={"User-Agent": "Tablet\x07 of the clinic"},
        )
        assert answer.url == set_url(session)
        photos = Photo.objects.order_by("view")
        assert [(one.view, one.side) for one in photos] == [
            ("scalp_temple_right", "RIGHT"),
            ("scalp_vertex", "MIDDLE"),
        ]
        assert photos[0].device == "Tablet of the clinic"
        assert "2 photos are kept." in words(clinician_client.get(answer.url))

    def test_a_form_that_is_sent_twice_keeps_one(self, clinician_client, session, course):
        key = uuid4()
        for _number in range(2):
            answer = clinician_client.post(
                set_url(session), form(course, key=key, scalp_vertex=upload())
            )
            assert answer.status_code == 302
        assert Photo.objects.count() == 1

    def test_a_form_for_another_patient_is_a_conflict(self, clinician_client, session):
        other = TreatmentCourseFactory()
        answer = clinician_client.post(set_url(session), form(other, scalp_vertex=upload()))
        assert answer.status_code == 409
        assert "made for another patient" in words(answer)
        assert not Photo.objects.exists()

    def test_the_good_ones_are_kept_and_the_bad_ones_say_why(
        self, clinician_client, session, course
    ):
        bad = upload(b"<svg></svg>", "photo.svg", "image/svg+xml")
        answer = clinician_client.post(
            set_url(session), form(course, scalp_vertex=upload(), scalp_parting=bad)
        )
        assert answer.status_code == 422
        text = words(answer)
        assert "Middle parting: This file is no JPEG, PNG or WebP picture." in text
        assert "1 photo is kept." in text
        assert Photo.objects.get().view == "scalp_vertex"

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"face_nose-picture": upload()},
            {"face_front-picture": upload()},
            {"scalp_vertex-picture": "no file"},
        ],
        ids=["nothing", "no-view", "view-of-another-treatment", "words"],
    )
    def test_nothing_to_keep_is_said(self, clinician_client, session, course, sent):
        answer = clinician_client.post(set_url(session), form(course) | sent)
        assert answer.status_code == 422
        assert "at least one photo" in words(answer)

    @pytest.mark.parametrize("key", ["", "x", "1" * 5000])
    def test_a_form_without_its_key_is_refused(self, clinician_client, session, course, key):
        sent = form(course, scalp_vertex=upload()) | {"key": key}
        assert clinician_client.post(set_url(session), sent).status_code == 422
        assert not Photo.objects.exists()

    @pytest.mark.parametrize(
        "name",
        [
            "../../../etc/passwd",
            "..\\..\\x.jpg",
            "x" * 400 + ".jpg",
            "photo.php.jpg",
            "\u202egpj.exe",
            "CON",
            "a b;c'd\"e.jpg",
            "фото.jpg",
        ],
    )
    def test_the_name_of_a_file_means_nothing(
        self, clinician_client, session, course, folder, name
    ):
        answer = clinician_client.post(
            set_url(session), form(course, scalp_vertex=upload(name=name))
        )
        assert answer.status_code == 302
        kept = Photo.objects.get()
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")} == {
            kept.file_name,
            kept.thumbnail_name,
        }

    def test_a_name_with_a_zero_byte_means_nothing_either(self, clinician_client, session, course):
        boundary = "b0undary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in form(course).items()
        ]
        head = (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="scalp_vertex-picture"; filename="a\0b.php"\r\n'
            "Content-Type: text/html\r\n\r\n"
        )
        body = "".join(parts).encode() + head.encode() + pictures.jpeg()
        answer = clinician_client.post(
            set_url(session),
            body + f"\r\n--{boundary}--\r\n".encode(),
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        assert answer.status_code == 302
        assert ".php" not in Photo.objects.get().file_name

    def test_a_session_that_is_over_shows_no_fields(self, clinician_client, session, course):
        session.status, session.delivered_on = "DONE", NOW.date() - timedelta(days=3)
        session.save(update_fields=["status", "delivered_on"])
        page = clinician_client.get(set_url(session))
        assert "This session is over" in words(page)
        assert "capture=" not in words(page)
        answer = clinician_client.post(set_url(session), form(course, scalp_vertex=upload()))
        assert answer.status_code == 409
        assert "Session 1 is over" in words(answer)

    def test_without_consent_it_says_so_and_leads_to_it(
        self, clinician_client, session, course, photo_text
    ):
        page = words(clinician_client.get(set_url(session)))
        assert "Consent to photos is open. It is not signed yet." in page
        assert reverse("treatments:consent-sign", args=[course.pk]) in page
        assert "capture=" not in page
        answer = clinician_client.post(set_url(session), form(course, scalp_vertex=upload()))
        assert answer.status_code == 409
        assert not Photo.objects.exists()

    @pytest.mark.parametrize("area", ["", "nose", "face", "x" * 3000])
    def test_an_area_that_is_not_of_the_treatment_is_the_usual_one(
        self, clinician_client, session, area
    ):
        assert clinician_client.get(set_url(session, area)).context["set"].area == "scalp"

    def test_it_leads_back_to_the_record_while_the_patient_is_here(
        self, clinician_client, session, course
    ):
        there = reverse("records:record-step", args=[session.pk, "checks"])
        assert there in words(clinician_client.get(set_url(session)))
        second = course.sessions.get(number=2)
        assert "Back to the record" not in words(clinician_client.get(set_url(second)))

    def test_a_private_screen_shows_photos_when_asked(self, clinician_client, photo, session):
        assert 'id="show-photos"' not in words(clinician_client.get(set_url(session)))
        clinician_client.cookies["private-screen"] = "1"
        for url in (set_url(session), course_url(photo.course)):
            assert 'id="show-photos"' in words(clinician_client.get(url))

    def test_the_nine_items_are_there_in_words(self, clinician_client, session):
        page = clinician_client.get(set_url(session))
        assert len(page.context["checklist"]) == 9
        assert "1 to 1.5 m for the face, 2 to 2.5 m for the body" in words(page)

    def test_pictures_of_the_browser_are_allowed_here_and_nowhere_else(
        self, clinician_client, session, course
    ):
        here = clinician_client.get(set_url(session)).headers["Content-Security-Policy"]
        there = clinician_client.get(course_url(course)).headers["Content-Security-Policy"]
        assert "img-src 'self' data: blob:" in here
        assert "blob:" not in here.replace("img-src 'self' data: blob:", "")
        assert "blob:" not in there

    def test_a_follow_up_belongs_to_no_session(self, clinician_client, course):
        url = reverse("records:follow-up-photos", args=[course.pk])
        answer = clinician_client.post(url, form(course, scalp_vertex=upload()))
        assert answer.status_code == 302
        assert Photo.objects.get().session is None
        page = clinician_client.get(url)
        assert "Taken 10:42" in words(page)
        assert "Not photographed" not in words(page)

    def test_its_queries_do_not_grow(
        self, clinician_client, session, take, django_assert_max_num_queries
    ):
        take("scalp_vertex", session=session)
        url = set_url(session)
        with django_assert_max_num_queries(40) as few:
            clinician_client.get(url)
        for view in ("scalp_parting", "scalp_hairline", "scalp_temple_left", "scalp_occiput"):
            take(view, session=session)
            take(view, at=NOW - timedelta(days=8))
        with django_assert_max_num_queries(len(few)):
            clinician_client.get(url)


class TestDeclining:
    def url(self, session):
        return reverse("records:photos-decline", args=[session.pk]) + "?area=scalp"

    def typed(self, session, **change):
        return {
            "decline-patient": session.course.patient_id,
            "decline-views": ["scalp_vertex", "scalp_parting"],
            "decline-reason": "Came with wet hair",
        } | change

    def test_a_reason_is_kept_for_each_view(self, clinician_client, session):
        answer = clinician_client.post(self.url(session), self.typed(session))
        assert answer.url == set_url(session)
        assert PhotoDecline.objects.count() == 2
        assert words(clinician_client.get(answer.url)).count("Came with wet hair") == 2

    def test_without_a_reason_the_form_comes_back(self, clinician_client, session):
        answer = clinician_client.post(
            self.url(session), self.typed(session, **{"decline-reason": " "})
        )
        assert answer.status_code == 422
        assert "Say why there is no photo." in words(answer)
        answer = clinician_client.post(
            self.url(session), self.typed(session, **{"decline-views": ["nose"]})
        )
        assert answer.status_code == 422
        assert "Came with wet hair" in words(answer)
        assert not PhotoDecline.objects.exists()

    def test_a_form_for_another_patient_is_a_conflict(self, clinician_client, session):
        answer = clinician_client.post(
            self.url(session), self.typed(session, **{"decline-patient": "0"})
        )
        assert answer.status_code == 409
        assert not PhotoDecline.objects.exists()

    def test_a_session_that_is_over_is_left_alone(self, clinician_client, session):
        session.status = "SKIPPED"
        session.save(update_fields=["status"])
        answer = clinician_client.post(self.url(session), self.typed(session))
        assert answer.status_code == 409
        assert "Session 1 is over" in words(answer)


class TestCourse:
    def test_it_shows_sets_newest_first(self, clinician_client, course, take, session):
        take(session=session)
        take(at=NOW + timedelta(minutes=5))
        page = clinician_client.get(course_url(course))
        assert [one.session for one, _declines in page.context["sets"]] == [None, session]
        text = words(page)
        assert "Photos of session 1" in text
        assert "4 views missing" not in text
        assert "5 views missing" in text

    def test_a_course_without_photos_says_how_to_begin(self, clinician_client, course):
        assert "No photos yet" in words(clinician_client.get(course_url(course)))

    def test_a_no_is_said_and_nothing_is_shown(
        self, clinician_client, course, take, agreed, clinician
    ):
        photo = take()
        revoke_consent(consent=agreed, reason="", by=clinician, at=NOW)
        text = words(clinician_client.get(course_url(course)))
        assert "The patient does not agree to photos." in text
        assert str(photo.key) not in text
        assert "from before session 1" not in text
        assert "Follow-up photos" not in text

    def test_its_queries_do_not_grow(
        self, clinician_client, course, take, session, django_assert_max_num_queries
    ):
        take(session=session)
        with django_assert_max_num_queries(40) as few:
            clinician_client.get(course_url(course))
        for days, view in enumerate(("scalp_parting", "scalp_vertex", "scalp_occiput"), start=1):
            take(view, at=NOW - timedelta(days=days))
            take(view, session=session)
        with django_assert_max_num_queries(len(few)):
            clinician_client.get(course_url(course))


class TestBaseline:
    """Missing photos from before session 1 are told, and stop nothing."""

    FIVE = ("scalp_hairline", "scalp_vertex", "scalp_parting", "scalp_temple_left", "scalp_occiput")

    PANEL = "Photos from before session 1 are missing"

    def panel(self, client, course):
        return words(client.get(reverse("patients:patient-detail", args=[course.patient_id])))

    def said(self, client, course):
        return client.get(course_url(course)).context["baseline_problem"]

    def test_no_photo_from_before_session_1_is_told(self, clinician_client, course, session):
        assert "no photos from before session 1" in self.said(clinician_client, course)
        page = words(clinician_client.get(set_url(session)))
        assert "no photos from before session 1" in page
        assert self.PANEL in self.panel(clinician_client, course)

    def test_views_missing_from_before_session_1_are_told(
        self, clinician_client, course, session, take
    ):
        for view in self.FIVE:
            take(view, session=session)
        said = self.said(clinician_client, course)
        assert said == "From before session 1 these views are missing: Right temple."

    def test_a_reason_is_as_good_as_a_photo(
        self, clinician_client, course, session, take, clinician
    ):
        for view in self.FIVE:
            take(view, session=session)
        PhotoDecline.objects.create(
            session=session, view="scalp_temple_right", reason="No", at=NOW, by=clinician
        )
        assert self.said(clinician_client, course) == ""

    def test_photos_of_the_first_talk_count_and_later_ones_do_not(
        self, clinician_client, course, session, take
    ):
        take("scalp_vertex", at=NOW - timedelta(days=20))
        session.status, session.delivered_on = "DONE", NOW.date() - timedelta(days=1)
        session.save(update_fields=["status", "delivered_on"])
        take("scalp_occiput")
        said = self.said(clinician_client, course)
        assert "Crown" not in said
        assert "Back of the head" in said

    def test_a_photo_that_was_withdrawn_does_not_count(
        self, clinician_client, course, session, take, clinician
    ):
        photo = take(session=session)
        withdraw_photo(photo=photo, reason="Blurred", by=clinician, at=NOW)
        assert "no photos from before session 1" in self.said(clinician_client, course)

    def test_who_wants_no_photos_is_asked_for_none(
        self, clinician_client, course, session, photo_text
    ):
        ConsentFactory(of=course, template=photo_text, is_given=False)
        assert self.said(clinician_client, course) == ""
        assert "no photos from before" not in words(clinician_client.get(set_url(session)))
        panel = self.panel(clinician_client, course)
        assert "0 photos" in panel
        assert self.PANEL not in panel

    def test_a_patient_without_a_course_has_no_photos(self, clinician_client, patient):
        page = clinician_client.get(reverse("patients:patient-detail", args=[patient.pk]))
        assert 'id="photos"' not in words(page)


class TestOne:
    def url(self, photo, name="photo-detail"):
        return reverse(f"records:{name}", args=[photo.key])

    def test_it_says_what_is_known(self, clinician_client, photo, patient):
        text = words(clinician_client.get(self.url(photo)))
        assert "Scalp: Crown, session 1" in text
        assert "26 Nov 2026, 10:42" in text
        assert "64 × 48 pixels" in text
        assert photo.sha256 in text
        assert patient.full_name in text

    def test_copies_are_offered_for_signed_uses_only(self, clinician_client, take, agreed, course):
        photo = take()
        assert "Copy for" not in words(clinician_client.get(self.url(photo)))
        text = ConsentTemplateFactory(unit="TEACHING", indication=None, title="Teaching")
        ConsentFactory(of=course, template=text)
        page = words(clinician_client.get(self.url(photo)))
        assert "Copy for teaching" in page
        assert "Copy for publication" not in page

    def test_withdrawing_takes_a_reason(self, clinician_client, photo):
        url = self.url(photo, "photo-withdraw")
        assert clinician_client.get(url).status_code == 200
        sent = {"patient": photo.patient_id, "reason": ""}
        answer = clinician_client.post(url, sent)
        assert answer.status_code == 422
        assert "Say why the photo is withdrawn." in words(answer)
        answer = clinician_client.post(url, sent | {"reason": "Wrong side"})
        assert answer.url == course_url(photo.course)
        assert clinician_client.get(self.url(photo)).status_code == 404
        assert clinician_client.post(url, sent | {"reason": "Again"}).status_code == 404

    @pytest.mark.parametrize("whose", ["", "0", "x", "9" * 4000])
    def test_a_form_for_another_patient_is_a_conflict(self, clinician_client, photo, whose):
        answer = clinician_client.post(
            self.url(photo, "photo-withdraw"), {"patient": whose, "reason": "Wrong side"}
        )
        assert answer.status_code == 409
        assert not hasattr(Photo.objects.get(), "withdrawal")


class TestComparing:
    def url(self, course):
        return reverse("records:photo-compare", args=[course.pk])

    @pytest.fixture
    def three(self, take):
        return [take(at=NOW - timedelta(days=days)) for days in (60, 30, 0)]

    def test_the_oldest_stands_beside_the_newest(self, clinician_client, course, three):
        page = clinician_client.get(self.url(course))
        assert (page.context["left"], page.context["right"]) == (three[0], three[2])

    def test_two_are_chosen(self, clinician_client, course, three):
        chosen = {"view": VIEW, "left": three[1].key, "right": three[0].key}
        page = clinician_client.get(self.url(course), chosen)
        assert (page.context["left"], page.context["right"]) == (three[1], three[0])

    @pytest.mark.parametrize("odd", ["", "x", str(uuid4()), "0" * 4000])
    def test_what_is_not_there_is_not_chosen(self, clinician_client, course, three, odd):
        page = clinician_client.get(self.url(course), {"view": odd[:50], "left": odd, "right": odd})
        assert (page.context["left"], page.context["right"]) == (three[0], three[2])

    def test_one_photo_is_not_enough(self, clinician_client, course, take):
        take()
        assert "Nothing to compare yet" in words(clinician_client.get(self.url(course)))

    def test_what_was_withdrawn_is_not_offered(self, clinician_client, course, three, clinician):
        withdraw_photo(photo=three[0], reason="Blurred", by=clinician, at=NOW)
        page = clinician_client.get(self.url(course), {"left": three[0].key})
        assert page.context["left"] == three[1]
        assert f"photos/{three[0].key}" not in words(page)
        assert f'value="{three[0].key}"' not in words(page)


class TestPatientTab:
    def test_every_course_is_listed_with_its_photos(self, clinician_client, session):
        page = clinician_client.get(
            reverse("records:patient-photos", args=[session.course.patient_id])
        ).content.decode()
        assert course_url(session.course) in page
        assert "Missing" in page

    def test_a_patient_without_a_course(self, clinician_client, site):
        patient = PatientFactory()
        page = clinician_client.get(reverse("records:patient-photos", args=[patient.pk]))
        assert b"No photo yet" in page.content

    def test_reception_sees_no_tab_and_no_page(self, reception_client, session):
        patient = session.course.patient
        url = reverse("records:patient-photos", args=[patient.pk])
        assert reception_client.get(url).status_code == 403
        detail = reception_client.get(reverse("patients:patient-detail", args=[patient.pk]))
        assert url not in detail.content.decode()
