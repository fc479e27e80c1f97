"""How the skin was prepared: the same step of a draft as the anaesthesia."""

from dataclasses import replace
from typing import Final

from records.actions.drafts import Refused
from records.domain.readiness import skin_problems
from records.domain.skin import SkinPreparation
from records.models import SessionRecord
from records.selectors.drafts import record_facts

# Columns of the record, and what they are called in its preparation of the skin.
SKIN: Final = {
    "antiseptic": "antiseptic",
    "contact_seconds": "contact_seconds",
    "is_dried": "is_dried",
    "is_sterile": "is_sterile",
    "is_preparation_copied": "is_copied",
}


class SkinRefused(Refused):
    """The antiseptic must not be used on this patient, or in what was treated."""


def prepare_skin(record: SessionRecord, skin: SkinPreparation) -> None:
    """Put the preparation of the skin on `record`. Raises SkinRefused, ValidationError."""
    for name, field in SKIN.items():
        setattr(record, name, getattr(skin, field))
    record.full_clean(validate_unique=False)
    if problems := skin_problems(replace(record_facts(record), skin=skin)):
        raise SkinRefused(problems)
