"""Writing the topic of a lesson and the teacher's own note (M2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.roster.models import Course
from diary.schoolwork.planner.models import LessonTopic
from diary.schoolwork.planner.policies import can_set_topic
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import must_teach

MAX_TOPIC = 500
MAX_NOTE = 2000


@action(check=can_set_topic)
def set_topic(actor: Actor, course: Course, *, lesson: Lesson, topic: str, note: str, version: int) -> LessonTopic:
    """Set topic and note of a lesson of the course; `version` is the one that was read (0: none stood there).

    The same text again changes nothing. Raises BadInput (lesson of another course, text too long),
    AnotherTeachersLesson and Conflict (changed meanwhile).
    """
    topic, note = topic.strip(), note.strip()
    if (lesson.school_id, lesson.course_id) != (course.school_id, course.id):
        raise BadInput(_("Такого урока в этом журнале нет. Возможно, его перенесли: обновите страницу."))
    if len(topic) > MAX_TOPIC or len(note) > MAX_NOTE:
        raise BadInput(
            _("Слишком длинно: тема до %(topic)s знаков, заметка до %(note)s. Сократите текст.")
            % {"topic": MAX_TOPIC, "note": MAX_NOTE}
        )
    row: LessonTopic
    row, is_new = LessonTopic.objects.select_for_update(no_key=True).get_or_create(
        school_id=course.school_id, lesson_id=lesson.id, defaults={"topic": topic, "note": note}
    )
    must_teach(actor, course, {lesson.id: lesson.held_on})
    if not is_new:
        if (row.topic, row.note) == (topic, note):
            return row
        _check_version(row, version)
        row.topic, row.note, row.version = topic, note, row.version + 1
        row.save(update_fields=["topic", "note", "version"])
    log.note(lesson, topic=topic, has_note=bool(note), version=row.version)
    return row


def _check_version(row: LessonTopic, version: int) -> None:
    if row.version != version:
        raise Conflict(
            _("Тему урока уже изменили: сейчас там «%(topic)s». Ваш текст не записан, он остался на странице.")
            % {"topic": row.topic or _("пусто")},
            topic=row.topic,
            version=row.version,
        )
