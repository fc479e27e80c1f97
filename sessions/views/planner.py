"""What was typed on the planner page, and the page that answers it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.utils import formats
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clinic.models import Site
from meso_clinic.core.access import Right
from meso_clinic.core.http import ClinicRequest, render_page_or_fragment
from meso_clinic.core.models import User
from patients.models import Patient
from sessions import planner_words as words
from sessions.domain.planner import Spread
from sessions.forms import LateReasonForm, PlanCourseForm
from sessions.selectors.asking import Ask, Place
from sessions.selectors.courses import newest_assessment
from sessions.selectors.places import read_places
from sessions.selectors.plan_page import PageRow, PlanPage, bounded
from treatments.domain.limits import TOTAL_SESSIONS
from treatments.domain.screening.verdict import Verdict
from treatments.models import Indication
from treatments.selectors.screening import read_screening_of_plan

NUMBERS = range(1, TOTAL_SESSIONS[1] + 1)
# What stays when another indication brings its own numbers.
KEPT = ("first_on", "practitioner", "goals", "weekdays", "time_of_day", "only", "spread")


def is_number(typed: str) -> bool:
    """Whether a text is a number that a database can hold."""
    return typed.isdecimal() and len(typed) < 19


@dataclass
class Planner:
    """One request: what was typed, the form that reads it, and the page that answers."""

    request: ClinicRequest
    patient: Patient
    indication: Indication
    site: Site
    now: datetime

    @property
    def today(self) -> date:
        """Today at the site."""
        return self.now.astimezone(self.site.zone).date()

    @cached_property
    def typed(self) -> QueryDict:
        """What was sent. A fix or a time that was chosen takes the place of what was there."""
        sent = (self.request.POST if self.request.method == "POST" else self.request.GET).copy()
        chosen = QueryDict(sent.get("use", ""))
        allowed = {"weekdays", "time_of_day", "only", *(f"pin-{n}" for n in NUMBERS)}
        for name in allowed & set(chosen):
            sent.setlist(name, [value for value in chosen.getlist(name) if value])
        sent.pop(f"pin-{sent.get('release', '')}", None)
        return sent

    @property
    def is_typed(self) -> bool:
        """Whether the page was filled in, and not just opened."""
        return "numbers_of" in self.typed

    @cached_property
    def follows_protocol(self) -> bool:
        """Whether the numbers come from the protocol: those that were sent are of another one."""
        return self.typed.get("numbers_of", str(self.indication.pk)) != str(self.indication.pk)

    @cached_property
    def form(self) -> PlanCourseForm:
        """The settings as they were typed."""
        values = self.defaults()
        names = KEPT if self.follows_protocol else tuple(PlanCourseForm.base_fields)
        if self.is_typed:
            # A box without a tick is not sent.
            values.setlist("weekdays", [])
            values["only"] = ""
        for name in names:
            if name in self.typed and name != "indication":
                values.setlist(name, self.typed.getlist(name))
        total, monthly = str(values["total_sessions"]), str(values["monthly_from"])
        if (
            total.isdecimal()
            and monthly.isdecimal()
            and len(total) < 3
            and int(monthly) > int(total) + 1
        ):
            values["monthly_from"] = str(int(total) + 1)
        return self._form_of(values)

    def defaults(self) -> QueryDict:
        """Return the numbers of the protocol and what is known of the patient."""
        patient, protocol = self.patient, self.indication.protocol
        values = QueryDict(mutable=True)
        values["indication"] = str(self.indication.pk)
        values["total_sessions"] = str(protocol.total_sessions)
        values["monthly_from"] = str(protocol.initial_sessions + 1)
        values["first_on"] = self.today.isoformat()
        values["practitioner"] = str(self._usual_practitioner() or "")
        values.setlist("weekdays", [str(day) for day in patient.preferred_weekdays])
        values["time_of_day"] = patient.preferred_time
        values["spread"] = Spread.AS_DUE
        return values

    def _usual_practitioner(self) -> int | None:
        people = list(User.objects.practitioners().values_list("pk", flat=True))
        wished = (
            self.patient.preferred_practitioner_id,
            self.request.user.pk if self.request.user.is_clinician else None,
        )
        return next((one for one in wished if one in people), people[0] if people else None)

    def _form_of(self, values: QueryDict) -> PlanCourseForm:
        return PlanCourseForm(values, indication=self.indication, today=self.today)

    @cached_property
    def good(self) -> PlanCourseForm | None:
        """The settings to show times for: those that were typed, or the last ones that were good."""
        shown = QueryDict(self.typed.get("shown", ""))
        known = shown if shown.get("indication") == str(self.indication.pk) else self.defaults()
        candidates = (self.form, self._form_of(known))
        return next((form for form in candidates if form.is_valid()), None)

    @cached_property
    def pins(self) -> dict[int, Place]:
        """The times that somebody keeps, by session number."""
        if self.good is None or self.follows_protocol:
            return {}
        data = self.good.cleaned_data
        return bounded(self._places("pin"), data["first_on"], data["total_sessions"])

    @cached_property
    def places(self) -> dict[int, Place]:
        """The times as they were shown, by session number."""
        return self._places("place")

    def _places(self, prefix: str) -> dict[int, Place]:
        sent = {n: self.typed.get(f"{prefix}-{n}", "") for n in NUMBERS}
        return read_places({number: value for number, value in sent.items() if value})

    @cached_property
    def key(self) -> UUID:
        """What makes the booking happen once, however often it is sent."""
        try:
            return UUID(self.typed.get("key", ""))
        except ValueError:
            return uuid4()

    def late_form(self, number: int) -> LateReasonForm:
        """Return the form for the reason why session `number` is late."""
        prefix = f"late-{number}"
        is_sent = f"{prefix}-reason" in self.typed
        return LateReasonForm(self.typed if is_sent else None, prefix=prefix)

    def ask(self, pins: dict[int, Place], held: dict[int, Place] | None = None) -> Ask | None:
        """Return what the planner is asked."""
        if self.good is None:
            return None
        return Ask(
            outline=self.good.outline(patient=self.patient, site=self.site),
            wishes=self.good.wishes(),
            now=self.now,
            pins=pins,
            held=held or {},
        )

    def plan(self) -> PlanPage | None:
        """Return the proposal for what was typed."""
        ask = self.ask(self.pins)
        return self._page_of(ask, self.pins) if ask else None

    def plan_without(self, number: int) -> PlanPage | None:
        """Return the proposal with another time for session `number` and all others as shown.

        If that cannot be, as few others as possible move as well.
        """
        lost = {n: place for n, place in self.places.items() if n == number}
        others = {n: place for n, place in self.places.items() if n != number}
        pins = {n: place for n, place in self.pins.items() if n != number}
        found = None
        for kept, held in ((others, lost), (pins, others | lost)):
            if ask := self.ask(kept, held):
                found = self._page_of(ask, pins, self.places)
                if found.stuck_at is None:
                    return found
        return found

    def _page_of(
        self, ask: Ask, pins: dict[int, Place], shown: dict[int, Place] | None = None
    ) -> PlanPage:
        change = self.typed.get("change", "")
        closes = any(name in self.typed for name in ("use", "close", "release"))
        return PlanPage(
            ask=ask,
            pins=pins,
            rtl=get_language_bidi(),
            shown=shown or {},
            change=int(change) if is_number(change) and not closes else None,
            anybody="anybody" in self.typed,
            late="late" in self.typed and self.may_book_late,
        )

    @property
    def may_book_late(self) -> bool:
        """Whether this person may book after a window."""
        return self.request.user.has_right(Right.BOOK_LATE)

    def answer(
        self,
        page: PlanPage | None,
        problems: tuple[tuple[str, str], ...] = (),
        status: int = 200,
    ) -> HttpResponse:
        """Show the page. `problems` are sentences with the id of what they are about."""
        show_errors = self.request.method == "POST" or bool(self.typed)
        problems += _form_problems(self.form) if show_errors else ()
        form, assessment = self.form, newest_assessment(self.patient, self.indication)
        context: dict[str, Any] = {
            "patient": self.patient,
            "form": form,
            "indication": self.indication,
            "revision": self.indication.revisions.newest_first().first(),
            "protocol": self.indication.protocol,
            "site": self.site,
            "page": page,
            "assessment": assessment,
            "screening": self._screening(),
            "wishes": words.wishes_words(self.good.wishes()) if self.good else "",
            "shown": self.good.settings if self.good else "",
            "key": self.key,
            "show_errors": show_errors,
            "problems": problems,
            "may_book_late": self.may_book_late,
            "rows": self._rows(page),
            "needs_specialist": self.indication.needs_specialist and assessment is None,
            "announce": _announcement(page),
            "focus": self._focus(),
            "opens": self._pressed("change"),
            "wishes_open": bool({"weekdays", "time_of_day"} & set(form.errors)),
        }
        return render_page_or_fragment(
            self.request, "sessions/course_plan.html", "sessions/_planner.html", context, status
        )

    def _screening(self) -> Verdict:
        """Return what is known of the patient's health means for the course as it is planned."""
        return read_screening_of_plan(
            patient=self.patient,
            indication=self.indication,
            product=self.good.cleaned_data["product"] if self.good else None,
            site=self.site,
            at=self.now,
        )

    def _pressed(self, name: str) -> bool:
        """Whether the button of that name asked for this part of the page."""
        return bool(self.request.htmx) and self.request.htmx.trigger_name == name

    def _focus(self) -> int | None:
        """Return the session to go to when the button that was pressed is gone, 0 for the list."""
        if not any(self._pressed(name) for name in ("use", "close", "release")):
            return None
        chosen = (n for n in NUMBERS if f"pin-{n}" in QueryDict(self.typed.get("use", "")))
        asked = self.typed.get("release") or self.typed.get("change") or ""
        return next(chosen, int(asked) if is_number(asked) else 0)

    def _rows(self, page: PlanPage | None) -> list[tuple[PageRow, LateReasonForm | None]]:
        """Return the rows, the late ones with the form for their reason."""
        return [
            (row, self.late_form(row.number) if row.row.needs_reason else None)
            for row in (page.rows if page else ())
        ]


def _announcement(page: PlanPage | None) -> str:
    """Say what a change led to, for those who cannot see it."""
    if page is None:
        return ""
    said = [
        _("%(first)s to %(last)s.")
        % {
            "first": formats.date_format(page.drawn.starts_on, "j F Y"),
            "last": formats.date_format(page.drawn.ends_on, "j F Y"),
        }
    ]
    if page.stuck_at:
        said.append(_("Session %(number)s has no time.") % {"number": page.stuck_at})
    return " ".join(said)


def _form_problems(form: PlanCourseForm) -> tuple[tuple[str, str], ...]:
    targets = dict.fromkeys(("weekdays", "time_of_day", "only"), "wishes")
    return tuple(
        (targets.get(field.name, field.auto_id), str(error))
        for field in form
        for error in field.errors
    )
