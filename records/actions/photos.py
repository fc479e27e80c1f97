"""Keeping photos, saying why there is none, taking one out of the record, and handing one out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.actions import lock_patient
from records.domain.photos import BY_CODE, Use, taken_at
from records.imaging import Picture
from records.models import Photo, PhotoDecline, PhotoWithdrawal
from records.photo_storage import forget, keep
from records.photo_words import consent_problem, use_name
from records.selectors.photos import is_over, read_photo_consent
from sessions.models import TreatmentSession
from treatments.models import TreatmentCourse


class PhotoRefused(ActionRefused):
    """The photo cannot be kept, withdrawn or handed out. `problem` says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A clean picture of one view, by its code."""

    view: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class _Stored:
    """A shot whose two files are on the disk."""

    shot: Shot
    file_name: str
    thumbnail_name: str


def add_photos(
    *,
    course: TreatmentCourse,
    session: TreatmentSession | None,
    shots: Sequence[Shot],
    device: str,
    key: UUID,
    by: User,
    at: datetime,
) -> list[Photo]:
    """Keep `shots` of the patient of `course`, taken in `session` or (None) as a follow-up.

    A photo was taken when its camera says, if that can be, else `at`.
    The files are on the disk before a row names them; if no row does in the end they are removed.
    A view that came with the same `key` before is not kept again. Raises PhotoRefused.
    """
    written: list[str] = []
    kept: list[Photo] = []
    try:
        stored = [_store(shot, written) for shot in shots]
        with transaction.atomic():
            kept = _add_rows(course, session, stored, device, key, by=by, at=at)
    finally:
        named = {name for photo in kept for name in (photo.file_name, photo.thumbnail_name)}
        forget([name for name in written if name not in named])
    return kept


def _store(shot: Shot, written: list[str]) -> _Stored:
    """Write both files of `shot`; each name is added to `written` as soon as its file is there."""
    for content in (shot.picture.content, shot.picture.thumbnail):
        written.append(keep(content))
    return _Stored(shot, *written[-2:])


def _add_rows(
    course: TreatmentCourse,
    session: TreatmentSession | None,
    stored: Sequence[_Stored],
    device: str,
    key: UUID,
    *,
    by: User,
    at: datetime,
) -> list[Photo]:
    # The consent cannot be taken back between the question and the row.
    lock_patient(course.patient_id)
    course = TreatmentCourse.objects.with_people().get(pk=course.pk)
    known = list(Photo.objects.filter(form_key=key))
    if any(photo.course_id != course.pk for photo in known):
        raise PhotoRefused(_("This form was for another patient. Load the page again."))
    _check_session(course, session, at)
    consent = read_photo_consent(course, at=at)
    if problem := consent_problem(consent):
        raise PhotoRefused(problem)
    sent = {photo.view for photo in known}
    added = []
    for one in stored:
        if one.shot.view in sent:
            continue
        photo = _photo(one, course, session, consent.consent_pk)
        photo.taken_at = taken_at(
            one.shot.picture.stamp,
            zone=course.site.zone,
            born_on=course.patient.born_on,
            planned_at=course.planned_at,
            now=at,
        )
        photo.kept_at, photo.taken_by, photo.device, photo.form_key = at, by, device, key
        photo.full_clean()
        photo.save(force_insert=True)
        audit.record(
            kind=audit.Kind.PHOTO_TAKEN, by=by, at=at, target=photo, patient_id=course.patient_id
        )
        added.append(photo)
    return [*known, *added]


def _photo(
    stored: _Stored,
    course: TreatmentCourse,
    session: TreatmentSession | None,
    consent_pk: int | None,
) -> Photo:
    view, picture = BY_CODE[stored.shot.view], stored.shot.picture
    return Photo(
        key=uuid4(),
        patient=course.patient,
        course=course,
        session=session,
        consent_id=consent_pk,
        area=view.area.value,
        view=view.code,
        side=view.side.value,
        file_name=stored.file_name,
        thumbnail_name=stored.thumbnail_name,
        sha256=picture.sha256,
        size_bytes=len(picture.content),
        width=picture.width,
        height=picture.height,
    )


def _check_session(course: TreatmentCourse, session: TreatmentSession | None, at: datetime) -> None:
    """Raise PhotoRefused for a session that is not of `course` or not of today any more."""
    if session is None:
        return
    if session.course_id != course.pk:
        raise PhotoRefused(_("This form was for another patient. Load the page again."))
    session.refresh_from_db()
    today = at.astimezone(course.site.zone).date()
    if is_over(course, session, today):
        raise PhotoRefused(
            _("Session %(number)s is over. Add a follow-up photo instead.")
            % {"number": session.number}
        )


@transaction.atomic
def decline_photos(
    *, session: TreatmentSession, views: Sequence[str], reason: str, by: User, at: datetime
) -> list[PhotoDecline]:
    """Keep why `views` are not photographed in `session`; one that was declined stays as it is.

    Raises PhotoRefused, or ValidationError without a reason.
    """
    course = session.course
    lock_patient(course.patient_id)
    _check_session(course, session, at)
    known = set(PhotoDecline.objects.filter(session=session).values_list("view", flat=True))
    declines = []
    for view in views:
        if view in known:
            continue
        decline = PhotoDecline(session=session, view=view, reason=reason.strip(), by=by, at=at)
        decline.full_clean()
        decline.save(force_insert=True)
        audit.record(
            kind=audit.Kind.PHOTO_DECLINED,
            by=by,
            at=at,
            target=decline,
            patient_id=course.patient_id,
        )
        declines.append(decline)
    return declines


@transaction.atomic
def withdraw_photo(*, photo: Photo, reason: str, by: User, at: datetime) -> PhotoWithdrawal:
    """Take `photo` out of the record: nobody sees it from now on. Its row and its file stay.

    Raises PhotoRefused if it was withdrawn before, ValidationError without a reason.
    """
    lock_patient(photo.patient_id)
    if PhotoWithdrawal.objects.filter(photo=photo).exists():
        raise PhotoRefused(_("This photo was withdrawn already."))
    withdrawal = PhotoWithdrawal(photo=photo, reason=reason.strip(), by=by, at=at)
    withdrawal.full_clean()
    withdrawal.save(force_insert=True)
    audit.record(
        kind=audit.Kind.PHOTO_WITHDRAWN, by=by, at=at, target=photo, patient_id=photo.patient_id
    )
    return withdrawal


@transaction.atomic
def note_seen(*, photo: Photo, by: User, at: datetime) -> None:
    """Keep that `by` looked at `photo`, before a byte of it goes out."""
    audit.record(
        kind=audit.Kind.PHOTO_SEEN, by=by, at=at, target=photo, patient_id=photo.patient_id
    )


@transaction.atomic
def hand_out(*, photo: Photo, use: Use, by: User, at: datetime) -> None:
    """Keep that a copy of `photo` is made for `use`. Raises PhotoRefused without consent to it."""
    lock_patient(photo.patient_id)
    if use not in read_photo_consent(photo.course, at=at).uses:
        raise PhotoRefused(
            _("The patient has not signed that photos may be used for %(use)s.")
            % {"use": use_name(use)}
        )
    audit.record(
        kind=audit.Kind.PHOTO_COPIED, by=by, at=at, target=photo, patient_id=photo.patient_id
    )
