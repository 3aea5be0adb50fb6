"""The room «planner» as Django knows it."""

from django.apps import AppConfig


class PlannerConfig(AppConfig):
    name = "diary.schoolwork.planner"
    label = "planner"
