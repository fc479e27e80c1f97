"""The pages of the records app."""

from django.urls import path

from records.views import reactions, register, signed, signing, steps, zones

app_name = "records"
urlpatterns = [
    path("sessions/<int:pk>/", signed.record_detail, name="record-detail"),
    path("sessions/<int:pk>/amend/", signed.record_amend, name="record-amend"),
    # Before the other steps: signing is a page of its own with the same kind of address.
    path("sessions/<int:pk>/record/sign/", signing.record_sign, name="record-sign"),
    path("sessions/<int:pk>/record/<slug:step>/", steps.record_step, name="record-step"),
    path(
        "sessions/<int:pk>/record/zones/<int:zone_pk>/remove/",
        zones.zone_remove,
        name="zone-remove",
    ),
    path("patients/<int:patient_pk>/reactions/", reactions.reaction_list, name="reaction-list"),
    path(
        "patients/<int:patient_pk>/reactions/new/",
        reactions.reaction_report,
        name="reaction-report",
    ),
    path("courses/<int:pk>/hold/", reactions.hold_lift, name="hold-lift"),
    path("reactions/", register.reaction_register, name="reaction-register"),
    path("reactions/export/", register.reaction_export, name="reaction-export"),
    path("reactions/<int:pk>/", reactions.reaction_detail, name="reaction-detail"),
    path("reactions/<int:pk>/update/", reactions.reaction_update, name="reaction-update"),
    path("emergency/", register.emergency, name="emergency"),
]
