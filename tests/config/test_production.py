"""Production: nothing starts half configured, nothing is answered in clear, no stranger's headers are believed."""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import os
import runpy
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from diary.config.settings.environment import trusted_proxies
from tests.journeys.site import free_port

ROOT = Path(__file__).parents[2]
GIVEN = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "diary.example, .schools.example",
    "DATABASE_URL": "postgresql://diary_app@/diary",
    "DIARY_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
    "DIARY_MASTER_KEY_FILE": "",
    "DIARY_TRUSTED_PROXY": "10.0.0.1, fd00::/8",
    "DIARY_TLS_CERTIFICATE": "",
    "DIARY_TLS_KEY": "",
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Read the settings with these variables changed."""

    def read(**changed: str) -> dict[str, Any]:
        for name, value in (GIVEN | changed).items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("diary.config.settings.prod")

    return read


def test_everything_given_starts(production: Any) -> None:
    settings = production()
    assert settings["TRUSTED_PROXIES"] == ["10.0.0.1/32", "fd00::/8"]
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["MIDDLEWARE"][0] == "django.middleware.security.SecurityMiddleware"
    assert all(settings[f"{cookie}_COOKIE_SECURE"] for cookie in ("SESSION", "CSRF", "LANGUAGE"))
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://diary.example", "https://*.schools.example"]
    assert "SECURE_PROXY_SSL_HEADER" not in settings


@pytest.mark.parametrize(
    ("changed", "russian", "english"),
    [
        ({"SECRET_KEY": ""}, "Не задана переменная SECRET_KEY", "SECRET_KEY is not set"),
        ({"ALLOWED_HOSTS": " "}, "Не задана переменная ALLOWED_HOSTS", "ALLOWED_HOSTS is not set"),
        ({"DATABASE_URL": ""}, "Не задана переменная DATABASE_URL", "DATABASE_URL is not set"),
        ({"DIARY_MASTER_KEY": ""}, "Не задан главный ключ шифрования", "No master key is given"),
        ({"DIARY_MASTER_KEY": "short"}, "должен быть 32 байтами", "must be 32 bytes"),
        ({"DIARY_TRUSTED_PROXY": ""}, "Не настроено шифрование соединения", "Connections are not encrypted"),
        ({"DIARY_TLS_CERTIFICATE": "/nowhere"}, "должна указывать DIARY_TLS_CERTIFICATE", "must name a file"),
        ({"DIARY_TLS_CERTIFICATE": __file__}, "должна указывать DIARY_TLS_KEY", "DIARY_TLS_KEY must name a file"),
        ({"DIARY_TRUSTED_PROXY": "*"}, "нужны адреса или сети", "takes addresses or networks"),
        ({"DIARY_TRUSTED_PROXY": "balancer"}, "нужны адреса или сети", "takes addresses or networks"),
    ],
)
def test_what_is_missing_is_said_in_both_languages(
    production: Any, changed: dict[str, str], russian: str, english: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=russian) as refusal:
        production(**changed)
    assert english in str(refusal.value)


def test_certificate_alone_is_a_way_of_tls(production: Any) -> None:
    settings = production(DIARY_TRUSTED_PROXY="", DIARY_TLS_CERTIFICATE=__file__, DIARY_TLS_KEY=__file__)
    assert settings["TRUSTED_PROXIES"] == []


def test_nobody_is_trusted_unless_named() -> None:
    assert trusted_proxies({}) == []


# The real server with these settings


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem of «localhost»."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    moment = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(moment - dt.timedelta(days=1))
        .not_valid_after(moment + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return folder


def start(**changed: str) -> Iterator[int]:
    """The server on a port of its own."""
    port = free_port()
    environment = (
        os.environ | GIVEN | {"DATABASE_URL": os.environ["DATABASE_URL"], "ALLOWED_HOSTS": "localhost"} | changed
    )
    environment |= {"DJANGO_SETTINGS_MODULE": "diary.config.settings.prod", "PORT": str(port), "WORKERS": "1"}
    server = subprocess.Popen([sys.executable, "-m", "start.serve"], cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


@pytest.fixture(scope="module")
def tls_port(certificate: Path) -> Iterator[int]:
    files = {"DIARY_TLS_CERTIFICATE": str(certificate / "cert.pem"), "DIARY_TLS_KEY": str(certificate / "key.pem")}
    yield from start(DIARY_TRUSTED_PROXY="", **files)


@pytest.fixture(scope="module")
def proxied_port() -> Iterator[int]:
    yield from start(DIARY_TRUSTED_PROXY="127.0.0.1")


@pytest.fixture(scope="module")
def strangers_port() -> Iterator[int]:
    yield from start(DIARY_TRUSTED_PROXY="10.0.0.1")


def get(port: int, *, tls: ssl.SSLContext | None = None, **headers: str) -> http.client.HTTPResponse:
    """The answer to GET /sign-in/; the server may still be starting."""
    give_up_at = time.monotonic() + 40
    while True:
        client = http.client.HTTPSConnection if tls else http.client.HTTPConnection
        connection = client("localhost", port, timeout=10, **({"context": tls} if tls else {}))  # type: ignore[operator]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", "/sign-in/", headers=named)
            answer = connection.getresponse()
            answer.read()
        except ConnectionRefusedError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)
        else:
            return answer
        finally:
            connection.close()


def test_server_with_a_certificate_speaks_tls_13_only(tls_port: int, certificate: Path) -> None:
    client = ssl.create_default_context(cafile=certificate / "cert.pem")
    answer = get(tls_port, tls=client)
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match=r"PROTOCOL_VERSION|protocol version"):
        get(tls_port, tls=client)


def test_trusted_proxy_says_that_the_visitor_came_by_tls(proxied_port: int) -> None:
    answer = get(proxied_port, X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.7")
    assert answer.status == 200
    assert "Strict-Transport-Security" in answer.headers


def test_clear_visit_is_sent_to_tls(proxied_port: int) -> None:
    for headers in ({}, {"X_Forwarded_Proto": "http", "X_Forwarded_For": "203.0.113.7"}):
        answer = get(proxied_port, **headers)
        assert (answer.status, answer.headers["Location"]) == (301, f"https://localhost:{proxied_port}/sign-in/")


def test_stranger_who_says_tls_is_not_believed(strangers_port: int) -> None:
    answer = get(strangers_port, X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.7")
    assert answer.status == 301
