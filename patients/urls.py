"""The pages of the patients app."""

from django.urls import URLPattern

app_name = "patients"
urlpatterns: list[URLPattern] = []
