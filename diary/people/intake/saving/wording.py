"""Kinds of records in words for people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.people.intake.records import Kind


def kind_title(kind: Kind) -> str:
    """«ученики»: as a label of a row and inside «Записываю: …»."""
    titles = {
        Kind.SCHOOL: _("сведения о школе"),
        Kind.YEARS: _("учебные годы"),
        Kind.PERIODS: _("учебные периоды"),
        Kind.BELLS: _("звонки"),
        Kind.SUBJECTS: _("предметы"),
        Kind.ROOMS: _("кабинеты"),
        Kind.STAFF: _("сотрудники"),
        Kind.CLASSES: _("классы"),
        Kind.SUBGROUPS: _("подгруппы"),
        Kind.STUDENTS: _("ученики"),
        Kind.GUARDIANS: _("представители"),
        Kind.COURSES: _("курсы"),
        Kind.ENROLLMENTS: _("зачисления"),
        Kind.SLOTS: _("уроки расписания"),
    }
    return titles[kind]
