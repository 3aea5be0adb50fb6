"""Addresses of the family's pages. The choice of the child is part of the address."""

from django.urls import path

from diary.desks.home import views

app_name = "home"
urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("security-desk/", views.security, name="security"),
    path("diary/", views.diary_entry, name="diary_entry"),
    path("marks/", views.marks_entry, name="marks_entry"),
    path("my-timetable/", views.timetable_entry, name="timetable_entry"),
    path("diary/<uuid:student_id>/", views.diary, name="diary"),
    path("diary/<uuid:student_id>/marks/", views.marks, name="marks"),
    path("diary/<uuid:student_id>/timetable/", views.timetable, name="timetable"),
    path("diary/<uuid:student_id>/lessons/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("diary/<uuid:student_id>/homework/<uuid:homework_id>/tick/", views.tick, name="tick"),
    path("diary/<uuid:student_id>/seen/", views.seen, name="seen"),
]
