"""Addresses of the office."""

from django.urls import path

from diary.desks.office.views import guardians, school

app_name = "office"
urlpatterns = [
    path("office/", school.school, name="school"),
    path("office/people/", school.people, name="people"),
    path("office/people/passwords/", school.staff_passwords, name="staff_passwords"),
    path("office/classes/<uuid:group_id>/", school.school_class, name="class"),
    path("office/classes/<uuid:group_id>/passwords/", school.class_passwords, name="class_passwords"),
    path("office/guardians/", guardians.guardians, name="guardians"),
    path("office/guardians/confirmation/", guardians.confirmation, name="guardian_confirmation"),
    path("office/guardians/requests/<uuid:request_id>/", guardians.guardian_request, name="guardian_request"),
    path("office/guardians/links/<uuid:link_id>/", guardians.guardian_link, name="guardian_link"),
    path("office/lessons/", school.lessons, name="lessons"),
    path("office/lessons/progress/", school.lessons_progress, name="lessons_progress"),
    path("office/import/", school.imports, name="imports"),
    path("office/import/template/<str:form>/", school.import_template, name="import_template"),
    path("office/import/<uuid:run_id>/", school.import_run, name="import_run"),
    path("office/import/<uuid:run_id>/progress/", school.import_progress, name="import_progress"),
    path("office/import/<uuid:run_id>/load/", school.import_load, name="import_load"),
    path("office/import/<uuid:run_id>/stop/", school.import_stop, name="import_stop"),
    path("office/import/<uuid:run_id>/report.csv", school.import_report, name="import_report"),
]
