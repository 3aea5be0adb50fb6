"""The gateway's client against the double of sms.ru."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from diary.foundation.post.channels import DeliveryFailed, DeliveryRefused
from diary.gates.integrations.sms.gateway import SmsGateway, gateway
from tests.doubles.sms.gateway import Gateway, playing
from tests.doubles.web import App, Request, Response, serving

NUMBER, TEXT = "+79991112233", "Код для входа: 483920"


@pytest.fixture
def double() -> Iterator[tuple[SmsGateway, Gateway]]:
    with playing() as (address, inside):
        yield SmsGateway(address, "test-api-id"), inside


def test_message_is_handed_over(double: tuple[SmsGateway, Gateway]) -> None:
    ours, inside = double
    ours.send(NUMBER, TEXT, "")
    assert [(sms.number, sms.text) for sms in inside.taken] == [("79991112233", TEXT)]


def test_test_mode_sends_nothing(double: tuple[SmsGateway, Gateway]) -> None:
    ours, inside = double
    SmsGateway(ours.address, ours.api_id, is_test=True).send(NUMBER, TEXT, "")
    assert (inside.taken, inside.balance) == ([], 1000)


@pytest.mark.parametrize("code", [201, 220, 231, 500])
def test_passing_trouble_is_tried_again(double: tuple[SmsGateway, Gateway], code: int) -> None:
    double[1].trouble = code
    with pytest.raises(DeliveryFailed, match=str(code)) as failure:
        double[0].send(NUMBER, TEXT, "")
    assert not isinstance(failure.value, DeliveryRefused)


@pytest.mark.parametrize("code", [200, 202, 204, 205, 206, 207, 230])
def test_lasting_trouble_is_given_up(double: tuple[SmsGateway, Gateway], code: int) -> None:
    double[1].trouble = code
    with pytest.raises(DeliveryRefused, match=str(code)):
        double[0].send(NUMBER, TEXT, "")


def test_bad_number_low_balance_and_wrong_key_are_told_apart(double: tuple[SmsGateway, Gateway]) -> None:
    ours, inside = double
    with pytest.raises(DeliveryRefused, match="202"):
        ours.send("+74951234567", TEXT, "")
    inside.balance = 1
    with pytest.raises(DeliveryFailed, match="201"):
        ours.send(NUMBER, TEXT, "")
    with pytest.raises(DeliveryRefused, match="200"):
        SmsGateway(ours.address, "other").send(NUMBER, TEXT, "")


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html>"), (200, b"[]"), (200, b"{}"), (200, b'{"status_code": 100}'), (503, b""), (200, b"1" * 2_000_000)],
)
def test_nonsense_is_tried_again(status: int, body: bytes) -> None:
    app = App()
    app.route("POST", "/sms/send")(lambda request: Response(body, status))
    with serving(app) as address, pytest.raises(DeliveryFailed) as failure:
        SmsGateway(address, "x").send(NUMBER, TEXT, "")
    assert not isinstance(failure.value, DeliveryRefused)


def test_gateway_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(DeliveryFailed, match="ConnectError"):
        SmsGateway("http://127.0.0.1:9", "x").send(NUMBER, TEXT, "")


def test_neither_number_nor_text_nor_key_is_told_by_an_error_or_a_log(
    double: tuple[SmsGateway, Gateway], caplog: pytest.LogCaptureFixture
) -> None:
    ours, inside = double
    told = []
    with caplog.at_level(logging.DEBUG):
        ours.send(NUMBER, TEXT, "")
        for trouble, gate in ((202, ours), (500, ours), (0, SmsGateway("http://127.0.0.1:9", "test-api-id"))):
            inside.trouble = trouble
            with pytest.raises(DeliveryFailed) as failure:
                gate.send(NUMBER, TEXT, "")
            told += [repr(failure.value), repr(failure.value.__cause__)]
    everything = "\n".join([*told, *(record.getMessage() for record in caplog.records)])
    for secret in ("9991112233", "483920", "test-api-id"):
        assert secret not in everything


def test_secret_travels_in_the_body_and_not_in_the_address() -> None:
    seen: list[Request] = []
    app = App()

    @app.route("POST", "/sms/send")
    def remember(request: Request) -> Response:
        seen.append(request)
        return Response(b'{"status_code": 100, "sms": {"79991112233": {"status_code": 100}}}')

    with serving(app) as address:
        SmsGateway(address, "secret", sender="DIARY").send(NUMBER, TEXT, "")
    assert (seen[0].get("from"), seen[0].get("json"), "test" in seen[0].fields) == ("DIARY", "1", False)


def test_gateway_is_there_only_when_it_is_configured(settings: LazySettings) -> None:
    settings.SMS_API_ID = ""
    assert gateway() is None
    settings.SMS_API_ID, settings.SMS_ADDRESS = "id", "https://sms.example/"
    found = gateway()
    assert found is not None
    assert (found.address, found.kind) == ("https://sms.example", "sms")
