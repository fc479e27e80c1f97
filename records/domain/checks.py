"""The checks before treatment: each has an answer, and a concern has words."""

from collections.abc import Mapping
from typing import Final

from records.domain.problems import Lack, Problem, Step

CHECKS: Final = (
    "identity_check",
    "consent_check",
    "pregnancy_check",
    "infection_check",
    "medicines_check",
    "reaction_check",
)
CLEAR: Final = "CLEAR"
CONCERN: Final = "CONCERN"


def check_problems(answers: Mapping[str, str], words: str) -> list[Problem]:
    """Return the checks without an answer; a concern needs words on why it is safe to go on."""
    problems = [
        Problem(Step.CHECKS, Lack.CHECK_UNANSWERED, field=check)
        for check in CHECKS
        if answers.get(check) not in {CLEAR, CONCERN}
    ]
    if CONCERN in answers.values() and not words.strip():
        problems.append(Problem(Step.CHECKS, Lack.CONCERN_WITHOUT_WORDS, field="checks_words"))
    return problems
