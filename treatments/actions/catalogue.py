"""Filling an empty clinic with the clinical catalogue."""

from datetime import datetime

from django.db import transaction

from meso_clinic.core import audit
from meso_clinic.core.models import User
from patients.models import ScreeningQuestion
from treatments.actions.consents import publish_consent_text
from treatments.domain import catalogue
from treatments.models import (
    ConsentTemplate,
    ContraindicationRule,
    Indication,
    IndicationRevision,
    Product,
    Protocol,
    Zone,
)

FIRST_REASON = "First version, from the clinical catalogue"


@transaction.atomic
def load_catalogue(*, by: User, at: datetime) -> int:
    """Make the indications and products that are missing; return how many were made.

    What the clinic has already, changed or not, stays as it is.
    """
    made = 0
    for text in catalogue.INDICATIONS:
        if not Indication.objects.filter(slug=text.slug).exists():
            _make_indication(text, by=by, at=at)
            made += 1
    for facts in catalogue.PRODUCTS:
        if not Product.objects.filter(code=facts.code).exists():
            _make_product(facts)
            made += 1
    if made:
        audit.record(kind=audit.Kind.CATALOGUE_LOADED, by=by, at=at, target=by)
    return made


@transaction.atomic
def load_consent_texts(*, by: User, at: datetime) -> int:
    """Publish the consent texts that the clinic never had; return how many those were.

    Indications come first: a text for one that the clinic does not have is left out. A clinic that
    withdrew a text does not get it back.
    """
    indications = {one.slug: one for one in Indication.objects.all()}
    made = 0
    for text in catalogue.CONSENT_TEXTS:
        indication = indications.get(text.indication)
        is_offered = indication is not None or not text.indication
        known = ConsentTemplate.objects.of_line(text.unit, indication.pk if indication else None)
        if is_offered and not known.exists():
            _make_consent_text(text, indication, by=by, at=at)
            made += 1
    return made


@transaction.atomic
def load_screening(*, by: User, at: datetime) -> int:
    """Make the health questions and the rules that are missing; return how many were made.

    Indications and products come first: a rule for one that the clinic does not have is left out.
    """
    questions = list(ScreeningQuestion.objects.values_list("code", flat=True))
    new = [
        _question(text, position)
        for position, text in enumerate(catalogue.QUESTIONS, start=1)
        if text.code not in questions
    ]
    ScreeningQuestion.objects.bulk_create(new)
    rules = ContraindicationRule.objects.bulk_create(_missing_rules())
    if made := len(new) + len(rules):
        audit.record(kind=audit.Kind.CATALOGUE_LOADED, by=by, at=at, target=by)
    return made


def _question(text: catalogue.QuestionText, position: int) -> ScreeningQuestion:
    rules = (rule for rule in catalogue.CONTRAINDICATIONS if rule.question == text.code)
    return ScreeningQuestion(
        code=text.code,
        text=text.text,
        detail=text.detail,
        kind=text.kind,
        group=text.group,
        position=position,
        is_short=text.is_short,
        is_for_clinician=text.is_for_clinician,
        source="; ".join(dict.fromkeys(rule.source for rule in rules)),
    )


def _missing_rules() -> list[ContraindicationRule]:
    known = set(ContraindicationRule.objects.values_list("code", flat=True))
    questions = {one.code: one for one in ScreeningQuestion.objects.all()}
    indications = {one.slug: one for one in Indication.objects.all()}
    products = {one.code: one for one in Product.objects.all()}
    return [
        ContraindicationRule(
            code=rule.code,
            question=questions.get(rule.question),
            above_age=rule.above_age,
            level=rule.level,
            indication=indications.get(rule.indication),
            product_class=rule.product_class,
            allergen=rule.allergen,
            product=products.get(rule.product),
            zone=rule.zone,
            days_before=rule.days_before,
            days_after=rule.days_after,
            words=rule.words,
            source=rule.source,
        )
        for rule in catalogue.CONTRAINDICATIONS
        if rule.code not in known
        and rule.indication in ("", *indications)
        and rule.product in ("", *products)
    ]


def _make_consent_text(
    text: catalogue.ConsentText, indication: Indication | None, *, by: User, at: datetime
) -> None:
    publish_consent_text(
        unit=text.unit,
        indication=indication,
        base_version=0,
        title=text.title,
        text=text.text,
        reason=FIRST_REASON,
        by=by,
        at=at,
    )


def _make_indication(text: catalogue.IndicationText, *, by: User, at: datetime) -> None:
    numbers = next(found for found in catalogue.PROTOCOLS if found.indication == text.slug)
    indication = Indication.objects.create(
        slug=text.slug,
        name=text.name,
        short_name=text.short_name,
        position=text.position,
        needs_specialist=numbers.needs_specialist,
    )
    IndicationRevision.objects.create(
        indication=indication,
        number=1,
        summary=text.summary,
        who_it_suits=text.who_it_suits,
        evidence=text.evidence,
        recovery_notes=text.recovery_notes,
        aftercare=text.aftercare,
        when_to_call=text.when_to_call,
        disclaimer_addition=text.disclaimer_addition,
        reason=FIRST_REASON,
        published_at=at,
        published_by=by,
    )
    Protocol.objects.create(
        indication=indication,
        total_sessions=numbers.total_sessions,
        initial_sessions=numbers.initial_sessions,
        initial_min_days=numbers.initial_min_days,
        initial_max_days=numbers.initial_max_days,
        monthly_min_days=numbers.monthly_min_days,
        monthly_max_days=numbers.monthly_max_days,
        session_minutes=numbers.session_minutes,
        depth_min_mm=numbers.depth_min_mm,
        depth_max_mm=numbers.depth_max_mm,
        downtime_min_days=numbers.downtime_min_days,
        downtime_max_days=numbers.downtime_max_days,
        max_volume_ml=numbers.max_volume_ml,
        techniques=list(numbers.techniques),
        outcome_scales=list(numbers.outcome_scales),
    )
    Zone.objects.bulk_create(
        Zone(indication=indication, code=zone.code, name=zone.name, position=zone.position)
        for zone in catalogue.ZONES
        if zone.indication == text.slug
    )


def _make_product(facts: catalogue.ProductFacts) -> None:
    product = Product.objects.create(
        code=facts.code,
        name=facts.name,
        strength=facts.strength,
        product_class=facts.product_class,
        usual_volume_ml=facts.usual_volume_ml,
        max_volume_ml=facts.max_volume_ml,
        max_points=facts.max_points,
        max_point_ml=facts.max_point_ml,
        max_treatments=facts.max_treatments,
        lidocaine_percent=facts.lidocaine_percent,
        route=facts.route.upper(),
        min_interval_days=facts.min_interval_days,
        allergens=list(facts.allergens),
        caution=facts.caution,
        source=facts.source,
        is_enabled=facts.is_enabled,
    )
    product.indications.set(Indication.objects.filter(slug__in=facts.indications))
