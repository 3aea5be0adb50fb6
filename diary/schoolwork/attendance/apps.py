"""The room «attendance» as Django knows it."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "diary.schoolwork.attendance"
    label = "attendance"
