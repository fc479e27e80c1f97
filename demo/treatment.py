"""What was done in a session: plausible, and never more than protocol and product allow."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from demo.clinic_plan import Clinic
from demo.consents import agrees_to_all_parts
from demo.stories import weekly_products
from meso_clinic.core.models import User
from records.actions.aftercare import save_aftercare
from records.actions.anaesthesia import NOTHING, Numbed, save_anaesthesia
from records.actions.checks import save_checks
from records.actions.drafts import open_record
from records.actions.signing import sign_confirmed
from records.actions.zones import DoseGiven, save_zone
from records.domain.checks import CHECKS
from records.domain.skin import SkinPreparation
from records.domain.vitals import Vitals
from records.models import Anaesthesia, EndPoints, Seen, SessionRecord
from records.selectors.around import patient_facts
from sessions.models import TreatmentSession
from treatments.domain.zone_classes import class_of, usual_class
from treatments.models import Indication, Lot, Product, TreatmentCourse, Zone

# A usual amount for one point; zones are given in whole points.
POINT_ML = Decimal("0.05")
NUMBED_BEFORE = timedelta(minutes=35)
CREAM = Numbed(
    strength_percent=Decimal("2.5"), grams=Decimal(5), area_cm2=60, wait_minutes=30, is_covered=True
)
# Suits everybody: nothing in it that the demo's patients are allergic to.
PREPARED = SkinPreparation("ALCOHOL", contact_seconds=30, is_dried=True, is_sterile=True)
REACTIONS: tuple[tuple[str, list[str]], ...] = (
    ("Mild redness.", ["REDNESS"]),
    ("Mild redness.", ["REDNESS"]),
    ("None.", []),
    ("Two small bruises.", ["BRUISE"]),
    ("Redness and pinpoint bleeding, stopped with pressure.", ["REDNESS", "BLEEDING"]),
    ("Brief stinging, gone after a few minutes.", ["PAIN"]),
)
NOTES = (
    "",
    "",
    "",
    "Tolerated well.",
    "Skin calmer than at the last session.",
    "Photographs taken.",
)


class Treatments:
    """Writes and signs records. Lots and zones are read once."""

    def __init__(self, clinic: Clinic, random: Random) -> None:
        self.clinic, self.random = clinic, random
        self._lots: dict[int, list[Lot]] = {}
        for lot in Lot.objects.usable_on(clinic.today).select_related("product"):
            self._lots.setdefault(lot.product_id, []).append(lot)
        creams = Lot.objects.usable_on(clinic.today).filter(product__code="lido_prilo_cream")
        self._cream = creams.select_related("product").order_by("-expires_on", "pk")[0]
        self._zones: dict[int, list[Zone]] = {}
        for zone in Zone.objects.order_by("position", "pk"):
            self._zones.setdefault(zone.indication_id, []).append(zone)
        self._products: dict[int, list[Product]] = {}

    def begin(
        self, session: TreatmentSession, *, by: User, at: datetime, is_whole: bool
    ) -> SessionRecord:
        """Open the record of `session`; fill in all of it, or only the checks of a running one."""
        record = open_record(session=session, by=by, at=at)
        record = save_checks(
            record=record,
            answers=dict.fromkeys(CHECKS, "CLEAR"),
            words="",
            vitals=self._measure(record),
            version=record.version,
            by=by,
            at=at,
        )
        if not is_whole:
            return record
        record = self._numb(record, by, at)
        record = self._inject(record, by, at)
        reaction, _seen = self.random.choice(REACTIONS)
        return save_aftercare(
            record=record,
            reaction=reaction,
            notes=self.random.choice(NOTES),
            given=True,
            end_points=EndPoints.PINPOINT,
            pain=self.random.randint(1, 4),
            observed_minutes=30,
            version=record.version,
            by=by,
            at=at,
        )

    def sign(self, record: SessionRecord, *, on: date, by: User, at: datetime) -> None:
        """Sign `record` as delivered on `on`.

        The seed has no passwords to type; it enters right behind the check of the password.
        """
        sign_confirmed(record=record, version=record.version, delivered_on=on, by=by, at=at)

    def _measure(self, record: SessionRecord) -> Vitals:
        """Return plausible vitals: everybody has them taken, and blood sugar where it is asked."""
        upper, lower = self.random.randint(108, 142), self.random.randint(64, 88)
        has_diabetes = patient_facts(record.session).has_diabetes
        return Vitals(
            systolic_mmhg=upper,
            diastolic_mmhg=lower,
            pulse_bpm=self.random.randint(58, 84),
            glucose_mmol=Decimal("6.4") if has_diabetes else None,
        )

    def _numb(self, record: SessionRecord, by: User, at: datetime) -> SessionRecord:
        kind = self.random.choice(
            (Anaesthesia.Kind.NONE, Anaesthesia.Kind.COLD, Anaesthesia.Kind.CREAM)
        )
        allergies = record.session.course.patient.allergies
        if kind is Anaesthesia.Kind.CREAM and allergies.filter(substance="Lidocaine").exists():
            kind = Anaesthesia.Kind.COLD
        is_cream = kind is Anaesthesia.Kind.CREAM
        zone = record.session.course.site.zone
        return save_anaesthesia(
            record=record,
            kind=kind,
            agent="Lidocaine and prilocaine cream" if is_cream else "",
            dose="5 g" if is_cream else "",
            numbed=CREAM if is_cream else NOTHING,
            applied_at=(at - NUMBED_BEFORE).astimezone(zone).time().replace(second=0, microsecond=0)
            if is_cream
            else None,
            lot=self._cream if is_cream else None,
            skin=PREPARED,
            version=record.version,
            by=by,
            at=at,
        )

    def _inject(self, record: SessionRecord, by: User, at: datetime) -> SessionRecord:
        course = record.session.course
        protocol = course.indication.protocol
        product = course.product or self.random.choice(self._usable(course.indication))
        zones = self.random.sample(_agreed(course, self._zones), self.random.choice((1, 2)))
        points = self._points(product, protocol.max_volume_ml) // len(zones)
        for zone in sorted(zones, key=lambda one: one.position):
            _reaction, seen = self.random.choice(REACTIONS)
            record = save_zone(
                record=record,
                zone=zone,
                technique=protocol.techniques[0],
                needle=self.random.choice(("30G, 4 mm", "32G, 4 mm")),
                depth_mm=self.random.choice((protocol.depth_min_mm, protocol.depth_max_mm)),
                points=points,
                point_ml=POINT_ML,
                seen=[Seen(code).value for code in seen],
                doses=[DoseGiven(self.random.choice(self._lots[product.pk]), points * POINT_ML)],
                version=record.version,
                by=by,
                at=at,
            )
        return record

    def _points(self, product: Product, most: Decimal) -> int:
        """Return the points of a session: up to the usual volume, never above either limit."""
        usual = product.usual_volume_ml or most
        volume = usual * Decimal(self.random.choice(("0.8", "0.9", "1")))
        limit = min(volume, product.max_volume_ml or most, most)
        return int(limit / POINT_ML)

    def _usable(self, indication: Indication) -> list[Product]:
        if indication.pk not in self._products:
            self._products[indication.pk] = weekly_products(indication)
        return self._products[indication.pk]


def _agreed(course: TreatmentCourse, zones: dict[int, list[Zone]]) -> list[Zone]:
    """Return the zones that the patient of `course` has agreed to."""
    offered = zones[course.indication_id]
    if agrees_to_all_parts(course.patient):
        return offered
    usual = usual_class([zone.code for zone in offered])
    return [zone for zone in offered if class_of(zone.code) is usual]
