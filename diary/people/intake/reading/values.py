"""What people write in cells → values: dates, times, parallels, telephones; otherwise BadValueError with advice."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain, tidy
from diary.people.intake.records import Gender, Marking, PeriodKind, StaffRole, Week
from diary.people.roster.rules.class_names import MAX_PARALLEL
from diary.people.roster.rules.documents import Document, WrongDocument, read_in_one
from diary.people.roster.rules.names import PersonName

MAX_GRADE = MAX_PARALLEL
_T = TypeVar("_T")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 80_000)  # 1927 … 2119
_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:\s*г\.?)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ].*)?")
_IN_WORDS = re.compile(r"(\d{1,2})\s+([а-яё]+)\s+(\d{4})(?:\s*г(?:ода|\.)?)?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.\-](\d{2})(?::\d{2})?")
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"().]+(\.[^\s@,;<>\"().]+)+")
_RANGE = re.compile(r"(\d{1,2})\s*(?:[-–—]|по)\s*(\d{1,2})")
_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_WEEKDAY_STARTS = ("пон", "вто", "сре", "чет", "пят", "суб", "вос")

_GENDERS = {"м": Gender.MALE, "муж": Gender.MALE, "мужской": Gender.MALE, "male": Gender.MALE, "m": Gender.MALE,
            "ж": Gender.FEMALE, "жен": Gender.FEMALE, "женский": Gender.FEMALE, "female": Gender.FEMALE,
            "f": Gender.FEMALE, "мальчик": Gender.MALE, "девочка": Gender.FEMALE}  # fmt: skip
_MARKINGS = {"": Marking.FIGURES, "да": Marking.FIGURES, "отметки": Marking.FIGURES, "пятибалльная": Marking.FIGURES,
             "5балльная": Marking.FIGURES, "зачет": Marking.CREDIT, "зачетнезачет": Marking.CREDIT,
             "нет": Marking.NONE, "безотметок": Marking.NONE, "безотметочное": Marking.NONE}  # fmt: skip
_WEEKS = {"": Week.EVERY, "каждая": Week.EVERY, "все": Week.EVERY, "обе": Week.EVERY, "нечетная": Week.ODD,
          "1": Week.ODD, "четная": Week.EVEN, "2": Week.EVEN}  # fmt: skip
_PERIOD_KINDS = {"четверт": PeriodKind.QUARTER, "триместр": PeriodKind.TRIMESTER, "полугоди": PeriodKind.HALF_YEAR,
                 "модул": PeriodKind.MODULE, "учебныйгод": PeriodKind.YEAR}  # fmt: skip
_ROLES = {"директор": StaffRole.PRINCIPAL, "заместительдиректора": StaffRole.DEPUTY, "замдиректора": StaffRole.DEPUTY,
          "завуч": StaffRole.DEPUTY, "замповр": StaffRole.DEPUTY, "методист": StaffRole.METHODIST,
          "учитель": StaffRole.TEACHER, "преподаватель": StaffRole.TEACHER, "классныйруководитель": StaffRole.TEACHER,
          "секретарь": StaffRole.SECRETARY, "делопроизводитель": StaffRole.SECRETARY,
          "психолог": StaffRole.PSYCHOLOGIST, "педагогпсихолог": StaffRole.PSYCHOLOGIST,
          "социальныйпедагог": StaffRole.PSYCHOLOGIST, "соцпедагог": StaffRole.PSYCHOLOGIST,
          "администратор": StaffRole.ADMINISTRATOR, "администраторис": StaffRole.ADMINISTRATOR,
          "офицербезопасности": StaffRole.SECURITY, "безопасность": StaffRole.SECURITY,
          "поддержка": StaffRole.SUPPORT}  # fmt: skip


class BadValueError(ValueError):
    """A cell that cannot be understood: what is wrong and what to write instead."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> date:
    """01.09.2026, 2026-09-01 (with or without a time), «1 сентября 2026 г.» or Excel's day number."""
    try:
        if text.isdecimal() and int(text) in _EXCEL_DAYS:
            return _EXCEL_EPOCH + timedelta(days=int(text))
        if match := _YEAR_FIRST.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.fullmatch(text):
            return date(_full_year(match[3]), int(match[2]), int(match[1]))
        if (match := _IN_WORDS.fullmatch(text)) and (month := _month(match[2])):
            return date(int(match[3]), month, int(match[1]))
    except ValueError as error:
        raise _bad_date(text) from error
    raise _bad_date(text)


def _bad_date(text: str) -> BadValueError:
    return BadValueError(
        _("«%(text)s» – не дата или такого дня нет.") % {"text": text}, _("Напишите день так: 01.09.2026.")
    )


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year > 50 else 2000)


def _month(word: str) -> int | None:
    known = ((number, start) for number, start in enumerate(_MONTHS, start=1) if word.lower().startswith(start))
    return next((number for number, _start in known), None)


def parse_time(text: str) -> time:
    """8:30, 08.30, 08:30:00 or Excel's part of a day (0.354166)."""
    try:
        if match := _TIME.fullmatch(text):
            return time(int(match[1]), int(match[2]))
        part = float(text.replace(",", "."))
        if 0 < part < 1:
            minutes = round(part * 24 * 60)
            return time(minutes // 60, minutes % 60)
    except ValueError:
        pass
    raise BadValueError(_("«%(text)s» – не время.") % {"text": text}, _("Напишите часы и минуты так: 08:30."))


def parse_integer(text: str, least: int, most: int) -> int:
    digits = text.removesuffix(".0")
    if digits.isascii() and digits.isdecimal() and len(digits) < 10 and least <= int(digits) <= most:
        return int(digits)
    raise BadValueError(
        _("«%(text)s» – не целое число от %(least)s до %(most)s.") % {"text": text, "least": least, "most": most},
        _("Впишите число."),
    )


def parse_hours(text: str) -> Decimal:
    try:
        hours = Decimal(text.replace(",", "."))
    except InvalidOperation:
        hours = Decimal(-1)
    if hours.is_finite() and 0 <= hours <= 40:
        return hours
    raise BadValueError(
        _("«%(text)s» – не число часов в неделю.") % {"text": text}, _("Впишите число от 0 до 40, например 2 или 0,5.")
    )


def parse_grades(text: str) -> tuple[int, ...]:
    """«1-4», «5, 6», «10–11 классы» → parallels; «все» → ()."""
    words = tidy(text).lower()
    if words in ("", "все", "все классы", "1-11", "1–11", "1-12", "1–12"):
        return ()
    found: set[int] = set()
    for part in split_list(re.sub(r"класс\w*|кл\.?", "", words)):
        if match := _RANGE.fullmatch(part):
            found |= set(range(int(match[1]), int(match[2]) + 1))
        elif part.isdecimal():
            found.add(int(part))
        else:
            raise _bad_grades(text)
    if not found or min(found) < 1 or max(found) > MAX_GRADE:
        raise _bad_grades(text)
    return tuple(sorted(found))


def _bad_grades(text: str) -> BadValueError:
    return BadValueError(_("«%(text)s» – не параллели.") % {"text": text}, _("Напишите «1-4», «5, 6, 7» или «все»."))


def parse_weekday(text: str) -> int:
    """«Понедельник», «пн», 1 → 1."""
    word = plain(text)
    if word.isdecimal() and 1 <= int(word) <= 7:
        return int(word)
    if word in _WEEKDAYS:
        return _WEEKDAYS.index(word) + 1
    if word[:3] in _WEEKDAY_STARTS:
        return _WEEKDAY_STARTS.index(word[:3]) + 1
    raise BadValueError(_("«%(text)s» – не день недели.") % {"text": text}, _("Напишите «пн», «вт» и так далее."))


def parse_weekdays(text: str) -> tuple[int, ...]:
    """«пн-пт», «1-5», «пн, ср» → days; «» and «все» → ()."""
    if plain(text) in ("", "все", "ежедневно", "каждый"):
        return ()
    found: set[int] = set()
    for part in split_list(text):
        ends = [parse_weekday(end) for end in re.split(r"\s*[-–—]\s*", part) if end]
        found |= set(range(ends[0], ends[-1] + 1)) if ends else set()
    return tuple(sorted(found))


def parse_phone(text: str) -> str:
    """Ten digits, 8… or +7… → «+79161234567»; a foreign number needs its +."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    has_letters = any(sign.isalpha() for sign in text)
    if not has_letters and digits.isascii():
        if text.startswith("+") and not digits.startswith("7") and 8 <= len(digits) <= 15:
            return f"+{digits}"
        if len(digits) == 11 and digits[0] in "78":
            return f"+7{digits[1:]}"
        if len(digits) == 10 and not text.startswith("+"):
            return f"+7{digits}"
    raise BadValueError(
        _("«%(text)s» – не номер телефона.") % {"text": text},
        _("Напишите 10 цифр или +7 и 10 цифр, один номер в ячейке; если номера нет, оставьте ячейку пустой."),
    )


def parse_email(text: str) -> str:
    if len(text) <= 254 and _EMAIL.fullmatch(text):
        return text.lower()
    raise BadValueError(
        _("«%(text)s» – не адрес электронной почты.") % {"text": text},
        _("Напишите один адрес вида imya@example.ru или оставьте ячейку пустой."),
    )


def parse_gender(text: str) -> Gender:
    return _from_list(_GENDERS, text, _("пол"), _("Напишите «м» или «ж»."))


def parse_document(text: str) -> Document:
    """A pupil's document in one line. What is wrong is said without repeating it: reports are kept."""
    try:
        return read_in_one(text)
    except WrongDocument:
        raise BadValueError(
            _("Документ не похож ни на свидетельство о рождении, ни на паспорт, ни на иностранный документ."),
            _("Напишите, например, «IV-АБ 123456» или «45 06 123456»."),
        ) from None


def parse_marking(text: str) -> Marking:
    return _from_list(_MARKINGS, text, _("вид отметок"), _("Напишите «да», «зачёт» или «нет»."))


def parse_week(text: str) -> Week:
    return _from_list(_WEEKS, text, _("неделя"), _("Напишите «каждая», «нечётная» или «чётная»."))


def _from_list(known: Mapping[str, _T], text: str, name: str, fix: str) -> _T:
    try:
        return known[plain(text)]
    except KeyError:
        what = _("«%(text)s» здесь непонятно (%(name)s).") % {"text": text, "name": name}
        raise BadValueError(what, fix) from None


def parse_period_kind(text: str) -> PeriodKind:
    """The kind named anywhere in the words; «год» alone is the year; OTHER when none is."""
    words = plain(text)
    if words in ("год", "годовая"):
        return PeriodKind.YEAR
    return next((kind for start, kind in _PERIOD_KINDS.items() if start in words), PeriodKind.OTHER)


def parse_roles(text: str) -> tuple[StaffRole, ...]:
    """«учитель; завуч» → roles; «» → teacher."""
    roles = tuple(_role(part) for part in split_list(text))
    return tuple(dict.fromkeys(roles)) or (StaffRole.TEACHER,)


def _role(text: str) -> StaffRole:
    word = plain(text)
    if word in _ROLES:
        return _ROLES[word]
    if word in set(StaffRole):
        return StaffRole(word)
    raise BadValueError(
        _("Роль «%(text)s» неизвестна.") % {"text": text},
        _("Роли перечислены в примечании к столбцу «Роли» шаблона."),
    )


def roles_of_position(position: str) -> tuple[StaffRole, ...]:
    """The role that a post («учитель физики», «зам. директора по УВР») speaks of; a teacher when it speaks of none."""
    word = plain(position)
    found = (role for start, role in sorted(_ROLES.items(), key=lambda item: -len(item[0])) if word.startswith(start))
    return (next(found, StaffRole.TEACHER),)


def parse_name(text: str) -> PersonName:
    """«Фамилия Имя Отчество» in one cell."""
    words = [word for part in tidy(text).split(" ") if (word := part.strip(",;"))]
    if len(words) >= 2:
        return PersonName(words[0], words[1], " ".join(words[2:]))
    raise BadValueError(
        _("«%(text)s» – не полное имя.") % {"text": text}, _("Напишите фамилию, имя и отчество через пробел.")
    )


_YEAR_TITLE = re.compile(r"(\d{4})\s*[/\-–—\\]\s*(\d{2}|\d{4})(?:\s*(?:уч\w*\.?)?\s*г\w*\.?)?", re.IGNORECASE)


def parse_year_title(text: str) -> str:
    """«2026-27 уч. год», «2026/2027» → «2026/2027»."""
    match = _YEAR_TITLE.fullmatch(tidy(text))
    if match and int(match[2]) % 100 == (int(match[1]) + 1) % 100:
        return f"{match[1]}/{int(match[1]) + 1}"
    raise BadValueError(_("«%(text)s» – не учебный год.") % {"text": text}, _("Напишите так: 2026/2027."))


def split_list(text: str) -> tuple[str, ...]:
    """«7А; 7Б» or lines of a cell → its items."""
    return tuple(item for part in re.split(r"[;,\n]", text) if (item := tidy(part)))
