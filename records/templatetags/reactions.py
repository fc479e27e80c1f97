"""Words and look of reactions in templates."""

from django import template
from django.utils.translation import gettext as _

from records import reaction_notes, reaction_words
from records.models import AdverseEvent, AdverseEventUpdate, Grade, OutcomeChoice
from records.selectors.clusters import ClusterAlert

register = template.Library()


@register.filter
def kind_name(event: AdverseEvent) -> str:
    """Return what kind of reaction it is."""
    return reaction_words.kind_name(event)


@register.filter
def said(words: str) -> str:
    """Return words of the catalogue in the reader's language."""
    return _(words)


@register.filter
def grade_words(grade: int) -> str:
    """Return a grade in words."""
    return str(Grade(grade).label)


@register.filter
def grade_short(grade: int) -> str:
    """Return a grade in two words."""
    return reaction_words.grade_short(grade)


@register.filter
def outcome_words(update: AdverseEventUpdate | AdverseEvent) -> str:
    """Return the outcome of one row in words."""
    return str(OutcomeChoice(update.outcome).label)


@register.filter
def cluster_words(cluster: ClusterAlert) -> str:
    """Return what the reactions of a cluster share."""
    return reaction_notes.cluster_words(cluster)
