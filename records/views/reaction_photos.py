"""A photo that is added on the page of a reaction."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meso_clinic.core.access import Right, requires
from meso_clinic.core.http import ClinicRequest, redirect_page, toast
from records.actions.photos import PhotoRefused, Shot
from records.actions.reaction_photos import add_reaction_photo
from records.forms.photos import ReactionPhotoForm
from records.views.photo_sets import device_of
from records.views.photos import other_patient
from records.views.reactions import detail_page, news_form, photo_views, reaction_or_404


@require_POST
@requires(Right.WRITE_RECORD)
def reaction_photo(request: ClinicRequest, pk: int) -> HttpResponse:
    event = reaction_or_404(pk)
    form = ReactionPhotoForm(request.POST, request.FILES, views=photo_views(event))
    if request.POST.get("photo-patient") != str(event.patient_id):
        return detail_page(request, event, news_form(event), status=409, problem=other_patient())
    if not form.is_valid():
        return detail_page(request, event, news_form(event), photo_form=form, status=422)
    try:
        add_reaction_photo(
            event=event,
            shot=Shot(form.cleaned_data["view"], form.cleaned_data["picture"]),
            device=device_of(request),
            key=form.cleaned_data["key"],
            by=request.user,
            at=timezone.now(),
        )
    except PhotoRefused as refused:
        return detail_page(request, event, news_form(event), status=409, problem=refused.problem)
    toast(request, _("The photo is kept."))
    return redirect_page(request, "records:reaction-detail", pk)
