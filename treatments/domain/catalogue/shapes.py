"""The shapes of the clinical catalogue. A value that cannot be right is refused on the spot.

Plain data, no database. Lengths are millimetres, volumes millilitres, gaps whole days.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal

from patients.domain.allergens import ALLERGENS
from treatments.domain.catalogue.sources import CLINIC_SETTING
from treatments.domain.catalogue.vocabulary import (
    DEPTH_BOUNDS_MM,
    EVIDENCE_GRADES,
    INDICATION_SLUGS,
    INITIAL_GAP_DAYS,
    MAX_SESSIONS,
    MIN_SESSIONS,
    MONTHLY_GAP_DAYS,
    OUTCOME_SCALES,
    PRODUCT_CLASSES,
    PRODUCT_SOURCE_FIELDS,
    PROTOCOL_NUMBER_FIELDS,
    ROUTES,
    TECHNIQUES,
)

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_NOTE_LINE = re.compile(r"[A-Z0-9][^:]*: \S.*")
_MAX_INTERVAL_DAYS = 366


def _require(condition: bool, message: str) -> None:
    """Raise ValueError with `message` unless `condition` holds."""
    if not condition:
        raise ValueError(message)


def _require_texts(owner: str, **texts: str) -> None:
    """Refuse empty texts and texts with blank lines or loose spaces."""
    for field, text in texts.items():
        lines = text.split("\n")
        tidy = all(line and line == line.strip() for line in lines)
        _require(tidy, f"{owner}: {field} is empty or has a blank line or loose spaces.")


def _require_known(owner: str, field: str, codes: tuple[str, ...], known: Container[str]) -> None:
    """Refuse no codes, repeated codes and codes outside the vocabulary."""
    _require(len(set(codes)) == len(codes), f"{owner}: {field} repeats a code.")
    unknown = [code for code in codes if code not in known]
    _require(not unknown, f"{owner}: {field} has unknown codes {unknown}.")


def _require_range(owner: str, what: str, low: int | Decimal, high: int | Decimal) -> None:
    _require(low <= high, f"{owner}: the smallest {what} is above the largest.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicationText:
    """What a patient reads about one indication.

    `recovery_notes` holds three or four lines "When: what to expect". `aftercare` holds one
    sentence a line. Each line of `when_to_call` ends the sentence "Get help the same day if you
    have …".
    """

    slug: str
    name: str
    short_name: str
    position: int
    summary: str
    who_it_suits: str
    evidence: str
    evidence_grade: str
    recovery_notes: str
    aftercare: str
    when_to_call: str
    disclaimer_addition: str

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown slug or grade, a wrong position or an unfit text."""
        _require(self.slug in INDICATION_SLUGS, f"Unknown indication {self.slug!r}.")
        _require(self.position >= 1, f"{self.slug}: positions start at 1.")
        _require(self.evidence_grade in EVIDENCE_GRADES, f"{self.slug}: unknown evidence grade.")
        _require_texts(
            self.slug,
            name=self.name,
            short_name=self.short_name,
            summary=self.summary,
            who_it_suits=self.who_it_suits,
            evidence=self.evidence,
            recovery_notes=self.recovery_notes,
            aftercare=self.aftercare,
            when_to_call=self.when_to_call,
            disclaimer_addition=self.disclaimer_addition,
        )
        notes = self.recovery_notes.split("\n")
        _require(len(notes) in (3, 4), f"{self.slug}: three or four recovery notes are needed.")
        labelled = all(_NOTE_LINE.fullmatch(note) for note in notes)
        _require(labelled, f"{self.slug}: each recovery note needs a label and a colon.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolNumbers:
    """The numbers a course of one indication starts from.

    `procedure_minutes` is the treatment alone, `session_minutes` the whole slot in the calendar.
    The first technique is the default. `baseline_scales` are groups of outcome scales of which one
    each is scored before the first session. `sources` names the source of each number by its field.
    """

    indication: str
    total_sessions: int
    initial_sessions: int
    initial_min_days: int = INITIAL_GAP_DAYS[0]
    initial_max_days: int = INITIAL_GAP_DAYS[1]
    monthly_min_days: int = MONTHLY_GAP_DAYS[0]
    monthly_max_days: int = MONTHLY_GAP_DAYS[1]
    procedure_minutes: int
    session_minutes: int
    depth_min_mm: Decimal
    depth_max_mm: Decimal
    downtime_min_days: int
    downtime_max_days: int
    techniques: tuple[str, ...]
    max_volume_ml: Decimal
    outcome_scales: tuple[str, ...]
    baseline_scales: tuple[tuple[str, ...], ...]
    needs_specialist: bool
    sources: dict[str, str]

    @property
    def monthly_sessions(self) -> int:
        """How many sessions of the course are monthly."""
        return self.total_sessions - self.initial_sessions

    def __post_init__(self) -> None:
        """Raise ValueError for numbers outside the chain rules or without a source."""
        _require(self.indication in INDICATION_SLUGS, f"Unknown indication {self.indication!r}.")
        self._check_chain()
        self._check_session()
        missing = set(PROTOCOL_NUMBER_FIELDS) ^ set(self.sources)
        _require(not missing, f"{self.indication}: sources do not match for {sorted(missing)}.")
        _require_texts(self.indication, **self.sources)

    def _check_chain(self) -> None:
        owner = self.indication
        in_bounds = MIN_SESSIONS <= self.total_sessions <= MAX_SESSIONS
        _require(in_bounds, f"{owner}: a course has {MIN_SESSIONS} to {MAX_SESSIONS} sessions.")
        fits = 1 <= self.initial_sessions <= self.total_sessions
        _require(fits, f"{owner}: initial sessions must be between 1 and the total.")
        for name, low, high, (least, most) in (
            ("initial", self.initial_min_days, self.initial_max_days, INITIAL_GAP_DAYS),
            ("monthly", self.monthly_min_days, self.monthly_max_days, MONTHLY_GAP_DAYS),
        ):
            inside = least <= low <= high <= most
            _require(inside, f"{owner}: {name} gaps must lie within {least} to {most} days.")

    def _check_session(self) -> None:
        owner = self.indication
        least, most = DEPTH_BOUNDS_MM
        inside = least <= self.depth_min_mm <= self.depth_max_mm <= most
        _require(inside, f"{owner}: depth must lie within {least} to {most} mm.")
        _require(self.downtime_min_days >= 0, f"{owner}: downtime cannot be below 0 days.")
        _require_range(owner, "downtime", self.downtime_min_days, self.downtime_max_days)
        fits = 0 < self.procedure_minutes <= self.session_minutes
        _require(fits, f"{owner}: the procedure must fit into the session.")
        _require(self.max_volume_ml > 0, f"{owner}: the largest volume must be above 0 ml.")
        _require(bool(self.techniques), f"{owner}: at least one technique is needed.")
        _require(bool(self.outcome_scales), f"{owner}: at least one outcome scale is needed.")
        _require_known(owner, "techniques", self.techniques, TECHNIQUES)
        _require_known(owner, "outcome_scales", self.outcome_scales, OUTCOME_SCALES)
        asked = tuple(code for group in self.baseline_scales for code in group)
        _require_known(owner, "baseline_scales", asked, self.outcome_scales)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneName:
    """A part of the body that can be treated for one indication."""

    indication: str
    code: str
    name: str
    position: int

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown indication, an unfit code, name or position."""
        _require(self.indication in INDICATION_SLUGS, f"Unknown indication {self.indication!r}.")
        _require(bool(_CODE.fullmatch(self.code)), f"Unfit zone code {self.code!r}.")
        _require_texts(self.code, name=self.name)
        _require(self.position >= 1, f"{self.code}: positions start at 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """One generic product: how much, how, how often, for what, and what to look out for.

    Volumes are ml a session; None means another rule sets the limit (dose by body weight for
    injected anaesthetic, grams and area for cream). `min_interval_days` counts from the last use
    in the same zone. `sources` names the fields with a source; all others are clinic settings.
    """

    code: str
    name: str
    strength: str
    product_class: str
    usual_volume_ml: Decimal | None
    max_volume_ml: Decimal | None
    route: str
    min_interval_days: int
    indications: tuple[str, ...]
    allergens: tuple[str, ...]
    caution: str
    is_enabled: bool
    sources: dict[str, str]
    max_points: int | None = None
    max_point_ml: Decimal | None = None
    max_treatments: int | None = None
    lidocaine_percent: Decimal | None = None

    @property
    def source(self) -> str:
        """The sources on one line, or "clinic setting" when no number has another one."""
        return "; ".join(dict.fromkeys(self.sources.values())) or CLINIC_SETTING

    def __post_init__(self) -> None:
        """Raise ValueError for unknown codes, impossible volumes or a detergent in the skin."""
        _require(bool(_CODE.fullmatch(self.code)), f"Unfit product code {self.code!r}.")
        _require_texts(self.code, name=self.name, strength=self.strength, caution=self.caution)
        _require(self.product_class in PRODUCT_CLASSES, f"{self.code}: unknown product class.")
        _require(self.route in ROUTES, f"{self.code}: unknown route.")
        _require(bool(self.indications), f"{self.code}: at least one indication is needed.")
        _require_known(self.code, "indications", self.indications, INDICATION_SLUGS)
        _require_known(self.code, "allergens", self.allergens, ALLERGENS)
        inside = 0 <= self.min_interval_days <= _MAX_INTERVAL_DAYS
        _require(inside, f"{self.code}: the interval must be 0 to {_MAX_INTERVAL_DAYS} days.")
        # A detergent in the skin itself can cause ulcers; it belongs under the skin.
        safe = self.product_class != "detergent" or self.route == "subcutaneous"
        _require(safe, f"{self.code}: a detergent must go under the skin.")
        self._check_volumes()
        _require_known(self.code, "sources", tuple(self.sources), PRODUCT_SOURCE_FIELDS)

    def _check_volumes(self) -> None:
        usual, most = self.usual_volume_ml, self.max_volume_ml
        for volume in (usual, most):
            _require(volume is None or volume > 0, f"{self.code}: volumes must be above 0 ml.")
        if usual is not None and most is not None:
            _require_range(self.code, "volume", usual, most)
