"""The pages of the records app."""

from django.urls import path

from records.views import photo_files, photo_sets, photos, signed, signing, steps, zones

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
]
