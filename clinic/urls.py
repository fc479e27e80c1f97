"""The pages of the clinic app."""

from django.urls import URLPattern

app_name = "clinic"
urlpatterns: list[URLPattern] = []
