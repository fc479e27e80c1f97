"""What is said about recalls, on screen and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from meso_clinic.core.templatetags.clinic_format import date_long, day_year, wall_time
from records.domain.recalls import Counts
from records.models import Recall, RecallAttempt, RecallContact, RecallUse
from treatments.models import Lot

STATUS_ICONS = {
    RecallContact.Status.UNREACHED: "phone",
    RecallContact.Status.REACHED: "check",
    RecallContact.Status.SYMPTOMATIC: "triangle-alert",
    RecallContact.Status.REFERRED: "hospital",
}
# The colours of the day board's states: none of its own, and each with its icon and its word.
STATUS_TONES = {
    RecallContact.Status.UNREACHED: "booked",
    RecallContact.Status.REACHED: "done",
    RecallContact.Status.SYMPTOMATIC: "late",
    RecallContact.Status.REFERRED: "treatment",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A patient of the report, in words."""

    record_number: str
    name: str
    status: str
    used: str
    last_call: str
    watch_until: str


def lot_words(lot: Lot) -> str:
    """Return a lot with its product."""
    return _("%(product)s, lot %(number)s") % {"product": lot.product, "number": lot.number}


def use_lines(uses: Sequence[RecallUse]) -> list[str]:
    """Return where the lots went, one line a session and lot, the newest first."""
    ordered = sorted(uses, key=lambda use: (-use.used_on.toordinal(), use.session_id, use.lot_id))
    return [
        _session_line(list(group))
        for _key, group in groupby(ordered, key=lambda use: (use.session_id, use.lot_id))
    ]


def _session_line(uses: list[RecallUse]) -> str:
    use = uses[0]
    zones = [one.zone.name if one.zone else _("to numb") for one in uses]
    draft = "" if use.was_signed else _(" Not signed yet.")
    if any(one.is_late for one in uses):
        draft += _(" Typed after the lot was put in quarantine.")
    return (
        _("%(day)s: %(lot)s, %(where)s.")
        % {"day": day_year(use.used_on), "lot": lot_words(use.lot), "where": ", ".join(zones)}
        + draft
    )


def attempt_words(attempt: RecallAttempt) -> str:
    """Return a call as one line."""
    head = _("%(day)s, %(time)s, %(name)s: %(status)s.") % {
        "day": day_year(attempt.at),
        "time": wall_time(attempt.at),
        "name": attempt.by.display_name,
        "status": attempt.get_status_display(),
    }
    return f"{head} {attempt.words}".strip()


def report_lines(contacts: Sequence[RecallContact]) -> list[ReportLine]:
    """Return the patients of a recall (with details) as the report has them."""
    return [
        ReportLine(
            record_number=contact.patient.record_number,
            name=contact.patient.full_name,
            status=str(contact.get_status_display()),
            used=" ".join(use_lines(list(contact.uses.all()))),
            last_call=_last_call(contact),
            watch_until=day_year(contact.watch_until),
        )
        for contact in contacts
    ]


def report_facts(recall: Recall) -> list[tuple[str, str]]:
    """Return what the head of the report says: what, why, by whom, when."""
    facts = [
        (_("Lots"), "; ".join(lot_words(lot) for lot in recall.lots.all())),
        (_("Reason"), recall.reason),
        (_("Notice"), recall.source),
        (_("Opened"), _moment(recall.opened_at, recall.opened_by.display_name)),
    ]
    if recall.closed_at and recall.closed_by:
        facts.append((_("Closed"), _moment(recall.closed_at, recall.closed_by.display_name)))
        facts.append((_("Summary"), recall.summary))
    return facts


def count_words(counts: Counts) -> list[tuple[str, int]]:
    """Return each status with how many patients it has, and all of them."""
    status = RecallContact.Status
    return [
        (_("Patients touched"), counts.all),
        (str(status.UNREACHED.label), counts.unreached),
        (str(status.REACHED.label), counts.reached),
        (str(status.SYMPTOMATIC.label), counts.symptomatic),
        (str(status.REFERRED.label), counts.referred),
    ]


def _moment(at: object, name: str) -> str:
    return f"{date_long(at)}, {wall_time(at)}, {name}"  # type: ignore[arg-type]


def _last_call(contact: RecallContact) -> str:
    attempts = list(contact.attempts.all())
    return attempt_words(attempts[0]) if attempts else _("Never called")
