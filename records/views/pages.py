"""How a save of one step is answered, and who is turned away before it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meso_clinic.core.http import ClinicRequest, toast
from records.actions.drafts import CannotRecord, RecordChangedMeanwhile, RecordIsSigned, Refused
from records.actions.savers import is_own_since, note_saver
from records.domain.problems import Step
from records.forms.base import VersionedForm
from records.models import SessionRecord
from records.views.autosave import Parts, autosaved, is_autosave
from records.views.record_page import RecordPage, load_page
from records.wording import problem_sentence
from sessions.actions.status import StatusRefused

# A tab names itself with a few letters and figures; see `record.js`.
SAVER_LETTERS = 40


# Returns what a page shows beside its form.
Around: TypeAlias = Callable[[RecordPage], dict[str, Any]]


def turned_away(request: ClinicRequest, page: RecordPage, step: Step) -> HttpResponse | None:
    """Return the answer for a record that cannot be written in at `step`, or None if it can."""
    own = str(page.session.course.patient_id)
    if request.POST.get("patient", own) != own:
        # A form that was made for another patient is never kept here, whatever else it says.
        context = {"session": page.session, "course": page.session.course, "step": step}
        return render(request, "records/record_other_patient.html", context, status=409)
    if page.record and page.record.is_signed:
        if request.method == "POST":
            toast(request, _("Nothing was changed: this record is signed. Add a note instead."))
        return redirect("records:record-detail", page.session.pk)
    # What was typed into an open draft is kept: the action refuses it, and the form says why.
    is_saving = page.record is not None and request.method == "POST"
    if not page.can_record and not is_saving:
        context = {"session": page.session, "course": page.session.course}
        return render(request, "records/record_not_yet.html", context, status=409)
    if page.record is None and step is not Step.CHECKS:
        return redirect(page.step_url(Step.CHECKS))
    return None


def answer(
    request: ClinicRequest,
    page: RecordPage,
    step: Step,
    form: VersionedForm,
    *,
    save: Callable[[], Any],
    then: str,
    around: Around,
    parts: Parts | None = None,
) -> HttpResponse:
    """Save a valid form and go to `then`; show any other form with what is wrong.

    When somebody else saved meanwhile the page says so, with what was typed still there; the
    next press of the button then keeps what is on the page. A save that the page makes by itself
    is answered with the parts of the page that changed. `around` says what else the page shows: it
    is asked only when a page is shown.
    """
    status = 200
    if form.is_bound and _is_kept_already(page, form):
        if is_autosave(request):
            return autosaved(request, page, form, 200, parts=parts)
        return redirect(then)
    if form.is_bound:
        try:
            status = _save(request, page, form, save)
        except RecordIsSigned:
            return turned_away(request, load_page(page.session.pk), step) or redirect(then)
        except RecordChangedMeanwhile:
            status = 409
            page = _read_again(page, form)
        if is_autosave(request):
            return autosaved(request, page, form, status, parts=parts)
        if status == 200:
            return redirect(then)
    more = around(page)
    if is_conflict := status == 409:
        more["differences"] = form.differences()
    context = page.context(step, form=form, is_conflict=is_conflict, **more)
    return render(request, f"records/record_{step}.html", context, status=status)


def _is_kept_already(page: RecordPage, form: VersionedForm) -> bool:
    return page.record is not None and form.is_untouched


def _save(
    request: ClinicRequest, page: RecordPage, form: VersionedForm, save: Callable[[], Any]
) -> int:
    """Save a form as `_try` does; one's own save of a moment ago is nobody else's.

    Raises RecordIsSigned, RecordChangedMeanwhile.
    """
    try:
        status = _try(form, save)
    except RecordChangedMeanwhile:
        fresh = load_page(page.session.pk)
        if not (fresh.record and is_own_since(record=fresh.record, **_saver(request, form))):
            raise
        form.take_version(fresh.version)
        form.full_clean()
        status = _try(form, save)
    if status == 200:
        saved = SessionRecord.objects.get(session=page.session)
        note_saver(record=saved, **_saver(request, form))
    return status


def _saver(request: ClinicRequest, form: VersionedForm) -> dict[str, Any]:
    """Return who saves, from which tab, and the version that was read."""
    saver = request.POST.get("saver", "")
    is_key = len(saver) <= SAVER_LETTERS and saver.isascii() and saver.isalnum()
    since = form.cleaned_data["version"]
    return {"saver": saver if is_key else "", "since": since, "by": request.user}


def _try(form: VersionedForm, save: Callable[[], Any]) -> int:
    """Save a valid form; return 200, or 422 with what is wrong on the form.

    Raises RecordIsSigned, RecordChangedMeanwhile.
    """
    if not form.is_valid():
        return 422
    try:
        save()
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(None, problem_sentence(problem))
    except (StatusRefused, CannotRecord, ValidationError) as refused:
        form.add_error(None, refusal_words(refused))
    return 422 if form.errors else 200


def refusal_words(refused: Exception) -> Any:
    """Return what a refusal of an action says to a person."""
    if isinstance(refused, ValidationError):
        return refused.messages
    return getattr(refused, "problem", "") or _(
        "The patient is not checked in any more. Check the patient in, then save again."
    )


def _read_again(page: RecordPage, form: VersionedForm) -> RecordPage:
    fresh = load_page(page.session.pk)
    form.take_version(fresh.version)
    return replace(fresh, now=page.now)
