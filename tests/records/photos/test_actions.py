"""Keeping, declining and withdrawing photos, and what consent has to do with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from meso_clinic.core.models import AuditEvent
from records.actions import photos as actions
from records.actions.photos import PhotoRefused, Shot, add_photos
from records.domain.photos import Use
from records.models import Photo, PhotoDecline
from records.photo_storage import photo_storage
from records.selectors.photos import course_photos, read_photo_consent, visible_photo
from tests.factories.consents import ConsentFactory, ConsentTemplateFactory
from tests.factories.treatments import TreatmentCourseFactory
from tests.records.conftest import NOW
from tests.records.photos.conftest import files_in
from treatments.actions.consents import revoke_consent, withdraw_consent_text
from treatments.models import Consent

pytestmark = pytest.mark.django_db


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", "patient_id"))


def revoke(consent, by):
    return revoke_consent(consent=consent, reason="", by=by, at=NOW)


class TestAdding:
    def test_a_photo_says_what_it_shows_and_who_took_it(
        self, course, session, clinician, picture, agreed, folder
    ):
        [photo] = add_photos(
            course=course,
            session=session,
            shots=[Shot("scalp_temple_left", picture)],
            device="Tablet 3",
            key=uuid4(),
            by=clinician,
            at=NOW,
        )
        photo.refresh_from_db()
        assert (photo.patient, photo.course, photo.session) == (course.patient, course, session)
        assert (photo.area, photo.view, photo.side) == ("scalp", "scalp_temple_left", "LEFT")
        assert (photo.taken_at, photo.taken_by, photo.device) == (NOW, clinician, "Tablet 3")
        assert (photo.width, photo.height) == (64, 48)
        assert photo.sha256 == picture.sha256
        assert photo.consent == agreed
        with photo_storage().open(photo.file_name) as file:
            assert file.read() == picture.content
        with photo_storage().open(photo.thumbnail_name) as file:
            assert file.read() == picture.thumbnail
        assert kinds()[-1] == ("photo.taken", course.patient_id)
        assert str(photo) == f"photo {photo.pk}"

    def test_files_have_names_that_say_nothing_and_only_their_owner_reads_them(self, photo, folder):
        files = files_in(folder)
        assert len(files) == 2
        for file in files:
            assert file.stat().st_mode & 0o777 == 0o600
            assert file.parent.stat().st_mode & 0o777 == 0o700
            assert len(file.stem) == 32
            assert str(photo.key.hex) not in file.name

    def test_the_same_form_twice_is_one_photo(self, take, session, folder):
        key = uuid4()
        first = take(session=session, key=key)
        assert take(session=session, key=key) == first
        assert len(files_in(folder)) == 2

    def test_a_key_of_another_patients_form_is_refused(self, take, indication, site, clinician):
        key = uuid4()
        take(key=key)
        other = TreatmentCourseFactory(indication=indication, site=site, practitioner=clinician)
        with pytest.raises(PhotoRefused, match="another patient"):
            take(key=key, of=other)

    def test_a_session_of_another_course_is_refused(self, take, session, indication, folder):
        other = TreatmentCourseFactory(indication=indication)
        with pytest.raises(PhotoRefused, match="another patient"):
            take(session=session, of=other)
        assert files_in(folder) == []

    def test_no_file_is_left_when_no_row_is_written(self, course, clinician, picture, folder):
        with pytest.raises(ValidationError):
            add_photos(
                course=course,
                session=None,
                shots=[Shot("scalp_vertex", picture)],
                device="x" * 300,
                key=uuid4(),
                by=clinician,
                at=NOW,
            )
        assert files_in(folder) == []
        assert not Photo.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"status": "DONE", "delivered_on": NOW.date() - timedelta(days=1)},
            {"status": "SKIPPED"},
        ],
    )
    def test_a_session_that_is_over_takes_no_photos(self, take, session, change, folder):
        for field, value in change.items():
            setattr(session, field, value)
        session.save(update_fields=list(change))
        with pytest.raises(PhotoRefused, match="Session 1 is over"):
            take(session=session)
        assert files_in(folder) == []

    def test_a_session_of_today_takes_photos_after_it_was_delivered(self, take, session):
        session.status, session.delivered_on = "DONE", NOW.date()
        session.save(update_fields=["status", "delivered_on"])
        assert take(session=session).session == session

    def test_an_ended_course_takes_follow_up_photos_only(self, take, session, course):
        course.status, course.ended_at = "COMPLETED", NOW
        course.save(update_fields=["status", "ended_at"])
        with pytest.raises(PhotoRefused, match="follow-up"):
            take(session=session)
        assert take().session is None


class TestConsent:
    def test_a_clinic_that_asks_on_paper_takes_photos(self, take):
        assert take().consent is None

    def test_without_the_signed_unit_there_is_no_photo(self, take, photo_text, folder):
        with pytest.raises(PhotoRefused, match="not signed yet"):
            take()
        assert files_in(folder) == []

    def test_a_consent_that_is_too_old_takes_no_new_photo_and_hides_none(
        self, take, agreed, course
    ):
        photo = take()
        later = NOW + timedelta(days=400)
        with pytest.raises(PhotoRefused, match="12 months"):
            take("scalp_parting", at=later)
        assert course_photos(course).photos == (photo,)

    @pytest.mark.parametrize("text_stays", [True, False])
    def test_a_no_takes_every_photo_out_of_sight(
        self, take, agreed, course, clinician, admin, text_stays
    ):
        photo = take()
        on_file = read_photo_consent(course, at=NOW)
        assert on_file.may_take
        if not text_stays:
            withdraw_consent_text(template=agreed.template, reason="On paper", by=admin, at=NOW)
        revoke(agreed, clinician)
        assert course_photos(course).photos == ()
        assert not visible_photo(photo.key).exists()
        with pytest.raises(PhotoRefused, match="does not agree"):
            take()

    def test_a_later_no_counts_as_much(self, take, agreed, course, photo_text):
        take()
        ConsentFactory(
            of=course, template=photo_text, is_given=False, signed_at=NOW + timedelta(minutes=1)
        )
        assert course_photos(course).photos == ()
        with pytest.raises(PhotoRefused, match="does not agree"):
            take()

    def test_a_new_yes_does_not_bring_back_what_was_taken_back(
        self, take, agreed, course, clinician, photo_text
    ):
        take()
        revoke(agreed, clinician)
        again = ConsentFactory(of=course, template=photo_text, signed_at=NOW + timedelta(minutes=1))
        new = take("scalp_parting")
        assert new.consent == again
        assert course_photos(course).photos == (new,)

    def test_the_no_of_another_patient_hides_nothing(self, take, agreed, course, photo_text):
        photo = take()
        ConsentFactory(template=photo_text, is_given=False, signed_at=NOW)
        assert course_photos(course).photos == (photo,)


class TestUses:
    """A photo for the record is for the record alone."""

    @pytest.fixture
    def texts(self, agreed):
        return {
            use: ConsentTemplateFactory(unit=unit, indication=None, title=unit)
            for use, unit in ((Use.TEACHING, "TEACHING"), (Use.PUBLICATION, "MARKETING"))
        }

    def hand_out(self, photo, use, by):
        photo = visible_photo(photo.key).get()
        actions.hand_out(photo=photo, use=use, by=by, at=NOW)

    @pytest.mark.parametrize("use", Use)
    def test_each_use_waits_for_its_own_unit(self, take, agreed, clinician, course, texts, use):
        photo = take()
        other = next(one for one in Use if one is not use)
        ConsentFactory(of=course, template=texts[other])
        with pytest.raises(PhotoRefused, match="not signed"):
            self.hand_out(photo, use, clinician)
        assert "photo.copied" not in [kind for kind, _patient in kinds()]
        ConsentFactory(of=course, template=texts[use])
        self.hand_out(photo, use, clinician)
        assert kinds()[-1] == ("photo.copied", course.patient_id)

    @pytest.mark.parametrize("use", Use)
    def test_paper_is_not_enough(self, take, clinician, use):
        with pytest.raises(PhotoRefused):
            self.hand_out(take(), use, clinician)

    def test_what_is_taken_back_is_handed_out_no_more(self, take, agreed, clinician, course, texts):
        photo = take()
        signed = ConsentFactory(of=course, template=texts[Use.PUBLICATION])
        assert read_photo_consent(course, at=NOW).uses == (Use.PUBLICATION,)
        revoke(signed, clinician)
        assert read_photo_consent(course, at=NOW).uses == ()
        with pytest.raises(PhotoRefused):
            self.hand_out(photo, Use.PUBLICATION, clinician)

    def test_without_consent_to_photos_no_other_unit_helps(self, agreed, clinician, course, texts):
        ConsentFactory(of=course, template=texts[Use.TEACHING])
        revoke(agreed, clinician)
        assert read_photo_consent(course, at=NOW).uses == ()


class TestDeclining:
    def decline(self, session, by, views=("scalp_vertex", "scalp_parting"), reason="Not today."):
        return actions.decline_photos(session=session, views=views, reason=reason, by=by, at=NOW)

    def test_a_view_is_declined_once_with_its_reason(self, session, clinician):
        first = self.decline(session, clinician)
        assert [one.view for one in first] == ["scalp_vertex", "scalp_parting"]
        assert self.decline(session, clinician, reason="Another") == []
        assert set(PhotoDecline.objects.values_list("reason", flat=True)) == {"Not today."}
        assert kinds()[-1] == ("photo.declined", session.course.patient_id)
        assert "scalp_vertex" in str(first[0])

    def test_without_a_reason_nothing_is_kept(self, session, clinician):
        with pytest.raises(ValidationError):
            self.decline(session, clinician, reason="  ")
        assert not PhotoDecline.objects.exists()


class TestWithdrawing:
    def withdraw(self, photo, by, reason="Wrong side"):
        return actions.withdraw_photo(photo=photo, reason=reason, by=by, at=NOW)

    def test_it_is_gone_for_everybody_and_its_row_stays(self, photo, clinician, course, folder):
        withdrawal = self.withdraw(photo, clinician)
        assert course_photos(course).photos == ()
        assert not visible_photo(photo.key).exists()
        assert Photo.objects.get() == photo
        assert len(files_in(folder)) == 2
        assert kinds()[-1] == ("photo.withdrawn", photo.patient_id)
        assert str(photo.pk) in str(withdrawal)

    def test_twice_is_refused(self, photo, clinician):
        self.withdraw(photo, clinician)
        with pytest.raises(PhotoRefused, match="already"):
            self.withdraw(photo, clinician)

    def test_without_a_reason_it_stays(self, photo, clinician, course):
        with pytest.raises(ValidationError):
            self.withdraw(photo, clinician, reason=" ")
        assert course_photos(course).photos == (photo,)


def test_consent_rows_are_never_touched(take, agreed):
    take()
    assert Consent.objects.get() == agreed
