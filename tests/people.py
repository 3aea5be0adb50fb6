"""The cast: the same people and two small schools in every test (ARCHITECTURE §7), and two far ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from diary.foundation.access.actor import FAMILY_ROLES, Actor, Role
from diary.foundation.access.scope import school_scope
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Factor
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, Room, School, SchoolYear, Subject
from diary.schoolwork.gradebook.models import WorkKind
from diary.schoolwork.timetable.models import Lesson, WeeklySlot
from tests.far_schools import FarSchool, make_far_schools

NOW = dt.datetime(2026, 10, 14, 9, 0, tzinfo=dt.UTC)  # Wednesday noon in Moscow
TODAY = NOW.date()
PASSWORD = "Diary-2026!"
MONDAY = dt.date(2026, 10, 12)


@dataclass(slots=True)
class Cast:
    """Who plays, and where. Анна teaches algebra in 7А to Маша and Петя; Борис teaches 7Б; Чужой is of school № 2.

    The far schools live in other time zones; they stand in no column of the access matrix."""

    school: School
    other_school: School
    year: SchoolYear
    period: GradingPeriod
    next_period: GradingPeriod
    first_grade_period: GradingPeriod
    bells: BellSchedule
    room: Room
    class_7a: Group
    class_7b: Group
    class_1a: Group
    english_group: Group
    answer: WorkKind
    test_work: WorkKind
    algebra: Course
    russian: Course
    english: Course
    algebra_7b: Course
    reading_1a: Course
    foreign_course: Course
    lessons: list[Lesson]
    foreign_lesson: Lesson
    masha: Student
    petya: Student
    kolya_7b: Student
    vanya_1a: Student
    foreign_student: Student
    users: dict[str, User]
    kamchatka: FarSchool
    kaliningrad: FarSchool

    @property
    def school_ids(self) -> list[int]:
        """All schools of the cast."""
        far = (self.kamchatka.school.id, self.kaliningrad.school.id)
        return [self.school.id, self.other_school.id, *far]

    def actor(self, login: str) -> Actor:
        """This person as doors and deeds see them."""
        return User.objects.with_roles().get(login=login).as_actor("127.0.0.1")


USERS = {
    "masha": ("Иванова", "Мария", "Павловна"),
    "petya": ("Ёлкин", "Пётр", "Ильич"),
    "kolya": ("Зимин", "Николай", ""),
    "olga": ("Иванова", "Ольга", "Сергеевна"),
    "pavel": ("Иванов", "Павел", "Андреевич"),
    "igor": ("Зимин", "Игорь", "Олегович"),
    "anna": ("Соколова", "Анна", "Петровна"),
    "boris": ("Громов", "Борис", "Львович"),
    "vera": ("Лебедева", "Вера", "Николаевна"),
    "zoya": ("Крылова", "Зоя", "Ивановна"),
    "gleb": ("Орлов", "Глеб", "Юрьевич"),
    "tikhon": ("Сомов", "Тихон", "Фёдорович"),
    "lena": ("Белова", "Елена", "Игоревна"),
    "chuzhoy": ("Чужой", "Артём", "Романович"),
    "chuzhoy_admin": ("Дальний", "Семён", "Ильич"),
    "chuzhaya_pupil": ("Дальняя", "Ульяна", ""),
}
ROLES = {
    "masha": [(1, Role.STUDENT)],
    "petya": [(1, Role.STUDENT)],
    "kolya": [(1, Role.STUDENT)],
    "olga": [(1, Role.GUARDIAN), (2, Role.GUARDIAN)],
    "pavel": [(1, Role.GUARDIAN)],
    "igor": [(1, Role.GUARDIAN)],
    "anna": [(1, Role.TEACHER)],
    "boris": [(1, Role.TEACHER)],
    "vera": [(1, Role.TEACHER)],
    "zoya": [(1, Role.METHODIST)],
    "gleb": [(1, Role.ADMINISTRATOR)],
    "tikhon": [(1, Role.SECURITY)],
    "lena": [(1, Role.SUPPORT)],
    "chuzhoy": [(2, Role.TEACHER)],
    "chuzhoy_admin": [(2, Role.ADMINISTRATOR)],
    "chuzhaya_pupil": [(2, Role.STUDENT)],
}


PHONES = {login: f"+7916555{place:04}" for place, login in enumerate(USERS, 1)}


def make_cast() -> Cast:
    """Both schools with their people, timetable and lessons of three weeks; no marks yet."""
    schools = [
        School.objects.create(
            name=f"Школа № {n}", short_name=f"Школа № {n}", timezone="Europe/Moscow", external_id=f"cast-{n}"
        )
        for n in (1, 2)
    ]
    password = make_password(PASSWORD)
    users = {}
    for login, (last, first, middle) in USERS.items():
        users[login] = User.objects.create(
            login=login,
            last_name=last,
            first_name=first,
            middle_name=middle,
            password=password,
            phone=PHONES[login],
            phone_confirmed_at=NOW - dt.timedelta(days=30),
            contacts_checked_at=NOW - dt.timedelta(days=30),
        )
        for number, role in ROLES[login]:
            RoleGrant.objects.create(user=users[login], school=schools[number - 1], role=role)
        if any(role not in FAMILY_ROLES for _number, role in ROLES[login]):
            Factor.objects.create(user=users[login], kind=Factor.Kind.SMS, confirmed_at=users[login].phone_confirmed_at)
    far = make_far_schools(users, PASSWORD)
    with school_scope([school.id for school in schools]):
        return _fill(schools[0], schools[1], users, far)


def _fill(school: School, other: School, users: dict[str, User], far: tuple[FarSchool, FarSchool]) -> Cast:
    first, until = dt.date(2026, 9, 1), dt.date(2027, 6, 1)
    years = {
        place.id: SchoolYear.objects.create(
            school=place, name="2026/27", starts_on=first, ends_until=until, external_id="2026"
        )
        for place in (school, other)
    }
    quarters = [
        ("1 четверть", first, dt.date(2026, 10, 24)),
        ("2 четверть", dt.date(2026, 11, 2), dt.date(2026, 12, 31)),
    ]
    periods = {
        (place.id, parallel, number): GradingPeriod.objects.create(
            school=place,
            year=years[place.id],
            parallel=parallel,
            number=number,
            name=name,
            starts_on=start,
            ends_until=end,
            external_id=f"{parallel}-{number}",
        )
        for place in (school, other)
        for parallel in (1, 7)
        for number, (name, start, end) in enumerate(quarters, 1)
    }
    bells = {
        place.id: BellSchedule.objects.create(
            school=place, name="1 смена", shift=1, weekdays=[1, 2, 3, 4, 5, 6], external_id="1"
        )
        for place in (school, other)
    }
    for place in (school, other):
        for number in range(1, 8):
            start = dt.datetime(2026, 9, 1, 8, 30) + dt.timedelta(minutes=55 * (number - 1))
            Bell.objects.create(
                school=place,
                schedule=bells[place.id],
                number=number,
                starts_at=start.time(),
                ends_at=(start + dt.timedelta(minutes=45)).time(),
            )
    kinds = {
        (place.id, code): WorkKind.objects.create(
            school=place, name=name, short_name=short, weight=Decimal(weight), position=position, external_id=code
        )
        for place in (school, other)
        for position, (code, name, short, weight) in enumerate(
            [("answer", "Ответ на уроке", "отв", 1), ("control", "Контрольная работа", "к/р", 3)]
        )
    }
    room = Room.objects.create(school=school, name="305", external_id="305")
    subjects = {
        (place.id, name): Subject.objects.create(school=place, name=name, short_name=name, external_id=name)
        for place in (school, other)
        for name in ("Алгебра", "Русский язык", "Английский язык", "Литературное чтение")
    }

    def staff(place: School, login: str, post: str) -> Staff:
        person = users[login]
        return Staff.objects.create(
            school=place,
            user=person,
            last_name=person.last_name,
            first_name=person.first_name,
            middle_name=person.middle_name,
            post=post,
            external_id=login,
        )

    anna, boris, vera = (staff(school, login, "Учитель") for login in ("anna", "boris", "vera"))
    staff(school, "zoya", "Методист")
    staff(school, "gleb", "Администратор")
    stranger = staff(other, "chuzhoy", "Учитель")

    def group(place: School, name: str, parallel: int, **kwargs: object) -> Group:
        values = {"kind": Group.Kind.CLASS, "letter": name[-1]} | kwargs
        return Group.objects.create(
            school=place,
            year=years[place.id],
            name=name,
            parallel=parallel,
            bells=bells[place.id],
            external_id=name,
            **values,
        )

    class_7a = group(school, "7А", 7, form_teacher=vera)
    class_7b = group(school, "7Б", 7)
    class_1a = group(school, "1А", 1)
    english_group = group(
        school, "7А англ. 1", 7, kind=Group.Kind.SUBGROUP, home_class=class_7a, split="Английский язык", letter=""
    )
    foreign_class = group(other, "7А", 7)

    def pupil(place: School, last: str, first_name: str, login: str, *groups: Group) -> Student:
        student = Student.objects.create(
            school=place, user=users.get(login), last_name=last, first_name=first_name, external_id=login
        )
        for one in groups:
            Enrollment.objects.create(school=place, student=student, group=one, starts_on=first, external_id=one.name)
        return student

    masha = pupil(school, "Иванова", "Мария", "masha", class_7a, english_group)
    petya = pupil(school, "Ёлкин", "Пётр", "petya", class_7a)
    kolya = pupil(school, "Зимин", "Николай", "kolya", class_7b)
    vanya = pupil(school, "Малышев", "Иван", "vanya", class_1a)
    foreign_student = pupil(other, "Дальняя", "Ульяна", "chuzhaya_pupil", foreign_class)
    for login, student in (("olga", masha), ("pavel", masha), ("igor", kolya), ("olga", foreign_student)):
        Guardian.objects.create(school_id=student.school_id, user=users[login], student=student, external_id=login)

    def course(place: School, of: Group, subject: str, teacher: Staff) -> Course:
        return Course.objects.create(
            school=place,
            year=years[place.id],
            group=of,
            subject=subjects[place.id, subject],
            teacher=teacher,
            external_id=f"{of.name} {subject}",
        )

    algebra = course(school, class_7a, "Алгебра", anna)
    russian = course(school, class_7a, "Русский язык", vera)
    english = course(school, english_group, "Английский язык", boris)
    algebra_7b = course(school, class_7b, "Алгебра", boris)
    reading_1a = course(school, class_1a, "Литературное чтение", vera)
    foreign_course = course(other, foreign_class, "Алгебра", stranger)
    for weekday in (1, 3, 5):
        WeeklySlot.objects.create(
            school=school, course=algebra, weekday=weekday, number=2, room=room, starts_on=first, until=until
        )

    def lesson(of: Course, day: dt.date, number: int) -> Lesson:
        start = dt.datetime(2026, 9, 1, 8, 30) + dt.timedelta(minutes=55 * (number - 1))
        return Lesson.objects.create(
            school_id=of.school_id,
            course=of,
            period=periods[of.school_id, of.group.parallel, 1],
            held_on=day,
            number=number,
            starts_at=start.time(),
            ends_at=(start + dt.timedelta(minutes=45)).time(),
            room=room if of.school_id == school.id else None,
            teacher=of.teacher,
        )

    days = [MONDAY + dt.timedelta(weeks=week, days=day) for week in (-1, 0) for day in (0, 2, 4)]
    lessons = [lesson(algebra, day, 2) for day in days]
    for one in (russian, english, algebra_7b, reading_1a):
        lesson(one, MONDAY, 3)
    return Cast(
        school=school,
        other_school=other,
        year=years[school.id],
        period=periods[school.id, 7, 1],
        next_period=periods[school.id, 7, 2],
        first_grade_period=periods[school.id, 1, 1],
        bells=bells[school.id],
        room=room,
        class_7a=class_7a,
        class_7b=class_7b,
        class_1a=class_1a,
        english_group=english_group,
        answer=kinds[school.id, "answer"],
        test_work=kinds[school.id, "control"],
        algebra=algebra,
        russian=russian,
        english=english,
        algebra_7b=algebra_7b,
        reading_1a=reading_1a,
        foreign_course=foreign_course,
        lessons=lessons,
        foreign_lesson=lesson(foreign_course, MONDAY, 2),
        masha=masha,
        petya=petya,
        kolya_7b=kolya,
        vanya_1a=vanya,
        foreign_student=foreign_student,
        users=users,
        kamchatka=far[0],
        kaliningrad=far[1],
    )
