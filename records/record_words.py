"""What was measured, prepared and seen around the injections, in words to be read."""

from django.utils.translation import gettext as _

from records.domain.facts import RecordFacts
from records.models import EndPoints, SessionRecord, ZoneTreatment


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
