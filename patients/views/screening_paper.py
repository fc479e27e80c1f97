"""A filled questionnaire on paper."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clinic.selectors import clinic_profile
from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest
from meso_clinic.core.roles import Right
from patients.models import Screening, ScreeningAnswer
from patients.screening_pdf import by_group, screening_pdf

A4, LETTER = "a4", "letter"


@require_GET
@requires(Right.SEE_CLINICAL)
def screening_print(request: ClinicRequest, pk: int, screening_pk: int) -> HttpResponse:
    screening = _screening(pk, screening_pk)
    context = {
        "screening": screening,
        "patient": screening.patient,
        "groups": by_group(_answers(screening)),
        "profile": clinic_profile(),
        "paper": _paper(request),
    }
    return render(request, "patients/screening_print.html", context)


@require_GET
@requires(Right.SEE_CLINICAL)
def screening_download(request: ClinicRequest, pk: int, screening_pk: int) -> HttpResponse:
    screening = _screening(pk, screening_pk)
    pdf = screening_pdf(
        screening, _answers(screening), profile=clinic_profile(), paper=_paper(request)
    )
    name = f"health-questions-{screening.pk}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _screening(pk: int, screening_pk: int) -> Screening:
    rows = Screening.objects.select_related("patient", "by")
    return get_object_or_404(rows, pk=screening_pk, patient_id=pk)


def _answers(screening: Screening) -> QuerySet[ScreeningAnswer]:
    return screening.answers.select_related("question").order_by("question__position", "pk")


def _paper(request: ClinicRequest) -> str:
    return LETTER if request.GET.get("paper") == LETTER else A4
