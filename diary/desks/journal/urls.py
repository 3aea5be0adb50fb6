"""Addresses of the journal."""

from django.urls import path

from diary.desks.journal import views

app_name = "journal"
urlpatterns = [
    path("journal/", views.courses, name="courses"),
    path("journal/<uuid:course_id>/", views.course_page, name="course"),
    path("journal/<uuid:course_id>/cells/", views.cells, name="cells"),
    path("journal/<uuid:course_id>/cells/<uuid:lesson_id>/<uuid:student_id>/", views.cell_menu, name="cell"),
    path("journal/<uuid:course_id>/lessons/new/", views.new_lesson, name="new_lesson"),
    path("journal/<uuid:course_id>/lessons/<uuid:lesson_id>/", views.lesson_page, name="lesson"),
    path("journal/<uuid:course_id>/lessons/<uuid:lesson_id>/marks/", views.lesson_marks, name="lesson_marks"),
]
