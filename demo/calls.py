"""Calls after sessions: nearly all were made, a few wait."""

from datetime import timedelta
from itertools import islice
from typing import Final

from demo.clinic_plan import Clinic
from records.actions.calls import note_call
from records.domain.calls import Answer
from records.selectors.calls import CallToMake, calls_to_make

# So many wait at each site, and one of them was tried before.
_WAITING: Final = 3
_RECENT: Final = timedelta(days=4)


def add_calls(clinic: Clinic) -> None:
    """Note the calls that are due by today but for the newest few."""
    for site in clinic.sites.values():
        due = calls_to_make(site, clinic.today)
        recent = [one for one in due if one.due.on > clinic.today - _RECENT]
        waiting = list(islice(reversed(recent), _WAITING))
        for one in due:
            if one not in waiting:
                _note(clinic, one, Answer.WELL, "No pain, no fever.")
        for one in waiting[:1]:
            _note(clinic, one, Answer.UNREACHED, "")


def _note(clinic: Clinic, one: CallToMake, answer: Answer, words: str) -> None:
    note_call(
        session=one.session,
        time=one.due.time,
        answer=answer,
        words=words,
        by=one.session.course.practitioner,
        at=clinic.now,
    )
