"""Which health questions the clinic asks. What they say and mean is the catalogue's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from meso_clinic.core.roles import Right
from patients.actions import set_question_in_use
from patients.models import ScreeningQuestion, ScreeningQuestionChange
from treatments.forms.screening import WhyForm
from treatments.models import ContraindicationRule


@require_GET
@requires(Right.EDIT_CONTENT)
def question_list(request: ClinicRequest) -> HttpResponse:
    rules = ContraindicationRule.objects.select_related("indication", "product").order_by("code")
    by_question: dict[int | None, list[ContraindicationRule]] = {}
    for rule in rules:
        by_question.setdefault(rule.question_id, []).append(rule)
    # The newest of each question stays.
    changes = {
        change.question_id: change
        for change in ScreeningQuestionChange.objects.select_related("by").order_by("at", "pk")
    }
    context = {
        "rows": [
            (question, by_question.get(question.pk, []), changes.get(question.pk))
            for question in ScreeningQuestion.objects.in_order()
        ],
        "about_age": by_question.get(None, []),
    }
    return render(request, "treatments/question_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_CONTENT)
def question_switch(request: ClinicRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(ScreeningQuestion, pk=pk)
    wanted = request.POST.get("to", "off" if question.is_active else "on")
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        set_question_in_use(
            question=question,
            is_active=wanted == "on",
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        done = _("The question is asked.") if wanted == "on" else _("The question is not asked.")
        toast(request, done)
        return redirect_page(request, "treatments:question-list")
    context = {
        "question": question,
        "rules": question.rules.select_related("indication", "product").order_by("code"),
        "to": wanted,
        "is_on": wanted == "on",
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "treatments/question_switch.html", context, status=status)
