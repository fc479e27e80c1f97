"""Products and zones the patient of a record must be spared, by what is known of their health."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from records.domain.problems import Lack, Problem, Step
from records.models import Administration, SessionRecord
from records.selectors.bars import barred_by_session
from sessions.models import TreatmentSession
from treatments.consent_words import state_sentence, zone_class_words
from treatments.domain.consents import own_unit
from treatments.domain.screening.verdict import Reason
from treatments.domain.zone_classes import class_of
from treatments.models import Lot, TreatmentCourse, Zone
from treatments.screening_words import finding_sentence
from treatments.selectors.consents import may_lack_part, read_standing
from treatments.selectors.screening import Forbidden


class ForbiddenHere(Forbidden):
    """What the patient of a session's course must be spared."""

    def __init__(self, session: TreatmentSession, *, at: datetime) -> None:
        course = TreatmentCourse.objects.with_people().get(pk=session.course_id)
        super().__init__(course, at=at)
        self.session = session


def forbidden_in(record: SessionRecord, *, at: datetime) -> ForbiddenHere:
    """Return what the patient of `record` must be spared at `at` (aware). Takes 1 query."""
    return ForbiddenHere(record.session, at=at)


def forbidden_problems(
    forbidden: ForbiddenHere, given: Iterable[tuple[str, Lot]], *, step: Step = Step.INJECTIONS
) -> list[Problem]:
    """Return a problem for each zone's name and lot of `given` that must not be used.

    What the session itself gave before its severe reaction was given: that alone forbids nothing here.
    """
    pairs = list(given)
    products = forbidden.products({lot.product for _zone, lot in pairs})
    if any(one.reason is Reason.REACTED for found in products.values() for one in found):
        own = barred_by_session(forbidden.session)
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
        for finding in products.get(lot.product_id, ())
        if finding.reason is not Reason.REACTED or lot.product.code not in own
    ]


def forbidden_zone_problems(forbidden: Forbidden, zones: Iterable[Zone]) -> list[Problem]:
    """Return a problem for each of `zones` that must not be treated."""
    treated = list(zones)
    why = forbidden.zones(treated)
    return [
        Problem(
            Step.INJECTIONS,
            Lack.ZONE_FORBIDDEN,
            field="zone",
            zone=zone.name,
            why=finding_sentence(finding),
        )
        for zone in treated
        for finding in why.get(zone.pk, ())
    ]


def consent_problems(
    record: SessionRecord, given: Iterable[tuple[str, Lot]], *, at: datetime
) -> list[Problem]:
    """Return a problem for each zone's name and lot of `given` that lacks a consent of its own. [R06]

    Takes 3 queries, none where no product of `given` asks for one.
    """
    asking = [(zone, lot) for zone, lot in given if own_unit(lot.product.product_class)]
    if not asking:
        return []
    course = TreatmentCourse.objects.with_people().get(pk=record.session.course_id)
    standing = read_standing(course, at=at)
    return [
        Problem(
            Step.INJECTIONS,
            Lack.CONSENT_MISSING,
            field="lot",
            zone=zone,
            product=str(lot.product),
            lot=lot.number,
            why=state_sentence(lacking),
        )
        for zone, lot in asking
        if (lacking := standing.lacks_for(lot.product.product_class)) is not None
    ]


def part_problems(record: SessionRecord, zone: Zone, *, at: datetime) -> list[Problem]:
    """Return a problem if `zone` is of a part of the body that the consent leaves out. [R06]

    Takes 1 query, 4 more if anything that was signed leaves it out.
    """
    part = class_of(zone.code)
    if not may_lack_part(record.session.course_id, part):
        return []
    course = TreatmentCourse.objects.with_people().get(pk=record.session.course_id)
    if read_standing(course, at=at).lacks_zone(part) is None:
        return []
    return [
        Problem(
            Step.INJECTIONS,
            Lack.ZONE_NOT_CONSENTED,
            field="zone",
            zone=zone.name,
            why=zone_class_words(part),
        )
    ]


def zones_of(record: SessionRecord) -> list[Zone]:
    """Return the zones that were treated in the session, in their order."""
    return list(Zone.objects.filter(pk__in=record.zones.values("zone")).order_by("position", "pk"))


def given_in(record: SessionRecord) -> list[tuple[str, Lot]]:
    """Return the zone's name and the lot of everything that was given in the session."""
    given = Administration.objects.filter(record=record).select_related(
        "zone_treatment__zone", "lot__product"
    )
    return [(dose.zone_treatment.zone.name, dose.lot) for dose in given.order_by("pk")]


def numbed_with(lot: Lot | None) -> list[tuple[str, Lot]]:
    """Return the lot that numbed, with the word that stands where a zone's name does."""
    return [(_("To numb"), lot)] if lot else []
