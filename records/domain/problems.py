"""What stands between a draft and its signature, and what is only to be looked at again."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from treatments.domain.stock import Refusal


class Step(StrEnum):
    """A step of the record, in the order in which it is filled in."""

    CHECKS = "checks"
    ANAESTHESIA = "anaesthesia"
    INJECTIONS = "injections"
    AFTERCARE = "aftercare"
    SIGN = "sign"


class Lack(StrEnum):
    """What stands between a draft and its signature. Words for each are in `records.wording`."""

    CHECK_UNANSWERED = "check_unanswered"
    CONCERN_WITHOUT_WORDS = "concern_without_words"
    VITALS_FOR_ANAESTHETIC = "vitals_for_anaesthetic"
    VITALS_FOR_BLOOD = "vitals_for_blood"
    VITALS_FOR_VASOACTIVE = "vitals_for_vasoactive"
    VITALS_FOR_AGE = "vitals_for_age"
    PRESSURE_TOO_HIGH = "pressure_too_high"
    TEMPERATURE_MISSING = "temperature_missing"
    FEVER = "fever"
    GLUCOSE_MISSING = "glucose_missing"
    GLUCOSE_TOO_HIGH = "glucose_too_high"
    ANAESTHESIA_UNKNOWN = "anaesthesia_unknown"
    ANTISEPTIC_MISSING = "antiseptic_missing"
    NOT_STERILE = "not_sterile"
    ANTISEPTIC_ALLERGY = "antiseptic_allergy"
    ANTISEPTIC_NEAR_EYES = "antiseptic_near_eyes"
    AGENT_MISSING = "agent_missing"
    AGENT_UNKNOWN = "agent_unknown"
    AGENT_KIND_OTHER = "agent_kind_other"
    AGENT_ALLERGY = "agent_allergy"
    AGENT_LOT_TOPICAL = "agent_lot_topical"
    AGENT_LOT_NOT_TOPICAL = "agent_lot_not_topical"
    AGENT_LOT_REFUSED = "agent_lot_refused"
    NO_ZONE = "no_zone"
    TECHNIQUE_MISSING = "technique_missing"
    NEEDLE_MISSING = "needle_missing"
    DEPTH_OUTSIDE = "depth_outside"
    POINTS_OUTSIDE = "points_outside"
    NO_VOLUME = "no_volume"
    VOLUME_OUTSIDE = "volume_outside"
    LOT_EXPIRED = "lot_expired"
    LOT_NOT_AVAILABLE = "lot_not_available"
    LOT_PUT_ASIDE = "lot_put_aside"
    LOT_GIVEN_UNSAID = "lot_given_unsaid"
    LOT_OTHER_INDICATION = "lot_other_indication"
    PRODUCT_FORBIDDEN = "product_forbidden"
    ZONE_FORBIDDEN = "zone_forbidden"
    CONSENT_MISSING = "consent_missing"
    ZONE_NOT_CONSENTED = "zone_not_consented"
    NUMBING_AMOUNT_MISSING = "numbing_amount_missing"
    NO_RECENT_WEIGHT = "no_recent_weight"
    HEIGHT_MISSING = "height_missing"
    LIDOCAINE_OVER = "lidocaine_over"
    CREAM_TOO_MUCH = "cream_too_much"
    CREAM_AREA_TOO_LARGE = "cream_area_too_large"
    ROUTE_OTHER = "route_other"
    DETERGENT_IN_SKIN = "detergent_in_skin"
    DONOR_MISSING = "donor_missing"
    DONOR_OTHER = "donor_other"
    OVER_MAX_VOLUME_ML = "over_max_volume_ml"
    OVER_MAX_POINTS = "over_max_points"
    OVER_MAX_POINT_ML = "over_max_point_ml"
    OVER_MAX_TREATMENTS = "over_max_treatments"
    END_POINTS_MISSING = "end_points_missing"
    PAIN_MISSING = "pain_missing"
    OBSERVED_TOO_SHORT = "observed_too_short"
    REACTION_MISSING = "reaction_missing"
    AFTERCARE_NOT_GIVEN = "aftercare_not_given"
    DAY_NOT_ALLOWED = "day_not_allowed"


class Caution(StrEnum):
    """What is shown and does not stop a signature. Words for each are in `records.wording`."""

    POINTS_MISMATCH = "points_mismatch"
    OVER_PROTOCOL = "over_protocol"
    OVER_DRAWN_UP = "over_drawn_up"
    DEPTH_OUTSIDE_PROTOCOL = "depth_outside_protocol"
    LIDOCAINE_HIGH = "lidocaine_high"
    STRENGTH_DIFFERS = "strength_differs"
    CREAM_THICK = "cream_thick"
    CREAM_STRONG = "cream_strong"
    CREAM_COVERED_LONG = "cream_covered_long"
    BLOOD_NOT_TRACED = "blood_not_traced"
    BLOOD_MORE_THAN_MADE = "blood_more_than_made"
    NOT_DRIED = "not_dried"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right or to look at: in which step, at which field, and about what.

    `given`, `most` and `each` are the numbers of the sentence: millilitres, points or milligrams.
    """

    step: Step
    lack: Lack | Caution
    field: str = ""
    zone: str = ""
    product: str = ""
    lot: str = ""
    why: str = ""
    refusal: Refusal | None = None
    given: Decimal | None = None
    most: Decimal | None = None
    each: Decimal | None = None
