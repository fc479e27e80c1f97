"""Addresses that exist only for `test_handover.py`: a device is handed over for one form."""

from django.http import HttpResponse
from django.urls import path

from meso_clinic.core.access import signed_in
from meso_clinic.core.handover import HandOver, hand_over, handed_over, mark_sent
from meso_clinic.urls import handler400, handler403, handler404, handler500
from meso_clinic.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@signed_in
def give(request):
    hand_over(request, HandOver(path="/test/form/", back="/account/", patient_id=7, key="one"))
    return HttpResponse("given")


@signed_in
def form(request):
    if request.method == "POST":
        mark_sent(request)
    held = handed_over(request)
    return HttpResponse(f"{held.key} {held.is_sent}" if held else "with staff")


urlpatterns = [*real, path("test/give/", give), path("test/form/", form)]
