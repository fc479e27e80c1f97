"""Signing and taking back consent, and publishing what is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.models import Site
from meso_clinic.core import audit
from meso_clinic.core.models import User
from meso_clinic.core.refusals import ActionRefused
from patients.actions import lock_patient
from treatments.consent_words import where_line
from treatments.domain.consents import COURSE_UNITS, Unit, can_reopen, digest
from treatments.domain.text import tidy
from treatments.domain.zone_classes import ZoneClass, to_words
from treatments.models import (
    LANGUAGE,
    Consent,
    ConsentReopening,
    ConsentRevocation,
    ConsentTemplate,
    ConsentTemplateWithdrawal,
    Indication,
    TreatmentCourse,
)
from treatments.selectors.consents import read_standing, texts_for


class ConsentRefused(ActionRefused):
    """The consent cannot be signed or taken back. `problem` says why, in one sentence."""


class TextsChangedMeanwhile(ConsentRefused):
    """A text that was read is not the one in force any more."""


class ConsentTextChanged(Exception):
    """Somebody else published or withdrew the text meanwhile."""


class ConsentTextMissing(Exception):
    """There is no text in the clinic's own language that another one could say again."""


class SameConsentText(Exception):
    """The text is the one that is in force already."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the patient chose about one text.

    `zone_classes` are the parts of the body that a consent to the treatment is about, none for all.
    """

    template: ConsentTemplate
    is_given: bool
    zone_classes: tuple[ZoneClass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed and how. `path` is made by `signature_path`, "" if the name was typed only.

    `site` is where it was signed, None for the site of the course.
    """

    name: str
    path: str = ""
    witness: str = ""
    interpreter: str = ""
    device: str = ""
    site: Site | None = None


@transaction.atomic
def sign_consents(
    *,
    course: TreatmentCourse,
    choices: Sequence[Choice],
    signature: Signature,
    key: UUID,
    by: User,
    at: datetime,
) -> list[Consent]:
    """Keep what the patient of `course` chose; `by` is the clinician who explained it.

    A `key` that was used before changes nothing and returns what it stands for. Raises
    ConsentRefused, TextsChangedMeanwhile, or ValidationError without a name.
    """
    # One at a time for each patient, so that a form sent twice meets its own first copy.
    lock_patient(course.patient_id)
    if known := list(Consent.objects.filter(key=key).in_order()):
        if known[0].patient_id != course.patient_id:
            raise ConsentRefused(_("This form was for another patient. Load the page again."))
        return known
    course = TreatmentCourse.objects.with_people().select_related("product").get(pk=course.pk)
    if course.is_ended:
        raise ConsentRefused(_("This course has ended, so nothing is signed for it any more."))
    if not choices:
        raise ConsentRefused(_("Choose “I agree” or “I do not agree” for at least one text."))
    _check_in_force(course, choices)
    return [_keep(course, one, signature, key, by=by, at=at) for one in choices]


def _check_in_force(course: TreatmentCourse, choices: Sequence[Choice]) -> None:
    offered = ConsentTemplate.objects.in_force().for_indication(course.indication_id)
    own = texts_for(course, list(offered))
    live = ConsentTemplate.objects.live().for_indication(course.indication_id)
    in_force = {text.pk for text in own} | {
        other.pk for other in live if any(other.translates(text) for text in own)
    }
    if not {choice.template.pk for choice in choices} <= in_force:
        raise TextsChangedMeanwhile(
            _("A text was changed since this page was loaded. Read it again, then sign.")
        )


def _keep(
    course: TreatmentCourse,
    choice: Choice,
    signature: Signature,
    key: UUID,
    *,
    by: User,
    at: datetime,
) -> Consent:
    parts = choice.zone_classes if choice.template.unit == Unit.TREATMENT else ()
    text = choice.template.shown_for(where_line(parts))
    consent = Consent(
        patient=course.patient,
        course=course if choice.template.unit in COURSE_UNITS else None,
        template=choice.template,
        product_class=course.product.product_class if course.product else "",
        zone_classes=to_words(parts),
        site=signature.site or course.site,
        unit=choice.template.unit,
        text=text,
        text_sha256=digest(text),
        is_given=choice.is_given,
        signed_name=signature.name,
        signature=signature.path,
        taken_by=by,
        witness=signature.witness,
        interpreter=signature.interpreter,
        device=signature.device,
        signed_at=at,
        key=key,
    )
    consent.full_clean()
    consent.save(force_insert=True)
    kind = audit.Kind.CONSENT_SIGNED if choice.is_given else audit.Kind.CONSENT_DECLINED
    audit.record(kind=kind, by=by, at=at, target=consent, patient_id=course.patient_id)
    return consent


@transaction.atomic
def revoke_consent(*, consent: Consent, reason: str, by: User, at: datetime) -> ConsentRevocation:
    """Keep that the patient takes `consent` back; what was signed stays as it is.

    Nobody has to say why: `reason` may be empty. Raises ConsentRefused if it was declined or taken
    back before, ValidationError for a reason that is too long.
    """
    lock_patient(consent.patient_id)
    if not consent.is_given:
        raise ConsentRefused(_("The patient did not agree, so there is nothing to take back."))
    if ConsentRevocation.objects.filter(consent=consent).exists():
        raise ConsentRefused(_("This consent was taken back already."))
    said = reason.strip() or _("No reason given")
    revocation = ConsentRevocation(consent=consent, reason=said, by=by, at=at)
    revocation.full_clean()
    revocation.save(force_insert=True)
    audit.record(
        kind=audit.Kind.CONSENT_REVOKED,
        by=by,
        at=at,
        target=consent,
        patient_id=consent.patient_id,
    )
    return revocation


@transaction.atomic
def reopen_consents(
    *, course: TreatmentCourse, reason: str, words: str, by: User, at: datetime
) -> ConsentReopening:
    """Have all that was signed for `course` talked through and signed again, and keep why.

    What was signed stays as it is. Raises ConsentRefused if nothing of the course stands,
    ValidationError without a reason that is known.
    """
    lock_patient(course.patient_id)
    course = TreatmentCourse.objects.with_people().get(pk=course.pk)
    if course.is_ended:
        raise ConsentRefused(_("This course has ended, so nothing is signed for it any more."))
    if not can_reopen(read_standing(course, at=at)):
        raise ConsentRefused(_("No consent of this course stands, so there is nothing to reopen."))
    reopening = ConsentReopening(course=course, reason=reason, words=words.strip(), at=at, by=by)
    reopening.full_clean()
    reopening.save(force_insert=True)
    audit.record(
        kind=audit.Kind.CONSENT_REOPENED,
        by=by,
        at=at,
        target=reopening,
        patient_id=course.patient_id,
    )
    return reopening


@transaction.atomic
def publish_consent_text(
    *,
    unit: str,
    indication: Indication | None,
    base_version: int,
    title: str,
    text: str,
    reason: str,
    by: User,
    at: datetime,
    language: str = LANGUAGE,
) -> ConsentTemplate:
    """Make a new version of the text of `unit` for `indication` (None: for all) in `language`.

    `base_version` is the version that it was written from, 0 if there was none. What was signed
    with an older version is asked again. A text in another language that the clinic's own has left
    behind may be published again as it is. Raises ConsentTextMissing, ConsentTextChanged, SameConsentText, or
    ValidationError for what is missing.
    """
    _wait_for_others()
    template = ConsentTemplate(
        unit=unit,
        indication=indication,
        language=language,
        version=base_version + 1,
        title=title.strip(),
        text=tidy(text),
        reason=reason.strip(),
        published_by=by,
        published_at=at,
    )
    line = ConsentTemplate.objects.of_line(unit, template.indication_id, language)
    newest = line.select_related("withdrawal").first()
    own = ConsentTemplate.objects.in_force().filter(unit=unit, indication=indication).first()
    if template.is_translation and own is None:
        raise ConsentTextMissing
    if (newest.version if newest else 0) != base_version:
        raise ConsentTextChanged
    is_live = newest is not None and not hasattr(newest, "withdrawal")
    is_behind = newest is not None and own is not None and not newest.keeps_up_with(own)
    if (
        newest
        and is_live
        and not is_behind
        and (newest.title, newest.text) == (template.title, template.text)
    ):
        raise SameConsentText
    template.full_clean()
    template.save(force_insert=True)
    audit.record(kind=audit.Kind.CONSENT_TEXT_PUBLISHED, by=by, at=at, target=template)
    return template


def _wait_for_others() -> None:
    """Change texts one at a time: everybody waits at the same row, which is seldom and short."""
    Indication.objects.select_for_update(no_key=True).order_by("pk").first()


@transaction.atomic
def withdraw_consent_text(
    *, template: ConsentTemplate, reason: str, by: User, at: datetime
) -> ConsentTemplateWithdrawal:
    """Stop asking for the text, whose newest version `template` is.

    What was signed stays. Raises ConsentTextChanged if there is a newer version or it was withdrawn
    already, ValidationError without a reason.
    """
    _wait_for_others()
    if not ConsentTemplate.objects.live().filter(pk=template.pk).exists():
        raise ConsentTextChanged
    withdrawal = ConsentTemplateWithdrawal(template=template, reason=reason.strip(), by=by, at=at)
    withdrawal.full_clean()
    withdrawal.save(force_insert=True)
    audit.record(kind=audit.Kind.CONSENT_TEXT_WITHDRAWN, by=by, at=at, target=template)
    return withdrawal
