"""The room «timetable» as Django knows it."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "diary.schoolwork.timetable"
    label = "timetable"
