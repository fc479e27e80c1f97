"""Reads that join patients with what is known about them."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise

from meso_clinic.core.audit_words import KIND_WORDS
from meso_clinic.core.models import AuditEvent
from patients import registry
from patients.domain.duplicates import Identity, Reason, likeness
from patients.domain.screening import SINCE_LAST_TIME, contests
from patients.domain.searching import Query
from patients.models import Allergy, Patient, ScreeningAnswer
from patients.phones import comparable_digits

# How many lines of what was done stand on one page.
LINES_A_PAGE = 50
# More people than this do not share one birthday or one phone in one clinic.
MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A patient who may be the person now registered, and why."""

    patient: Patient
    reason: Reason


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """Something that was done, `times` one after the other and last `at` that moment (aware).

    `url` is the page that shows it, "" if there is none.
    """

    at: datetime
    by: str
    words: str | Promise
    url: str
    times: int


@dataclass(frozen=True, slots=True)
class Activity:
    """A page of lines, the newest first. `older` asks for the next page, None on the last one."""

    lines: tuple[ActivityLine, ...]
    older: int | None


def activity_of(patient: Patient, *, before: int | None = None) -> Activity:
    """Return what was done for `patient`, older than the line with the primary key `before`.

    Takes 1 query.
    """
    events = AuditEvent.objects.filter(patient_id=patient.pk).select_related("by").order_by("-pk")
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events[: LINES_A_PAGE + 1])
    shown = found[:LINES_A_PAGE]
    # A record is saved at every change; ten of these in a row say no more than one.
    runs = groupby(shown, key=lambda event: (event.kind, event.by_id, event.target))
    lines = tuple(_line(list(events)) for _same, events in runs)
    return Activity(lines, shown[-1].pk if len(found) > LINES_A_PAGE else None)


def _line(events: list[AuditEvent]) -> ActivityLine:
    """Return the line for the same thing that was done several times, the last one first."""
    last = events[0]
    return ActivityLine(
        at=last.at,
        by=last.by.display_name,
        words=KIND_WORDS.get(last.kind, last.kind),
        url=_page_of(last.target),
        times=len(events),
    )


def _page_of(target: str) -> str:
    label, _colon, key = target.partition(":")
    name = registry.activity_page(label)
    return reverse(name, args=[key]) if name and key.isdigit() else ""


def best_matches(query: Query, *, most: int) -> list[Patient]:
    """Return up to `most` patients that `query` describes, the likeliest first, in 3 queries.

    Names and numbers are looked for apart, and only for primary keys: each reads one index or
    table from end to end, which a single condition over all of them would not.
    """
    names = Patient.objects.matching_names(query).values_list("pk", flat=True)
    numbers = Patient.objects.matching_numbers(query).order_by("pk").values_list("pk", flat=True)
    # The end of a phone number is nobody's name, and a name is no number: that read is saved.
    by_name = [] if _is_number(query) else list(names[:most])
    by_number = list(numbers[:most]) if _has_number(query) else []
    return in_this_order(list(dict.fromkeys([*by_number, *by_name]))[:most])


def in_this_order(pks: list[int]) -> list[Patient]:
    """Return the patients with these primary keys in the order of `pks`; unknown keys are left out."""
    found = Patient.objects.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def possible_duplicates(
    *, names: str, born_on: date, phones: list[str], country: str
) -> list[Duplicate]:
    """Return patients who may be this person, the likeliest first. `phones` are as typed."""
    typed = {comparable_digits(phone, country=country) for phone in phones} - {""}
    same = Q(born_on=born_on) | Q(phone_digits__in=typed) | Q(other_phone_digits__in=typed)
    new = Identity(names=names, born_on=born_on, phones=frozenset(typed))
    found = [
        Duplicate(patient=known, reason=reason)
        for known in Patient.objects.filter(same).by_name()[:MOST_CANDIDATES]
        if (reason := likeness(new, _identity(known))) is not None
    ]
    return sorted(found, key=lambda duplicate: list(Reason).index(duplicate.reason))


def live_allergies(patient: Patient) -> list[Allergy]:
    """Return what `patient` must not get; no query if it was read `with_live_allergies()`."""
    kept: list[Allergy] | None = getattr(patient, "live_allergies", None)
    return list(patient.allergies.live()) if kept is None else kept


def _identity(patient: Patient) -> Identity:
    return Identity(
        names=patient.full_name,
        born_on=patient.born_on,
        phones=frozenset({patient.phone_digits, patient.other_phone_digits}),
    )


def _is_number(query: Query) -> bool:
    return bool(query.phone_tail) and not query.name_words


def _has_number(query: Query) -> bool:
    return bool(query.phone_tail or query.born_on or query.record_number)


def newest_answers(patient: Patient) -> dict[str, ScreeningAnswer]:
    """Return the answers that count, by the code of the question, with who took them (1 query)."""
    found = ScreeningAnswer.objects.filter(patient=patient).newest()
    rows = found.select_related("question", "screening__by").order_by("question__position", "pk")
    return {row.question.code: row for row in rows}


@dataclass(frozen=True, slots=True)
class Contested:
    """A yes that a clinician `noted`, and what the patient `told` alone later."""

    noted: ScreeningAnswer
    told: ScreeningAnswer


def contested_answers(patient: Patient) -> list[Contested]:
    """Return where a patient took a clinician's yes away, until a clinician asks again (1 query).

    Questions about the time since the last session are left out: whether both answers are about
    the same time, only a course can tell.
    """
    rows = (
        ScreeningAnswer.objects.filter(patient=patient, question__is_active=True)
        .exclude(question__code__in=SINCE_LAST_TIME)
        .newest_and_noted()
        .select_related("question", "screening__by")
    )
    by_question: dict[int, list[ScreeningAnswer]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(row)
    pairs = [Contested(*found) for found in by_question.values() if len(found) > 1]
    pairs.sort(key=lambda pair: (pair.noted.question.position, pair.noted.question_id))
    return [pair for pair in pairs if contests(pair.noted.given, pair.told.given)]
