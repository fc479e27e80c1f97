"""How it is with the health questions, said in templates: `{{ finding|finding_words }}`."""

from django import template
from django.utils.translation import gettext as _

from patients.domain.screening import Part
from treatments import screening_words
from treatments.domain.screening.rules import Level
from treatments.domain.screening.verdict import Finding, State, Verdict

register = template.Library()

_TONES = {Level.BLOCK: "stop", Level.SIGNOFF: "warn", Level.WARN: "warn", Level.INFO: "info"}
_PARTS = {Part.FULL: "full", Part.SHORT: "short", Part.SOME: "open"}


@register.filter
def state_of(verdict: Verdict) -> str:
    """Return the one word that everybody may read."""
    return screening_words.state_words(verdict)


@register.filter
def is_hold(verdict: Verdict) -> bool:
    """Return whether somebody has to decide, and not just to ask."""
    return verdict.state is State.HOLD


@register.filter
def part_name(verdict: Verdict) -> str:
    """Return which questions to ask as the page of questions names them, "" for none."""
    return _PARTS[verdict.due_part] if verdict.due_part else ""


@register.filter
def finding_words(finding: Finding) -> str:
    """Return what was found, for people who may read about health."""
    return screening_words.finding_sentence(finding)


@register.filter
def level_label(finding: Finding) -> str:
    """Return how grave a finding is, in words."""
    if finding.clearance is not None:
        return _("Signed off")
    return str(screening_words.LEVEL_WORDS[finding.level])


@register.filter
def level_tone(finding: Finding) -> str:
    """Return the tone of a finding: stop, warn, ok or info."""
    return "ok" if finding.clearance is not None else _TONES[finding.level]


@register.filter
def lift_words(finding: Finding) -> str:
    """Return who can make a finding go away, "" if nothing waits for it."""
    return str(screening_words.LIFT_WORDS[finding.lift]) if finding.holds_up else ""
