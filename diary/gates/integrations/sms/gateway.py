"""SMS through a gateway that speaks the dialect of sms.ru. Neither number nor text ever stands in a log or an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from diary.foundation.post.channels import DeliveryFailed, DeliveryRefused
from diary.gates.integrations.outside import NoAnswer, Patience, call

TAKEN = 100
# low balance, service not available, the same text twice in a minute, an error of theirs
PASSING = frozenset({201, 220, 231, 500})


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A message channel. `api_id` is the gateway's password; `sender` a name agreed with it; a test costs nothing."""

    address: str
    api_id: str
    sender: str = ""
    is_test: bool = False
    kind: Literal["sms"] = "sms"

    def send(self, address: str, text: str, subject: str) -> None:
        """Hand one SMS over. Raises DeliveryFailed to try again later, DeliveryRefused to give up."""
        number = address.removeprefix("+")
        fields = {"api_id": self.api_id, "to": number, "msg": text, "json": "1"}
        fields |= {"from": self.sender} if self.sender else {}
        fields |= {"test": "1"} if self.is_test else {}
        try:
            answer = call("POST", f"{self.address}/sms/send", Patience(), data=fields)
            if answer.status != 200:
                raise DeliveryFailed(f"the gateway answered {answer.status}")
            _must_be_taken(answer.fields(), number)
        except NoAnswer as problem:
            raise DeliveryFailed(f"the gateway did not answer: {problem}") from None


def _must_be_taken(fields: dict[str, object], number: str) -> None:
    """The whole request and the number each have a status of their own."""
    code = fields.get("status_code")
    if code == TAKEN:
        rows = fields.get("sms")
        row = rows.get(number) if isinstance(rows, dict) else None
        code = row.get("status_code") if isinstance(row, dict) else None
    if code == TAKEN:
        return
    if not isinstance(code, int):
        raise DeliveryFailed("the gateway said nothing of the number")
    raise (DeliveryFailed if code in PASSING else DeliveryRefused)(f"the gateway refused with {code}")


def gateway() -> SmsGateway | None:
    """What the settings say; None where no gateway is connected."""
    if not settings.SMS_API_ID:
        return None
    return SmsGateway(settings.SMS_ADDRESS.rstrip("/"), settings.SMS_API_ID, settings.SMS_SENDER, settings.SMS_IS_TEST)
