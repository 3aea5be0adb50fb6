"""What an import of files makes of a school: first time, again, in parts, with corrections."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.foundation.access.actor import Role
from diary.foundation.tables.sources import Upload
from diary.foundation.tables.tests.files import as_zip
from diary.people.accounts.models import RoleGrant, User
from diary.people.intake.tests.loading import Load, load_into
from diary.people.intake.tests.made import small_school
from diary.people.roster.models import Course, Enrollment, Group, Guardian, Staff, Student, StudentDocument
from diary.people.schools.models import Bell, BellSchedule, GradingPeriod, School, SchoolYear, Subject
from tests.people import PHONES, Cast

PUPILS = ["Код", "Фамилия", "Имя", "Отчество", "Дата рождения", "Класс", "Зачислен"]


def one_pupil(code: str = "", name: str = "Мария", born: str = "05.03.2013", group: str = "7А", since: str = "") -> Any:
    return {"Ученики": [PUPILS, [code, "Иванова", name, "Петровна", born, group, since]]}


def pupil() -> Student:
    return Student.objects.get(first_name="Мария")


def test_whole_school_is_written(load: Load, school: School) -> None:
    loaded = load(small_school())
    assert loaded.errors == []
    assert loaded.changes == {
        "years": (1, 0),
        "periods": (3, 0),
        "bells": (2, 0),
        "subjects": (2, 0),
        "rooms": (2, 0),
        "staff": (2, 0),
        "classes": (2, 0),
        "subgroups": (3, 0),
        "students": (4, 0),
        "guardians": (1, 0),
        "courses": (2, 0),
        "enrollments": (7, 0),
        "slots": (2, 0),
    }
    year = SchoolYear.objects.get()
    assert (year.name, year.starts_on, year.ends_until) == ("2026/27", dt.date(2026, 9, 1), dt.date(2027, 6, 1))
    assert Group.objects.get(name="7А").form_teacher.last_name == "Орлова"
    assert sorted(Group.objects.filter(kind="subgroup").values_list("name", flat=True)) == [
        "7А 1 группа",
        "7А 2 группа",
        "7Б 1 группа",
    ]
    olga = User.objects.get(last_name="Иванова", first_name="Ольга", role_grants__school=school)
    assert sorted(link.student.first_name for link in Guardian.objects.filter(user=olga)) == ["Мария", "Олег"]
    assert Course.objects.get(group__name="7А").hours_per_week == 3


def test_periods_are_made_for_each_parallel_and_numbered_by_days(load: Load) -> None:
    load(small_school())
    rows = GradingPeriod.objects.order_by("parallel", "number").values_list("parallel", "number", "name", "ends_until")
    assert [row for row in rows if row[0] == 7] == [
        (7, 1, "1 четверть", dt.date(2026, 10, 26)),
        (7, 2, "2 четверть", dt.date(2026, 12, 31)),
    ]
    assert {row[0] for row in rows} == set(range(1, 12))
    assert [row[1:3] for row in rows if row[0] == 11] == [(1, "1 полугодие")]


def test_second_run_changes_nothing(load: Load) -> None:
    load(small_school())
    again = load(small_school())
    assert again.errors == []
    assert again.changes == {}
    assert again.outcome.accounts == 0


def test_trial_run_counts_truly_and_writes_nothing(load: Load, school: School) -> None:
    trial = load(small_school(), dry_run=True)
    assert trial.changes["students"] == (4, 0)
    assert trial.outcome.accounts == 7
    assert Student.objects.count() == 0
    assert not RoleGrant.objects.filter(school=school).exists()
    assert load(small_school()).changes == trial.changes


def test_accounts_have_logins_roles_and_no_password(load: Load, school: School) -> None:
    load(small_school())
    vera = Staff.objects.get(last_name="Орлова")
    assert vera.user.login == "orlova_v"
    assert not vera.user.has_usable_password()
    roles = set(RoleGrant.objects.filter(user=vera.user, school=school).values_list("role", flat=True))
    assert roles == {Role.METHODIST, Role.TEACHER}, "завуч who teaches needs the journal too"
    assert set(RoleGrant.objects.filter(user=pupil().user).values_list("role", flat=True)) == {Role.STUDENT}


def test_logins_of_namesakes_get_numbers_and_never_clash_with_other_schools(load: Load) -> None:
    User.objects.create(login="IVANOV_O", last_name="Иванов", first_name="Олег")
    load(small_school())
    logins = Student.objects.filter(last_name="Иванов").values_list("user__login", flat=True)
    assert sorted(logins) == ["ivanov_o2", "ivanov_o3"]


def test_login_of_the_file_is_kept(load: Load) -> None:
    sheets = small_school()
    sheets["Сотрудники"][0].append("Логин")
    sheets["Сотрудники"][1].append("petrova_math")
    load(sheets)
    assert Staff.objects.get(last_name="Петрова").user.login == "petrova_math"


def test_login_with_other_signs_is_told_and_another_is_made(load: Load) -> None:
    sheets = small_school()
    sheets["Сотрудники"][0].append("Логин")
    sheets["Сотрудники"][1].append("anna@example.ru")
    loaded = load(sheets)
    assert Staff.objects.get(last_name="Петрова").user.login == "petrova_a"
    assert any("anna@example.ru" in one and "petrova_a" in one for one in loaded.notes)
    assert Staff.objects.get(last_name="Петрова").external_id == "anna@example.ru"
    assert load(sheets).changes == {}


def test_bad_optional_value_is_left_out_with_a_line(load: Load) -> None:
    """F11: one short phone does not refuse the school."""
    sheets = small_school()
    sheets["Представители"][1][4] = "12-34"
    sheets["Ученики"][1][4] = "ж?"
    loaded = load(sheets)
    assert loaded.errors == []
    assert any("«12-34» – не номер телефона. Это значение пропущено." in one for one in loaded.warnings)
    assert any("«ж?»" in one for one in loaded.warnings) or pupil().gender == "ж"
    assert Guardian.objects.exists()


def test_login_of_somebody_in_another_school_is_left_to_them(load: Load, cast: Cast) -> None:
    sheets = small_school()
    sheets["Сотрудники"][0].append("Логин")
    sheets["Сотрудники"].append(["Чужой Артём Романович", "учитель", "", "chuzhoy"])
    loaded = load(sheets)
    assert any("«chuzhoy» уже занят" in one and "строка 4" in one for one in loaded.warnings)
    assert Staff.objects.get(last_name="Чужой").user.login == "chuzhoy_a"
    assert RoleGrant.objects.filter(user=cast.users["chuzhoy"]).count() == 1
    assert load(sheets).changes == {}


def test_login_of_somebody_else_in_the_school_is_refused(load: Load) -> None:
    load(small_school())
    loaded = load({"Сотрудники": [["ФИО", "Логин"], ["Кот Олег Львович", "orlova_v"]]})
    assert any("уже у другого человека: Орлова Вера Ильинична" in one for one in loaded.errors)


def test_person_of_two_schools_keeps_name_and_account_in_the_other(load: Load, school: School, cast: Cast) -> None:
    olga = cast.users["olga"]
    RoleGrant.objects.create(user=olga, school=school, role=Role.GUARDIAN)
    sheets = small_school()
    sheets["Представители"][0].append("Логин")
    sheets["Представители"][1] = ["Иванова", "Ольга", "Другое", "мать", "9160000003", "Иванова Мария", "", "olga"]
    del sheets["Представители"][2]
    loaded = load(sheets)
    assert loaded.errors == []
    olga.refresh_from_db()
    assert (olga.middle_name, olga.phone) == ("Сергеевна", PHONES["olga"])
    assert Guardian.objects.get().user_id == olga.id


def test_teacher_who_is_a_guardian_has_one_account(load: Load) -> None:
    sheets = small_school()
    sheets["Представители"].append(
        ["Петрова", "Анна", "Сергеевна", "мать", "+79160000001", "Сидоров Пётр", "7А"],
    )
    loaded = load(sheets)
    anna = Staff.objects.get(last_name="Петрова").user
    assert set(RoleGrant.objects.filter(user=anna).values_list("role", flat=True)) == {Role.TEACHER, Role.GUARDIAN}
    assert Guardian.objects.get(user=anna).student.last_name == "Сидоров"
    assert loaded.outcome.accounts == 7


def test_same_code_on_two_sheets_is_one_person_only_with_the_same_name(load: Load) -> None:
    sheets: Any = small_school()
    sheets["Сотрудники"] = [
        ["Код", "ФИО", "Должность"],
        ["1", "Петрова Анна Сергеевна", "учитель"],
        ["2", "Орлова Вера Ильинична", "завуч"],
    ]
    sheets["Представители"] = [
        ["Код", "ФИО", "Ученик"],
        ["1", "Сидорова Нина Львовна", "Сидоров Пётр"],
        ["2", "Орлова Вера Ильинична", "Иванова Мария"],
    ]
    load(sheets)
    users = {row.last_name: row.user_id for row in Staff.objects.all()}
    guardians = {link.user.last_name: link.user_id for link in Guardian.objects.select_related("user")}
    assert guardians["Орлова"] == users["Орлова"]
    assert guardians["Сидорова"] not in users.values()


def test_administrator_role_is_told_before_it_is_given(load: Load) -> None:
    sheets = small_school()
    sheets["Сотрудники"].append(["Админов Пётр Ильич", "администратор", ""])
    loaded = load(sheets)
    assert any("получит роль «администратор»" in one for one in loaded.warnings)
    assert RoleGrant.objects.filter(user__last_name="Админов", role=Role.ADMINISTRATOR).exists()


def test_code_given_later_makes_no_second_person(load: Load) -> None:
    load(small_school())
    loaded = load(one_pupil("И-1"))
    assert loaded.changes == {"students": (0, 1)}
    assert pupil().external_id == "И-1"
    assert load(one_pupil("И-1")).changes == {}
    assert load(one_pupil()).changes == {}, "and a file without codes still finds her"


def test_person_with_a_code_keeps_it_when_the_name_changes(load: Load) -> None:
    load(small_school())
    load(one_pupil("И-1"))
    changed = load({"Ученики": [PUPILS, ["И-1", "Смирнова", "Мария", "Петровна", "05.03.2013", "7А", ""]]})
    assert changed.changes == {"students": (0, 1)}
    assert pupil().last_name == "Смирнова"
    assert pupil().user.last_name == "Смирнова"


def test_namesake_without_a_code_is_asked_for_one(load: Load) -> None:
    load(small_school())
    load({"Сотрудники": [["Код", "ФИО"], ["1", "Кот Олег"], ["2", "Кот Олег"]]})
    loaded = load({"Сотрудники": [["ФИО"], ["Кот Олег"]]})
    assert any("«Кот Олег»" in one and "«Код»" in one for one in loaded.errors)


def test_new_member_with_a_name_and_code_of_their_own_is_not_the_old_one(load: Load) -> None:
    load(small_school())
    load({"Сотрудники": [["Код", "ФИО"], ["1", "Кот Олег"]]})
    assert load({"Сотрудники": [["Код", "ФИО"], ["2", "Кот Олег"]]}).changes == {"staff": (1, 0)}


def test_part_of_a_school_leaves_the_rest_alone(load: Load) -> None:
    load(small_school())
    loaded = load(one_pupil(name="Дарья", born="01.02.2013", group="7Б"))
    assert loaded.changes == {"students": (1, 0), "enrollments": (1, 0)}
    assert Student.objects.count() == 5


def test_part_may_point_at_what_the_school_has(load: Load) -> None:
    load(small_school())
    courses = {
        "Курсы": [["Класс", "Подгруппа", "Предмет", "Учитель"], ["7Б", "1 группа", "Английский язык", "Орлова В.И."]],
        "Представители": [["ФИО", "Ученик", "Класс ученика"], ["Иванова Инна", "Иванов Олег", "7А"]],
        "Расписание": [["Класс", "Предмет", "День", "Урок"], ["7А", "Алгебра", "вт", "2"]],
    }
    loaded = load(courses)
    assert loaded.errors == []
    assert loaded.changes["courses"] == (1, 0)
    assert Course.objects.get(group__name="7Б 1 группа").teacher.last_name == "Орлова"
    assert Guardian.objects.get(user__first_name="Инна").student.middle_name == "Ильич"


def test_corrected_first_day_changes_the_row(load: Load) -> None:
    load(small_school())
    moved = load(one_pupil(since="05.09.2026"))
    assert moved.changes == {"enrollments": (0, 1)}
    row = Enrollment.objects.get(student=pupil(), group__kind="class")
    assert row.starts_on == dt.date(2026, 9, 5)


def test_first_day_long_ago_counts_from_the_beginning_of_the_year(load: Load) -> None:
    load(small_school())
    assert load(one_pupil(since="01.09.2020")).changes == {}


def test_transfer_ends_the_old_class_and_its_subgroups(load: Load) -> None:
    load(small_school())
    loaded = load(one_pupil(group="7Б", since="09.11.2026"))
    assert loaded.errors == []
    rows = Enrollment.objects.filter(student=pupil()).order_by("starts_on", "group__name")
    assert [(row.group.name, row.starts_on, row.until) for row in rows] == [
        ("7А", dt.date(2026, 9, 1), dt.date(2026, 11, 9)),
        ("7А 1 группа", dt.date(2026, 9, 1), dt.date(2026, 11, 9)),
        ("7Б", dt.date(2026, 11, 9), None),
    ]
    assert any("7А до 8 ноября, дальше – 7Б" in one for one in loaded.notes)
    assert load(one_pupil(group="7Б", since="09.11.2026")).changes == {}


def test_another_class_without_a_day_is_refused(load: Load) -> None:
    load(small_school())
    loaded = load(one_pupil(group="7Б"))
    assert any("уже в «7А»" in one and "столбец «Класс»" in one for one in loaded.errors)
    assert Enrollment.objects.filter(student=pupil(), group__name="7Б").count() == 0


def test_last_day_closes_the_membership(load: Load) -> None:
    load(small_school())
    sheets = {
        "Ученики": [[*PUPILS, "Выбыл"], ["", "Иванова", "Мария", "Петровна", "05.03.2013", "7А", "", "30.09.2026"]]
    }
    assert load(sheets).changes == {"enrollments": (0, 1)}
    assert Enrollment.objects.get(student=pupil(), group__kind="class").until == dt.date(2026, 10, 1)


def test_year_known_from_periods_alone_may_grow_and_never_shrinks(load: Load) -> None:
    load(small_school())
    period = [
        ["Учебный год", "Период", "Параллели", "Начало", "Конец"],
        ["2026/2027", "3 четверть", "1-9", "11.01.2027", "20.03.2027"],
    ]
    assert load({"Периоды": period}).changes == {"periods": (1, 0)}
    assert SchoolYear.objects.get().ends_until == dt.date(2027, 6, 1)


def test_period_put_between_others_renumbers_them(load: Load) -> None:
    load(small_school())
    period = [
        ["Учебный год", "Период", "Параллели", "Начало", "Конец"],
        ["2026/2027", "Модуль", "7", "27.10.2026", "30.10.2026"],
    ]
    load({"Периоды": period})
    rows = GradingPeriod.objects.filter(parallel=7).order_by("number").values_list("number", "name")
    assert list(rows) == [(1, "1 четверть"), (2, "Модуль"), (3, "2 четверть")]


def test_period_over_one_that_the_school_has_is_refused(load: Load) -> None:
    load(small_school())
    period = [
        ["Учебный год", "Период", "Параллели", "Начало", "Конец"],
        ["2026/2027", "1 полугодие", "9", "01.09.2026", "30.12.2026"],
    ]
    loaded = load({"Периоды": period})
    assert any("У 9-х классов в эти дни уже есть период" in one for one in loaded.errors)


def test_days_of_a_closed_period_do_not_change(load: Load) -> None:
    load(small_school())
    GradingPeriod.objects.filter(name="1 четверть").update(closed_at=dt.datetime(2026, 10, 13, tzinfo=dt.UTC))
    sheets = small_school()
    sheets["Периоды"][2][4] = "24.10.2026"
    loaded = load(sheets)
    assert any("уже закрыт" in one and "строка 3" in one for one in loaded.errors)


def test_other_bells_move_the_lesson(load: Load) -> None:
    load(small_school())
    loaded = load({"Звонки": [["Урок", "Начало", "Конец"], ["1", "08:35", "09:20"]]})
    assert loaded.changes == {"bells": (0, 1)}
    assert Bell.objects.get(number=1).starts_at == dt.time(8, 35)


def test_empty_cells_erase_nothing(load: Load) -> None:
    load(small_school())
    load({"Сотрудники": [["ФИО", "Телефон"], ["Петрова Анна Сергеевна", ""]]})
    anna = Staff.objects.get(last_name="Петрова")
    assert (anna.post, anna.user.phone) == ("учитель математики", "+79160000001")


def test_contacts_of_somebody_who_has_signed_in_are_theirs(load: Load) -> None:
    load(small_school())
    User.objects.filter(last_name="Петрова", first_name="Анна").update(
        last_login=dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    )
    load({"Сотрудники": [["ФИО", "Телефон"], ["Петрова Анна Сергеевна", "+79169999999"]]})
    assert Staff.objects.get(last_name="Петрова").user.phone == "+79160000001"


def test_subject_stays_without_marks_unless_the_file_says(load: Load) -> None:
    load({**small_school(), "Предметы": [["Предмет", "Отметки"], ["Алгебра", "да"], ["Английский язык", "нет"]]})
    assert Subject.objects.get(name="Английский язык").is_markless
    assert load(small_school()).changes == {}


def test_second_teacher_is_told(load: Load) -> None:
    sheets = small_school()
    sheets["Курсы"][1][3] = "Петрова А.С.; Орлова В.И."
    loaded = load(sheets)
    assert any("Не записаны: Орлова В. И." in one for one in loaded.notes)


def test_member_who_gets_a_course_later_gets_the_journal_too(load: Load, school: School) -> None:
    load({**small_school(), "Сотрудники": [*small_school()["Сотрудники"], ["Кот Олег", "завуч", ""]]})
    cat = Staff.objects.get(last_name="Кот").user
    load({"Курсы": [["Класс", "Предмет", "Учитель"], ["7Б", "Алгебра", "Кот Олег"]]})
    assert RoleGrant.objects.filter(user=cat, school=school, role=Role.TEACHER).exists()


def test_another_teacher_replaces_the_first(load: Load) -> None:
    load(small_school())
    sheets = small_school()
    sheets["Курсы"][1][3] = "Орлова В.И."
    assert load(sheets).changes == {"courses": (0, 1)}


def test_class_without_any_year_is_refused(load: Load) -> None:
    loaded = load({"Классы": [["Класс"], ["7А"]]})
    assert any("Заполните лист «Периоды»" in one for one in loaded.errors)


def test_code_of_a_class_cannot_be_a_subgroups_too(load: Load) -> None:
    sheets: Any = small_school()
    sheets["Классы"] = [["Код", "Класс"], ["1", "7А"], ["2", "7Б"]]
    sheets["Подгруппы"] = [["Код", "Подгруппа", "Деление", "Классы"], ["1", "1 группа", "Английский язык", "7А"]]
    sheets["Ученики"] = [row[:6] for row in sheets["Ученики"]]
    del sheets["Курсы"], sheets["Расписание"], sheets["Представители"]
    loaded = load(sheets)
    assert any("Код «1» есть и у класса, и у подгруппы" in one for one in loaded.errors)


def test_schedule_that_was_renamed_is_not_made_twice(load: Load) -> None:
    load(small_school())
    BellSchedule.objects.update(name="Первая смена")
    assert load(small_school()).changes == {}


def test_sign_that_the_database_cannot_keep_falls_out(load: Load) -> None:
    load(small_school())
    rows = [
        ["ФИО", "Должность"],
        *[[f"Кот Олег{chr(1072 + n % 32)} {chr(1072 + n // 32)}", "учитель" * 9] for n in range(700)],
    ]
    rows[-1][1] = "учи\0тель"
    assert load({"Сотрудники": rows}).of("staff").created == 700
    assert Staff.objects.get(post="учитель")


def test_name_of_another_school_is_told(load: Load, school: School) -> None:
    loaded = load({"Школа": [["Название"], ["Лицей № 5"]]})
    assert any("было «МБОУ СОШ № 1», станет «Лицей № 5»" in one for one in loaded.warnings)
    school.refresh_from_db()
    assert school.name == "Лицей № 5"


def test_statements_do_not_grow_with_the_number_of_people(school: School) -> None:
    def statements(count: int) -> int:
        sheets: Any = small_school()
        names = [f"{'абвгдежзик'[n % 10]}{'лмнопрстуф'[n // 10]}" for n in range(count)]
        sheets["Ученики"] += [["Яковлева", name, "", "05.03.2013", "ж", "7А", "1 группа"] for name in names]
        sheets["Представители"] += [
            ["Яковлева", f"Мать{name}", "", "мать", "", f"Яковлева {name}", ""] for name in names
        ]
        sheets["Сотрудники"] += [[f"Кот {name} Львович", "учитель", ""] for name in names]
        with CaptureQueriesContext(connection) as caught:
            loaded = load_into(school, sheets, dry_run=True)
        assert loaded.errors == []
        assert loaded.of("students").created == count + 4
        # which key seals is asked anew every two seconds
        return sum("core_datakey" not in statement["sql"] for statement in caught.captured_queries)

    assert statements(1) == statements(60)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16"])
def test_encodings_of_office_programs_are_understood(school: School, encoding: str) -> None:
    loaded = load_into(school, [Upload("school.zip", as_zip(small_school(), encoding=encoding))])
    assert loaded.of("students").created == 4


def test_one_bad_line_among_thousands_is_named_and_nothing_is_written(load: Load) -> None:
    sheets: Any = small_school()
    sheets["Ученики"] += [["Яковлева", f"И{n}", "", "05.03.2013", "ж", "7А", ""] for n in range(3000)]
    sheets["Ученики"][2000][3] = "31.02.2013"
    loaded = load(sheets)
    assert [one.line for one in loaded.report.problems if one.level == "error"] == [2001]
    assert Student.objects.count() == 0


def test_documents_of_pupils_are_sealed_found_and_changed(load: Load, school: School) -> None:
    def sheets(document: str) -> dict[str, list[list[str]]]:
        return {
            "Ученики": [
                ["Код", "ФИО", "Дата рождения", "Документ", "Класс"],
                ["u1", "Малышев Иван", "14.03.2019", document, "1А"],
                ["u2", "Лисина Ева", "15.03.2019", "", "1А"],
            ],
        }

    load({name: small_school()[name] for name in ("Школа", "Периоды")} | {"Классы": [["Класс"], ["1А"]]})
    assert not load(sheets("Свидетельство IV-АБ 123456")).errors
    load(sheets(""))
    row = StudentDocument.objects.get(school_id=school.id)
    assert (row.student.last_name, row.kind, row.text) == ("Малышев", "birth", "IVАБ123456")
    load(sheets("IV-АБ 123457"))
    load(sheets("45 06 123456"))
    documents = StudentDocument.objects.filter(school_id=school.id).order_by("kind")
    assert [one.shown for one in documents] == ["IV-АБ 123457", "45 06 123456"]
    wrong = load(sheets("№ 99"))
    assert wrong.errors == []
    assert sum("Документ не похож" in one for one in wrong.warnings) == 1
    assert "99" not in str(wrong.report.as_json()), "the report is kept: it repeats no document"
