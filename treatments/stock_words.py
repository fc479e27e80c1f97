"""What is said about lots."""

from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treatments.domain.stock import Refusal, Why

_SENTENCES: Final[dict[Why, str | Promise]] = {
    Why.PRODUCT_OFF: gettext_lazy("%(product)s is not in use, so lot %(lot)s may not be used."),
    Why.QUARANTINED: gettext_lazy("Lot %(lot)s of %(product)s is in quarantine."),
    Why.USED_UP: gettext_lazy("Lot %(lot)s of %(product)s is used up."),
    Why.EXPIRED: gettext_lazy("Lot %(lot)s of %(product)s expired on %(day)s."),
    Why.NOT_OPENED: gettext_lazy(
        "Lot %(lot)s of %(product)s has no day of opening. Enter it in Products."
    ),
    Why.OPENED_LATER: gettext_lazy(
        "The vial of lot %(lot)s of %(product)s was opened later, on %(day)s."
    ),
    Why.BEYOND_USE: gettext_lazy(
        "The open vial of lot %(lot)s of %(product)s could be used until %(day)s."
    ),
    Why.VIALS_SPENT: gettext_lazy(
        "Lot %(lot)s of %(product)s has no vial left: other sessions took %(vials)s. "
        "A single-dose vial is for one patient."
    ),
}


def refusal_sentence(refusal: Refusal, *, product: str, lot: str) -> str:
    """Return why a lot may not be used, as one plain sentence or two."""
    return str(_SENTENCES[refusal.why]) % {
        "product": product,
        "lot": lot,
        "day": date_format(refusal.day, "j M Y") if refusal.day else "",
        "vials": refusal.vials or 0,
    }


def state_words(refusal: Refusal | None) -> str:
    """Return how a lot stands, in a word or two."""
    if refusal is None:
        return _("Can be used")
    return str(_STATES[refusal.why])


_STATES: Final[dict[Why, str | Promise]] = {
    Why.PRODUCT_OFF: gettext_lazy("Product not in use"),
    Why.QUARANTINED: gettext_lazy("Quarantined"),
    Why.USED_UP: gettext_lazy("Used up"),
    Why.EXPIRED: gettext_lazy("Past its date"),
    Why.NOT_OPENED: gettext_lazy("Not opened yet"),
    Why.OPENED_LATER: gettext_lazy("Opened later"),
    Why.BEYOND_USE: gettext_lazy("Open too long"),
    Why.VIALS_SPENT: gettext_lazy("No vial left"),
}
