"""The day sheet in words: the same ones for the print page and for the PDF."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.models import ClinicProfile
from meso_clinic.core.templatetags.clinic_format import day_long, day_year
from patients.domain.searching import digits
from patients.models import Allergy
from sessions.models import Appointment
from sessions.selectors.day_marks import Mark
from sessions.selectors.day_sheet import DaySheet, SheetFree, SheetVisit
from treatments.models import Assessment

# As many as tell namesakes apart, and too few to call.
PHONE_TAIL = 4

# Where offices print on Letter; everybody else has A4.
LETTER_COUNTRIES = frozenset(
    {"US", "CA", "MX", "PH", "CL", "CO", "VE", "CR", "GT", "PA", "DO", "PR"}
)


class Paper(StrEnum):
    """What the sheet is printed on."""

    A4 = "a4"
    LETTER = "letter"


class Detail(StrEnum):
    """How much is on it: a line for each visit, or two with room to write."""

    SHORT = "short"
    DETAILED = "detailed"


MARK_WORDS = {
    Mark.NEW_PATIENT: gettext_lazy("new patient"),
    Mark.ASSESSMENT_OPEN: gettext_lazy("assessment open"),
    Mark.CONSENT_OPEN: gettext_lazy("consent open"),
}


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line of the sheet. A free one has its times and whose they are; all else is empty."""

    is_free: bool
    time: str
    until: str
    practitioner: str
    who: str = ""
    record_number: str = ""
    born: str = ""
    phone: str = ""
    what: str = ""
    # "6 of 10", or "" where nothing is counted.
    count: str = ""
    room: str = ""
    # "" while the patient is awaited: the box is empty, to be ticked by hand.
    status: str = ""
    arrived: str = ""
    marks: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetWords:
    """All that stands on the sheet."""

    clinic: str
    site: str
    phone: str
    title: str
    day: str
    whose: str
    count: str
    printed: str
    is_detailed: bool
    is_everybody: bool
    notices: tuple[str, ...]
    lines: tuple[LineWords, ...]
    ended: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns the table has: whose time it is, and when the patient came, if told."""
        return 6 + self.is_everybody + (not self.is_detailed)


def sheet_words(
    sheet: DaySheet, *, profile: ClinicProfile, now: datetime, detail: Detail
) -> SheetWords:
    """Say `sheet`, printed at `now` (aware), in the clock of its site."""
    is_detailed = detail == Detail.DETAILED
    moment = now.astimezone(sheet.site.zone)
    day = day_long(sheet.on)
    return SheetWords(
        clinic=profile.name,
        site=sheet.site.name,
        phone=sheet.site.phone or profile.phone,
        title=_("Day sheet, %(day)s") % {"day": day},
        day=day,
        whose=sheet.practitioner.display_name if sheet.practitioner else _("Everybody"),
        count=ngettext("%(n)s visit", "%(n)s visits", sheet.visits) % {"n": sheet.visits},
        printed=_("Printed %(day)s, %(time)s")
        % {"day": day_year(moment), "time": f"{moment:%H:%M}"},
        is_detailed=is_detailed,
        is_everybody=sheet.practitioner is None,
        notices=tuple(_notices(sheet)),
        lines=tuple(
            _free(line, sheet)
            if isinstance(line, SheetFree)
            else _visit(line, sheet, is_detailed=is_detailed)
            for line in sheet.lines
        ),
        ended=tuple(_ended(one, sheet) for one in sheet.ended),
    )


def paper_of(profile: ClinicProfile) -> Paper:
    """Return the paper that the clinic's country prints on."""
    return Paper.LETTER if profile.country in LETTER_COUNTRIES else Paper.A4


def _notices(sheet: DaySheet) -> list[str]:
    found = []
    if sheet.closure:
        found.append(_("Closed on this day: %(reason)s.") % {"reason": sheet.closure.reason})
        if sheet.visits:
            found.append(_("What is booked all the same is below. Find another day for it."))
    if not sheet.visits:
        found.append(_("Nobody is booked on this day."))
    if not sheet.closure and not sheet.lines:
        found.append(_nobody_works(sheet))
    return found


def _nobody_works(sheet: DaySheet) -> str:
    if sheet.practitioner is None:
        return _("There are no free times either.")
    return _("%(name)s has no free times either.") % {"name": sheet.practitioner.display_name}


def _free(line: SheetFree, sheet: DaySheet) -> LineWords:
    return LineWords(
        is_free=True,
        time=_clock(line.starts_at, sheet),
        until=_clock(line.ends_at, sheet),
        practitioner=line.practitioner.display_name,
    )


def _visit(line: SheetVisit, sheet: DaySheet, *, is_detailed: bool) -> LineWords:
    visit, patient = line.appointment, line.appointment.patient
    status = "" if visit.status == Appointment.Status.BOOKED else visit.get_status_display()
    return LineWords(
        is_free=False,
        time=_clock(visit.starts_at, sheet),
        until=_clock(visit.ends_at, sheet),
        practitioner=visit.practitioner.display_name,
        who=patient.full_name,
        record_number=patient.record_number,
        born=_born(patient.born_on, sheet.on),
        phone=patient.phone if is_detailed else phone_tail(patient.phone),
        what=_what(visit),
        count=_count(visit),
        room=visit.room.name,
        status=status,
        arrived=_clock(visit.arrived_at, sheet) if visit.arrived_at else "",
        marks=_marks(line, status if is_detailed else ""),
        notes=tuple(_notes(line, is_detailed=is_detailed)),
    )


def _what(visit: Appointment) -> str:
    session = visit.session
    return session.course.indication.short_name if session else str(visit.get_kind_display())


def _count(visit: Appointment) -> str:
    session = visit.session
    if session is None:
        return ""
    counted = {"number": session.number, "total": session.course.total_sessions}
    return _("%(number)s of %(total)s") % counted


def _marks(line: SheetVisit, status: str) -> str:
    """Return what is open, and what the visit has come to if `status` says so, as one line."""
    words = [str(MARK_WORDS[mark]) for mark in line.marks]
    return capfirst(", ".join(filter(None, [status, *words])))


def _notes(line: SheetVisit, *, is_detailed: bool) -> list[str]:
    """Say what a clinical reader has to know; the short sheet has the allergies alone."""
    notes = [_allergy(allergy) for allergy in line.allergies]
    if is_detailed and line.finding:
        notes.append(_finding(line.finding))
    return notes


def _allergy(allergy: Allergy) -> str:
    words = _("Allergic to %(substance)s") % {"substance": allergy.substance}
    return f"{words} ({allergy.reaction})" if allergy.reaction else words


def _finding(finding: Assessment) -> str:
    return _("Assessed %(day)s by %(name)s: %(finding)s") % {
        "day": day_year(finding.assessed_on),
        "name": finding.assessed_by,
        # A text of several lines is one line here.
        "finding": " ".join(finding.finding.split()),
    }


def _born(born_on: date, on: date) -> str:
    """Return the day of birth and the age on the day of the sheet: "22 Aug 1990 (36)"."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return f"{day_year(born_on)} ({max(0, years)})"


def phone_tail(phone: str) -> str:
    """Return "… 0142" for a phone number as it was typed; "" for none."""
    tail = digits(phone)[-PHONE_TAIL:]
    return f"… {tail}" if tail else ""


def _ended(visit: Appointment, sheet: DaySheet) -> str:
    why = visit.get_cancel_reason_display() if visit.cancel_reason else ""
    return _("%(time)s %(name)s: %(status)s") % {
        "time": _clock(visit.starts_at, sheet),
        "name": visit.patient.full_name,
        "status": ", ".join(filter(None, [visit.get_status_display(), why])),
    }


def _clock(moment: datetime, sheet: DaySheet) -> str:
    return f"{moment.astimezone(sheet.site.zone):%H:%M}"
