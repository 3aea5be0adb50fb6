"""Addresses of families, and of a child's own device."""

from django.urls import path

from diary.desks.family.views import adding, children, entry

app_name = "family"
urlpatterns = [
    path("family/", children.family, name="list"),
    path("family/add/", adding.add_child, name="add"),
    path("family/requests/<uuid:request_id>/withdraw/", children.withdraw, name="withdraw"),
    path("family/children/<uuid:student_id>/qr/", children.show_qr, name="qr"),
    path("family/devices/<uuid:device_id>/revoke/", children.revoke, name="revoke"),
    path("child/", entry.enter, name="enter"),
    path("child/<str:secret>/", entry.bind, name="bind"),
]
