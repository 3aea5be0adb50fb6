"""The smallest HTTP/1.1 client that keeps its connection: it must not eat the processor that the server needs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

CSRF = "c" * 32  # the secret that a browser keeps from its first page on


class Answered(Exception):
    """The server answered with another status than was expected."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


class Client:
    """One keep-alive connection of one signed-in browser. `accept` is what a real browser accepts."""

    def __init__(self, port: int, session: str = "", accept: str = "gzip, br") -> None:
        self._port = port
        self._common = f"Host: 127.0.0.1:{port}\r\nAccept-Encoding: {accept}\r\nAccept-Language: ru\r\n"
        self.session = session
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        """One page."""
        cookie = f"Cookie: session={self.session}; csrftoken={CSRF}\r\n"
        return await self._exchange(
            f"GET {path} HTTP/1.1\r\n{self._common}{cookie}Accept: text/html\r\n\r\n".encode(), 200
        )

    async def put(self, path: str, content: object) -> Answer:
        """JSON to an address of the journal, as its script sends it."""
        body = json.dumps(content).encode()
        head = (
            f"PUT {path} HTTP/1.1\r\n{self._common}Cookie: session={self.session}; csrftoken={CSRF}\r\n"
            f"X-CSRFToken: {CSRF}\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return await self._exchange(head.encode() + body, 200)

    async def events(self, token: str) -> asyncio.StreamReader:
        """An open event stream; read lines from it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer = writer
        cookie = f"Cookie: session={self.session}\r\n"
        head_lines = f"GET /events?t={token} HTTP/1.1\r\n{self._common}{cookie}Accept: text/event-stream\r\n\r\n"
        writer.write(head_lines.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise Answered(head.decode())
        await reader.readuntil(b": open")
        return reader

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    async def _exchange(self, request: bytes, expected: int) -> Answer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        headers = await self._reader.readuntil(b"\r\n\r\n")
        body = await self._body(headers.lower())
        status = int(headers[9:12])
        if status != expected:
            raise Answered(f"{status} {request[:120]!r} {body[:300].decode(errors='replace')}")
        return Answer(status, headers, body)

    async def _body(self, headers: bytes) -> bytes:
        assert self._reader is not None
        start = headers.find(b"content-length:")
        if start >= 0:
            return await self._reader.readexactly(int(headers[start + 15 : headers.find(b"\r", start)]))
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return b"".join(parts)
