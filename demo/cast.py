"""The fixed cast of the demo: who can sign in by name, and what is worth seeing first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# one password for all invented people: it is a demo, nothing real stands behind it
DEMO_PASSWORD = "Diary-2026!"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name; `gender` is «м» or «ж»."""

    last: str
    first: str
    middle: str
    gender: str

    @property
    def full(self) -> str:
        """«Соколова Анна Петровна»."""
        return f"{self.last} {self.first} {self.middle}"


MASHA = Name("Лебедева", "Мария", "Павловна", "ж")
PETYA = Name("Воробьёв", "Пётр", "Ильич", "м")
OLGA = Name("Лебедева", "Ольга", "Сергеевна", "ж")
PAVEL = Name("Лебедев", "Павел", "Андреевич", "м")
IGOR = Name("Кузнецов", "Игорь", "Алексеевич", "м")
ANNA = Name("Соколова", "Анна", "Петровна", "ж")
BORIS = Name("Громов", "Борис", "Николаевич", "м")
VERA = Name("Ершова", "Вера", "Михайловна", "ж")
ZOYA = Name("Калинина", "Зоя", "Фёдоровна", "ж")
GLEB = Name("Тарасов", "Глеб", "Викторович", "м")
TIKHON = Name("Щукин", "Тихон", "Егорович", "м")
LENA = Name("Белова", "Елена", "Дмитриевна", "ж")
CHUZHOY = Name("Рощин", "Степан", "Аркадьевич", "м")
CHUZHOY_ADMIN = Name("Орлова", "Инна", "Васильевна", "ж")
DASHA = Name("Кузнецова", "Дарья", "Игоревна", "ж")  # Игорь's daughter in 5Б
TIMOFEY = Name("Лебедев", "Тимофей", "Павлович", "м")  # Ольга's son in school № 2
MATVEY = Name("Соколов", "Матвей", "Денисович", "м")  # Анна's son in school № 2
# fixed: who tries «Добавить ребёнка» has to know them, and so does the portal's double (demo_personas.json)
BORN_ON = {
    MASHA: dt.date(2013, 3, 14),
    PETYA: dt.date(2013, 4, 18),
    DASHA: dt.date(2015, 5, 21),
    TIMOFEY: dt.date(2015, 1, 30),
    MATVEY: dt.date(2015, 10, 9),
}
CAST_PUPILS = (MASHA, PETYA, DASHA, TIMOFEY, MATVEY)

CAST_LOGINS = {
    "masha": MASHA,
    "petya": PETYA,
    "olga": OLGA,
    "pavel": PAVEL,
    "igor": IGOR,
    "anna": ANNA,
    "boris": BORIS,
    "vera": VERA,
    "zoya": ZOYA,
    "gleb": GLEB,
    "tikhon": TIKHON,
    "lena": LENA,
    "chuzhoy": CHUZHOY,
    "chuzhoy_admin": CHUZHOY_ADMIN,
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A line of the table of demo people."""

    role: StrPromise
    name: str
    login: str
    password: str
    look_at: StrPromise


def demo_people() -> list[DemoPerson]:
    """The cast in the order in which a newcomer should try it."""
    lines = [
        (_("Учитель алгебры и геометрии 7А"), "anna", _("Журнал 7А: поставьте отметку и смотрите её у Ольги")),
        (_("Мама Маши и ученика школы № 2"), "olga", _("Дневник Маши: новые отметки светятся; переключите ребёнка")),
        (_("Ученица 7А"), "masha", _("Мой день: уроки, домашние задания, отметки")),
        (_("Классный руководитель 7А"), "vera", _("Все журналы 7А и посещаемость класса")),
        (
            _("Завуч (методист)"),
            "zoya",
            _("Журналы всех классов с историей отметок, расписание"),
        ),
        (_("Администратор школы"), "gleb", _("Люди, классы, импорт из таблиц; «Доступ»: заявки родителей")),
        (_("Папа Маши"), "pavel", _("Тот же дневник Маши, свои непрочитанные отметки")),
        (_("Ученик 7А"), "petya", _("Свой дневник; страница Маши для него закрыта")),
        (
            _("Отец ученицы 5Б"),
            "igor",
            _(
                "Видит только свою дочь. «Семейные пользователи»: QR для её телефона;"
                " ещё один ребёнок по данным из README"
            ),
        ),
        (_("Учитель математики других классов"), "boris", _("Свои журналы; журнала 7А у него нет")),
        (_("Офицер безопасности"), "tikhon", _("Расписание школы; дневники и журналы для него закрыты")),
        (_("Поддержка"), "lena", _("Расписание школы; отметок не видит")),
        (_("Учитель школы № 2"), "chuzhoy", _("Другая школа: школы № 1 для него не существует")),
        (_("Администратор школы № 2"), "chuzhoy_admin", _("Другая школа глазами администратора")),
    ]
    return [DemoPerson(role, CAST_LOGINS[login].full, login, DEMO_PASSWORD, look) for role, login, look in lines]
