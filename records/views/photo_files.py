"""The bytes of a photo: who may see it is asked, kept, and only then a byte goes out."""

from typing import Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from records.actions.photos import PhotoRefused, hand_out, note_seen
from records.domain.photos import Use
from records.models import Photo
from records.photo_storage import photo_storage
from records.selectors.photos import visible_photo

# A picture runs nothing, loads nothing and stands in no frame, whatever a browser takes it for.
NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Always whole, so that every look is one line in the audit trail.
    "Accept-Ranges": "none",
    # A JPEG does not get smaller: the middleware that compresses pages leaves it alone.
    "Content-Encoding": "identity",
}


@require_safe
@requires(Right.SEE_CLINICAL, is_hidden=True)
def photo_file(request: ClinicRequest, key: UUID) -> HttpResponseBase:
    photo = get_object_or_404(visible_photo(key))
    return _seen(request, photo, photo.file_name)


@require_safe
@requires(Right.SEE_CLINICAL, is_hidden=True)
def photo_thumbnail(request: ClinicRequest, key: UUID) -> HttpResponseBase:
    photo = get_object_or_404(visible_photo(key))
    return _seen(request, photo, photo.thumbnail_name)


@require_GET
@requires(Right.SEE_CLINICAL, is_hidden=True)
def photo_copy(request: ClinicRequest, key: UUID, use: str) -> HttpResponseBase:
    """Hand out a copy for teaching or publication, if the patient signed exactly that."""
    if use not in list(Use):
        raise Http404
    photo = get_object_or_404(visible_photo(key))
    try:
        hand_out(photo=photo, use=Use(use), by=request.user, at=timezone.now())
    except PhotoRefused as refused:
        return _refused(request, photo, refused.problem)
    return _answer(photo, photo.file_name, is_download=True)


def _refused(request: ClinicRequest, photo: Photo, problem: str) -> HttpResponse:
    context = {"photo": photo, "patient": photo.patient, "problem": problem}
    return render(request, "records/photo_refused.html", context, status=403)


def _seen(request: ClinicRequest, photo: Photo, name: str) -> HttpResponseBase:
    note_seen(photo=photo, by=request.user, at=timezone.now())
    return _answer(photo, name)


def _answer(photo: Photo, name: str, *, is_download: bool = False) -> HttpResponseBase:
    try:
        file = photo_storage().open(name)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        file,
        content_type="image/jpeg",
        as_attachment=is_download,
        filename=f"photo-{photo.key}.jpg",
    )
    for header, value in HEADERS.items():
        answer.headers[header] = value
    return answer
