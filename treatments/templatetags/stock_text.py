"""How a lot stands, in words."""

from django import template

from treatments.domain.stock import Refusal
from treatments.stock_words import state_words

register = template.Library()


@register.filter
def lot_state(refusal: Refusal | None) -> str:
    """Return how a lot stands, in a word or two."""
    return state_words(refusal)
