"""What was measured, prepared and seen around the injections, in words to be read."""

from datetime import time

from django.utils.translation import gettext as _

from records.domain.blood import NONE
from records.domain.facts import RecordFacts
from records.models import EndPoints, SessionRecord, ZoneTreatment
from records.selectors.around import blood_of


def usual_end_points(facts: RecordFacts) -> str:
    """Return the code of what such injections leave: papules raise a blister, the others bleed."""
    techniques = {zone.technique for zone in facts.zones}
    if ZoneTreatment.Technique.PAPULAR not in techniques:
        return EndPoints.PINPOINT
    return EndPoints.PAPULES if len(techniques) == 1 else EndPoints.BOTH


def preparation_words(record: SessionRecord) -> list[str]:
    """Return how the skin was prepared, each part in words; [] while nothing is said."""
    seconds = _("left on for %(n)s seconds") % {"n": record.contact_seconds}
    return [
        words
        for is_so, words in (
            (record.antiseptic, record.get_antiseptic_display()),
            (record.contact_seconds, seconds),
            (record.is_dried, _("left to dry")),
            (record.is_sterile, _("sterile gloves, single-use needle")),
        )
        if is_so
    ]


def blood_words(record: SessionRecord) -> list[str]:
    """Return how the patient's own blood was drawn and prepared, each part in words."""
    blood = blood_of(record)
    minutes = blood.minutes_to_injection
    parts = (
        (blood.kit_lot, _("tube kit lot %(lot)s") % {"lot": blood.kit_lot}),
        (blood.anticoagulant, _anticoagulant_words(record)),
        (blood.drawn_ml is not None, _("%(ml)s ml drawn") % {"ml": blood.drawn_ml}),
        (blood.drawn_at, _("drawn at %(time)s") % {"time": _clock(blood.drawn_at)}),
        (blood.spin, _("spun %(spin)s") % {"spin": blood.spin}),
        (blood.plasma_ml is not None, _("%(ml)s ml plasma") % {"ml": blood.plasma_ml}),
        (blood.is_activated, _("activated")),
        (blood.injected_at, _("injected at %(time)s") % {"time": _clock(blood.injected_at)}),
        (minutes is not None, _("%(n)s minutes after the draw") % {"n": minutes}),
    )
    return [words for is_so, words in parts if is_so]


def _anticoagulant_words(record: SessionRecord) -> str:
    if record.blood_anticoagulant == NONE:
        return _("no anticoagulant")
    return _("anticoagulant: %(name)s") % {"name": record.get_blood_anticoagulant_display()}


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def vitals_words(record: SessionRecord) -> list[tuple[str, str]]:
    """Return each thing that was measured with its value and unit; [] if nothing was."""
    pressure = _("%(upper)s/%(lower)s mmHg") % {
        "upper": record.systolic_mmhg,
        "lower": record.diastolic_mmhg,
    }
    return [
        (name, words)
        for is_so, name, words in (
            (record.systolic_mmhg, _("Blood pressure"), pressure),
            (record.pulse_bpm, _("Pulse"), _("%(n)s a minute") % {"n": record.pulse_bpm}),
            (record.temperature_c, _("Temperature"), f"{record.temperature_c} °C"),
            (record.glucose_mmol, _("Blood sugar"), f"{record.glucose_mmol} mmol/l"),
        )
        if is_so is not None
    ]
