"""Products that the patient of a record must not get, by what is known of allergies and health."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from records.domain.record import Lack, Problem, Step
from records.models import Administration, SessionRecord
from records.selectors.bars import barred_by_session
from treatments.domain.screening import Reason
from treatments.models import Lot, TreatmentCourse
from treatments.screening_words import finding_sentence
from treatments.selectors.screening import read_forbidden


def forbidden_problems(
    record: SessionRecord,
    given: Iterable[tuple[str, Lot]],
    *,
    at: datetime,
    step: Step = Step.INJECTIONS,
) -> list[Problem]:
    """Return a problem for each zone's name and lot of `given` that must not be used at `at` (aware).

    What the session itself gave before its severe reaction was given: that alone forbids nothing here.
    """
    pairs = list(given)
    if not pairs:
        return []
    course = TreatmentCourse.objects.with_people().get(pk=record.session.course_id)
    forbidden = read_forbidden(course, {lot.product for _zone, lot in pairs}, at=at)
    if any(one.reason is Reason.REACTED for found in forbidden.values() for one in found):
        own = barred_by_session(record.session)
    else:
        own = set()
    return [
        Problem(
            step,
            Lack.PRODUCT_FORBIDDEN,
            field="lot",
            zone=zone,
            product=str(lot.product),
            lot=lot.number,
            why=finding_sentence(finding),
        )
        for zone, lot in pairs
        for finding in forbidden.get(lot.product_id, ())
        if finding.reason is not Reason.REACTED or lot.product.code not in own
    ]


def given_in(record: SessionRecord) -> list[tuple[str, Lot]]:
    """Return the zone's name and the lot of everything that was given in the session."""
    given = Administration.objects.filter(record=record).select_related(
        "zone_treatment__zone", "lot__product"
    )
    return [(dose.zone_treatment.zone.name, dose.lot) for dose in given.order_by("pk")]


def numbed_with(lot: Lot | None) -> list[tuple[str, Lot]]:
    """Return the lot that numbed, with the word that stands where a zone's name does."""
    return [(_("To numb"), lot)] if lot else []
