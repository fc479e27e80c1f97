"""Consent: what a course needs, signing it, taking it back, and the paper of it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.selectors import SITE_KEY, clinic_profile, current_site
from meso_clinic.core.access import requires
from meso_clinic.core.http import ClinicRequest, redirect_page, safe_next, toast
from meso_clinic.core.roles import Right
from patients.languages import choices as language_choices
from patients.languages import direction, language_name
from patients.page import alerts
from treatments.actions.consents import (
    Choice,
    ConsentRefused,
    Signature,
    reopen_consents,
    revoke_consent,
    sign_consents,
)
from treatments.consent_pdf import consent_pdf
from treatments.domain.consents import Standing, Unit, can_reopen
from treatments.domain.notes import timed_notes
from treatments.domain.zone_classes import ZoneClass
from treatments.forms.consents import ChoiceForm, ReasonForm, ReopenForm, SigningForm
from treatments.models import LANGUAGE, Consent, ConsentTemplate, TreatmentCourse
from treatments.selectors.consents import (
    Parts,
    languages_of,
    parts_of,
    read_standing,
    texts_for,
    texts_in,
)

LONGEST_DEVICE = 200


@require_GET
@requires(Right.TAKE_CONSENT)
def consent_list(request: ClinicRequest, course_pk: int) -> HttpResponse:
    courses = TreatmentCourse.objects.with_people().select_related("reflection_waiver__by")
    course = get_object_or_404(courses, pk=course_pk)
    standing = read_standing(course, at=timezone.now())
    signed = Consent.objects.filter(patient=course.patient).with_people()
    context = {
        **_head(request, course),
        "standing": standing,
        "texts": _texts(standing.findings),
        "aside": _texts(standing.aside),
        "signed": signed.order_by("-signed_at", "-pk"),
        "waiver": getattr(course, "reflection_waiver", None),
        "can_reopen": can_reopen(standing) and not course.is_ended,
        "reopenings": course.consent_reopenings.select_related("by").order_by("-at", "-pk"),
    }
    return render(request, "treatments/consent_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_CONSENT)
def consent_sign(request: ClinicRequest, course_pk: int) -> HttpResponse:
    course = _course(course_pk)
    if request.method == "GET":
        return _sign_page(request, course, *_forms(course, request.GET))
    form, choices = _forms(course, request.POST, is_sent=True)
    # A form that was made for another patient is never signed here, whatever else it says.
    if request.POST.get("patient") != str(course.patient_id):
        return _start_again(
            request, course, _("This form was made for another patient. Nothing was signed.")
        )
    if form.is_valid() and form.cleaned_data["shown"] != _shown(choices):
        if Consent.objects.filter(key=form.cleaned_data["key"]).exists():
            return redirect_page(request, _next(request, course))  # the same form, sent twice
        return _start_again(
            request,
            course,
            _("A text was changed since this page was loaded. Read it again, then sign."),
        )
    # Each is looked at, so that each says what is wrong.
    answers = [choice.is_valid() for choice in choices]
    if not (form.is_valid() and all(answers)):
        return _sign_page(request, course, form, choices, status=422)
    return _sign(request, course, form, choices)


def _sign(
    request: ClinicRequest, course: TreatmentCourse, form: SigningForm, choices: list[ChoiceForm]
) -> HttpResponse:
    data = form.cleaned_data
    try:
        sign_consents(
            course=course,
            choices=[
                Choice(choice.template, choice.is_given, choice.zone_classes)
                for choice in choices
                if choice.is_given is not None
            ],
            signature=Signature(
                name=data["signed_name"],
                path=data["drawing"],
                witness=data["witness"],
                interpreter=data["interpreter"],
                device=_device(request),
                site=current_site(request) if SITE_KEY in request.session else course.site,
            ),
            key=data["key"],
            by=request.user,
            at=timezone.now(),
        )
    except ConsentRefused as refused:
        form.add_error(None, refused.problem)
        return _sign_page(request, course, form, choices, status=422)
    toast(request, _("The consent is signed."))
    return redirect_page(request, _next(request, course))


@require_GET
@requires(Right.TAKE_CONSENT)
def consent_detail(request: ClinicRequest, pk: int) -> HttpResponse:
    """Show the exact text that was signed, as a page to print."""
    consent = _consent(pk)
    title, *paragraphs = consent.text.split("\n")
    context = {
        "consent": consent,
        "patient": consent.patient,
        "lang": consent.template.language,
        "dir": direction(consent.template.language),
        "language": language_name(consent.template.language),
        "title": title,
        "paragraphs": timed_notes("\n".join(paragraphs)),
        "revocation": getattr(consent, "revocation", None),
        "profile": clinic_profile(),
        "printed_at": timezone.now(),
        "back_url": _back_url(consent),
    }
    with _its_zone(consent):
        return render(request, "treatments/consent_detail.html", context)


@require_GET
@requires(Right.TAKE_CONSENT)
def consent_download(request: ClinicRequest, pk: int) -> HttpResponse:
    consent = _consent(pk)
    with _its_zone(consent):
        pdf = consent_pdf(consent, profile=clinic_profile())
    name = f"consent-{consent.pk}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_CONSENT)
def consent_revoke(request: ClinicRequest, pk: int) -> HttpResponse:
    consent = _consent(pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        hint=_("In the patient’s words, if a reason is given. Nobody has to give one."),
        must=False,
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            revoke_consent(
                consent=consent,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except ConsentRefused as refused:
            form.add_error(None, refused.problem)
            status = 409
        else:
            toast(request, _("The consent is taken back."))
            return redirect_page(request, _back_url(consent))
    context = {
        "consent": consent,
        "patient": consent.patient,
        "alerts": alerts(request, consent.patient),
        "form": form,
        "back_url": _back_url(consent),
    }
    return render(request, "treatments/consent_revoke.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_CONSENT)
def consent_reopen(request: ClinicRequest, course_pk: int) -> HttpResponse:
    """Say by hand why what was signed for a course is talked through again."""
    course = _course(course_pk)
    if request.method == "GET":
        return _reopen_page(request, course, _reopen_form(course))
    form = _reopen_form(course, request.POST)
    if request.POST.get("patient") != str(course.patient_id):
        fresh, problem = _reopen_form(course), _("This form was made for another patient.")
        return _reopen_page(request, course, fresh, problem=problem, status=409)
    if not form.is_valid():
        return _reopen_page(request, course, form, status=422)
    try:
        reopen_consents(
            course=course,
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            by=request.user,
            at=timezone.now(),
        )
    except ConsentRefused as refused:
        return _reopen_page(request, course, form, problem=refused.problem, status=409)
    toast(request, _("What was signed for this course is signed again before a session."))
    return redirect_page(request, reverse("treatments:consent-list", args=[course.pk]))


def _reopen_form(course: TreatmentCourse, posted: QueryDict | None = None) -> ReopenForm:
    return ReopenForm(posted, initial={"patient": course.patient_id})


def _reopen_page(
    request: ClinicRequest,
    course: TreatmentCourse,
    form: ReopenForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {**_head(request, course), "form": form, "problem": problem}
    return render(request, "treatments/consent_reopen.html", context, status=status)


def _course(pk: int) -> TreatmentCourse:
    return get_object_or_404(TreatmentCourse.objects.with_people(), pk=pk)


def _consent(pk: int) -> Consent:
    return get_object_or_404(Consent.objects.with_people(), pk=pk)


def _its_zone(consent: Consent) -> AbstractContextManager[Any]:
    """Let times be those of the site where it was signed, as far as it or its course tells."""
    site = consent.site or (consent.course.site if consent.course else None)
    return timezone.override(site.zone) if site else nullcontext()


def _head(request: ClinicRequest, course: TreatmentCourse) -> dict[str, Any]:
    return {
        "course": course,
        "patient": course.patient,
        "alerts": alerts(request, course.patient),
    }


def _texts(findings: Any) -> list[tuple[Any, ConsentTemplate]]:
    """Return each finding with its text (1 query)."""
    found = ConsentTemplate.objects.in_bulk([one.asked.template for one in findings])
    return [(one, found[one.asked.template]) for one in findings]


def _forms(
    course: TreatmentCourse, asked: QueryDict | None = None, *, is_sent: bool = False
) -> tuple[SigningForm, list[ChoiceForm]]:
    """Return the form of the signature, and one for each text that does not stand.

    Each text is in the language that `asked` names, else in that of the patient, where the clinic
    has written it. `also` in `asked` names a unit that only a product asks for which is not planned,
    `part` a part of the body that the consent to the treatment leaves out.
    """
    asked = asked or QueryDict()
    chosen, also = asked.get("language", course.patient.language), asked.get("also", "")
    part = asked.get("part", "")
    standing = read_standing(course, at=timezone.now())
    more = [one for one in standing.aside if one.asked.unit == also and not one.is_valid]
    wider = standing.lacks_zone(ZoneClass(part)) if part in set(ZoneClass) else None
    again = [wider] if wider else []
    found = _texts([*again, *standing.to_sign, *more])
    texts = texts_in([template for _finding, template in found], chosen)
    posted = asked if is_sent else None
    choices = [
        ChoiceForm(
            posted,
            template=template,
            must=finding.asked.is_required or finding in more,
            parts=_parts(course, standing, template, part),
        )
        for (finding, _own), template in zip(found, texts, strict=True)
    ]
    initial = {
        "key": uuid4(),
        "patient": course.patient_id,
        "shown": _shown(choices),
        "language": chosen,
        "also": also,
        "part": part,
    }
    return SigningForm(posted, initial=initial), choices


def _parts(
    course: TreatmentCourse, standing: Standing, template: ConsentTemplate, part: str
) -> Parts | None:
    """Return the parts of the body that a text is about: that of the treatment alone names them."""
    is_treatment = template.unit == Unit.TREATMENT
    return parts_of(course, standing, also=part) if is_treatment else None


def _shown(choices: list[ChoiceForm]) -> str:
    """Return by what a form says which texts stood above it."""
    return ",".join(str(choice.template.pk) for choice in choices)


def _start_again(request: ClinicRequest, course: TreatmentCourse, problem: str) -> HttpResponse:
    """Answer with an empty form for `course`, and with why nothing was signed."""
    return _sign_page(request, course, *_forms(course), status=409, problem=problem)


def _sign_page(
    request: ClinicRequest,
    course: TreatmentCourse,
    form: SigningForm,
    choices: list[ChoiceForm],
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        **_head(request, course),
        "form": form,
        "parts": [(choice, _paragraphs(choice)) for choice in choices],
        "has_errors": bool(form.errors) or any(choice.errors for choice in choices),
        "problem": problem,
        **_languages(course, form, choices),
        "next_url": _next(request, course),
        "list_url": reverse("treatments:consent-list", args=[course.pk]),
    }
    return render(request, "treatments/consent_sign.html", context, status=status)


def _languages(
    course: TreatmentCourse, form: SigningForm, choices: list[ChoiceForm]
) -> dict[str, Any]:
    """Return in which languages the texts can be read, and what is missing in the chosen one."""
    chosen = str(form["language"].value() or LANGUAGE)
    own = ConsentTemplate.objects.in_force().for_indication(course.indication_id)
    offered = [LANGUAGE, *languages_of(texts_for(course, list(own)))]
    is_known = any(code == chosen for code, _name in language_choices())
    missing = [
        choice.template.title
        for choice in choices
        if chosen != LANGUAGE and choice.template.language == LANGUAGE
    ]
    return {
        "language": chosen if chosen in offered else LANGUAGE,
        "languages": [(code, language_name(code)) for code in offered],
        "missing_in": language_name(chosen) if missing and is_known else "",
        "missing_texts": missing,
        "own_language": language_name(LANGUAGE),
    }


def _paragraphs(choice: ChoiceForm) -> list[Any]:
    """Return the lines that are read, the disclaimer among them, without the title."""
    shown = choice.template.shown_for(choice.only_part)
    return timed_notes("\n".join(shown.split("\n")[1:]))


def _next(request: ClinicRequest, course: TreatmentCourse) -> str:
    return safe_next(request, reverse("treatments:consent-list", args=[course.pk]))


def _back_url(consent: Consent) -> str:
    if consent.course_id is not None:
        return reverse("treatments:consent-list", args=[consent.course_id])
    return reverse("patients:patient-detail", args=[consent.patient_id])


def _device(request: ClinicRequest) -> str:
    """Return what the browser says it is, as far as it can be kept as words."""
    words = request.headers.get("User-Agent", "")
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_DEVICE]
