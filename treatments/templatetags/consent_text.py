"""How consents are said in templates: `{{ finding|state_words }}`."""

from django import template

from patients.languages import direction
from treatments import consent_words
from treatments.domain.consents import Finding, Standing
from treatments.models import ConsentTemplate, TreatmentCourse

register = template.Library()


@register.filter
def state_words(finding: Finding) -> str:
    """Return how it is with a unit, in one or two words."""
    return str(consent_words.STATE_WORDS[finding.state])


@register.filter
def state_sentence(finding: Finding) -> str:
    """Return why a unit stands or not."""
    return consent_words.state_sentence(finding)


@register.filter
def part_words(finding: Finding) -> str:
    """Return which parts of the body a unit that stands is about, "" for all."""
    signed = finding.signed
    return consent_words.where_line(signed.zone_classes) if signed and finding.is_valid else ""


@register.filter
def open_reasons(standing: Standing) -> list[str]:
    """Return why a session waits, for a clinician."""
    return consent_words.open_reasons(standing)


@register.filter
def text_dir(text: ConsentTemplate) -> str:
    """Return which way the language of `text` is written."""
    return direction(text.language)


@register.filter
def reflection_words(standing: Standing, course: TreatmentCourse) -> str:
    """Return until when the first session of `course` waits, "" if it does not."""
    if standing.reflection is None:
        return ""
    return consent_words.reflection_words(standing.reflection, course.site.zone)
