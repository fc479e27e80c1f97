"""The pages of the records app."""

from django.urls import path

from records.views import (
    calls,
    history,
    outcomes,
    photo_files,
    photo_sets,
    photos,
    reactions,
    recall_report,
    recalls,
    register,
    signed,
    signing,
    steps,
    zones,
)

app_name = "records"
urlpatterns = [
    path("patients/<int:pk>/sessions/", history.patient_sessions, name="patient-sessions"),
    path("sessions/<int:pk>/", signed.record_detail, name="record-detail"),
    path("sessions/<int:pk>/amend/", signed.record_amend, name="record-amend"),
    # Before the other steps: signing is a page of its own with the same kind of address.
    path("sessions/<int:pk>/record/sign/", signing.record_sign, name="record-sign"),
    path("sessions/<int:pk>/record/lots/", signing.record_deviation, name="record-deviation"),
    path("sessions/<int:pk>/record/<slug:step>/", steps.record_step, name="record-step"),
    path(
        "sessions/<int:pk>/record/zones/<int:zone_pk>/remove/",
        zones.zone_remove,
        name="zone-remove",
    ),
    path("courses/<int:course_pk>/outcomes/", outcomes.outcome_list, name="outcome-list"),
    path("courses/<int:course_pk>/outcomes/add/", outcomes.outcome_add, name="outcome-add"),
    path("courses/<int:course_pk>/outcomes/print/", outcomes.outcome_print, name="outcome-print"),
    path("outcomes/<int:pk>/correct/", outcomes.outcome_correct, name="outcome-correct"),
    path("courses/<int:course_pk>/photos/", photos.course_photos_page, name="course-photos"),
    path("courses/<int:course_pk>/photos/compare/", photos.photo_compare, name="photo-compare"),
    path(
        "courses/<int:course_pk>/photos/follow-up/",
        photo_sets.follow_up_photos,
        name="follow-up-photos",
    ),
    path("sessions/<int:pk>/photos/", photo_sets.session_photos, name="session-photos"),
    path("sessions/<int:pk>/photos/decline/", photo_sets.photos_decline, name="photos-decline"),
    path("photos/<uuid:key>/", photos.photo_detail, name="photo-detail"),
    path("photos/<uuid:key>/withdraw/", photos.photo_withdraw, name="photo-withdraw"),
    path("photos/<uuid:key>/file/", photo_files.photo_file, name="photo-file"),
    path("photos/<uuid:key>/thumbnail/", photo_files.photo_thumbnail, name="photo-thumbnail"),
    path("photos/<uuid:key>/copy/<slug:use>/", photo_files.photo_copy, name="photo-copy"),
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
    path("sessions/<int:pk>/calls/<slug:time>/", calls.aftercare_call, name="aftercare-call"),
    path("recalls/", recalls.recall_list, name="recall-list"),
    path("recalls/new/", recalls.recall_new, name="recall-new"),
    path("recalls/<int:pk>/", recalls.recall_detail, name="recall-detail"),
    path("recalls/<int:pk>/close/", recalls.recall_close, name="recall-close"),
    path("recalls/<int:pk>/report/", recall_report.recall_report, name="recall-report"),
    path("recalls/<int:pk>/report/pdf/", recall_report.recall_download, name="recall-pdf"),
    path("recalls/<int:pk>/report/csv/", recall_report.recall_export, name="recall-export"),
    path(
        "recalls/<int:pk>/patients/<int:contact_pk>/",
        recalls.recall_contact,
        name="recall-contact",
    ),
]
