"""Every way in which signing in through ESIA can fail, as a sentence: what happened, why, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from diary.foundation.core.errors import Refusal

AGAIN = _t("Начните вход заново.")
LATER = _t("Попробуйте через несколько минут или войдите по логину и паролю.")
OURS = _t("Это ошибка настройки дневника. Сообщите код в поддержку, а сейчас войдите по логину и паролю.")
CONSENT = _t("Согласие на передачу данных настроено неверно. Сообщите код в поддержку и войдите по логину и паролю.")

DENIED = "ESIA-007004"
UNCONFIRMED = "ESIA-007055"


@dataclass(frozen=True)
class Meaning:
    """What an error is to the person: the status of the page, why it happened, what to do."""

    status: int
    why: str | Promise
    advice: str | Promise


MEANINGS: dict[str, Meaning] = {
    "ESIA-005013": Meaning(504, _t("разрешение на чтение данных истекло"), AGAIN),
    "ESIA-007002": Meaning(502, _t("Госуслуги не признали сертификат дневника"), OURS),
    "ESIA-007003": Meaning(502, _t("Госуслуги не разобрали запрос дневника"), OURS),
    DENIED: Meaning(
        403,
        _t("вы не разрешили передать данные дневнику"),
        _t("Если нажали «Запретить» случайно, начните вход заново. Можно войти и по логину и паролю."),
    ),
    "ESIA-007005": Meaning(502, _t("дневнику не разрешён такой способ входа"), OURS),
    "ESIA-007006": Meaning(502, _t("дневник запросил данные, на которые у него нет прав"), OURS),
    "ESIA-007007": Meaning(502, _t("на Госуслугах произошла ошибка"), LATER),
    "ESIA-007008": Meaning(503, _t("Госуслуги перегружены или на них идут работы"), LATER),
    "ESIA-007009": Meaning(502, _t("Госуслуги не поддерживают такой способ входа"), OURS),
    "ESIA-007011": Meaning(409, _t("ссылка возврата с Госуслуг устарела или уже использована"), AGAIN),
    "ESIA-007012": Meaning(502, _t("Госуслуги не приняли вид кода"), OURS),
    "ESIA-007013": Meaning(502, _t("дневник не указал, какие данные запрашивает"), OURS),
    "ESIA-007014": Meaning(502, _t("в запросе дневника не хватает параметра"), OURS),
    "ESIA-007015": Meaning(502, _t("часы сервера дневника расходятся с часами Госуслуг"), OURS),
    "ESIA-007019": Meaning(
        403, _t("на Госуслугах нет вашего разрешения на доступ"), _t("Начните вход заново и нажмите «Разрешить».")
    ),
    "ESIA-007023": Meaning(502, _t("адрес дневника не внесён в список разрешённых на Госуслугах"), OURS),
    "ESIA-007038": Meaning(502, _t("Госуслуги не прочитали параметры запроса"), OURS),
    "ESIA-007039": Meaning(502, _t("в начале входа не была передана проверка кода"), OURS),
    "ESIA-007040": Meaning(409, _t("проверка кода входа не сошлась"), AGAIN),
    "ESIA-007046": Meaning(
        403,
        _t("на Госуслугах у вас не настроено подтверждение входа вторым способом"),
        _t("Включите его на Госуслугах в разделе «Безопасность» или войдите по логину и паролю."),
    ),
    "ESIA-007053": Meaning(502, _t("Госуслуги не приняли подпись дневника"), OURS),
    UNCONFIRMED: Meaning(
        403,
        _t("ваша учётная запись на Госуслугах не подтверждена"),
        _t("Подтвердите её в приложении банка или в центре обслуживания, а пока войдите по логину и паролю."),
    ),
    "ESIA-007060": Meaning(502, _t("в запросе дневника неверно указаны роли"), OURS),
    "ESIA-007061": Meaning(502, _t("в запросе дневника неверно указан вид пользователя"), OURS),
    "ESIA-007062": Meaning(
        403,
        _t("вход выполнен не от имени физического лица"),
        _t("Выберите на Госуслугах вход как частное лицо и попробуйте снова."),
    ),
    "ESIA-007194": Meaning(403, _t("запрошены данные организации, в которой вы не работаете"), OURS),
    "ESIA-008010": Meaning(502, _t("Госуслуги не узнали дневник"), OURS),
    "ESIA-036700": Meaning(502, _t("не указан вид согласия"), CONSENT),
    "ESIA-036701": Meaning(502, _t("такого вида согласия на Госуслугах нет"), CONSENT),
    "ESIA-036702": Meaning(502, _t("в согласии не хватает обязательных данных"), CONSENT),
    "ESIA-036703": Meaning(502, _t("запрошено больше данных, чем допускает согласие"), CONSENT),
    "ESIA-036704": Meaning(502, _t("для этого согласия нельзя указывать состав данных"), CONSENT),
    "ESIA-036705": Meaning(502, _t("в согласии не указаны действия с данными"), CONSENT),
    "ESIA-036706": Meaning(502, _t("в согласии указано неизвестное действие"), CONSENT),
    "ESIA-036707": Meaning(502, _t("в согласии не указана цель"), CONSENT),
    "ESIA-036716": Meaning(502, _t("в согласии неверно указан срок"), CONSENT),
    "ESIA-036726": Meaning(502, _t("в согласии указана неизвестная цель"), CONSENT),
    "ESIA-036727": Meaning(502, _t("в согласии должна быть одна цель"), CONSENT),
    # our own findings, beside ESIA's codes
    "no-answer": Meaning(504, _t("Госуслуги не ответили вовремя"), LATER),
    "bad-token": Meaning(502, _t("подпись Госуслуг не прошла проверку"), OURS),
    "bad-person": Meaning(502, _t("Госуслуги прислали неполные сведения о вас"), LATER),
    "no-account": Meaning(403, _t("учётная запись на Госуслугах удалена или не активна"), LATER),
}
UNKNOWN = Meaning(502, _t("Госуслуги сообщили об ошибке"), LATER)
CODE = re.compile(r"ESIA-\d{6}\b", re.ASCII)
OAUTH_WORD = re.compile(r"[a-z_]{1,40}")


class EsiaRefusal(Refusal):
    """Signing in through ESIA did not work. `code` is ESIA's, or one of our own words of the table."""

    def __init__(self, code: str) -> None:
        meaning = MEANINGS.get(code, UNKNOWN)
        self.code = code
        self.status = meaning.status
        words = {"why": meaning.why, "code": code, "advice": meaning.advice}
        super().__init__(_("Войти через Госуслуги не получилось: %(why)s (%(code)s). %(advice)s") % words)


def refusal_of(error: str, description: str) -> EsiaRefusal:
    """What ESIA said in `error` and `error_description`; without a code of ESIA the OAuth word stands for it.

    Both may come through the browser: nothing else of them is shown.
    """
    found = CODE.search(description) or OAUTH_WORD.fullmatch(error)
    return EsiaRefusal(found[0] if found else "unknown")
