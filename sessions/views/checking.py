"""The check of the whole schedule: what the last runs found, and a run now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast, toast_problem
from sessions.actions.checking import run_schedule_check
from sessions.models import ScheduleCheck
from sessions.selectors.checking import follow_up_words

RUNS_SHOWN = 14
VIOLATIONS_SHOWN = 100


@require_GET
@requires(Right.MANAGE_CLINIC)
def schedule_check(request: ClinicRequest) -> HttpResponse:
    runs = list(ScheduleCheck.objects.select_related("by").order_by("-at", "-pk")[:RUNS_SHOWN])
    newest = runs[0] if runs else None
    violations = newest.violations[:VIOLATIONS_SHOWN] if newest else []
    context = {
        "runs": runs,
        "newest": newest,
        "violations": violations,
        "more": newest.checked["violations"] - len(violations) if newest else 0,
        "to_follow_up": follow_up_words(newest.checked) if newest else [],
    }
    return render(request, "sessions/schedule_check.html", context)


@require_POST
@requires(Right.MANAGE_CLINIC)
def schedule_check_run(request: ClinicRequest) -> HttpResponse:
    check = run_schedule_check(by=request.user, at=timezone.now())
    if number := check.checked["violations"]:
        words = ngettext(
            "The schedule is checked: %(n)s violation.",
            "The schedule is checked: %(n)s violations.",
            number,
        )
        toast_problem(request, words % {"n": number})
    else:
        toast(request, _("The schedule is checked and in order."))
    return redirect_page(request, "sessions:schedule-check")
