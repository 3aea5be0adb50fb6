"""The demo schools: the same seed gives the same school, and nothing in it contradicts the rules of a school."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from demo.cast import BORN_ON, CAST_LOGINS, DEMO_PASSWORD, MASHA, TIMOFEY, demo_people
from demo.chance import Chance
from demo.lessons import bells_of, lay_out_year
from demo.names_data import PATRONYMICS
from demo.people import latin
from demo.profiles import first_school, second_school
from demo.school import Draft, draft_school, make_school
from demo.school_year import calendar_of
from demo.subjects_data import CURRICULUM, DAY_LIMIT, ONLY_FIRST_SHIFT, SUBJECTS, WEEK_LIMIT
from demo.topics_data import topics_of
from diary.foundation.access.scope import school_scope
from diary.foundation.audit.histories import history_breaks
from diary.people.accounts.models import User
from diary.people.notifications.models import Notification
from diary.people.roster.models import Course, Guardian, Student
from diary.people.roster.queries.matching import Given, matching_student
from diary.people.roster.rules.documents import DocumentKind, read_document
from diary.people.roster.rules.names import PersonName
from diary.people.schools.models import School
from diary.schoolwork.attendance.models import AttendanceSign
from diary.schoolwork.gradebook.models import Mark, MarkChange
from diary.schoolwork.homework.models import Homework
from diary.schoolwork.timetable.models import Lesson

TODAY = dt.date(2026, 11, 23)
EVENING = dt.datetime.combine(TODAY, dt.time(21), tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture(scope="module")
def big() -> Draft:
    """School № 1 in full, thought out."""
    return draft_school(first_school(), Chance("1"), TODAY)


@pytest.fixture
def small(db: None) -> Iterator[School]:
    """School № 1 with three classes, in the database and in scope, all its deferred constraints checked."""
    school = make_school(first_school(is_small=True), seed="1", moment=EVENING, report=lambda _percent, _words: None)
    assert school is not None
    with school_scope([school.id]):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield school


# -- the week -----------------------------------------------------------------------------------------------------


def test_school_is_as_large_as_a_real_one(big: Draft) -> None:
    assert 800 <= len(big.pupils) <= 860
    assert 55 <= sum(bool(member.hours) for member in big.staffing.staff) <= 65
    assert len({pupil.name.full for pupil in big.pupils}) == len(big.pupils)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
@pytest.mark.parametrize("plan", [first_school(), first_school(is_small=True), second_school()])
def test_no_teacher_room_or_class_is_wanted_twice_at_one_hour(plan, seed) -> None:
    draft = draft_school(plan, Chance(seed), TODAY)
    courses = draft.staffing.courses
    teachers = Counter((courses[slot.course].teacher, slot.hour) for slot in draft.slots)
    rooms = Counter((slot.room, slot.hour) for slot in draft.slots)
    assert max(teachers.values()) == max(rooms.values()) == 1
    at_hour: dict[object, list[tuple[str, int]]] = {}
    for slot in draft.slots:
        course = courses[slot.course]
        key = (course.group.class_plan.name, slot.hour)
        at_hour.setdefault(key, []).append((course.subject.code, course.group.half))
    for together in at_hour.values():
        assert len({subject for subject, _half in together}) == 1
        assert sorted(half for _subject, half in together) in ([0], [1, 2])


def test_weeks_and_days_of_pupils_keep_to_the_sanitary_limits(big: Draft) -> None:
    hours: dict[tuple[str, int], set[int]] = {}
    plans = {}
    for slot in big.slots:
        class_plan = big.staffing.courses[slot.course].group.class_plan
        plans[class_plan.name] = class_plan
        hours.setdefault((class_plan.name, slot.hour.weekday), set()).add(slot.hour.number)
    for (name, _weekday), numbers in hours.items():
        assert numbers == set(range(1, len(numbers) + 1)), "a gap"
        assert len(numbers) <= DAY_LIMIT[plans[name].parallel]
    for name, plan in plans.items():
        week = sum(len(numbers) for (owner, _weekday), numbers in hours.items() if owner == name)
        assert week == sum(CURRICULUM[plan.parallel].values()) <= WEEK_LIMIT[plan.parallel][plan.days - 5]
        assert plan.shift == 1 or plan.parallel not in ONLY_FIRST_SHIFT


def test_second_shift_begins_after_the_first_and_ends_by_seven() -> None:
    assert bells_of(1, is_first_grade=False)[-1][1] <= bells_of(2, is_first_grade=False)[0][0]
    assert bells_of(2, is_first_grade=False)[-1][1] <= dt.time(19)


# -- the year -----------------------------------------------------------------------------------------------------


def test_breaks_are_those_of_the_ministry() -> None:
    breaks = calendar_of(dt.date(2026, 1, 15)).breaks
    assert breaks == (
        (dt.date(2025, 10, 27), dt.date(2025, 11, 3)),
        (dt.date(2025, 12, 31), dt.date(2026, 1, 12)),
        (dt.date(2026, 3, 30), dt.date(2026, 4, 6)),
    )


def test_no_lesson_on_a_holiday_or_in_a_break(big: Draft) -> None:
    days = {day for parallel in (1, 7, 11) for day in big.calendar.school_days(parallel, 6)}
    assert dt.date(2026, 11, 4) not in days
    assert not any(first <= day < until for first, until in big.calendar.breaks for day in days)
    assert not any(day.isoweekday() == 7 for day in days)


def test_every_subject_has_topics_in_every_parallel_that_learns_it() -> None:
    for parallel, hours in CURRICULUM.items():
        for code in hours:
            assert code in SUBJECTS
            assert len(topics_of(code, parallel)) >= 12


def test_a_class_writes_at_most_one_big_work_a_day(big: Draft) -> None:
    year = lay_out_year(big.staffing.courses, big.slots, big.calendar, "Europe/Moscow", EVENING, Chance("1"))
    works: dict[tuple[str, dt.date], set[str]] = {}
    for course, lessons in zip(big.staffing.courses, year, strict=True):
        for lesson in lessons:
            if lesson.kind in ("control", "dictation", "essay"):
                works.setdefault((course.group.class_plan.name, lesson.held_on), set()).add(course.subject.code)
    assert works
    assert all(len(subjects) == 1 for subjects in works.values())


# -- people -------------------------------------------------------------------------------------------------------


def test_surnames_become_latin_logins() -> None:
    assert latin("Щукин") == "shchukin"
    assert latin("Воробьёв") == "vorobev"


def test_patronymics_come_from_the_father(big: Draft) -> None:
    for pupil in big.pupils:
        assert pupil.name.middle.endswith(("вна", "чна") if pupil.name.gender == "ж" else ("ич",))
        fathers = [adult.name for adult in pupil.guardians if adult.relation == "отец"]
        assert all(pupil.name.middle in PATRONYMICS[father.first] for father in fathers)


def test_the_table_of_demo_people_names_the_whole_cast() -> None:
    people = demo_people()
    assert {person.login for person in people} == set(CAST_LOGINS)
    assert all(person.password == DEMO_PASSWORD and str(person.look_at) for person in people)


# -- the school in the database -----------------------------------------------------------------------------------


def test_history_of_marks_is_chained_and_marks_equal_their_last_change(small: School) -> None:
    assert list(history_breaks(small.id)) == []
    last = MarkChange.objects.order_by("mark_id", "-version").distinct("mark_id")
    shown = {change.mark_id: (change.version, change.value, change.weight, change.comment) for change in last}
    marks = {mark.id: (mark.version, mark.value, mark.weight, mark.comment) for mark in Mark.objects.all()}
    assert marks == shown
    assert 0.01 < MarkChange.objects.filter(version=2).count() / len(marks) < 0.04


def test_marks_are_spread_as_in_a_real_school(small: School) -> None:
    values = Counter(Mark.objects.values_list("value", flat=True))
    total = sum(values.values())
    assert total > 1000
    assert 0.2 < values["5"] / total < 0.5
    assert 0.3 < values["4"] / total < 0.5
    assert 0.1 < values["3"] / total < 0.35
    assert values["2"] / total < 0.12
    assert values["1"] / total < 0.01
    signs = AttendanceSign.objects.count()
    assert 0.005 < signs / total < 0.5


def test_first_grade_has_attendance_but_no_marks_and_no_homework(small: School) -> None:
    first = Course.objects.filter(group__parallel=1)
    assert first.exists()
    assert AttendanceSign.objects.filter(lesson__course__group__parallel=1).exists()
    assert not Mark.objects.filter(course_id__in=first.values("id")).exists()
    assert not Homework.objects.filter(course__group__parallel=1).exists()


def test_nothing_has_happened_after_the_moment(small: School) -> None:
    assert not MarkChange.objects.filter(changed_at__gt=EVENING).exists()
    assert not AttendanceSign.objects.filter(set_at__gt=EVENING).exists()
    assert not Mark.objects.filter(held_on__gt=TODAY).exists()
    assert Lesson.objects.filter(held_on__gte=dt.date(2027, 5, 20)).exists()


def test_homework_is_due_at_a_later_lesson_of_the_same_course(small: School) -> None:
    rows = Homework.objects.select_related("given_at")
    assert rows.exists()
    for row in rows:
        assert row.course_id == row.given_at.course_id
        assert Lesson.objects.filter(course_id=row.course_id, held_on__gt=row.given_at.held_on).exists()


def test_the_cast_stands_in_its_places(small: School) -> None:
    masha = Student.objects.get(user__login="masha")
    assert (masha.last_name, masha.middle_name) == (MASHA.last, MASHA.middle)
    assert set(Guardian.objects.filter(student_id=masha.id).values_list("user__login", flat=True)) == {"olga", "pavel"}
    assert Guardian.objects.filter(user__login="igor").get().student.last_name == "Кузнецова"
    taught = Course.objects.filter(group__name="7А")
    assert set(taught.filter(teacher__user__login="anna").values_list("subject__name", flat=True)) == {
        "Алгебра",
        "Геометрия",
        "Вероятность и статистика",
    }
    assert taught.filter(teacher__user__login="vera", subject__name="Русский язык").exists()
    assert not Course.objects.filter(group__name__startswith="7А", teacher__user__login="boris").exists()
    assert Course.objects.filter(teacher__user__login="boris").exists()


def test_fresh_marks_glow_for_the_pupil_and_both_parents(small: School) -> None:
    masha = Student.objects.get(user__login="masha")
    glowing = Notification.objects.filter(student_id=masha.id, seen_at__isnull=True)
    assert Counter(glowing.values_list("user__login", flat=True)).keys() == {"masha", "olga", "pavel"}
    assert not glowing.exclude(about_id__in=Mark.objects.filter(student_id=masha.id).values("id")).exists()


def test_everyone_signs_in_with_the_password_of_the_demo(small: School) -> None:
    assert all(
        user.check_password(DEMO_PASSWORD) for user in User.objects.filter(login__in=["masha", "zoya", "tikhon"])
    )


def _content() -> str:
    """A digest of who got what at which lesson, without ids of the school."""
    rows = Mark.objects.order_by("id").values_list(
        "id", "lesson_id", "student__user__login", "value", "version", "comment"
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def _make_and_forget(seed: str) -> str:
    with transaction.atomic():
        school = make_school(
            first_school(is_small=True), seed=seed, moment=EVENING, report=lambda _percent, _words: None
        )
        assert school is not None
        with school_scope([school.id]):
            content = _content()
        transaction.set_rollback(True)
    return content


def test_the_same_seed_gives_the_same_school_and_another_seed_another(db: None) -> None:
    assert _make_and_forget("1") == _make_and_forget("1") != _make_and_forget("2")


def test_the_command_makes_both_schools_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_demo_school", "--small", "--date", "2026-10-05")
    schools = list(School.objects.filter(external_id__startswith="demo-").order_by("external_id"))
    assert [school.external_id for school in schools] == ["demo-1", "demo-2"]
    with school_scope([schools[1].id]):
        assert set(Guardian.objects.filter(user__login__in=["olga", "anna"]).values_list("user__login", flat=True)) == {
            "olga",
            "anna",
        }
        assert Course.objects.filter(teacher__user__login="chuzhoy").exists()
        marks = Mark.objects.count()
    capsys.readouterr()
    call_command("make_demo_school", "--small", "--date", "2026-10-05")
    assert capsys.readouterr().out.count("уже есть") == 2
    with school_scope([schools[1].id]):
        assert Mark.objects.count() == marks


def test_demo_people_command_prints_everyone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_people")
    printed = capsys.readouterr().out
    assert all(login in printed for login in CAST_LOGINS)


def test_data_of_readme_and_of_the_portal_find_their_pupils(small: School) -> None:
    """Whoever follows the README, or comes through the portal's double, is told «данные подошли» (A10, G4)."""
    personas = json.loads(Path("tests/doubles/esia/demo_personas.json").read_text(encoding="utf-8"))
    masha, timofey = (kid for persona in personas for kid in persona["kids"])
    (paper,) = masha["documents"]
    born_on = dt.datetime.strptime(masha["birthDate"], "%d.%m.%Y").date()
    by_portal = Given(
        PersonName(masha["lastName"], masha["firstName"], masha["middleName"]),
        born_on,
        read_document(DocumentKind.BIRTH, paper["series"], paper["number"]),
    )
    by_readme = Given(
        PersonName("Воробьёв", "Пётр", "Ильич"),
        dt.date(2013, 4, 18),
        read_document(DocumentKind.BIRTH, "I-ЯЯ", "180413"),
    )
    for given in (by_portal, by_readme):
        match = matching_student(small.id, given)
        assert match is not None
        assert match.is_document_known
    assert timofey["birthDate"] == f"{BORN_ON[TIMOFEY]:%d.%m.%Y}"
    assert timofey["documents"][0]["number"] == f"{BORN_ON[TIMOFEY]:%d%m%y}"
