"""The pages that belong to no app: the first page, health, people, one's own account."""

from django.urls import path

from meso_clinic.core import account_views, handover_views, people_views, views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("welcome/<str:token>/", account_views.first_admin, name="first-admin"),
    path("join/<str:token>/", account_views.invitation, name="invitation"),
    path("account/", account_views.account, name="account"),
    path("account/password/", account_views.password_change, name="password-change"),
    path("account/signing-pin/", account_views.signing_pin_set, name="signing-pin-set"),
    path("account/theme/", account_views.theme_set, name="theme-set"),
    path("account/keys/", account_views.keys_set, name="keys-set"),
    path("dialogs/<slug:version>/", views.dialogs, name="dialogs"),
    path("commands/", views.command_list, name="command-list"),
    path("account/private-screen/", account_views.private_screen_set, name="private-screen-set"),
    path("take-back/", handover_views.take_back, name="take-back"),
    path("manage/people/", people_views.people_list, name="people-list"),
    path("manage/people/new/", people_views.person_add, name="person-add"),
    path("manage/people/<int:pk>/", people_views.person_edit, name="person-edit"),
    path("manage/people/<int:pk>/link/", people_views.person_link, name="person-link"),
    path(
        "manage/people/<int:pk>/deactivate/",
        people_views.person_deactivate,
        name="person-deactivate",
    ),
    path(
        "manage/people/<int:pk>/reactivate/",
        people_views.person_reactivate,
        name="person-reactivate",
    ),
]
