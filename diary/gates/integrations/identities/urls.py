"""Addresses of those who come from a provider."""

from django.urls import path

from diary.gates.integrations.identities import views

app_name = "identities"
urlpatterns = [
    path("identity/", views.newcomer, name="newcomer"),
    path("identity/link/", views.link, name="link"),
    path("identity/<uuid:identity_id>/unlink/", views.unlink, name="unlink"),
    path("identity/with/<slug:provider>/", views.go_on, name="go_on"),
]
