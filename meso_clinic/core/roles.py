"""Who may do what: the roles, the rights, and the one table that joins them.

The table is the whole permission policy. A view states the right it needs with
`access.requires`; nothing else decides.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person does in the clinic. One person may hold several; rights add up."""

    CLINICIAN = "clinician"
    RECEPTION = "reception"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing a person may be allowed to do."""

    SEE_DAY = "see_day"
    RUN_DAY = "run_day"
    BOOK = "book"
    BOOK_LATE = "book_late"
    SEE_PATIENTS = "see_patients"
    EDIT_PATIENTS = "edit_patients"
    SEE_CLINICAL = "see_clinical"
    EDIT_CLINICAL = "edit_clinical"
    SEE_COURSES = "see_courses"
    PLAN_COURSE = "plan_course"
    DECIDE_COURSE = "decide_course"
    WRITE_RECORD = "write_record"
    TAKE_CONSENT = "take_consent"
    HAND_OVER = "hand_over"
    EDIT_CONTENT = "edit_content"
    MANAGE_STOCK = "manage_stock"
    SEE_STOCK = "see_stock"
    RUN_RECALL = "run_recall"
    MANAGE_CLINIC = "manage_clinic"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"


_EVERYONE = frozenset(Role)
_DESK = frozenset({Role.CLINICIAN, Role.RECEPTION})
_CLINICIAN = frozenset({Role.CLINICIAN})
_ADMIN = frozenset({Role.ADMIN})
_STOCK = frozenset({Role.CLINICIAN, Role.ADMIN})

# "admin" manages the clinic and is not a clinical reader.
RIGHTS: dict[Right, frozenset[Role]] = {
    Right.SEE_DAY: _EVERYONE,
    Right.RUN_DAY: _EVERYONE,
    Right.BOOK: _EVERYONE,
    Right.BOOK_LATE: _CLINICIAN,
    Right.SEE_PATIENTS: _EVERYONE,
    Right.EDIT_PATIENTS: _EVERYONE,
    Right.SEE_CLINICAL: _CLINICIAN,
    Right.EDIT_CLINICAL: _CLINICIAN,
    Right.SEE_COURSES: _EVERYONE,
    Right.PLAN_COURSE: _DESK,
    Right.DECIDE_COURSE: _CLINICIAN,
    Right.WRITE_RECORD: _CLINICIAN,
    Right.TAKE_CONSENT: _CLINICIAN,
    Right.HAND_OVER: _DESK,
    Right.EDIT_CONTENT: _ADMIN,
    Right.MANAGE_STOCK: _STOCK,
    Right.SEE_STOCK: _EVERYONE,
    Right.RUN_RECALL: _CLINICIAN,
    Right.MANAGE_CLINIC: _ADMIN,
    Right.MANAGE_PEOPLE: _ADMIN,
    Right.SEE_AUDIT: _ADMIN,
}
