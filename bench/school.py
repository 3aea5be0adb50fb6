"""The first school of a bench database: catalogues through the ORM, marks by SQL. Runs as `python -m bench.school`."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from itertools import pairwise

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.shapes import (  # noqa: E402
    ACCOUNTS_OF_SCHOOL,
    LESSONS_IN_PERIOD,
    PARENTS,
    PUPILS,
    PUPILS_IN_CLASS,
    TEACHERS,
)
from diary.foundation.access.actor import Role  # noqa: E402
from diary.people.accounts.models import RoleGrant, User  # noqa: E402
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student  # noqa: E402
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, Room, School, SchoolYear, Subject  # noqa: E402
from diary.schoolwork.attendance.models import AttendanceSign  # noqa: E402
from diary.schoolwork.gradebook.models import LessonWork, WorkKind  # noqa: E402
from diary.schoolwork.homework.models import Homework  # noqa: E402
from diary.schoolwork.planner.models import LessonTopic  # noqa: E402
from diary.schoolwork.timetable.models import Lesson  # noqa: E402

WEEKS = 8
LESSONS_A_WEEK = LESSONS_IN_PERIOD // WEEKS
SUBJECTS = (
    *("Алгебра", "Геометрия", "Физика", "Химия", "Биология", "История", "География", "Литература"),
    *("Русский язык", "Английский язык", "Обществознание", "Информатика"),
)
NOW = dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Place:
    """The school, its two periods and its catalogues."""

    school: School
    year: SchoolYear
    starts: tuple[dt.date, dt.date]
    periods: dict[tuple[int, int], GradingPeriod]
    kinds: list[WorkKind]
    room: Room


def make_school(classes: int, subjects: int) -> None:
    """One school, number 1: a period of eight past weeks full of marks, and one that begins this week, without any."""
    place = _place()
    teachers_per_subject = -(-classes // 4)
    staff = _staff(place, subjects * teachers_per_subject)
    groups = _groups(place, classes, staff)
    _pupils(place, groups)
    names = Subject.objects.bulk_create(
        Subject(school=place.school, name=name, short_name=name[:4], external_id=name) for name in SUBJECTS[:subjects]
    )
    courses = Course.objects.bulk_create(
        Course(
            school=place.school,
            year=place.year,
            group=group,
            subject=subject,
            teacher=staff[number * teachers_per_subject + of_class // 4],
            hours_per_week=LESSONS_A_WEEK,
            external_id=f"{group.name} {subject.name}",
        )
        for of_class, group in enumerate(groups)
        for number, subject in enumerate(names)
    )
    _lessons(place, courses, subjects)
    _marks(place)


def _place() -> Place:
    school = School.objects.create(
        id=1, name="Школа № 1", short_name="Школа № 1", timezone="Europe/Moscow", external_id="bench-1"
    )
    monday = dt.date.today() - dt.timedelta(days=dt.date.today().weekday())
    starts = (monday - dt.timedelta(weeks=WEEKS), monday)
    year = SchoolYear.objects.create(
        school=school,
        name="Учебный год",
        starts_on=starts[0],
        ends_until=starts[0] + dt.timedelta(days=270),
        external_id="year",
    )
    periods = {
        (parallel, number): GradingPeriod.objects.create(
            school=school,
            year=year,
            parallel=parallel,
            number=number + 1,
            name=f"{number + 1} четверть",
            starts_on=start,
            ends_until=start + dt.timedelta(weeks=WEEKS),
            external_id=f"{parallel}-{number}",
        )
        for parallel in range(5, 12)
        for number, start in enumerate(starts)
    }
    bells = BellSchedule.objects.create(school=school, name="1 смена", weekdays=[1, 2, 3, 4, 5, 6], external_id="1")
    for number in range(1, 9):
        Bell.objects.create(
            school=school, schedule=bells, number=number, starts_at=_bell(number), ends_at=_bell(number, 45)
        )
    kinds = [
        WorkKind.objects.create(
            school=school, name=name, short_name=short, weight=weight, position=position, external_id=short
        )
        for position, (name, short, weight) in enumerate(
            [("Ответ на уроке", "отв", 1), ("Самостоятельная работа", "с/р", 2), ("Контрольная работа", "к/р", 3)]
        )
    ]
    room = Room.objects.create(school=school, name="305", external_id="305")
    return Place(school, year, starts, periods, kinds, room)


def _bell(number: int, minutes: int = 0) -> dt.time:
    start = dt.datetime(2026, 1, 1, 8, 30) + dt.timedelta(minutes=55 * (number - 1) + minutes)
    return start.time()


def _accounts(first: int, names: list[tuple[str, str]], role: Role) -> list[User]:
    users = User.objects.bulk_create(
        User(
            id=ACCOUNTS_OF_SCHOOL + first + number,
            login=f"{role.value}{number}",
            last_name=last,
            first_name=given,
            password="!",
        )
        for number, (last, given) in enumerate(names)
    )
    RoleGrant.objects.bulk_create(RoleGrant(id=user.id, user=user, school_id=1, role=role) for user in users)
    return users


def _staff(place: Place, count: int) -> list[Staff]:
    users = _accounts(TEACHERS, [(f"Учителев{number}", "Анна") for number in range(count)], Role.TEACHER)
    return Staff.objects.bulk_create(
        Staff(
            school=place.school,
            user=user,
            last_name=user.last_name,
            first_name=user.first_name,
            middle_name="Петровна",
            post="Учитель",
            external_id=user.login,
        )
        for user in users
    )


def _groups(place: Place, classes: int, staff: list[Staff]) -> list[Group]:
    return Group.objects.bulk_create(
        Group(
            school=place.school,
            kind=Group.Kind.CLASS,
            year=place.year,
            name=f"{5 + number % 7}{'АБВГДЕ'[number // 7]}",
            parallel=5 + number % 7,
            letter="АБВГДЕ"[number // 7],
            form_teacher=staff[number],
            external_id=str(number),
        )
        for number in range(classes)
    )


def _pupils(place: Place, groups: list[Group]) -> None:
    count = len(groups) * PUPILS_IN_CLASS
    pupils = _accounts(PUPILS, [(f"Учеников{number}", "Мария") for number in range(count)], Role.STUDENT)
    parents = _accounts(PARENTS, [(f"Учеников{number}", "Ольга") for number in range(count)], Role.GUARDIAN)
    students = Student.objects.bulk_create(
        Student(
            school=place.school,
            user=user,
            last_name=user.last_name,
            first_name=user.first_name,
            middle_name="Павловна",
            external_id=user.login,
        )
        for user in pupils
    )
    Guardian.objects.bulk_create(
        Guardian(school=place.school, user=parent, student=student, external_id=parent.login)
        for parent, student in zip(parents, students, strict=True)
    )
    Enrollment.objects.bulk_create(
        Enrollment(
            school=place.school,
            student=student,
            group=groups[number // PUPILS_IN_CLASS],
            starts_on=place.starts[0],
            external_id=str(number),
        )
        for number, student in enumerate(students)
    )


def _lessons(place: Place, courses: list[Course], subjects: int) -> None:
    """Three lessons a week of each course, spread over six days; topic, homework, some tests, some latecomers."""
    lessons = Lesson.objects.bulk_create(
        (
            _lesson(place, course, index % subjects, turn, start + dt.timedelta(weeks=week), number)
            for number, start in enumerate(place.starts)
            for index, course in enumerate(courses)
            for week in range(WEEKS)
            for turn in range(LESSONS_A_WEEK)
        ),
        batch_size=2000,
    )
    LessonTopic.objects.bulk_create(
        (LessonTopic(school=place.school, lesson=one, topic="Линейные уравнения, § 12") for one in lessons),
        batch_size=2000,
    )
    LessonWork.objects.bulk_create(
        (
            LessonWork(school=place.school, lesson=one, kind=place.kinds[1 + number % 2])
            for number, one in enumerate(lessons)
            if number % 5 == 0
        ),
        batch_size=2000,
    )
    Homework.objects.bulk_create(
        (
            Homework(
                school=place.school,
                course_id=one.course_id,
                given_at=one,
                text="§ 12, № 345–350, выучить определения",
            )
            for one, following in pairwise(lessons)
            if one.course_id == following.course_id and one.held_on < following.held_on
        ),
        batch_size=2000,
    )
    _latecomers(place, lessons)


def _lesson(place: Place, course: Course, subject: int, turn: int, week: dt.date, period: int) -> Lesson:
    number = turn * 2 + subject // 6 + 1
    return Lesson(
        school=place.school,
        course=course,
        period=place.periods[course.group.parallel, period],
        held_on=week + dt.timedelta(days=(subject + 2 * turn) % 6),
        number=number,
        starts_at=_bell(number),
        ends_at=_bell(number, 45),
        room=place.room,
        teacher=course.teacher,
    )


def _latecomers(place: Place, lessons: list[Lesson]) -> None:
    by_group: dict[object, list[Student]] = {}
    for enrollment in Enrollment.objects.select_related("student").order_by("student_id"):
        by_group.setdefault(enrollment.group_id, []).append(enrollment.student)
    AttendanceSign.objects.bulk_create(
        (
            AttendanceSign(
                school=place.school,
                lesson=one,
                student=by_group[one.course.group_id][number % PUPILS_IN_CLASS],
                sign="оп",
                set_by_id=one.teacher.user_id,
                set_by_name=one.teacher.full_name,
                set_at=NOW,
            )
            for number, one in enumerate(lessons)
            if one.held_on < place.starts[1]
        ),
        batch_size=2000,
    )


MARKS_SQL = """
INSERT INTO gradebook_mark (school_id, id, lesson_id, student_id, kind_id, place, course_id, held_on, value, weight,
 comment, version)
SELECT l.school_id, ('019a0000-0000-7000-8000-' || lpad(to_hex(row_number() OVER w), 12, '0'))::uuid, l.id,
 e.student_id,
 coalesce(work.kind_id, %(kind)s), 1, l.course_id, l.held_on, (2 + (row_number() OVER w) %% 4)::text,
 coalesce(kind.weight, 1), '', 1
FROM timetable_lesson l
JOIN roster_course c ON c.school_id = l.school_id AND c.id = l.course_id
JOIN roster_enrollment e ON e.school_id = c.school_id AND e.group_id = c.group_id
LEFT JOIN gradebook_lessonwork work ON work.school_id = l.school_id AND work.lesson_id = l.id
LEFT JOIN gradebook_workkind kind ON kind.school_id = work.school_id AND kind.id = work.kind_id
WHERE l.held_on < %(until)s
WINDOW w AS (ORDER BY l.held_on, l.id, e.student_id)
ORDER BY l.held_on, l.id, e.student_id
"""
CHANGES_SQL = """
INSERT INTO gradebook_markchange (school_id, id, mark_id, version, lesson_id, student_id, old_value, value, old_weight,
 weight, kind_id, comment, reason, changed_by_id, changed_by_name, changed_by_post, changed_at, previous_hash, hash)
SELECT m.school_id, m.id, m.id, 1, m.lesson_id, m.student_id, '', m.value, m.weight, m.weight, m.kind_id, '', 'first',
 t.user_id, t.last_name, t.post, m.held_on + time '12:00', %(zero)s, sha256(m::text::bytea)
FROM gradebook_mark m
JOIN timetable_lesson l ON l.school_id = m.school_id AND l.id = m.lesson_id
JOIN roster_staff t ON t.school_id = l.school_id AND t.id = l.teacher_id
"""


def _marks(place: Place) -> None:
    """A mark for every pupil at every lesson of the first period, each with its recorded change.

    The hash is of the row's text, not of the product's content: these rows are there to be read fast, not to be proved.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the change of a mark is written after it
        cursor.execute(MARKS_SQL, {"kind": place.kinds[0].id, "until": place.starts[1]})
        cursor.execute(CHANGES_SQL, {"zero": b"\0" * 32})


def main() -> None:
    classes, subjects = (int(word) for word in sys.argv[1:])
    with transaction.atomic():
        make_school(classes, subjects)


if __name__ == "__main__":
    main()
