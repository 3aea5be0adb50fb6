"""`python -m start.serve`: production's web server. It speaks TLS 1.3 itself when a certificate is given."""

import os
import sys
from collections.abc import Mapping


def server_command(host: str, port: str, tls: Mapping[str, str] | None = None) -> list[str]:
    """The words that start the web server."""
    options = {
        "--interface": "asgi",
        "--host": host,
        "--port": port,
        "--workers": os.environ.get("WORKERS", "2"),
        # By default the server stalls at 1,024 open event streams.
        "--backlog": "4096",
        "--backpressure": "4096",
        "--workers-kill-timeout": "3",
    }
    words = [word for option in (options | dict(tls or {})).items() for word in option]
    return [sys.executable, "-m", "granian", *words, "--respawn-failed-workers", "diary.config.asgi:application"]


def tls_options() -> dict[str, str]:
    """Nothing below TLS 1.3 is spoken. The key is a PKCS#8 file. Empty behind a proxy."""
    if not os.environ.get("DIARY_TLS_CERTIFICATE"):
        return {}
    certificate, key = os.environ["DIARY_TLS_CERTIFICATE"], os.environ.get("DIARY_TLS_KEY", "")
    return {"--ssl-certificate": certificate, "--ssl-keyfile": key, "--ssl-protocol-min": "tls1.3"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diary.config.settings.prod")
    command = server_command(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"), tls_options())
    os.execv(command[0], command)  # a supervisor's signals reach the server itself


if __name__ == "__main__":
    main()
