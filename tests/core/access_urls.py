"""Addresses that exist only for `test_access_decorators.py`: one for each way to state a right."""

from django.http import HttpResponse
from django.urls import path

from meso_clinic.core.access import Right, public, requires, signed_in
from meso_clinic.urls import handler400, handler403, handler404, handler500
from meso_clinic.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@requires(Right.WRITE_RECORD)
def for_clinicians(request, pk):
    return HttpResponse(f"record {pk}")


@requires(Right.PLAN_COURSE)
def for_the_desk(request):
    return HttpResponse("plan")


@public
def for_everybody(request):
    return HttpResponse("hello")


@signed_in
def for_staff(request):
    return HttpResponse("inside")


def undeclared(request):
    return HttpResponse("nobody thought of it")


urlpatterns = [
    *real,
    path("test/record/<int:pk>/", for_clinicians),
    path("test/plan/", for_the_desk),
    path("test/hello/", for_everybody),
    path("test/inside/", for_staff),
    path("test/undeclared/", undeclared),
]
