"""Every address of Meso Clinic."""

from allauth.account.views import login, logout
from django.urls import include, path

from meso_clinic.core.access import public

handler400 = "meso_clinic.core.views.bad_request"
handler403 = "meso_clinic.core.views.refused"
handler404 = "meso_clinic.core.views.not_found"
handler500 = "meso_clinic.core.views.server_error"

urlpatterns = [
    path("login/", public(login), name="account_login"),
    path("logout/", public(logout), name="account_logout"),
    path("", include("meso_clinic.core.urls")),
    path("", include("clinic.urls")),
    path("", include("patients.urls")),
    path("", include("treatments.urls")),
    path("", include("sessions.urls")),
    path("", include("records.urls")),
]
