"""The double of the gateway answers as sms.ru does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.doubles.sms.gateway import PRICE, Gateway, playing

Double = tuple[str, Gateway]


@pytest.fixture
def double() -> Iterator[Double]:
    with playing() as running:
        yield running


def post(double: Double, path: str = "/sms/send", **fields: str) -> dict[str, object]:
    sent = {"api_id": "test-api-id", "to": "79991112233", "msg": "Код 1", "json": "1"} | fields
    return dict(httpx.post(double[0] + path, data=sent).json())


def test_each_number_has_its_own_status(double: Double) -> None:
    answer = post(double, to="79991112233,7495123")
    assert (answer["status"], answer["status_code"]) == ("OK", 100)
    rows = answer["sms"]
    assert isinstance(rows, dict)
    assert rows["79991112233"]["status_code"] == 100
    assert (rows["7495123"]["status"], rows["7495123"]["status_code"]) == ("ERROR", 202)
    assert answer["balance"] == 1000 - PRICE


def test_test_message_costs_nothing_and_is_not_delivered(double: Double) -> None:
    answer = post(double, test="1")
    assert (answer["balance"], double[1].taken) == (1000, [])


def test_receipt_comes_later(double: Double) -> None:
    sms_id = post(double)["sms"]["79991112233"]["sms_id"]  # type: ignore[index]
    assert post(double, "/sms/status", sms_id=sms_id)["sms"][sms_id]["status_code"] == 102  # type: ignore[index]
    httpx.post(f"{double[0]}/control/", data={"deliver": "1"})
    assert post(double, "/sms/status", sms_id=sms_id)["sms"][sms_id]["status_code"] == 103  # type: ignore[index]
    assert post(double, "/sms/status", sms_id="no")["sms"]["no"]["status_code"] == -1  # type: ignore[index]


def test_money_and_the_days_limit_run_out(double: Double) -> None:
    double[1].balance, double[1].day_limit = PRICE, 2
    codes = [post(double)["sms"]["79991112233"]["status_code"] for _ in range(2)]  # type: ignore[index]
    double[1].balance = 100
    codes += [post(double)["sms"]["79991112233"]["status_code"] for _ in range(2)]  # type: ignore[index]
    assert codes == [100, 201, 100, 206]


def test_wrong_key_and_trouble_refuse_the_whole_request(double: Double) -> None:
    assert post(double, api_id="other")["status_code"] == 200
    httpx.post(f"{double[0]}/control/", data={"trouble": "220"})
    assert post(double)["status_code"] == 220
    assert post(double, "/my/balance")["status_code"] == 220
    httpx.post(f"{double[0]}/control/", data={"trouble": "0"})
    assert post(double, "/my/balance")["balance"] == 1000


def test_page_shows_what_came(double: Double) -> None:
    post(double, msg="Код <b>7</b>")
    shown = httpx.get(f"{double[0]}/control/").text
    assert "Код &lt;b&gt;7&lt;/b&gt;" in shown
