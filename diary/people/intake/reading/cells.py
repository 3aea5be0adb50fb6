"""One row under the eyes of a reader: gives values by field and reports each bad cell at its own place."""

from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

from django.utils.translation import gettext as _

from diary.foundation.tables.report import Report
from diary.foundation.tables.tables import Row, Table
from diary.people.intake.reading.values import (
    BadValueError,
    parse_date,
    parse_email,
    parse_integer,
    parse_name,
    parse_phone,
    parse_time,
    split_list,
)
from diary.people.roster.rules.logins import is_login
from diary.people.roster.rules.names import PersonName

T = TypeVar("T")

_LONGEST = 255


class Cells:
    """Values of one row; an empty or bad cell gives None or "", so that the row's other cells are still checked."""

    def __init__(self, table: Table, row: Row, report: Report) -> None:
        self.row, self.report = row, report
        self.place = table.place(row.line)

    def text(self, field: str) -> str:
        text = self.row.text(field)
        if text.startswith("#") and text.endswith(("!", "?", "/A", "/Д")):
            self.bad(field, _("В ячейке ошибка формулы: %(text)s.") % {"text": text}, _("Впишите значение."))
            return ""
        if len(text) > _LONGEST:
            self.bad(field, _("Слишком длинное значение (больше 255 знаков)."), _("Сократите его."))
            return text[:_LONGEST]
        return text

    def required(self, field: str) -> str:
        text = self.text(field)
        if not text:
            self.bad(field, _("Пустая ячейка, а значение обязательно."), _("Впишите значение или удалите строку."))
        return text

    def value(self, field: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(field)
        return self.parsed(field, text, parse) if text else None

    def needed(self, field: str, parse: Callable[[str], T]) -> T | None:
        return self.value(field, parse) if self.required(field) else None

    def parsed(self, field: str, text: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(text)
        except BadValueError as bad:
            self.bad(field, bad.what, bad.fix)
            return None

    def optional(self, field: str, parse: Callable[[str], T]) -> T | None:
        """A value that the row does well without: a bad one is left out, with a line in the report (F11)."""
        text = self.text(field)
        try:
            return parse(text) if text else None
        except BadValueError as bad:
            self.report.warning(_("%(what)s Это значение пропущено.") % {"what": bad.what}, bad.fix, self.place, field)
            return None

    def code(self) -> str:
        """«Код»; without one the login of another system, which is as lasting."""
        login = self.text("login")
        return self.text("code") or ("" if is_login(login) else login)

    def bad(self, field: str, what: str, fix: str) -> None:
        self.report.error(what, fix, self.place, field)

    def items(self, field: str) -> tuple[str, ...]:
        return split_list(self.row.raw(field))

    def date(self, field: str) -> date | None:
        return self.value(field, parse_date)

    def time(self, field: str) -> time | None:
        return self.needed(field, parse_time)

    def integer(self, field: str, least: int, most: int) -> int | None:
        return self.value(field, lambda text: parse_integer(text, least, most))

    def needed_integer(self, field: str, least: int, most: int) -> int | None:
        return self.needed(field, lambda text: parse_integer(text, least, most))

    def phone(self) -> str:
        return self.optional("phone", parse_phone) or ""

    def email(self) -> str:
        return self.optional("email", parse_email) or ""

    def name(self) -> PersonName:
        """From «Фамилия», «Имя», «Отчество», or from «ФИО» when these are empty."""
        last, first = self.text("last_name"), self.text("first_name")
        if full := "" if last or first else self.text("full_name"):
            return self.parsed("full_name", full, parse_name) or PersonName(full, "")
        for field, part in (("last_name", last), ("first_name", first)):
            if not part:
                self.required(field)
        return PersonName(*(part.strip(" ,;") for part in (last, first, self.text("middle_name"))))
