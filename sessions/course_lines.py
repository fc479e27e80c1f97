"""What higher apps know about a course, said in one line: "Baseline: missing", and a link.

The apps fill this in their `AppConfig.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meso_clinic.core.models import User
from meso_clinic.core.roles import Right
from treatments.models import TreatmentCourse


@dataclass(frozen=True, slots=True)
class CourseLine:
    """`label` and `text`, for people with `right`; those with `link_right` see `action` as well.

    `is_open` marks what somebody has to look after.
    """

    label: str
    text: str
    is_open: bool = False
    url: str = ""
    action: str = ""
    right: Right = Right.SEE_COURSES
    link_right: Right = Right.SEE_CLINICAL


Read = Callable[[Sequence[TreatmentCourse], datetime], dict[int, list[CourseLine]]]
"""Answers for several courses at once, by primary key, so that no course costs a query."""

_reads: list[Read] = []


def register_course_lines(read: Read) -> None:
    """Add lines to what is said about courses."""
    if read not in _reads:
        _reads.append(read)


def course_lines(
    courses: Sequence[TreatmentCourse], *, user: User, at: datetime
) -> dict[int, list[CourseLine]]:
    """Return what `user` may know about each of `courses` at `at` (aware), by primary key."""
    lines: dict[int, list[CourseLine]] = {course.pk: [] for course in courses}
    if not courses:
        return lines
    for read in _reads:
        for pk, found in read(courses, at).items():
            lines[pk] += [line for line in found if user.has_right(line.right)]
    return lines
