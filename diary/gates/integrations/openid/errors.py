"""Every way in which signing in through a provider of OpenID Connect can fail, as a sentence."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t

from diary.foundation.core.errors import Refusal

AGAIN = _t("Начните вход заново.")
LATER = _t("Попробуйте через несколько минут или войдите по логину и паролю.")
OURS = _t("Это ошибка настройки. Сообщите код в поддержку, а сейчас войдите по логину и паролю.")

# OAuth's and OpenID's words (RFC 6749 4.1.2.1 and 5.2, OpenID Connect Core 3.1.2.6), then our own findings
MEANINGS: dict[str, tuple[int, str | Promise, str | Promise]] = {
    "access_denied": (403, _t("вы не разрешили передать данные дневнику"), AGAIN),
    "login_required": (403, _t("сервис просит войти в него"), AGAIN),
    "interaction_required": (403, _t("сервис просит ответить на его вопросы"), AGAIN),
    "consent_required": (403, _t("сервис просит вашего разрешения"), AGAIN),
    "account_selection_required": (403, _t("сервис просит выбрать учётную запись"), AGAIN),
    "invalid_grant": (409, _t("ссылка возврата устарела или уже использована"), AGAIN),
    "invalid_request": (502, _t("сервис не разобрал запрос дневника"), OURS),
    "invalid_client": (502, _t("сервис не узнал дневник"), OURS),
    "unauthorized_client": (502, _t("дневнику не разрешён такой способ входа"), OURS),
    "unsupported_response_type": (502, _t("сервис не поддерживает такой способ входа"), OURS),
    "unsupported_grant_type": (502, _t("сервис не принимает такой вид кода"), OURS),
    "invalid_scope": (502, _t("дневник запросил данные, на которые у него нет прав"), OURS),
    "server_error": (502, _t("в сервисе произошла ошибка"), LATER),
    "temporarily_unavailable": (503, _t("сервис перегружен или в нём идут работы"), LATER),
    "no-answer": (504, _t("сервис не ответил вовремя"), LATER),
    "bad-discovery": (502, _t("описание сервиса не подходит к настройкам дневника"), OURS),
    "bad-token": (502, _t("подпись сервиса не прошла проверку"), OURS),
}
UNKNOWN = (502, _t("сервис сообщил об ошибке"), LATER)
WORD = re.compile(r"[a-z_]{1,40}")


class OpenIdRefusal(Refusal):
    """Signing in did not work. `code` is OAuth's word, or one of our own of the table."""

    def __init__(self, name: str, code: str) -> None:
        self.status, why, advice = MEANINGS.get(code, UNKNOWN)
        self.code = code
        words = {"name": name, "why": why, "code": code, "advice": advice}
        super().__init__(_("Войти через «%(name)s» не получилось: %(why)s (%(code)s). %(advice)s") % words)


def refusal_of(name: str, error: str) -> OpenIdRefusal:
    """By the word that came in `error`, perhaps through the browser: anything else is not shown."""
    return OpenIdRefusal(name, error if WORD.fullmatch(error) else "unknown")
