"""Sentences of the family's pages: each broken rule and each outcome has its own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from diary.people.roster.actions import Answer, Outcome
from diary.people.roster.rules.documents import DocumentKind, Part

KINDS = (
    (DocumentKind.BIRTH.value, _lazy("Свидетельство о рождении")),
    (DocumentKind.PASSPORT.value, _lazy("Паспорт РФ")),
    (DocumentKind.FOREIGN.value, _lazy("Иностранный документ")),
)
# kept as words, as an import brings them: the format of the roster is Russian
RELATIONS = (
    ("", _lazy("Выберите")),
    ("мать", _lazy("Мать")),
    ("отец", _lazy("Отец")),
    ("усыновитель", _lazy("Усыновитель")),
    ("опекун", _lazy("Опекун")),
    ("попечитель", _lazy("Попечитель")),
    ("приёмный родитель", _lazy("Приёмный родитель")),
)


def wrong_part(kind: DocumentKind, part: Part) -> str:
    """What this half of this document must look like."""
    sentences = {
        (DocumentKind.PASSPORT, Part.SERIES): _("Серия паспорта – 4 цифры, например 45 06."),
        (DocumentKind.PASSPORT, Part.NUMBER): _("Номер паспорта – 6 цифр, например 123456."),
        (DocumentKind.BIRTH, Part.SERIES): _(
            "Серия свидетельства – римское число и две русские буквы, например IV-АБ."
        ),
        (DocumentKind.BIRTH, Part.NUMBER): _("Номер свидетельства – 6 цифр, например 123456."),
        (DocumentKind.FOREIGN, Part.NUMBER): _(
            "Номер иностранного документа – от 4 до 30 букв и цифр, хотя бы одна цифра."
        ),
    }
    return sentences[kind, part]


def outcome_sentence(answer: Answer, school: str) -> str:
    """How asking ended: what, why, what to do."""
    sentences = {
        Outcome.NOT_FOUND: _(
            "Ребёнок не добавлен: в школе «%(school)s» не нашлось ученика с такими данными. Проверьте фамилию, имя,"
            " дату рождения и документ: вид, серию и номер. Они должны быть такими, как в школе. Если всё верно,"
            " напишите в школу."
        ),
        Outcome.LINKED_BEFORE: _("Этот ребёнок уже добавлен: его дневник вам открыт."),
        Outcome.NO_CONTACT: _(
            "Ребёнок не добавлен: школа «%(school)s» закрыла вам доступ к его дневнику. Обратитесь к администратору"
            " школы."
        ),
        Outcome.WAITS_ALREADY: _("Заявка на этого ребёнка уже ждёт ответа школы «%(school)s». Ещё одна не нужна."),
        Outcome.REFUSED_BEFORE: _(
            "Ребёнок не добавлен: школа «%(school)s» уже ответила отказом. Причина: %(reason)s Обратитесь в школу;"
            " новую заявку можно подать через сутки после отказа."
        ),
        Outcome.WAITS: _("Данные подошли. Заявка ждёт подтверждения школы «%(school)s»."),
        Outcome.LINKED: _("Ребёнок добавлен: его дневник, расписание и уведомления уже открыты."),
    }
    return sentences[answer.outcome] % {"school": school, "reason": _ended(answer.reason)}


def _ended(reason: str) -> str:
    return reason if not reason or reason[-1] in ".!?" else f"{reason}."
