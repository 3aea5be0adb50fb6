"""SMTP (RFC 5321) as far as a sender needs it: EHLO, MAIL, RCPT, DATA, QUIT; any of them can be made to fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class MailServer:
    """`troubles`: the answer to a command instead of the usual one, e.g. {"RCPT": "550 no such user"}."""

    troubles: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)

    def answer(self, command: str) -> str:
        """The line that answers a command."""
        usual = {"DATA": "354 go on", "QUIT": "221 bye"}
        return self.troubles.get(command, usual.get(command, "250 ok"))

    def keep(self, letter: bytes) -> None:
        """A whole letter has come."""
        self.letters.append(cast(EmailMessage, message_from_bytes(letter, policy=policy.default)))


@contextmanager
def playing() -> Iterator[tuple[int, MailServer]]:
    """The double in a thread: its port and its memory."""
    inside = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 double")
            while line := self.rfile.readline():
                command = line.split()[0].decode().upper() if line.split() else ""
                answer = inside.answer(command)
                self._say(answer)
                if answer.startswith("354"):
                    inside.keep(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self._say(inside.answer("."))
                if command == "QUIT":
                    return

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.server_address[1], inside
        server.shutdown()
        thread.join()
