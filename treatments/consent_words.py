"""What is said about consents."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treatments.domain.consents import MONTHS_OF_BREAK, MONTHS_VALID, Finding, Standing, State
from treatments.models.consents import Unit

STATE_WORDS: Final[dict[State, str | Promise]] = {
    State.VALID: gettext_lazy("Signed"),
    State.MISSING: gettext_lazy("Not signed"),
    State.DECLINED: gettext_lazy("Declined"),
    State.REVOKED: gettext_lazy("Taken back"),
    State.OUTDATED: gettext_lazy("New text"),
    State.EXPIRED: gettext_lazy("Too old"),
    State.AFTER_BREAK: gettext_lazy("Long break"),
    State.OTHER_INDICATION: gettext_lazy("Other treatment"),
}
_SENTENCES: Final[dict[State, str | Promise]] = {
    State.VALID: gettext_lazy("It is signed and stands."),
    State.MISSING: gettext_lazy("It is not signed yet."),
    State.DECLINED: gettext_lazy("The patient did not agree."),
    State.REVOKED: gettext_lazy("The patient took it back."),
    State.OUTDATED: gettext_lazy("The text has changed since it was signed."),
    State.EXPIRED: gettext_lazy("It was signed %(months)s months ago or longer."),
    State.AFTER_BREAK: gettext_lazy(
        "The last session was more than %(break)s months ago. It was signed before that break was over."
    ),
    State.OTHER_INDICATION: gettext_lazy("It was signed for another treatment, not for this one."),
}


def unit_words(unit: str) -> str:
    """Return the name of a unit."""
    return str(Unit(unit).label)


def state_sentence(finding: Finding) -> str:
    """Return why a unit stands or not, in one sentence."""
    return str(_SENTENCES[finding.state]) % {"months": MONTHS_VALID, "break": MONTHS_OF_BREAK}


def open_words(standing: Standing) -> str:
    """Say what a session waits for, and who may take it."""
    reasons = " ".join(
        f"{unit_words(finding.asked.unit)}: {state_sentence(finding)}"
        for finding in standing.missing
    )
    return _(
        "Consent is open. %(reasons)s A clinician takes it with the patient before treatment starts."
    ) % {"reasons": reasons}
