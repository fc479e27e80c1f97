"""The sentences for what a record lacks: what is wrong, then how to put it right."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.domain.record import Lack, Problem, Step
from records.models import SessionRecord
from treatments.stock_words import refusal_sentence

STEP_NAMES: dict[Step, Promise] = {
    Step.CHECKS: gettext_lazy("Checks"),
    Step.ANAESTHESIA: gettext_lazy("Anaesthesia"),
    Step.INJECTIONS: gettext_lazy("Injections"),
    Step.AFTERCARE: gettext_lazy("After-care"),
    Step.SIGN: gettext_lazy("Sign"),
}

_SENTENCES: dict[Lack, Promise] = {
    Lack.CHECK_UNANSWERED: gettext_lazy("Answer: %(check)s."),
    Lack.CONCERN_WITHOUT_WORDS: gettext_lazy("Say what was found, and why it is safe to go on."),
    Lack.ANAESTHESIA_UNKNOWN: gettext_lazy("Say how the area was numbed. None is an answer."),
    Lack.AGENT_MISSING: gettext_lazy("Enter the agent and its dose."),
    Lack.AGENT_LOT_REFUSED: gettext_lazy("%(refusal)s Choose another lot."),
    Lack.NO_ZONE: gettext_lazy("Record at least one zone."),
    Lack.TECHNIQUE_MISSING: gettext_lazy("%(zone)s: choose the technique."),
    Lack.NEEDLE_MISSING: gettext_lazy("%(zone)s: choose the needle."),
    Lack.DEPTH_OUTSIDE: gettext_lazy("%(zone)s: depth must be 1.0 to 4.0 mm."),
    Lack.POINTS_OUTSIDE: gettext_lazy("%(zone)s: points must be between 1 and 400."),
    Lack.NO_VOLUME: gettext_lazy("%(zone)s: enter the product and its volume."),
    Lack.VOLUME_OUTSIDE: gettext_lazy("%(zone)s: volume must be more than 0 and at most 100 ml."),
    Lack.LOT_EXPIRED: gettext_lazy("%(zone)s. %(refusal)s Choose another lot."),
    Lack.LOT_NOT_AVAILABLE: gettext_lazy("%(zone)s. %(refusal)s Choose another lot."),
    Lack.LOT_OTHER_INDICATION: gettext_lazy(
        "%(zone)s: %(product)s is not used for this indication. Choose another product."
    ),
    Lack.PRODUCT_FORBIDDEN: gettext_lazy(
        "%(zone)s: the patient must not get %(product)s. %(why)s Choose another product."
    ),
    Lack.REACTION_MISSING: gettext_lazy("Enter the reaction. None is an answer."),
    Lack.AFTERCARE_NOT_GIVEN: gettext_lazy("Give and explain the after-care, then tick it."),
    Lack.DAY_NOT_ALLOWED: gettext_lazy("Choose today or the day it was booked for."),
}


def problem_sentence(problem: Problem) -> str:
    """Return `problem` as one plain sentence."""
    return str(_SENTENCES[problem.lack]) % {
        "check": _check_name(problem.field) if problem.lack is Lack.CHECK_UNANSWERED else "",
        "zone": problem.zone,
        "product": problem.product,
        "lot": problem.lot,
        "why": problem.why,
        "refusal": _refusal(problem),
    }


def problem_line(problem: Problem) -> str:
    """Return the sentence with the step it belongs to in front."""
    return _("%(step)s: %(sentence)s") % {
        "step": STEP_NAMES[problem.step],
        "sentence": problem_sentence(problem),
    }


def _refusal(problem: Problem) -> str:
    if problem.refusal is None:
        return ""
    return refusal_sentence(problem.refusal, product=problem.product, lot=problem.lot)


def _check_name(field: str) -> str:
    return str(SessionRecord._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
