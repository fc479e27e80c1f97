"""The pages of the patients app."""

from django.urls import path

from patients.views import (
    activity,
    allergies,
    finding,
    links,
    patient,
    screening,
    screening_paper,
    tablet,
)

app_name = "patients"
urlpatterns = [
    path("search/", finding.patient_search, name="patient-search"),
    path("patients/", finding.patient_list, name="patient-list"),
    path("patients/new/", patient.patient_register, name="patient-register"),
    path("patients/<int:pk>/", patient.patient_detail, name="patient-detail"),
    path("patients/<int:pk>/documents/", activity.patient_documents, name="patient-documents"),
    path("patients/<int:pk>/activity/", activity.patient_activity, name="patient-activity"),
    path("patients/<int:pk>/edit/", patient.patient_edit, name="patient-edit"),
    path("patients/<int:pk>/allergies/new/", allergies.allergy_add, name="allergy-add"),
    path(
        "patients/<int:pk>/allergies/<int:allergy_pk>/withdraw/",
        allergies.allergy_withdraw,
        name="allergy-withdraw",
    ),
    path("patients/<int:pk>/screening/", screening.screening_fill, name="screening-fill"),
    path("patients/<int:pk>/screening/history/", screening.screening_list, name="screening-list"),
    path(
        "patients/<int:pk>/screening/<int:screening_pk>/",
        screening.screening_detail,
        name="screening-detail",
    ),
    path(
        "patients/<int:pk>/screening/<int:screening_pk>/print/",
        screening_paper.screening_print,
        name="screening-print",
    ),
    path(
        "patients/<int:pk>/screening/<int:screening_pk>/pdf/",
        screening_paper.screening_download,
        name="screening-pdf",
    ),
    path(
        "patients/<int:pk>/screening/hand-over/",
        tablet.screening_hand_over,
        name="screening-hand-over",
    ),
    path("patients/<int:pk>/screening/link/", links.link_make, name="screening-link-make"),
    path(
        "patients/<int:pk>/screening/link/<int:link_pk>/withdraw/",
        links.link_withdraw,
        name="screening-link-withdraw",
    ),
    path("questions/<str:token>/", links.link_open, name="screening-link"),
    path(
        "patients/<int:pk>/screening/tablet/<slug:part>/",
        tablet.screening_tablet,
        name="screening-tablet",
    ),
]
