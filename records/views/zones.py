"""The injections step: one zone at a time, beside the list of all zones."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast
from records.actions import drafts
from records.domain.record import Step
from records.forms.zones import NEEDLES, OTHER_NEEDLE, ZoneForm
from records.models import SessionRecord, ZoneTreatment
from records.selectors import drafts as selectors
from records.views.pages import RecordPage, answer, load_page, turned_away
from treatments.models import Zone

# Drawings of the zones, by indication; the list beside them is what one presses.
MAPS = {"hair_loss": "records/_map_hair_loss.html"}
COPIED = ("technique", "points", "depth_mm", "needle", "volume_ml", "volume_2_ml")


@dataclass(frozen=True, slots=True)
class _ZonePage:
    """The zone in hand and what stands around it."""

    rows: list[selectors.ZoneRow]
    zone: Zone
    treated: ZoneTreatment | None
    before: ZoneTreatment | None
    before_number: int


def injections(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = page.record
    assert record is not None
    rows = selectors.zone_rows(record, page.session.course.indication)
    if not rows:
        return render(request, "records/record_no_zones.html", page.context(Step.INJECTIONS))
    wanted = request.POST.get("zone") or request.GET.get("zone") or ""
    on = _zone_page(page, record, rows, wanted)
    is_copy = request.method == "GET" and "copy" in request.GET and on.before is not None
    form = _form(request, page, on, is_copy=is_copy)
    then = _next_url(request, page, on)
    if form.is_bound and form.is_untouched:
        # Nothing was typed in this zone: looking at it is not recording it.
        return redirect(then)

    def save() -> None:
        drafts.save_zone(
            record=record,
            zone=on.zone,
            technique=form.cleaned_data["technique"],
            needle=form.needle_words,
            depth_mm=form.cleaned_data["depth_mm"],
            points=form.cleaned_data["points"],
            seen=form.cleaned_data["seen"],
            doses=form.doses,
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    more = _zone_context(page, on, then, is_copy=is_copy)
    return answer(request, page, Step.INJECTIONS, form, save=save, then=then, **more)


@require_POST
@requires(Right.WRITE_RECORD)
def zone_remove(request: ClinicRequest, pk: int, zone_pk: int) -> HttpResponse:
    page = load_page(pk)
    if away := turned_away(request, page, Step.INJECTIONS):
        return away
    assert page.record is not None
    zone = get_object_or_404(page.session.course.indication.zones, pk=zone_pk)
    version = request.POST.get("version", "")
    try:
        drafts.remove_zone(
            record=page.record,
            zone=zone,
            version=int(version) if version.isdecimal() else 0,
            by=request.user,
            at=page.now,
        )
    except drafts.RecordChangedMeanwhile:
        toast(request, _("Not removed: somebody else saved this record. See what changed."))
    else:
        toast(request, _("%(zone)s removed.") % {"zone": zone.name})
    return redirect(f"{page.step_url(Step.INJECTIONS)}?zone={zone.pk}")


def _zone_page(
    page: RecordPage, record: SessionRecord, rows: list[selectors.ZoneRow], wanted: str
) -> _ZonePage:
    asked = [row.zone for row in rows if str(row.zone.pk) == wanted]
    empty = [row.zone for row in rows if row.facts is None]
    zone = (asked or empty or [rows[0].zone])[0]
    last = selectors.last_signed_before(page.session)
    return _ZonePage(
        rows=rows,
        zone=zone,
        treated=selectors.treated_zones(record).filter(zone=zone).first(),
        before=selectors.treated_zones(last).filter(zone=zone).first() if last else None,
        before_number=last.session.number if last else 0,
    )


def _form(request: ClinicRequest, page: RecordPage, on: _ZonePage, *, is_copy: bool) -> ZoneForm:
    course = page.session.course
    initial: dict[str, Any] = _typed(on.treated) if on.treated else {}
    if is_copy and on.before:
        # Doses may be copied and are marked to be checked; a lot never is.
        initial |= {name: _typed(on.before).get(name) for name in (*COPIED, "needle_other")}
    recorded = [initial[name] for name in ("lot", "lot_2") if initial.get(name)]
    return ZoneForm(
        request.POST or None,
        initial={"version": page.version, **initial},
        lots=selectors.usable_lots(
            course.indication,
            selectors.treatment_day(page.session, page.today),
            also=recorded,
            record=page.record,
        ),
        techniques=course.indication.protocol.techniques,
    )


def _typed(treated: ZoneTreatment) -> dict[str, Any]:
    """Return what is kept for a zone as the form's fields have it."""
    is_usual = treated.needle in NEEDLES
    typed = {
        "technique": treated.technique,
        "points": treated.points,
        "depth_mm": treated.depth_mm,
        "needle": treated.needle if is_usual else OTHER_NEEDLE,
        "needle_other": "" if is_usual else treated.needle,
        "seen": treated.seen_codes,
    }
    doses = sorted(treated.administrations.all(), key=lambda dose: dose.pk)
    for dose, lot, volume in zip(
        doses, ("lot", "lot_2"), ("volume_ml", "volume_2_ml"), strict=False
    ):
        typed |= {lot: dose.lot_id, volume: dose.volume_ml}
    return typed


def _next_url(request: ClinicRequest, page: RecordPage, on: _ZonePage) -> str:
    """Return where the pressed button leads once the zone is saved."""
    here, go = page.step_url(Step.INJECTIONS), request.POST.get("go", "")
    if go == "aftercare":
        return page.step_url(Step.AFTERCARE)
    if go == "anaesthesia":
        return page.step_url(Step.ANAESTHESIA)
    if go == "add":
        empty = [row.zone.pk for row in on.rows if row.facts is None and row.zone != on.zone]
        return f"{here}?zone={empty[0] if empty else on.zone.pk}"
    known = {str(row.zone.pk) for row in on.rows}
    return f"{here}?zone={go if go in known else on.zone.pk}"


def _zone_context(page: RecordPage, on: _ZonePage, then: str, *, is_copy: bool) -> dict[str, Any]:
    most = page.session.course.indication.protocol.max_volume_ml
    given = page.facts.volume_ml
    return {
        "rows": on.rows,
        "map_template": MAPS.get(page.session.course.indication.slug),
        "map": {row.zone.code: _drawn(row, on.zone) for row in on.rows},
        "zone": on.zone,
        "treated": on.treated,
        "leave_url": then,
        "same_as": on.before_number if on.before else None,
        "copied": COPIED if is_copy else (),
        "given_ml": given,
        "most_ml": most,
        "given_percent": min(100, round(100 * given / most)) if most else 100,
        "is_over": given > most,
        "protocol": page.session.course.indication.protocol,
    }


def _drawn(row: selectors.ZoneRow, current: Zone) -> str:
    """Return the class that draws a zone: "on" in hand, "dn" recorded, "" empty."""
    if row.zone == current:
        return "on"
    return "dn" if row.facts else ""
