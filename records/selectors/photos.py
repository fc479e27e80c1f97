"""Photos of a course, set by set, and whether the patient lets them be taken and shown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from records.domain.photos import (
    BY_CODE,
    Area,
    Coverage,
    TileState,
    Use,
    View,
    coverage,
    may_use,
    tile_state,
    views_of,
)
from records.models import Photo, PhotoDecline
from sessions.models import TreatmentSession
from treatments.domain.consents import Finding, Unit
from treatments.models import Consent, TreatmentCourse
from treatments.selectors.consents import read_standing


@dataclass(frozen=True, slots=True)
class PhotoConsent:
    """How it is with the patient's consent to photos.

    `finding` is None in a clinic that asks for it on paper. `is_refused` is true whatever the
    clinic asks for now: the last thing the patient said about photos was no. `uses` are what a
    copy may be made for.
    """

    finding: Finding | None
    is_refused: bool
    uses: tuple[Use, ...]

    @property
    def may_take(self) -> bool:
        """Whether a photo may be taken now."""
        if self.is_refused:
            return False
        return self.finding is None or self.finding.is_valid

    @property
    def consent_pk(self) -> int | None:
        """The signed consent that a photo is taken under now."""
        signed = self.finding.signed if self.finding else None
        return signed.consent if signed else None


def read_photo_consent(course: TreatmentCourse, *, at: datetime) -> PhotoConsent:
    """Return how it is with photos of the patient of `course` (with its site) at `at` (aware)."""
    standing = read_standing(course, at=at)
    by_unit = {finding.asked.unit: finding for finding in standing.findings}
    states = {unit: finding.state for unit, finding in by_unit.items()}
    is_refused = has_refused(course.patient_id)
    return PhotoConsent(
        finding=by_unit.get(Unit.PHOTOS),
        is_refused=is_refused,
        uses=tuple(use for use in Use if not is_refused and may_use(use, states)),
    )


def has_refused(patient_pk: int) -> bool:
    """Whether the last thing that the patient said about photos was no."""
    said = Consent.objects.filter(patient=patient_pk, unit=Unit.PHOTOS.value)
    last = said.select_related("revocation").order_by("-signed_at", "-pk").first()
    return last is not None and (not last.is_given or hasattr(last, "revocation"))


def is_over(course: TreatmentCourse, session: TreatmentSession | None, today: date) -> bool:
    """Whether `session` takes no photos any more: it was on another day, or will not be.

    Follow-up photos (None) are always taken.
    """
    if session is None:
        return False
    was_before = session.delivered_on is not None and session.delivered_on != today
    return was_before or session.status == TreatmentSession.Status.SKIPPED or course.is_ended


def visible_photo(key: UUID) -> QuerySet[Photo]:
    """Return the photo with `key` if anybody may still see it, with all that its page names."""
    return Photo.objects.visible().with_people().filter(key=key)


# -- Sets ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tile:
    """One view of a set: the newest photo, or why there is none, and the photo of it before."""

    view: View
    state: TileState
    photo: Photo | None
    decline: PhotoDecline | None
    before: Photo | None
    is_asked: bool


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """The photos of one session, or the follow-up photos of one day (`session` is None)."""

    session: TreatmentSession | None
    on: date | None
    photos: tuple[Photo, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CoursePhotos:
    """All that may be seen of a course, newest first, and what was declined."""

    course: TreatmentCourse
    photos: tuple[Photo, ...]
    declines: tuple[PhotoDecline, ...]

    def of(self, session: TreatmentSession | None, on: date | None = None) -> tuple[Photo, ...]:
        """Return the photos of `session`, or the follow-up photos that were taken on `on`."""
        if session is not None:
            return tuple(one for one in self.photos if one.session_id == session.pk)
        follow_up = [one for one in self.photos if one.session_id is None]
        return tuple(one for one in follow_up if on in (None, self.day_of(one)))

    def day_of(self, photo: Photo) -> date:
        """Return the day at the site of the course."""
        return photo.taken_at.astimezone(self.course.site.zone).date()

    def declined(self, session: TreatmentSession | None) -> dict[str, PhotoDecline]:
        """Return what was declined in `session`, by view."""
        if session is None:
            return {}
        return {one.view: one for one in self.declines if one.session_id == session.pk}


def course_photos(course: TreatmentCourse) -> CoursePhotos:
    """Return the photos of `course` and what was declined (2 queries)."""
    photos = Photo.objects.visible().filter(course=course).with_people().newest_first()
    declines = PhotoDecline.objects.filter(session__course=course).select_related("by")
    return CoursePhotos(course, tuple(photos), tuple(declines.order_by("pk")))


def photo_sets(found: CoursePhotos, sessions: Sequence[TreatmentSession]) -> list[PhotoSet]:
    """Return a set for each of `sessions`, then one for each day with follow-up photos."""
    sets = [_set(found, session, session.delivered_on) for session in sessions]
    days = {found.day_of(photo) for photo in found.of(None)}
    return sets + [_set(found, None, day) for day in sorted(days)]


def _set(found: CoursePhotos, session: TreatmentSession | None, on: date | None) -> PhotoSet:
    photos = found.of(session, on)
    return PhotoSet(
        session=session,
        on=on,
        photos=_newest_of_each_view(photos),
        coverage=coverage(
            found.course.indication.slug,
            taken={photo.view for photo in photos},
            declined=found.declined(session),
        ),
    )


def _newest_of_each_view(photos: Sequence[Photo]) -> tuple[Photo, ...]:
    """Return one of each view in the order of the views: the one that was added last."""
    newest = _last_added(photos)
    return tuple(newest[code] for code in BY_CODE if code in newest)


def _last_added(photos: Sequence[Photo]) -> dict[str, Photo]:
    """Return by view the photo of a set that took the place of the others, whatever its camera says."""
    return {photo.view: photo for photo in sorted(photos, key=lambda one: one.pk)}


def tiles(
    found: CoursePhotos, session: TreatmentSession | None, area: Area, *, today: date
) -> list[Tile]:
    """Return a tile for each view of `area`, those that a set asks for first.

    Without a session it is the set of follow-up photos of `today`.
    """
    own = found.of(session, None if session else today)
    newest = _last_added(own)
    before = _taken_before(found, own)
    declined = found.declined(session)
    asked, others = views_of(area, found.course.indication.slug)
    return [
        Tile(
            view=view,
            state=tile_state(is_taken=view.code in newest, is_declined=view.code in declined),
            photo=newest.get(view.code),
            decline=declined.get(view.code),
            before=before.get(view.code),
            is_asked=view in asked,
        )
        for view in (*asked, *others)
    ]


def _taken_before(found: CoursePhotos, own: tuple[Photo, ...]) -> dict[str, Photo]:
    """Return the last photo of each view that is not of the set itself."""
    keys = {photo.pk for photo in own}
    return {photo.view: photo for photo in reversed(found.photos) if photo.pk not in keys}


# -- Before session 1 ---------------------------------------------------------------------------


def baseline(found: CoursePhotos, first: TreatmentSession | None) -> Coverage:
    """Return what there is from before session 1 (None: not planned yet).

    Photos of that session count, and follow-up photos from before or on its day.
    """
    began = first.delivered_on if first else None
    own = found.of(first) if first else ()
    early = [one for one in found.of(None) if began is None or found.day_of(one) <= began]
    return coverage(
        found.course.indication.slug,
        taken={photo.view for photo in (*own, *early)},
        declined=found.declined(first),
    )


# -- Comparing ----------------------------------------------------------------------------------


def photos_by_view(found: CoursePhotos) -> dict[View, list[Photo]]:
    """Return the photos of each view that has two or more, the oldest first."""
    by_view = defaultdict(list)
    for photo in reversed(found.photos):
        by_view[photo.view].append(photo)
    return {view: by_view[view.code] for view in BY_CODE.values() if len(by_view[view.code]) > 1}


# -- A patient ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course with how many photos it has, and what there is from before session 1.

    `newest_at` is when the newest one was taken, None if there is none.
    """

    course: TreatmentCourse
    count: int
    newest_at: datetime | None
    baseline: Coverage


def course_lines(courses: Sequence[TreatmentCourse]) -> list[CourseLine]:
    """Return a line for each of `courses`, in their order (3 queries)."""
    pks = [course.pk for course in courses]
    photos = Photo.objects.visible().filter(course__in=pks).newest_first()
    declines = PhotoDecline.objects.filter(session__course__in=pks).select_related("session")
    first = TreatmentSession.objects.filter(course__in=pks, number=1).order_by("pk")
    firsts = {session.course_id: session for session in first}
    taken, refused = list(photos), list(declines)
    lines = []
    for course in courses:
        found = CoursePhotos(
            course,
            tuple(photo for photo in taken if photo.course_id == course.pk),
            tuple(one for one in refused if one.session.course_id == course.pk),
        )
        newest = found.photos[0].taken_at if found.photos else None
        before = baseline(found, firsts.get(course.pk))
        lines.append(CourseLine(course, len(found.photos), newest, before))
    return lines


# -- Files --------------------------------------------------------------------------------------


def named_files() -> set[str]:
    """Return the names of all files that a row names, of photos that nobody may see as well."""
    names = Photo.objects.values_list("file_name", "thumbnail_name")
    return {name for pair in names.iterator() for name in pair}
