"""The pages of the records app."""

from django.urls import path

from records.views import recall_report, recalls, signed, signing, steps, zones

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
