"""The pages of the double: sign-in with its people, and the control of troubles and keys."""

from __future__ import annotations

from typing import Any

from tests.doubles.esia.errors import AUTHORIZE, ERRORS, REST, TOKEN, EsiaError
from tests.doubles.esia.people import NAMES, SCOPES
from tests.doubles.esia.state import State
from tests.doubles.web import App, Request, Response, escape, form, page, redirect

WHO = "ЕСИА"
PLACES = {AUTHORIZE: "при входе", TOKEN: "при обмене кода", REST: "при чтении данных"}
KEY_DEEDS = {
    "rotate": "Сменить ключ, старый ещё действует",
    "secret": "Сменить ключ, сертификат не публиковать",
    "drop": "Оставить один новый ключ",
}


def sign_in(personas: list[dict[str, Any]], request: Request, ticket: str) -> Response:
    """Who comes in, and to what they agree."""
    wanted = ", ".join(SCOPES[scope] for scope in dict.fromkeys(request.get("scope").split()))
    content = (
        f"<p>Система <b>{escape(request.get('client_id'))}</b> просит: {escape(wanted)}.</p>"
        + "".join(_persona(persona, ticket) for persona in personas)
        + form("Запретить", action="/login", is_quiet=True, ticket=ticket, persona="")
        + '<p><small>Ошибки, медленный ответ и смена ключей: <a href="/control/">пульт</a>.</small></p>'
    )
    return page("Вход через Госуслуги", content, who=WHO)


def _persona(persona: dict[str, Any], ticket: str) -> str:
    name = " ".join(persona[part] for part in NAMES if persona[part])
    about = f"<p><small>{escape(persona['about'])}</small></p>"
    button = form(f"Войти: {name}", action="/login", ticket=ticket, persona=persona["id"])
    return f"<section>{about}{button}</section>"


def refused(error: EsiaError) -> Response:
    """An error that must not travel to an address that is not the client's."""
    return page("Вход невозможен", f"<p>{escape(error.description)}</p>", who=WHO, status=400)


def down() -> Response:
    """The mode of failure."""
    return page("Сервис временно недоступен", "<p>Ошибка 503.</p>", who=WHO, status=503)


class Control:
    """«Пульт»: what goes wrong from now on, until «Всё исправно»."""

    def __init__(self, state: State, app: App) -> None:
        self.state = state
        app.route("GET", "/")(lambda request: redirect("/control/"))
        app.route("GET", "/control/")(self.show)
        app.route("POST", "/control/")(self.choose)
        app.route("POST", "/control/keys/")(self.turn_keys)

    def show(self, request: Request) -> Response:
        """What is on, and what can be."""
        options = "".join(
            f'<option value="{code}">{code}, {PLACES[error.stage]}: {escape(error.text)}</option>'
            for code, error in ERRORS.items()
        )
        seconds = '<label>Задержка, секунд <input name="slow" value="15" size="4" inputmode="decimal"></label>'
        published = len(list(self.state.keys.folder.glob("*.pem")))
        content = (
            f"<p>Сейчас: <b>{escape(self._now())}</b></p>{form('Всё исправно')}<h2>Ошибка</h2>"
            + form("Включить ошибку", inside=f'<select name="error" aria-label="Ошибка">{options}</select>')
            + f"<h2>Неполадки</h2>{form('Отвечать 503', is_quiet=True, down='1')}"
            + form("Отвечать медленно", inside=seconds, is_quiet=True)
            + f"<h2>Ключи подписи</h2><p>Сертификатов опубликовано: {published}</p>"
            + "".join(form(text, action="/control/keys/", is_quiet=True, deed=deed) for deed, text in KEY_DEEDS.items())
        )
        return page("Пульт", content, who=WHO)

    def choose(self, request: Request) -> Response:
        """Set the trouble and show the page again."""
        slow = float(request.get("slow").replace(",", ".") or 0)
        self.state.choose(error=request.get("error"), down=bool(request.get("down")), slow=slow)
        return Response(status=303, headers={"Location": "/control/"})

    def turn_keys(self, request: Request) -> Response:
        """Rotate, rotate in secret, or drop the old keys."""
        deed = request.get("deed")
        if deed == "drop":
            self.state.keys.drop_old()
        else:
            self.state.keys.rotate(publish=deed != "secret")
        return Response(status=303, headers={"Location": "/control/"})

    def _now(self) -> str:
        trouble = self.state.trouble
        if trouble.error:
            return f"ошибка {trouble.error.description}"
        if trouble.is_down:
            return "отвечает 503"
        return f"задержка {trouble.seconds_slow:g} с" if trouble.seconds_slow else "всё исправно"
