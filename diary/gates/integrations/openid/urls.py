"""Addresses of OpenID Connect."""

from django.urls import path

from diary.gates.integrations.openid import views

app_name = "openid"
urlpatterns = [
    path("openid/start/", views.start, name="start"),
    path("openid/return/", views.come_back, name="return"),
]
