"""Pages of the office through a browser: who may enter, what they show, what they refuse."""

from __future__ import annotations

import datetime as dt
import html
import uuid
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from diary.desks.office.tests.files import new_class, upload
from diary.foundation.access.actor import Role
from diary.foundation.audit.models import AuditEvent
from diary.foundation.jobs.models import Task
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.guarding.journal import Visit
from diary.people.door.signing_in.password import check_password
from diary.people.roster.models import Enrollment, ImportRun, Student
from diary.people.schools.models import School
from tests.people import NOW, Cast

ClientOf = Callable[[str], Client]

ADMINISTRATORS_ONLY = ("/office/", "/office/import/", "/office/import/template/xlsx/")
AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL", "BEGIN", "COMMIT")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([one for one in captured.captured_queries if not one["sql"].startswith(AROUND)])


def made_run(cast: Cast, **values: object) -> ImportRun:
    """A run that has been checked clean, unless `values` say otherwise."""
    check = Task.objects.create(school=cast.school, user_id=1, kind="check", title="Проверка", state=Task.State.DONE)
    given = {
        "report": {"counts": {"error": 0, "warning": 0, "note": 0}, "problems": [], "rest": 0},
        "plan": {"counts": {"students": {"created": 3, "changed": 0, "unchanged": 1, "skipped": 0}}, "accounts": 6},
    }
    return ImportRun.objects.create(
        school=cast.school,
        user=cast.users["gleb"],
        file_names=["school.xlsx"],
        files=b"",
        check_task=check,
        **(given | values),
    )


@pytest.mark.parametrize("address", ADMINISTRATORS_ONLY)
@pytest.mark.parametrize("login", ["masha", "olga", "anna", "zoya", "tikhon", "lena"])
def test_others_than_administrators_are_refused(client_of: ClientOf, login: str, address: str) -> None:
    text(client_of(login), address, 403)


def test_methodist_sees_people_and_classes(client_of: ClientOf, cast: Cast) -> None:
    zoya = client_of("zoya")
    assert "Ёлкин Пётр" in text(zoya, "/office/people/")
    page = text(zoya, f"/office/classes/{cast.class_7a.id}/")
    assert "Иванова Ольга Сергеевна" in page
    assert "Первые пароли" not in page


def test_administrator_of_another_school_sees_nothing_of_ours(client_of: ClientOf, cast: Cast) -> None:
    stranger = client_of("chuzhoy_admin")
    assert "Соколова" not in text(stranger, "/office/people/")
    run = made_run(cast)
    for address in (f"classes/{cast.class_7a.id}/", f"import/{run.id}/", f"import/{run.id}/report.csv"):
        text(stranger, f"/office/{address}", 404)
    for address in (f"classes/{cast.class_7a.id}/passwords/", f"import/{run.id}/load/", f"import/{run.id}/stop/"):
        assert stranger.post(f"/office/{address}").status_code == 404
    text(stranger, f"/office/?school={cast.school.id}", 404)
    answer = stranger.post("/office/import/", {"uploaded": [upload(new_class())], "school": cast.school.id})
    assert answer.status_code == 404


def test_overview_counts_the_school(client_of: ClientOf, cast: Cast) -> None:
    page = text(client_of("gleb"), "/office/")
    assert "<dd>4</dd>" in page, "pupils"
    assert "<dd>5</dd>" in page, "staff and courses"
    assert "<dd>3</dd>" in page, "guardians"
    assert "Лебедева В. Н." in page


def test_overview_shows_the_classes_of_the_present_year(client_of: ClientOf, cast: Cast) -> None:
    cast.class_7b.name = "9Ю"
    cast.class_7b.save(update_fields=["name"])
    assert "9Ю" in text(client_of("gleb"), "/office/")


def test_school_without_classes_says_what_to_do(client_of: ClientOf, cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.users["gleb"], school=cast.other_school, role=Role.ADMINISTRATOR)
    Enrollment.objects.filter(school=cast.other_school).delete()
    empty = School.objects.create(name="Новая", short_name="Новая", timezone="Europe/Moscow", external_id="new")
    RoleGrant.objects.create(user=cast.users["gleb"], school=empty, role=Role.ADMINISTRATOR)
    page = text(client_of("gleb"), f"/office/?school={empty.id}")
    assert "Классов пока нет" in page
    assert "Школа № 2" in page, "and the way to the other schools"


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=елкин", "Ёлкин Пётр", "Соколова"),
        ("q=мария+иван", "Иванова Мария", "Ёлкин"),
        ("q=olga", "Иванова Ольга Сергеевна", "Соколова"),
        ("who=staff", "Соколова Анна", "Ёлкин"),
        ("who=guardian", "Иванова Ольга Сергеевна", "Соколова"),
        ("who=student", "Малышев Иван", "Соколова"),
        ("who=wizard", "Соколова Анна", "никого"),
    ],
)
def test_people_are_found_by_name_login_and_role(client_of: ClientOf, query: str, found: str, missing: str) -> None:
    page = text(client_of("gleb"), f"/office/people/?{query}")
    assert found in page
    assert missing not in page


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "\0", "zzz", "%25"])
def test_signs_of_search_patterns_are_only_signs(client_of: ClientOf, words: str) -> None:
    answer = client_of("gleb").get("/office/people/", {"q": words})
    assert answer.status_code == 200
    has_everybody = "Соколова Анна" in answer.content.decode()
    assert has_everybody is (words == "\0"), words


def test_people_stand_in_pages_of_fifty(client_of: ClientOf, cast: Cast) -> None:
    Student.objects.bulk_create(
        Student(school=cast.school, last_name="Яя", first_name=f"Имя{n:03}", external_id=f"n{n}") for n in range(60)
    )
    gleb = client_of("gleb")
    first, second = text(gleb, "/office/people/"), text(gleb, "/office/people/?page=2")
    assert "Страница 1 из 2" in first
    assert "Яя Имя059" not in first
    assert "Яя Имя059" in second
    assert "Никого не нашлось" in text(gleb, "/office/people/?page=9")


def test_children_of_other_schools_are_not_shown(client_of: ClientOf, cast: Cast) -> None:
    page = text(client_of("gleb"), "/office/people/?q=ольга")
    assert "Иванова Мария" in page
    assert "Дальняя" not in page


def test_pupils_of_a_class_stand_by_name_with_subgroups(client_of: ClientOf, cast: Cast) -> None:
    page = text(client_of("gleb"), f"/office/classes/{cast.class_7a.id}/")
    assert page.index("Ёлкин Пётр") < page.index("Иванова Мария")
    assert "англ. 1" in page


def test_subgroup_has_no_page_of_a_class(client_of: ClientOf, cast: Cast) -> None:
    text(client_of("gleb"), f"/office/classes/{cast.english_group.id}/", 404)


@pytest.mark.parametrize("login", ["anna", "masha", "lena"])
def test_only_the_office_puts_lessons_on_dates(client_of: ClientOf, login: str) -> None:
    assert client_of(login).post("/office/lessons/").status_code == 403


def test_school_without_a_timetable_is_told_what_to_load(client_of: ClientOf) -> None:
    page = text(client_of("chuzhoy_admin"), "/office/lessons/")
    assert "Недельного расписания пока нет" in page
    text(client_of("chuzhoy_admin"), "/office/lessons/progress/", 404)


@pytest.mark.parametrize(
    "address", ["/office/", "/office/people/", "/office/import/", "/office/lessons/", "class", "run"]
)
def test_statements_are_few_and_do_not_grow(client_of: ClientOf, cast: Cast, address: str) -> None:
    run = made_run(cast)
    address = {"class": f"/office/classes/{cast.class_7a.id}/", "run": f"/office/import/{run.id}/"}.get(
        address, address
    )
    gleb = client_of("gleb")
    before = statements(gleb, address)
    for n in range(20):
        pupil = Student.objects.create(school=cast.school, last_name="Яя", first_name=f"И{n}", external_id=f"n{n}")
        Enrollment.objects.create(school=cast.school, student=pupil, group=cast.class_7a, starts_on=dt.date(2026, 9, 1))
        made_run(cast)
    assert statements(gleb, address) == before <= 8


def without_passwords(cast: Cast, *logins: str) -> None:
    User.objects.filter(login__in=logins).update(password="!never")


def test_first_passwords_are_shown_once_and_work(client_of: ClientOf, cast: Cast) -> None:
    without_passwords(cast, "petya")
    gleb = client_of("gleb")
    answer = gleb.post(f"/office/classes/{cast.class_7a.id}/passwords/", {"who": "students"})
    page = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "petya" in page
    assert "masha" not in page, "she has a password of her own"
    password = page.split("<dd>petya</dd>")[1].split("<dd>")[1].split("</dd>")[0]
    assert check_password("petya", html.unescape(password), Visit()).user == cast.users["petya"]
    again = gleb.post(f"/office/classes/{cast.class_7a.id}/passwords/", {"who": "students"}).content.decode()
    assert "Выдавать некому" in again
    event = AuditEvent.objects.filter(action="roster.issue_student_passwords").earliest("id")
    assert event.details == {"logins": ["petya"]}
    assert password not in str(event.details)


def test_guardians_and_staff_get_theirs(client_of: ClientOf, cast: Cast) -> None:
    without_passwords(cast, "olga", "pavel", "igor", "anna")
    gleb = client_of("gleb")
    page = gleb.post(f"/office/classes/{cast.class_7a.id}/passwords/", {"who": "guardians"}).content.decode()
    assert "olga" in page
    assert "pavel" in page
    assert "igor" not in page, "his child is in 7Б"
    assert "Соколова Анна Петровна" in gleb.post("/office/people/passwords/").content.decode()


@pytest.mark.parametrize("login", ["zoya", "anna", "tikhon"])
def test_only_administrators_hand_out_passwords(client_of: ClientOf, cast: Cast, login: str) -> None:
    without_passwords(cast, "petya")
    client = client_of(login)
    assert client.post(f"/office/classes/{cast.class_7a.id}/passwords/").status_code == 403
    assert client.post("/office/people/passwords/").status_code == 403
    assert User.objects.get(login="petya").password == "!never"


def test_templates_open_in_a_spreadsheet_and_as_csv(client_of: ClientOf) -> None:
    gleb = client_of("gleb")
    book = load_workbook(BytesIO(gleb.get("/office/import/template/xlsx/").getvalue()))
    assert "Ученики" in book.sheetnames
    archive = zipfile.ZipFile(BytesIO(gleb.get("/office/import/template/csv/").getvalue()))
    assert any("Ученики" in name for name in archive.namelist())
    text(gleb, "/office/import/template/exe/", 404)


def test_upload_keeps_the_files_and_queues_their_check(client_of: ClientOf, cast: Cast) -> None:
    answer = client_of("gleb").post(
        "/office/import/", {"uploaded": [upload(new_class()), upload(new_class(), "ещё.zip")]}
    )
    run = ImportRun.objects.select_related("check_task").get()
    assert answer["Location"] == f"/office/import/{run.id}/"
    assert run.file_names == ["school.zip", "ещё.zip"]
    assert run.check_task.state == Task.State.WAITING
    job = ProcrastinateJob.objects.get(task_name="office.check_import")
    assert job.args["run_id"] == str(run.id)
    assert "password" not in job.args


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Файл не выбран"),
        ([SimpleUploadedFile("a.docx", b"PK")], "«a.docx» – не таблица"),
        (
            [
                SimpleUploadedFile("a.csv", b"1" * (12 * 1024 * 1024)),
                SimpleUploadedFile("b.csv", b"1" * (9 * 1024 * 1024)),
            ],
            "больше 20 МБ",
        ),
    ],
)
def test_files_that_cannot_be_taken_are_refused_with_a_word(
    client_of: ClientOf, cast: Cast, files: list[SimpleUploadedFile], sentence: str
) -> None:
    answer = client_of("gleb").post("/office/import/", {"uploaded": files})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_checked_files_wait_for_the_button(client_of: ClientOf, cast: Cast) -> None:
    run = made_run(cast)
    gleb = client_of("gleb")
    assert "Загрузить" in text(gleb, f"/office/import/{run.id}/")
    assert gleb.post(f"/office/import/{run.id}/load/").status_code == 302
    run.refresh_from_db()
    assert run.load_task.title == "Загрузка школы"
    assert ProcrastinateJob.objects.filter(task_name="office.load_import").count() == 1
    assert gleb.post(f"/office/import/{run.id}/load/").status_code == 409


def test_unchecked_files_cannot_be_loaded(client_of: ClientOf, cast: Cast) -> None:
    run = made_run(cast, report=None, plan=None)
    assert client_of("gleb").post(f"/office/import/{run.id}/load/").status_code == 409
    text(client_of("gleb"), f"/office/import/{run.id}/report.csv", 404)


def test_report_is_filtered_and_safe_for_spreadsheets(client_of: ClientOf, cast: Cast) -> None:
    def problem(level: str, what: str) -> dict[str, object]:
        return {"level": level, "what": what, "fix": "", "file": "a.csv", "line": 2, "column": "", "cell": ""}

    problems = [problem("error", "=HYPERLINK(1)"), problem("warning", "<b>жирное</b>")]
    report = {"counts": {"error": 1, "warning": 1, "note": 0}, "problems": problems, "rest": 0}
    run = made_run(cast, report=report)
    gleb = client_of("gleb")
    page = text(gleb, f"/office/import/{run.id}/?level=warning")
    assert "&lt;b&gt;жирное" in page
    assert "HYPERLINK" not in page
    assert "'=HYPERLINK(1)" in gleb.get(f"/office/import/{run.id}/report.csv").getvalue().decode()


def test_stalled_run_is_told(client_of: ClientOf, cast: Cast) -> None:
    silent = Task.objects.create(
        school=cast.school,
        user_id=1,
        kind="load",
        title="Загрузка",
        state=Task.State.RUNNING,
        beat_at=NOW - dt.timedelta(minutes=6),
    )
    run = made_run(cast, load_task=silent)
    assert "Прервано" in text(client_of("gleb"), f"/office/import/{run.id}/")


def test_failed_check_says_why(client_of: ClientOf, cast: Cast) -> None:
    run = made_run(cast, report=None, plan=None)
    Task.objects.filter(id=run.check_task_id).update(state=Task.State.FAILED, message="Сломалось <i>вот так</i>.")
    assert "Сломалось &lt;i&gt;вот так&lt;/i&gt;." in text(client_of("gleb"), f"/office/import/{run.id}/")


def test_run_that_is_not_there_is_not_found(client_of: ClientOf) -> None:
    text(client_of("gleb"), f"/office/import/{uuid.uuid4()}/", 404)


@pytest.mark.parametrize(("login", "entries"), [("gleb", ["Школа", "Люди"]), ("zoya", ["Люди"]), ("anna", [])])
def test_menu_leads_to_the_office(client_of: ClientOf, login: str, entries: list[str]) -> None:
    page = text(client_of(login), "/journal/")
    shown = [one for one in ("Школа", "Люди") if f'<span class="menu-label">{one}</span>' in page]
    assert shown == entries
