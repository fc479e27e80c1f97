"""Photos of the demo clinic: drawn shapes with dots, fewer from set to set. Nobody real is shown."""

from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Final
from uuid import uuid4

from PIL import Image, ImageDraw

from demo.stories import Course, Fate
from meso_clinic.core.models import User
from records.actions.photos import Shot, add_photos, decline_photos
from records.domain.photos import BY_CODE, Area, Side, View, areas_for, views_of
from records.imaging import Picture, clean_picture
from records.selectors.photos import read_photo_consent
from sessions.models import TreatmentSession

# So many running courses have photos: enough to compare, few enough to seed in a moment.
WITH_PHOTOS: Final = 7
SIZE: Final = (480, 360)
WALL, SKIN, LINE, DOT = (186, 198, 206), (222, 190, 170), (150, 118, 100), (176, 112, 96)
TREATED: Final = frozenset({Fate.DONE, Fate.IN_TREATMENT})


class Photos:
    """Takes the standard views before the first and the last session of some courses."""

    def __init__(self) -> None:
        self._courses = 0

    def numbers_of(self, course: Course) -> dict[int, int]:
        """Return which set each photographed session of `course` is, by number; none for most."""
        treated = [visit.number for visit in course.visits if visit.fate in TREATED]
        if not treated or course.ending or self._courses == WITH_PHOTOS:
            return {}
        self._courses += 1
        return {number: place for place, number in enumerate(sorted({treated[0], treated[-1]}))}

    def take(self, session: TreatmentSession, place: int, *, by: User, at: datetime) -> None:
        """Keep the set of `session`; the last view of a second set is declined."""
        course = session.course
        if not read_photo_consent(course, at=at).may_take:
            return
        slug = course.indication.slug
        asked, _others = views_of(areas_for(slug)[0], slug)
        *views, last = asked
        if place == 0:
            views.append(last)
        add_photos(
            course=course,
            session=session,
            shots=[Shot(view.code, drawn(view.code, place)) for view in views],
            device="Tablet at the desk",
            key=uuid4(),
            by=by,
            at=at,
        )
        if place:
            reason = "The patient was in a hurry."
            decline_photos(session=session, views=[last.code], reason=reason, by=by, at=at)


@cache
def drawn(code: str, place: int) -> Picture:
    """Return a drawing for a view, in the set with that number."""
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    view = BY_CODE[code]
    left = {Side.LEFT: 150, Side.RIGHT: 190, Side.MIDDLE: 170}[view.side]
    _shape(pen, view, left)
    for number in range(14 if place == 0 else 5):
        x, y = left + 24 + number * 37 % 96, 100 + number * 53 % 150
        pen.ellipse((x, y, x + 7, y + 7), fill=DOT)
    pen.text((12, 12), "Drawing, not a patient", fill=(60, 70, 80))
    file = BytesIO()
    image.save(file, "PNG")
    return clean_picture(file, size=len(file.getvalue()))


def _shape(pen: ImageDraw.ImageDraw, view: View, left: int) -> None:
    box = (left, 60, left + 140, 300)
    if view.area in (Area.FACE, Area.SCALP, Area.SUBMENTAL):
        pen.rectangle((left + 45, 270, left + 95, 360), fill=SKIN)
        pen.ellipse(box, fill=SKIN, outline=LINE, width=3)
        nose = {Side.LEFT: left, Side.RIGHT: left + 140, Side.MIDDLE: left + 70}[view.side]
        pen.ellipse((nose - 8, 170, nose + 8, 200), fill=SKIN, outline=LINE, width=3)
        return
    pen.rounded_rectangle(box, radius=40, fill=SKIN, outline=LINE, width=3)
    pen.line((left + 70, 80, left + 70, 280), fill=LINE, width=2)
