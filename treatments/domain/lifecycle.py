"""How the status of a course may change."""

from enum import StrEnum


class CourseStatus(StrEnum):
    """The life of a course."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    DISCONTINUED = "DISCONTINUED"
    LAPSED = "LAPSED"


# Stopping early is allowed from every state that is not an end.
_MAY_BECOME: dict[CourseStatus, frozenset[CourseStatus]] = {
    CourseStatus.DRAFT: frozenset({CourseStatus.ACTIVE, CourseStatus.DISCONTINUED}),
    CourseStatus.ACTIVE: frozenset(
        {
            CourseStatus.SUSPENDED,
            CourseStatus.COMPLETED,
            CourseStatus.DISCONTINUED,
            CourseStatus.LAPSED,
        }
    ),
    CourseStatus.SUSPENDED: frozenset(
        {CourseStatus.ACTIVE, CourseStatus.DISCONTINUED, CourseStatus.LAPSED}
    ),
    CourseStatus.COMPLETED: frozenset(),
    CourseStatus.DISCONTINUED: frozenset(),
    CourseStatus.LAPSED: frozenset(),
}


def can_become(status: str, wanted: str) -> bool:
    """Whether a course in `status` may become `wanted`."""
    return CourseStatus(wanted) in _MAY_BECOME[CourseStatus(status)]


def is_end(status: str) -> bool:
    """Whether nothing more happens to a course in `status`."""
    return not _MAY_BECOME[CourseStatus(status)]
