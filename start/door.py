"""The address where the web server listens."""

import contextlib
import http.client
import os
import socket
from dataclasses import dataclass

from start.checkout import Problem


@dataclass(frozen=True)
class Door:
    host: str
    port: int

    @property
    def local_host(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host

    @property
    def address(self) -> str:
        return f"http://{self.local_host}:{self.port}"

    def must_be_free(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise Problem(
                    f"Порт {self.port} занят другой программой. Выберите другой: PORT={self.port + 1} make run\n"
                    f"The port {self.port} is taken by another program. Choose another: PORT={self.port + 1} make run\n"
                    f"({error})"
                ) from None

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(self.local_host, self.port, timeout=10)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            return connection.getresponse().status > 0
        return False


def door() -> Door:
    try:
        return Door(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    except ValueError:
        raise Problem("PORT должен быть числом. / PORT must be a number.") from None
