"""The injections step: one zone at a time, beside the list of all zones."""

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, toast, toast_problem
from records.actions import drafts
from records.actions.zones import remove_zone, save_zone
from records.domain.blood import NO_BLOOD
from records.domain.facts import AUTOLOGOUS, INTRADERMAL
from records.domain.problems import Step
from records.forms.zones import NEEDLES, OTHER_NEEDLE, ZoneForm
from records.models import SessionRecord, ZoneTreatment
from records.recall_words import lot_words
from records.selectors import drafts as selectors
from records.selectors.around import blood_of
from records.selectors.forbidden import part_problems
from records.selectors.scanning import scanned_lot
from records.views.findings import findings, findings_part
from records.views.pages import answer, refusal_words, turned_away
from records.views.record_page import RecordPage, load_page
from records.wording import problem_sentence, scan_sentence
from sessions.actions.status import StatusRefused
from treatments.domain.zone_classes import class_of, classes_of
from treatments.models import Lot, Zone

# Drawings of the zones, by indication; the list beside them is what one presses.
MAPS = {
    "hair_loss": "records/_map_hair_loss.html",
    "skin_radiance": "records/_map_face.html",
    "ageing_pigmentation": "records/_map_face.html",
    "cellulite_tightening": "records/_map_body.html",
    "body_sculpting": "records/_map_body.html",
}
TUBE = "blood_anticoagulant"
COPIED = (
    "technique",
    "points",
    "point_ml",
    "depth_mm",
    "needle",
    "route",
    "volume_ml",
    "volume_2_ml",
)


@dataclass(frozen=True)
class _ZonePage:
    """The zone in hand and what stands around it, each part read when it is asked for."""

    page: RecordPage
    record: SessionRecord
    wanted: str

    @cached_property
    def zones(self) -> list[Zone]:
        """Every zone of the indication, in its order."""
        return selectors.zones_of(self.page.session.course.indication)

    @cached_property
    def rows(self) -> list[selectors.ZoneRow]:
        """Every zone with what the record says of it."""
        return selectors.zone_rows(self.record, self.zones, self.page.facts)

    @cached_property
    def zone(self) -> Zone:
        """The zone that is asked for; else the first that nothing is recorded of."""
        asked = [zone for zone in self.zones if str(zone.pk) == self.wanted]
        if asked:
            return asked[0]
        return next((row.zone for row in self.rows if row.facts is None), self.zones[0])

    @cached_property
    def treated(self) -> ZoneTreatment | None:
        """What is kept of the zone."""
        return selectors.treated_zones(self.record).filter(zone=self.zone).first()

    @cached_property
    def last(self) -> SessionRecord | None:
        """The last signed record of the course before this one."""
        return selectors.last_signed_before(self.page.session)

    @cached_property
    def before(self) -> ZoneTreatment | None:
        """What was done in the zone in that session."""
        if self.last is None:
            return None
        return selectors.treated_zones(self.last).filter(zone=self.zone).first()


def injections(request: ClinicRequest, page: RecordPage) -> HttpResponse:
    record = page.record
    assert record is not None
    wanted = request.POST.get("zone") or request.GET.get("zone") or ""
    on = _ZonePage(page, record, wanted)
    if not on.zones:
        return render(request, "records/record_no_zones.html", page.context(Step.INJECTIONS))
    if request.method == "POST" and request.POST.get("go") == "scan":
        return _scanned(request, page, on)
    is_copy = request.method == "GET" and "copy" in request.GET and on.before is not None
    form = _form(request, page, on, is_copy=is_copy)
    then = _next_url(request, page, on)

    def save() -> None:
        save_zone(
            record=record,
            zone=on.zone,
            technique=form.cleaned_data["technique"],
            needle=form.needle_words,
            depth_mm=form.cleaned_data["depth_mm"],
            points=form.cleaned_data["points"],
            point_ml=form.cleaned_data["point_ml"],
            route=form.cleaned_data["route"] or INTRADERMAL,
            drawn_up_ml=form.cleaned_data["drawn_up_ml"],
            needle_changes=form.cleaned_data["needle_changes"],
            blood=form.blood,
            seen=form.cleaned_data["seen"],
            doses=form.doses,
            version=form.cleaned_data["version"],
            by=request.user,
            at=page.now,
        )

    def parts(fresh: RecordPage) -> dict[str, str]:
        assert fresh.record is not None
        told = _list_context(_ZonePage(fresh, fresh.record, str(on.zone.pk)))
        zones = render_to_string("records/_zones.html", told, request)
        return {"zones": zones, **findings_part(request, fresh)}

    def around(page: RecordPage) -> dict[str, Any]:
        here = _zone_context(replace(on, page=page), then, is_copy=is_copy)
        return here | _blood_context(page, form, is_copy=is_copy) | _quarantine_context(form)

    return answer(
        request,
        page,
        Step.INJECTIONS,
        form,
        save=save,
        then=then,
        around=around,
        parts=parts,
    )


def _scanned(request: ClinicRequest, page: RecordPage, on: "_ZonePage") -> HttpResponse:
    """Show the zone again with what was typed, and the lot that was scanned."""
    assert page.record is not None
    scan = scanned_lot(request.POST.get("scan", "")[:200], page.record, page.day)
    typed: dict[str, Any] = {
        name: request.POST.get(name) for name in ZoneForm.base_fields if name != "seen"
    }
    typed["seen"] = request.POST.getlist("seen")
    if scan.lot:
        typed["lot"] = scan.lot.pk
    form = ZoneForm(initial=typed, **_choices(page, [typed.get("lot"), typed.get("lot_2")]))
    context = page.context(
        Step.INJECTIONS,
        form=form,
        is_unsaved=True,
        scan_problem=scan_sentence(scan),
        scanned=request.POST.get("scan", "") if scan.problem else "",
        **_zone_context(on, ""),
        **_blood_context(page, form),
        **_quarantine_context(form),
    )
    status = 422 if scan.problem else 200
    return render(request, "records/record_injections.html", context, status=status)


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
        remove_zone(
            record=page.record,
            zone=zone,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            by=request.user,
            at=page.now,
        )
    except drafts.RecordChangedMeanwhile:
        toast(request, _("Not removed: somebody else saved this record. See what changed."))
    except drafts.RecordIsSigned:
        toast(request, _("Nothing was changed: this record is signed. Add a note instead."))
    except (drafts.CannotRecord, StatusRefused) as refused:
        toast_problem(request, str(refusal_words(refused)))
    else:
        toast(request, _("%(zone)s removed.") % {"zone": zone.name})
    return redirect(f"{page.step_url(Step.INJECTIONS)}?zone={zone.pk}")


def _form(request: ClinicRequest, page: RecordPage, on: _ZonePage, *, is_copy: bool) -> ZoneForm:
    record = page.record
    initial: dict[str, Any] = {"drawn_up_ml": record.drawn_up_ml if record else None}
    initial["needle_changes"] = record.needle_changes if record else None
    initial["route"] = INTRADERMAL
    drawn = asdict(blood_of(record)) if record else {}
    initial |= {f"blood_{name}": value for name, value in drawn.items()}
    initial |= _typed(on.treated) if on.treated else _in_hand(record)
    if is_copy and on.before:
        # Doses may be copied and are marked to be checked; a lot never is.
        initial |= {name: _typed(on.before).get(name) for name in (*COPIED, "needle_other")}
        initial |= _tube_before(on, initial)
    lots = [initial.get("lot"), initial.get("lot_2")]
    return ZoneForm(
        request.POST or None,
        initial={"version": page.version, **initial},
        **_choices(page, lots),
    )


def _tube_before(on: _ZonePage, initial: dict[str, Any]) -> dict[str, Any]:
    """Return what kept the blood from clotting in the last session, unless it is said of this one."""
    if on.last is None or initial.get(TUBE) or not on.last.blood_anticoagulant:
        return {}
    return {TUBE: on.last.blood_anticoagulant}


def _choices(page: RecordPage, recorded: list[Any]) -> dict[str, Any]:
    """Return what the form of a zone lets one choose; lots in `recorded` whatever their state."""
    indication = page.session.course.indication
    keys = [int(str(key)) for key in recorded if str(key or "").isdecimal() and len(str(key)) < 19]
    return {
        "lots": selectors.usable_lots(indication, page.day, also=keys, record=page.record),
        "techniques": indication.protocol.techniques,
    }


def _in_hand(record: SessionRecord | None) -> dict[str, Any]:
    """Return the lot that was used last in this very session: the box is on the table still."""
    last = record.administrations.order_by("-pk").first() if record else None
    return {"lot": last.lot_id, "donor_number": last.donor_number} if last else {}


def _typed(treated: ZoneTreatment) -> dict[str, Any]:
    """Return what is kept for a zone as the form's fields have it."""
    is_usual = treated.needle in NEEDLES
    typed = {
        "technique": treated.technique,
        "points": treated.points,
        "point_ml": treated.point_ml,
        "route": treated.route,
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
        typed["donor_number"] = typed.get("donor_number") or dose.donor_number
        typed["is_said_given"] = typed.get("is_said_given") or dose.is_said_given
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
    known = {str(zone.pk) for zone in on.zones}
    return f"{here}?zone={go if go in known else on.zone.pk}"


def _zone_context(on: _ZonePage, then: str, *, is_copy: bool = False) -> dict[str, Any]:
    """Return what the page shows around the form of a zone."""
    return {
        **_list_context(on),
        "treated": on.treated,
        "is_lot_carried": on.treated is None and bool(on.page.facts.volume_ml),
        "session": on.page.session,
        "leave_url": then,
        "same_as": on.last.session.number if on.last and on.before else None,
        "copied": COPIED if is_copy else (),
        "protocol": on.page.session.course.indication.protocol,
        "consent_lacks": _consent_lacks(on),
        **findings(on.page),
    }


def _consent_lacks(on: _ZonePage) -> dict[str, str] | None:
    """Return what the consent leaves out that the zone is part of, and where to sign it; else None."""
    if len(classes_of(zone.code for zone in on.zones)) < 2:
        return None
    problems = part_problems(on.record, on.zone, at=on.page.now)
    if not problems:
        return None
    back = f"{on.page.step_url(Step.INJECTIONS)}?zone={on.zone.pk}"
    asked = urlencode({"part": class_of(on.zone.code), "next": back})
    sign = reverse("treatments:consent-sign", args=[on.page.session.course_id])
    return {"sentence": problem_sentence(problems[0]), "url": f"{sign}?{asked}"}


def _list_context(on: _ZonePage) -> dict[str, Any]:
    """Return what the list of zones shows: each with what is recorded, and the total."""
    page = on.page
    drawn_up = page.facts.drawn_up_ml
    most = drawn_up or page.session.course.indication.protocol.max_volume_ml
    given = page.facts.volume_ml
    return {
        "rows": on.rows,
        "map_template": MAPS.get(page.session.course.indication.slug),
        "map": {row.zone.code: _drawn(row, on.zone) for row in on.rows},
        "zone": on.zone,
        "given_ml": given,
        "most_ml": most,
        "is_drawn_up": drawn_up is not None,
        "given_percent": min(100, round(100 * given / most)) if most else 100,
        "is_over": given > most,
    }


def _blood_context(page: RecordPage, form: ZoneForm, *, is_copy: bool = False) -> dict[str, Any]:
    """Return whether the patient's own blood may be given here, and how long after its draw."""
    known = page.facts.blood
    is_offered = known != NO_BLOOD or any(
        lot.product.product_class == AUTOLOGOUS for lot in _offered(form)
    )
    return {
        "is_tube_copied": is_copy and form[TUBE].value() != known.anticoagulant,
        "has_blood": is_offered,
        "is_blood_known": known != NO_BLOOD,
        "blood_minutes": known.minutes_to_injection,
    }


def _quarantine_context(form: ZoneForm) -> dict[str, Any]:
    """Return which lots in quarantine can be named, if somebody says that they were given before."""
    aside = [lot for lot in _offered(form) if lot.status == Lot.Status.QUARANTINED]
    return {"put_aside": [lot_words(lot) for lot in aside]}


def _offered(form: ZoneForm) -> QuerySet[Lot]:
    """Return the lots that can be chosen; read once, whoever asks."""
    lots: QuerySet[Lot] = form.fields["lot"].queryset  # type: ignore[attr-defined]
    return lots


def _drawn(row: selectors.ZoneRow, current: Zone) -> str:
    """Return the class that draws a zone: "on" in hand, "dn" recorded, "" empty."""
    if row.zone == current:
        return "on"
    return "dn" if row.facts else ""
