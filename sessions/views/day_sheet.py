"""The day on paper: a page to print, and the same as a PDF to keep."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from clinic.models import ClinicProfile
from clinic.selectors import clinic_profile, current_site
from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.privacy import is_private
from sessions.day_sheet_pdf import day_sheet_pdf
from sessions.day_sheet_words import Detail, Paper, SheetWords, paper_of, sheet_words
from sessions.forms_day_sheet import DaySheetForm
from sessions.selectors.day_sheet import read_day_sheet


@require_GET
@requires(Right.SEE_DAY)
def day_sheet(request: ClinicRequest) -> HttpResponse:
    profile = clinic_profile()
    form = _asked(request, profile)
    if not form.is_valid():
        return _wrong(request, form)
    context = {
        "form": form,
        "sheet": _sheet(request, form, profile),
        "is_blurred": is_private(request),
        "is_letter": form.cleaned_data["paper"] == Paper.LETTER,
    }
    return render(request, "sessions/day_sheet.html", context)


@require_GET
@requires(Right.SEE_DAY)
def day_sheet_download(request: ClinicRequest) -> HttpResponse:
    profile = clinic_profile()
    form = _asked(request, profile)
    if not form.is_valid():
        return _wrong(request, form)
    data = form.cleaned_data
    pdf = day_sheet_pdf(_sheet(request, form, profile), paper=Paper(data["paper"]))
    name = f"day-{data['date']:%Y-%m-%d}-{slugify(data['site'].name) or data['site'].pk}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: ClinicRequest, profile: ClinicProfile) -> DaySheetForm:
    site = current_site(request)
    today = timezone.now().astimezone(site.zone).date()
    return DaySheetForm(request.GET, today=today, site=site, paper=paper_of(profile))


def _sheet(request: ClinicRequest, form: DaySheetForm, profile: ClinicProfile) -> SheetWords:
    data, now = form.cleaned_data, timezone.now()
    sheet = read_day_sheet(
        site=data["site"],
        on=data["date"],
        now=now,
        practitioner=data["practitioner"],
        clinical=request.user.has_right(Right.SEE_CLINICAL),
    )
    return sheet_words(sheet, profile=profile, now=now, detail=Detail(data["detail"]))


def _wrong(request: ClinicRequest, form: DaySheetForm) -> HttpResponse:
    return render(request, "sessions/day_sheet.html", {"form": form}, status=422)
