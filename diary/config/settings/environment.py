"""What production reads from the environment, and what it says when something is missing."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

Environ = Mapping[str, str]


def needed(environ: Environ, name: str) -> str:
    """A variable without which nothing starts."""
    value = environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(
            f"Не задана переменная {name}. Без неё дневник не запускается: docs/operations.md.\n"
            f"The variable {name} is not set. The diary does not start without it: docs/operations.md."
        )
    return value


def way_of_tls(environ: Environ) -> None:
    """Refuses a start in which nobody ends TLS: neither this server nor a proxy in front of it."""
    files = {name: environ.get(name, "") for name in ("DIARY_TLS_CERTIFICATE", "DIARY_TLS_KEY")}
    if not any(files.values()):
        if environ.get("DIARY_TRUSTED_PROXY"):
            return
        raise ImproperlyConfigured(
            "Не настроено шифрование соединения. Задайте сертификат и ключ сервера (DIARY_TLS_CERTIFICATE,\n"
            "DIARY_TLS_KEY) или адрес прокси, который принимает TLS 1.3 (DIARY_TRUSTED_PROXY): docs/operations.md.\n"
            "Connections are not encrypted. Give the certificate and the key of the server (DIARY_TLS_CERTIFICATE,\n"
            "DIARY_TLS_KEY) or the address of the proxy that ends TLS 1.3 (DIARY_TRUSTED_PROXY): docs/operations.md."
        )
    for name, path in files.items():
        if not path or not Path(path).is_file():
            raise ImproperlyConfigured(
                f"Нет файла, на который должна указывать {name}: «{path}».\n"
                f"{name} must name a file, and there is none: «{path}»."
            )


def trusted_proxies(environ: Environ) -> list[str]:
    """Networks whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody else's are."""
    words = [word.strip() for word in environ.get("DIARY_TRUSTED_PROXY", "").split(",") if word.strip()]
    try:
        return [str(ipaddress.ip_network(word, strict=False)) for word in words]
    except ValueError as problem:
        raise ImproperlyConfigured(
            f"DIARY_TRUSTED_PROXY: нужны адреса или сети через запятую ({problem}).\n"
            f"DIARY_TRUSTED_PROXY takes addresses or networks, parted by commas ({problem})."
        ) from None
