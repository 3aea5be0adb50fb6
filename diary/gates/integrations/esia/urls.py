"""Addresses of ESIA."""

from django.urls import path

from diary.gates.integrations.esia import views

app_name = "esia"
urlpatterns = [
    path("esia/start/", views.start, name="start"),
    path("esia/return/", views.come_back, name="return"),
]
