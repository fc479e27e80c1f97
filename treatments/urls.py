"""The pages of the treatments app."""

from django.urls import path

from treatments.views import assessments

app_name = "treatments"
urlpatterns = [
    path(
        "patients/<int:patient_pk>/assessments/new/",
        assessments.assessment_add,
        name="assessment-add",
    ),
]
