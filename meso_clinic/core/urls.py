"""The pages that belong to no app: the first page, health, the first admin."""

from django.urls import path

from meso_clinic.core import views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("welcome/<str:token>/", views.first_admin, name="first-admin"),
]
