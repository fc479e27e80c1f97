"""The head of every page of one patient: who it is, flags, tabs. Other apps' tabs use it too."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients import registry
from patients.languages import language_name
from patients.models import Patient
from patients.registry import Alert
from patients.selectors import live_allergies

_CONTACT_WORDS = {
    Patient.Contact.PHONE: gettext_lazy("a phone call"),
    Patient.Contact.SMS: gettext_lazy("SMS"),
    Patient.Contact.EMAIL: gettext_lazy("e-mail"),
}


@dataclass(frozen=True, slots=True)
class TabView:
    """A tab as the template draws it."""

    label: str | Promise
    url: str
    is_current: bool
    count: int


def patient_head(request: ClinicRequest, patient: Patient, *, tab: str) -> dict[str, Any]:
    """Return what `patients/_head.html` draws. `tab` is the URL name of the page it stands on."""
    return {
        "patient": patient,
        "alerts": all_alerts(request, patient),
        "tabs": _tabs(request, patient, tab),
        "contact_words": _CONTACT_WORDS[Patient.Contact(patient.contact_by)],
        "language_name": language_name(patient.language),
        "plan_url": plan_url(request, patient),
    }


def alerts(request: ClinicRequest, patient: Patient) -> list[tuple[str, str]]:
    """Return the flags below the patient's name, as (tone, text), the stops first.

    Who may not read clinical notes learns only that there is something to ask about.
    """
    more = registry.more_alerts(request, patient, quick_only=True)
    return _stops_first([*more, *_allergy_flags(request, patient)])


def all_alerts(request: ClinicRequest, patient: Patient) -> list[tuple[str, str]]:
    """Return the flags with those that take longer to find: for pages about the patient alone."""
    more = registry.more_alerts(request, patient)
    return _stops_first([*more, *_allergy_flags(request, patient)])


def plan_url(request: ClinicRequest, patient: Patient) -> str:
    """Return the page that plans a course for `patient`, "" if this person may not plan."""
    name = registry.next_step()
    if not name or not request.user.has_right(Right.PLAN_COURSE):
        return ""
    return reverse(name, args=[patient.pk])


def _stops_first(flags: list[Alert]) -> list[tuple[str, str]]:
    flags.sort(key=lambda flag: flag.tone != "stop")
    # Several apps may know of the same hold.
    return list(dict.fromkeys((flag.tone, flag.text) for flag in flags))


def _allergy_flags(request: ClinicRequest, patient: Patient) -> list[Alert]:
    allergies = live_allergies(patient)
    if not request.user.has_right(Right.SEE_CLINICAL):
        return [Alert("stop", _("Safety note: ask a clinician"))] if allergies else []
    if not allergies:
        return [Alert("info", _("No allergies recorded"))]
    return [
        Alert("stop", _("Allergy: %(substance)s") % {"substance": allergy.substance})
        for allergy in allergies
    ]


def _tabs(request: ClinicRequest, patient: Patient, current: str) -> list[TabView]:
    return [
        TabView(
            label=tab.label,
            url=reverse(tab.url_name, args=[patient.pk]),
            is_current=tab.url_name == current,
            count=tab.count(patient) if tab.count else 0,
        )
        for tab in registry.tabs()
        if request.user.has_right(tab.right)
    ]
