"""The pages of the patients app."""

from django.urls import path

from patients.views import allergies, finding, patient

app_name = "patients"
urlpatterns = [
    path("search/", finding.patient_search, name="patient-search"),
    path("patients/", finding.patient_list, name="patient-list"),
    path("patients/new/", patient.patient_register, name="patient-register"),
    path("patients/<int:pk>/", patient.patient_detail, name="patient-detail"),
    path("patients/<int:pk>/edit/", patient.patient_edit, name="patient-edit"),
    path("patients/<int:pk>/allergies/new/", allergies.allergy_add, name="allergy-add"),
    path(
        "patients/<int:pk>/allergies/<int:allergy_pk>/withdraw/",
        allergies.allergy_withdraw,
        name="allergy-withdraw",
    ),
]
