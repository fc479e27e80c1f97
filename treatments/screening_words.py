"""What is said about the health questions."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meso_clinic.core.templatetags import clinic_format
from patients.domain.allergens import ALLERGENS
from patients.domain.screening import Value
from treatments.domain.screening.asking import DAYS_OF_GAP, MONTHS_VALID
from treatments.domain.screening.facts import Answer
from treatments.domain.screening.judging import MIN_AGE
from treatments.domain.screening.rules import Level
from treatments.domain.screening.verdict import Finding, Lift, Outcome, Reason, State, Verdict

STATE_WORDS: Final[dict[State, str | Promise]] = {
    State.COMPLETE: gettext_lazy("Complete"),
    State.OPEN: gettext_lazy("Open"),
    State.HOLD: gettext_lazy("Clinical hold"),
}
LEVEL_WORDS: Final[dict[Level, str | Promise]] = {
    Level.BLOCK: gettext_lazy("Must not be treated"),
    Level.SIGNOFF: gettext_lazy("A prescriber decides"),
    Level.WARN: gettext_lazy("Take care"),
    Level.INFO: gettext_lazy("For information"),
}
LIFT_WORDS: Final[dict[Lift, str | Promise]] = {
    Lift.PRESCRIBER: gettext_lazy("A prescriber can sign it off."),
    Lift.ANSWER: gettext_lazy("It ends when the answer is another one."),
    Lift.TIME: gettext_lazy("It ends by itself."),
    Lift.WITHDRAWAL: gettext_lazy("A prescriber can withdraw it, with a reason."),
    Lift.NOBODY: gettext_lazy("Nobody can lift it."),
}
_SENTENCES: Final[dict[Reason, str | Promise]] = {
    Reason.NOT_KNOWN: gettext_lazy("Not known: %(words)s"),
    Reason.NOT_ANSWERED: gettext_lazy("Not answered yet."),
    Reason.TOO_OLD: gettext_lazy("Answered %(months)s months ago or longer."),
    Reason.AFTER_GAP: gettext_lazy("Answered before a break of more than %(gap)s days."),
    Reason.NOT_TODAY: gettext_lazy("Not asked today. It is asked at every session."),
    Reason.ALLERGEN: gettext_lazy(
        "Allergy to %(words)s: not with products that hold %(allergen)s."
    ),
    Reason.ALLERGY_IN_WORDS: gettext_lazy(
        "Allergy to %(words)s. Nobody has said what it is found in: compare each label yourself."
    ),
    Reason.ALLERGEN_IN_THE_ROOM: gettext_lazy(
        "Allergy to %(words)s: choose gloves and skin cleaning without it."
    ),
    Reason.REACTED: gettext_lazy(
        "A severe allergic reaction came after %(words)s: it is not given again."
    ),
    Reason.TOO_YOUNG: gettext_lazy("The patient is under %(age)s."),
}
_TOLD: Final[dict[Value, str | Promise]] = {
    Value.YES: gettext_lazy("The patient answered otherwise on %(day)s."),
    Value.NO: gettext_lazy("The patient answered “no” on %(day)s."),
    Value.UNKNOWN: gettext_lazy("The patient answered “I do not know” on %(day)s."),
}


def finding_sentence(finding: Finding) -> str:
    """Return what was found, in one or two sentences; for people who may read about health."""
    if finding.reason in (Reason.ANSWER, Reason.AGE):
        words = finding.words
    else:
        words = str(_SENTENCES[finding.reason]) % {
            "words": finding.words,
            "allergen": str(_(ALLERGENS.get(finding.allergen, ""))).lower(),
            "months": MONTHS_VALID,
            "gap": DAYS_OF_GAP,
            "age": MIN_AGE,
        }
    if finding.until is not None:
        day = clinic_format.day(finding.until)
        words = _("%(words)s Until %(day)s.") % {"words": words, "day": day}
    if finding.contested_by is not None:
        words = f"{words} {contested_words(finding.contested_by)}"
    return words


def contested_words(told: Answer) -> str:
    """Say that a patient said something milder alone, and what settles it."""
    said = _TOLD[told.value] % {"day": clinic_format.day_year(told.answered_on)}
    return _("%(said)s The answer noted before counts until a clinician asks again.") % {
        "said": said
    }


def state_words(verdict: Verdict) -> str:
    """Return the one word that everybody may read."""
    return str(STATE_WORDS[verdict.state])


def refusal_words(verdict: Verdict) -> str:
    """Say why a session cannot begin and what comes next, for everybody: no word about health."""
    if verdict.outcome is Outcome.INCOMPLETE:
        return _("Health questions are open. A clinician asks them before treatment starts.")
    if verdict.outcome is Outcome.SIGN_OFF_NEEDED:
        return _("Clinical hold. A prescriber signs it off before treatment starts.")
    return _("Clinical hold. This treatment cannot start now. A clinician can see why.")
