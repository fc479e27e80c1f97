"""The sentences for what a record lacks: what is wrong, then how to put it right."""

from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.domain.problems import Caution, Lack, Problem, Step
from records.models import SessionRecord
from records.selectors.scanning import Scan, ScanProblem
from treatments.domain.stock import Refusal
from treatments.stock_words import refusal_sentence

STEP_NAMES: dict[Step, Promise] = {
    Step.CHECKS: gettext_lazy("Checks"),
    Step.ANAESTHESIA: gettext_lazy("Anaesthesia"),
    Step.INJECTIONS: gettext_lazy("Injections"),
    Step.AFTERCARE: gettext_lazy("After-care"),
    Step.SIGN: gettext_lazy("Sign"),
}

_SENTENCES: dict[Lack | Caution, Promise] = {
    Lack.CHECK_UNANSWERED: gettext_lazy("Answer: %(check)s."),
    Lack.CONCERN_WITHOUT_WORDS: gettext_lazy("Say what was found, and why it is safe to go on."),
    Lack.VITALS_FOR_ANAESTHETIC: gettext_lazy(
        "Measure blood pressure and pulse: an anaesthetic is injected."
    ),
    Lack.VITALS_FOR_BLOOD: gettext_lazy("Measure blood pressure and pulse: blood is drawn."),
    Lack.VITALS_FOR_VASOACTIVE: gettext_lazy(
        "Measure blood pressure and pulse: what is given acts on the vessels."
    ),
    Lack.VITALS_FOR_AGE: gettext_lazy("Measure blood pressure and pulse: the patient is over 60."),
    Lack.PRESSURE_TOO_HIGH: gettext_lazy(
        "Blood pressure %(given)s/%(each)s: no treatment today. Let the patient rest, measure "
        "again, and call the doctor."
    ),
    Lack.TEMPERATURE_MISSING: gettext_lazy("Take the temperature: the patient may be unwell."),
    Lack.FEVER: gettext_lazy(
        "%(given)s °C is fever: no treatment today. Book the session again once it has gone."
    ),
    Lack.GLUCOSE_MISSING: gettext_lazy("Measure the blood sugar: the patient has diabetes."),
    Lack.GLUCOSE_TOO_HIGH: gettext_lazy(
        "Blood sugar %(given)s mmol/l is above %(most)s: no treatment today. Call the doctor."
    ),
    Lack.ANTISEPTIC_MISSING: gettext_lazy("Choose what the skin was cleaned with."),
    Lack.NOT_STERILE: gettext_lazy(
        "Use sterile gloves and a new needle for this patient only, then tick it."
    ),
    Lack.ANTISEPTIC_ALLERGY: gettext_lazy(
        "The patient is allergic: %(why)s. Clean the skin with something else."
    ),
    Lack.ANTISEPTIC_NEAR_EYES: gettext_lazy(
        "%(zone)s: chlorhexidine must not come near eyes or ears. Choose another antiseptic."
    ),
    Caution.BLOOD_NOT_TRACED: gettext_lazy(
        "Enter the lot of the tube kit, and when the blood was drawn."
    ),
    Caution.BLOOD_MORE_THAN_MADE: gettext_lazy(
        "%(given)s ml of the patient’s own blood given, and only %(most)s ml made. Check both."
    ),
    Caution.NOT_DRIED: gettext_lazy("The antiseptic was not left to dry. Let it dry first."),
    Lack.END_POINTS_MISSING: gettext_lazy("Choose what the injections left. None is an answer."),
    Lack.PAIN_MISSING: gettext_lazy("Choose the pain from 0 to 10."),
    Lack.OBSERVED_TOO_SHORT: gettext_lazy(
        "Watch the patient for %(most)s minutes, then enter them."
    ),
    Lack.ANAESTHESIA_UNKNOWN: gettext_lazy("Say how the area was numbed. None is an answer."),
    Lack.AGENT_MISSING: gettext_lazy("Enter the agent and its dose."),
    Lack.AGENT_UNKNOWN: gettext_lazy(
        "Which anaesthetic is it? Choose its lot, or type its generic name, such as lidocaine."
    ),
    Lack.AGENT_KIND_OTHER: gettext_lazy(
        "A local anaesthetic is injected or a cream. Choose which, so that its limit is reckoned."
    ),
    Lack.AGENT_ALLERGY: gettext_lazy(
        "The patient is allergic to a local anaesthetic like this: %(why)s. Treat without it."
    ),
    Lack.AGENT_LOT_TOPICAL: gettext_lazy("A cream is never injected. Choose another lot."),
    Lack.AGENT_LOT_NOT_TOPICAL: gettext_lazy(
        "This lot is for injection, not a cream. Choose another lot."
    ),
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
    Lack.LOT_PUT_ASIDE: gettext_lazy(
        "%(refusal)s No lot in quarantine is used, so a prescriber has to say why this record may "
        "be signed. If another lot was given, correct it."
    ),
    Lack.LOT_GIVEN_UNSAID: gettext_lazy(
        "%(zone)s. Lot %(lot)s of %(product)s was put in quarantine after this session began. Give no "
        "more of it. If it was given already, tick that. If not, choose another lot."
    ),
    Lack.LOT_OTHER_INDICATION: gettext_lazy(
        "%(zone)s: %(product)s is not used for this indication. Choose another product."
    ),
    Lack.CONSENT_MISSING: gettext_lazy(
        "%(zone)s: %(product)s asks for a consent of its own. %(why)s Let the patient sign it first, "
        "under Consent of the course, or choose another product."
    ),
    Lack.ZONE_NOT_CONSENTED: gettext_lazy(
        "%(zone)s: the patient has not agreed to injections there, only elsewhere. Let the patient "
        "sign again with “%(why)s” added, under Consent of the course, or choose another zone."
    ),
    Lack.ZONE_FORBIDDEN: gettext_lazy(
        "%(zone)s: must not be treated. %(why)s Choose another zone."
    ),
    Lack.PRODUCT_FORBIDDEN: gettext_lazy(
        "%(zone)s: the patient must not get %(product)s. %(why)s Choose another product."
    ),
    Lack.NUMBING_AMOUNT_MISSING: gettext_lazy(
        "Enter how much: strength and volume of what was injected, grams and area of a cream."
    ),
    Lack.NO_RECENT_WEIGHT: gettext_lazy(
        "%(given)s mg lidocaine needs a weight from the last 90 days. Weigh the patient."
    ),
    Lack.HEIGHT_MISSING: gettext_lazy(
        "%(given)s mg lidocaine is near the limit for this weight. Enter the height."
    ),
    Lack.LIDOCAINE_OVER: gettext_lazy(
        "Lidocaine %(given)s mg is %(each)s mg/kg. The limit is %(most)s mg. Give less."
    ),
    Lack.CREAM_TOO_MUCH: gettext_lazy("More than 60 g of cream. Take some off, then correct it."),
    Lack.CREAM_AREA_TOO_LARGE: gettext_lazy(
        "Cream on more than 600 cm². Take some off, then correct the area."
    ),
    Lack.ROUTE_OTHER: gettext_lazy(
        "%(zone)s: %(product)s is not given that way. Choose into or under the skin again."
    ),
    Lack.DETERGENT_IN_SKIN: gettext_lazy(
        "%(zone)s: %(product)s never goes into the skin. Choose under the skin."
    ),
    Lack.DONOR_MISSING: gettext_lazy(
        "%(zone)s: scan or type the record number on the tube of %(product)s."
    ),
    Lack.DONOR_OTHER: gettext_lazy(
        "%(zone)s: the tube of %(product)s is from another patient. Stop, and take the right tube."
    ),
    Lack.OVER_MAX_VOLUME_ML: gettext_lazy(
        "%(product)s: %(given)s ml is more than the most for one session, %(most)s ml."
    ),
    Lack.OVER_MAX_POINTS: gettext_lazy(
        "%(product)s: %(given)s points are more than the most for one session, %(most)s."
    ),
    Lack.OVER_MAX_POINT_ML: gettext_lazy(
        "%(product)s: %(given)s ml in one point is more than the most, %(most)s ml."
    ),
    Lack.OVER_MAX_TREATMENTS: gettext_lazy(
        "%(product)s: this is session %(given)s with it, and %(most)s are the most."
    ),
    Caution.POINTS_MISMATCH: gettext_lazy(
        "%(zone)s: the points come to %(most)s ml, recorded are %(given)s ml. Check both."
    ),
    Caution.OVER_PROTOCOL: gettext_lazy(
        "%(given)s ml is more than the protocol’s volume, %(most)s ml. Check each zone."
    ),
    Caution.OVER_DRAWN_UP: gettext_lazy(
        "%(given)s ml given, and only %(most)s ml drawn up. Check both."
    ),
    Caution.DEPTH_OUTSIDE_PROTOCOL: gettext_lazy(
        "%(zone)s: the protocol says %(given)s to %(most)s mm. Check the depth."
    ),
    Caution.LIDOCAINE_HIGH: gettext_lazy(
        "Lidocaine %(given)s mg is %(each)s mg/kg, near the limit of %(most)s mg. Watch the patient."
    ),
    Caution.STRENGTH_DIFFERS: gettext_lazy(
        "The lot holds %(most)s %%, typed is %(given)s %%. The higher one counts. Check the box."
    ),
    Caution.CREAM_THICK: gettext_lazy("More than 1.5 g of cream on 10 cm². Check grams and area."),
    Caution.CREAM_STRONG: gettext_lazy("Cream of more than 4 % lidocaine. Keep the area small."),
    Caution.CREAM_COVERED_LONG: gettext_lazy(
        "The cream was covered for more than an hour. Watch the patient."
    ),
    Lack.REACTION_MISSING: gettext_lazy("Enter the reaction. None is an answer."),
    Lack.AFTERCARE_NOT_GIVEN: gettext_lazy("Give and explain the after-care, then tick it."),
    Lack.DAY_NOT_ALLOWED: gettext_lazy("Choose today or the day it was booked for."),
}


_SCANS: dict[ScanProblem, Promise] = {
    ScanProblem.UNREADABLE: gettext_lazy(
        "This is no code of a box. Scan it again, or choose the lot from the list."
    ),
    ScanProblem.UNKNOWN_LOT: gettext_lazy(
        "Lot %(lot)s is not in stock. Add it under Products, or take another box."
    ),
    ScanProblem.SEVERAL_LOTS: gettext_lazy(
        "More than one product has lot %(lot)s. Choose it from the list."
    ),
    ScanProblem.OTHER_DATE: gettext_lazy(
        "In stock lot %(lot)s ends on %(expires_on)s, the box says another day. Check the box."
    ),
    ScanProblem.REFUSED: gettext_lazy("%(refusal)s Take another box."),
    ScanProblem.OTHER_USE: gettext_lazy(
        "%(product)s is not used for this indication. Take another box."
    ),
}


def scan_sentence(scan: Scan) -> str:
    """Return why a code led to no lot, as one plain sentence; "" if it led to one."""
    if scan.problem is None:
        return ""
    return str(_SCANS[scan.problem]) % {
        "lot": scan.number,
        "product": scan.product,
        "expires_on": date_format(scan.expires_on, "j M Y") if scan.expires_on else "",
        "refusal": _refused(scan.refusal, scan.product, scan.number),
    }


def problem_sentence(problem: Problem) -> str:
    """Return `problem` as one plain sentence."""
    return str(_SENTENCES[problem.lack]) % {
        "check": _check_name(problem.field) if problem.lack is Lack.CHECK_UNANSWERED else "",
        "zone": problem.zone,
        "product": problem.product,
        "lot": problem.lot,
        "why": problem.why,
        "refusal": _refused(problem.refusal, problem.product, problem.lot),
        "given": _number(problem.given),
        "most": _number(problem.most),
        "each": _number(problem.each),
    }


def problem_line(problem: Problem) -> str:
    """Return the sentence with the step it belongs to in front."""
    return _("%(step)s: %(sentence)s") % {
        "step": STEP_NAMES[problem.step],
        "sentence": problem_sentence(problem),
    }


def _refused(refusal: Refusal | None, product: str, lot: str) -> str:
    return refusal_sentence(refusal, product=product, lot=lot) if refusal else ""


def _number(value: Decimal | None) -> str:
    """Return a number as it is said: at most two places, and none that say nothing."""
    if value is None:
        return ""
    said = f"{value:.2f}".rstrip("0").rstrip(".")
    # A point of 0.005 ml must not read as 0.01.
    return f"{value.normalize():f}" if 0 < value < Decimal("0.1") else said


def _check_name(field: str) -> str:
    return str(SessionRecord._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
