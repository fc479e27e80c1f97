"""Adding a photo to a reaction."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from meso_clinic.core.models import User
from records.actions.photos import Shot, add_photos
from records.models import AdverseEvent, Photo, ReactionPhoto


@transaction.atomic
def add_reaction_photo(
    *, event: AdverseEvent, shot: Shot, device: str, key: UUID, by: User, at: datetime
) -> Photo:
    """Keep `shot` of the patient as a follow-up photo that shows `event`.

    The patient's consent to photos decides, as for every photo. What came with the same `key`
    before is not kept again. Raises PhotoRefused.
    """
    [photo] = add_photos(
        course=event.course,
        session=None,
        shots=[shot],
        device=device,
        key=key,
        by=by,
        at=at,
    )
    ReactionPhoto.objects.get_or_create(photo=photo, defaults={"event": event})
    return photo
