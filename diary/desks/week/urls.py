"""The address of the timetable."""

from django.urls import path

from diary.desks.week import views

app_name = "week"
urlpatterns = [path("timetable/", views.timetable, name="timetable")]
