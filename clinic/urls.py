"""The pages of the clinic app."""

from django.urls import path

from clinic.views import closures, hours, manage, sites

app_name = "clinic"
urlpatterns = [
    path("manage/", manage.manage, name="manage"),
    path("manage/set-up/", manage.set_up, name="set-up"),
    path("manage/clinic/", manage.profile_edit, name="profile-edit"),
    path("manage/sites/", sites.site_list, name="site-list"),
    path("manage/sites/new/", sites.site_add, name="site-add"),
    path("manage/sites/<int:pk>/", sites.site_edit, name="site-edit"),
    path("manage/sites/<int:pk>/rooms/add/", sites.room_add, name="room-add"),
    path("manage/rooms/<int:pk>/edit/", sites.room_edit, name="room-edit"),
    path("manage/people/<int:pk>/hours/", hours.hours, name="hours"),
    path("manage/people/<int:pk>/hours/add/", hours.shift_add, name="shift-add"),
    path("manage/people/<int:pk>/hours/copy/", hours.hours_copy, name="hours-copy"),
    path("manage/people/<int:pk>/hours/change/", hours.exception_add, name="exception-add"),
    path("manage/hours/<int:pk>/remove/", hours.shift_remove, name="shift-remove"),
    path("manage/hours/changes/<int:pk>/remove/", hours.exception_remove, name="exception-remove"),
    path("manage/closures/", closures.closure_list, name="closure-list"),
    path("manage/closures/holidays/", closures.holiday_import, name="holiday-import"),
    path("manage/closures/<int:pk>/remove/", closures.closure_remove, name="closure-remove"),
    path("site/", manage.site_switch, name="site-switch"),
]
