"""What higher apps add to the pages of a patient; filled in their `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.functional import Promise

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.ordering import put_in_order
from meso_clinic.core.roles import Right
from patients.models import Patient

Area = Literal["top", "main", "side"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the patient's page: `template` drawn with what `context` returns, and `patient`.

    `top` is the full width below the tabs, `main` the wide column, `side` the narrow one. Without
    `right` a panel is never drawn; a context of None leaves it out for this patient.
    """

    order: int
    area: Area
    template: str
    context: Callable[[ClinicRequest, Patient], dict[str, Any] | None]
    right: Right = Right.SEE_PATIENTS


@dataclass(frozen=True, slots=True)
class PatientTab:
    """A tab of the patient's page. `url_name` is reversed with the patient's primary key."""

    order: int
    label: str | Promise
    url_name: str
    count: Callable[[Patient], int] | None = None
    right: Right = Right.SEE_PATIENTS


@dataclass(frozen=True, slots=True)
class Alert:
    """A flag below the patient's name. `tone` is "stop" (red), "info" or "ok"."""

    tone: Literal["stop", "info", "ok"]
    text: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What a search result says beyond who it is: "Next: Thu 3 Dec, 10:00", and a button.

    `detail` says what for: "Cellulite, 3 of 8".
    """

    text: str
    url: str = ""
    action: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """Where a document is read, printed or fetched as a file."""

    label: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper about a patient: when it was made (aware), what it is and about what."""

    at: datetime
    title: str
    about: str
    links: tuple[DocumentLink, ...]


DocumentSource = Callable[[ClinicRequest, Patient], list[Document]]
"""Answers which papers there are of a patient, of those that the reader may see."""

AlertSource = Callable[[ClinicRequest, Patient], list[Alert]]
"""Answers what else belongs below a patient's name, in words that the reader may see."""

ResultNote = Callable[[ClinicRequest, list[Patient]], dict[int, ResultLine]]
"""Answers for a whole page of patients at once, by primary key, so that no row costs a query."""

_panels: list[Panel] = []
_tabs: list[PatientTab] = []
_alert_sources: list[AlertSource] = []
_quick_alert_sources: list[AlertSource] = []
_result_notes: list[ResultNote] = []
_document_sources: list[DocumentSource] = []
_activity_pages: dict[str, str] = {}
_next_step: list[str] = []


def register_panel(panel: Panel) -> None:
    """Add a part to the patient's page."""
    put_in_order(_panels, panel)


def panels(area: Area) -> list[Panel]:
    """Return the panels of `area` in their order."""
    return [panel for panel in _panels if panel.area == area]


def register_tab(tab: PatientTab) -> None:
    """Add a tab to the patient's page."""
    put_in_order(_tabs, tab)


def tabs() -> list[PatientTab]:
    """Return the tabs in their order."""
    return list(_tabs)


def register_alerts(source: AlertSource, *, is_quick: bool = False) -> None:
    """Add flags below the patient's name.

    A source that `is_quick`, one query at most, is asked on every page that shows a course, others
    on the pages of the patient alone.
    """
    kept = _quick_alert_sources if is_quick else _alert_sources
    if source not in kept:
        kept.append(source)


def more_alerts(
    request: ClinicRequest, patient: Patient, *, quick_only: bool = False
) -> list[Alert]:
    """Return the flags of all sources, or of those that are quick."""
    sources = _quick_alert_sources + ([] if quick_only else _alert_sources)
    return [alert for source in sources for alert in source(request, patient)]


def register_result_note(note: ResultNote) -> None:
    """Add a line to the results of a search."""
    if note not in _result_notes:
        _result_notes.append(note)


def result_lines(request: ClinicRequest, found: list[Patient]) -> dict[int, ResultLine]:
    """Return what the registered notes say about `found`; of two about one patient, the last."""
    lines: dict[int, ResultLine] = {}
    for note in _result_notes:
        lines |= note(request, found)
    return lines


def register_documents(source: DocumentSource) -> None:
    """Add papers to the patient's tab of documents."""
    if source not in _document_sources:
        _document_sources.append(source)


def documents(request: ClinicRequest, patient: Patient) -> list[Document]:
    """Return the papers of all sources that the reader may see, the newest first."""
    found = (one for source in _document_sources for one in source(request, patient))
    return sorted(found, key=lambda one: (one.at, one.title), reverse=True)


def register_activity_page(label: str, url_name: str) -> None:
    """Say which page shows the row that a line of the audit trail names, by its primary key.

    `label` is the name of the row's model as the line has it: "treatments.treatmentcourse".
    """
    _activity_pages[label] = url_name


def activity_page(label: str) -> str:
    """Return the name of the page that shows a row of the model `label`, "" if there is none."""
    return _activity_pages.get(label, "")


def set_next_step(url_name: str) -> None:
    """Say which page plans a course; it is reversed with the patient's primary key."""
    _next_step[:] = [url_name]


def next_step() -> str:
    """Return the name of the page that plans a course, or "" while no app offers one."""
    return _next_step[0] if _next_step else ""
