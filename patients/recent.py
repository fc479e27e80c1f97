"""The patients a person opened last, so that the search begins with them.

They are kept as primary keys in the session of the person who is signed in: it is read on every
page anyway, ends with the sign-in, and needs no table of its own. It is written only when another
patient than the last one is opened, so walking through one patient's pages costs nothing.
"""

from meso_clinic.core.http import ClinicRequest

MOST_RECENT = 8
_KEY = "recent_patients"


def note_opened(request: ClinicRequest, patient_pk: int) -> None:
    """Put a patient whose page or appointment was opened at the head of the list."""
    known = recent_pks(request)
    if known[:1] != [patient_pk]:
        others = [pk for pk in known if pk != patient_pk]
        request.session[_KEY] = [patient_pk, *others][:MOST_RECENT]


def recent_pks(request: ClinicRequest) -> list[int]:
    """Return the patients opened last in this sign-in, the latest first."""
    return list(request.session.get(_KEY, []))
