"""`/sms/send`, `/sms/status` and `/my/balance` as sms.ru answers them, and a page to read and to break things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.doubles.web import App, Request, Response, escape, form, json_response, page, serving

WHO = "Шлюз SMS"
TEXTS = {
    -1: "Сообщение не найдено",
    100: "Запрос выполнен или сообщение находится в нашей очереди",
    102: "Сообщение отправлено (в пути)",
    103: "Сообщение доставлено",
    105: "Не может быть доставлено: удалено оператором",
    200: "Неправильный api_id",
    201: "Не хватает средств на лицевом счету",
    202: "Неправильно указан номер телефона получателя, либо на него нет маршрута",
    203: "Нет текста сообщения",
    204: "Имя отправителя не согласовано с администрацией",
    205: "Сообщение слишком длинное (превышает 8 СМС)",
    206: "Будет превышен или уже превышен дневной лимит на отправку сообщений",
    207: "На этот номер нет маршрута для доставки сообщений",
    220: "Сервис временно недоступен, попробуйте чуть позже",
    230: "Превышен общий лимит количества сообщений на этот номер в день",
    231: "Превышен лимит одинаковых сообщений на этот номер в минуту",
    500: "Ошибка на сервере. Повторите запрос",
}
WHOLE_REQUEST = {200, 204, 220, 500}  # these refuse everything, the others one number
MOBILE = re.compile(r"79\d{9}")
PRICE = 4.5
LONGEST = 67 * 8  # Cyrillic letters in eight parts


@dataclass
class Sms:
    """A message that was taken."""

    id: str
    number: str
    text: str
    status: int = 102


@dataclass
class Gateway:
    """The double's memory. `trouble` is a code of TEXTS that answers from now on."""

    api_id: str
    balance: float = 1000.0
    day_limit: int = 1000
    trouble: int = 0
    taken: list[Sms] = field(default_factory=list)

    def app(self) -> App:
        """All doors."""
        app = App()
        app.route("POST", "/sms/send")(self.send)
        app.route("POST", "/sms/status")(self.status)
        app.route("POST", "/my/balance")(self.show_balance)
        app.route("GET", "/control/")(self.show)
        app.route("POST", "/control/")(self.choose)
        return app

    def send(self, request: Request) -> Response:
        """Each number of `to` has a status of its own; `test=1` takes no money and delivers nothing."""
        if refused := self._refuse_all(request):
            return refused
        rows = {number: self._take(number, request) for number in request.get("to").split(",")}
        return json_response({**_status(100), "sms": rows, "balance": round(self.balance, 2)})

    def status(self, request: Request) -> Response:
        """How far messages have come."""
        if refused := self._refuse_all(request):
            return refused
        known = {sms.id: sms.status for sms in self.taken}
        ids = request.get("sms_id").split(",")
        return json_response({**_status(100), "sms": {one: _status(known.get(one, -1)) for one in ids}})

    def show_balance(self, request: Request) -> Response:
        """The money that is left."""
        return self._refuse_all(request) or json_response({**_status(100), "balance": round(self.balance, 2)})

    def deliver(self) -> None:
        """Receipts come in for everything that is on its way."""
        for sms in self.taken:
            sms.status = 103

    def _refuse_all(self, request: Request) -> Response | None:
        code = self.trouble if self.trouble in WHOLE_REQUEST else 200 if request.get("api_id") != self.api_id else 0
        return json_response(_status(code)) if code else None

    def _take(self, number: str, request: Request) -> dict[str, object]:
        text, is_test = request.get("msg"), request.get("test") == "1"
        code = self.trouble or self._refuse(number, text, is_test=is_test)
        if code:
            return _status(code)
        sms = Sms(f"202610-{1000000 + len(self.taken)}", number, text)
        if not is_test:
            self.balance -= PRICE
            self.taken.append(sms)
        return {**_status(100), "sms_id": sms.id, "cost": "0.00" if is_test else f"{PRICE:.2f}"}

    def _refuse(self, number: str, text: str, *, is_test: bool) -> int:
        if not MOBILE.fullmatch(number):
            return 202
        if not text:
            return 203
        if len(text) > LONGEST:
            return 205
        if is_test:
            return 0
        if len(self.taken) >= self.day_limit:
            return 206
        return 201 if self.balance < PRICE else 0

    def show(self, request: Request) -> Response:
        """What came, and what can go wrong."""
        refusals = {code: text for code, text in TEXTS.items() if code >= 200}
        options = "".join(f'<option value="{code}">{code}: {text}</option>' for code, text in refusals.items())
        rows = "".join(
            f"<tr><td>{escape(sms.number)}</td><td>{escape(sms.text)}</td><td>{escape(TEXTS[sms.status])}</td></tr>"
            for sms in reversed(self.taken)
        )
        content = (
            f"<p>Сейчас: <b>{escape(TEXTS[self.trouble] if self.trouble else 'всё исправно')}</b>. "
            f"На счету {self.balance:.2f}.</p>{form('Всё исправно', trouble='0')}"
            + form("Отвечать так", inside=f'<select name="trouble" aria-label="Ответ">{options}</select>')
            + form("Доставить всё", is_quiet=True, deliver="1")
            + f"<h2>Сообщения</h2><table><tr><th>Номер</th><th>Текст</th><th>Статус</th></tr>{rows}</table>"
        )
        return page("Сообщения", content, who=WHO)

    def choose(self, request: Request) -> Response:
        """A trouble, or receipts."""
        if request.get("deliver"):
            self.deliver()
        else:
            self.trouble = int(request.get("trouble") or 0)
        return Response(status=303, headers={"Location": "/control/"})


def _status(code: int) -> dict[str, object]:
    if 100 <= code <= 103:
        return {"status": "OK", "status_code": code}
    return {"status": "ERROR", "status_code": code, "status_text": TEXTS[code]}


@contextmanager
def playing(api_id: str = "test-api-id") -> Iterator[tuple[str, Gateway]]:
    """The double in a thread: its address and its memory."""
    gateway = Gateway(api_id)
    with serving(gateway.app()) as address:
        yield address, gateway
