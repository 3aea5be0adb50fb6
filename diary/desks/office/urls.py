"""Addresses of the office."""

from django.urls import path

from diary.desks.office import views

app_name = "office"
urlpatterns = [
    path("office/", views.school, name="school"),
    path("office/people/", views.people, name="people"),
    path("office/people/passwords/", views.staff_passwords, name="staff_passwords"),
    path("office/classes/<uuid:group_id>/", views.school_class, name="class"),
    path("office/classes/<uuid:group_id>/passwords/", views.class_passwords, name="class_passwords"),
    path("office/lessons/", views.lessons, name="lessons"),
    path("office/lessons/progress/", views.lessons_progress, name="lessons_progress"),
    path("office/import/", views.imports, name="imports"),
    path("office/import/template/<str:form>/", views.import_template, name="import_template"),
    path("office/import/<uuid:run_id>/", views.import_run, name="import_run"),
    path("office/import/<uuid:run_id>/progress/", views.import_progress, name="import_progress"),
    path("office/import/<uuid:run_id>/load/", views.import_load, name="import_load"),
    path("office/import/<uuid:run_id>/stop/", views.import_stop, name="import_stop"),
    path("office/import/<uuid:run_id>/report.csv", views.import_report, name="import_report"),
]
