"""How answers to the health questions are said in templates: `{{ answer|answer_words }}`."""

from django import template
from django.utils.translation import gettext as _

from meso_clinic.core.templatetags import clinic_format
from patients.models import Screening, ScreeningAnswer

register = template.Library()


@register.filter
def answer_words(answer: ScreeningAnswer) -> str:
    """Return the answer with all that was said: "Yes, 3 May 2026, warfarin"."""
    parts = [answer.get_value_display(), clinic_format.day_year(answer.day), answer.words]
    return ", ".join(part for part in parts if part)


@register.filter
def last_time(answer: ScreeningAnswer) -> str:
    """Return "Last time: no, 3 May 2026", with what a yes was asked further."""
    return _("Last time: %(said)s, %(day)s") % _said(answer)


@register.filter
def answered(answer: ScreeningAnswer) -> str:
    """Return "Answered: no, 3 May 2026", with what a yes was asked further."""
    return _("Answered: %(said)s, %(day)s") % _said(answer)


@register.filter
def noted_then(answer: ScreeningAnswer) -> str:
    """Return "A clinician noted: yes, warfarin, 3 May 2026"."""
    return _("A clinician noted: %(said)s, %(day)s") % _said(answer)


@register.filter
def told_then(answer: ScreeningAnswer) -> str:
    """Return "The patient answered: no, 4 May 2026"."""
    return _("The patient answered: %(said)s, %(day)s") % _said(answer)


def _said(answer: ScreeningAnswer) -> dict[str, str]:
    day = _("on %(day)s") % {"day": clinic_format.day_year(answer.day)} if answer.day else ""
    parts = (answer.get_value_display().lower(), answer.words, day)
    return {
        "said": ", ".join(part for part in parts if part),
        "day": clinic_format.day_year(answer.answered_at),
    }


@register.filter
def filled_by(screening: Screening) -> str:
    """Return who answered, with `screening.by`."""
    if screening.is_by_link:
        words = _("by the patient, with a link from %(name)s")
    elif screening.is_by_patient:
        words = _("by the patient, on a device of %(name)s")
    else:
        words = _("asked by %(name)s")
    return words % {"name": screening.by.display_name}
