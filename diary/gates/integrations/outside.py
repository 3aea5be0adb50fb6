"""Calls to partners over HTTP: bounded in time and size, repeated only where that is safe, silent about secrets."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 10.0
LARGEST_ANSWER = 1_000_000  # bytes
PASSING = (502, 503, 504)


class NoAnswer(Exception):
    """The partner was not reached, did not answer in time, or what it answered cannot be read."""


class Patience:
    """The time that one conversation of several calls may take; it runs from the moment it is made."""

    def __init__(self, seconds: float = WHOLE_SECONDS) -> None:
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; NoAnswer when there are none."""
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise NoAnswer("out of time")
        return seconds


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes

    def fields(self) -> dict[str, Any]:
        """The JSON object of the body; NoAnswer when it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            raise NoAnswer(f"not JSON, status {self.status}") from None
        if not isinstance(value, dict):
            raise NoAnswer(f"not an object, status {self.status}")
        return value


def call(method: str, address: str, patience: Patience, **options: Any) -> Answer:
    """The partner's answer, whatever its status. Raises NoAnswer.

    A GET is tried twice when the connection fails or a balancer says 502, 503, 504. Anything else is tried twice only
    when no connection was made at all: what was sent once may have been carried out.
    """
    try:
        answer = _call_once(method, address, patience, **options)
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return _last_call(method, address, patience, **options)
    except httpx.HTTPError as problem:
        if method != "GET":
            raise NoAnswer(type(problem).__name__) from None
        return _last_call(method, address, patience, **options)
    if method == "GET" and answer.status in PASSING:
        return _last_call(method, address, patience, **options)
    return answer


def _last_call(method: str, address: str, patience: Patience, **options: Any) -> Answer:
    try:
        return _call_once(method, address, patience, **options)
    except httpx.HTTPError as problem:
        # its text and its chain may hold the address with what it carries
        raise NoAnswer(type(problem).__name__) from None


def _call_once(method: str, address: str, patience: Patience, **options: Any) -> Answer:
    left = patience.left()
    timeout = httpx.Timeout(left, connect=min(CONNECT_SECONDS, left))
    body = bytearray()
    with _connections().stream(method, address, timeout=timeout, **options) as response:
        for chunk in response.iter_bytes():
            body += chunk
            patience.left()
            if len(body) > LARGEST_ANSWER:
                raise NoAnswer("too long")
    return Answer(response.status_code, bytes(body))


@cache
def _connections() -> httpx.Client:
    """One pool for the process: reading the machine's certificates takes longer than a call."""
    return httpx.Client(follow_redirects=False)
