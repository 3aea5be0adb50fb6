"""Addresses of the shell."""

from django.urls import path

from diary.foundation.ui import views

app_name = "ui"

urlpatterns = [
    path("ui/language/", views.set_language, name="set_language"),
    path("ui/theme/", views.set_theme, name="set_theme"),
    path("more/", views.more, name="more"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
]
