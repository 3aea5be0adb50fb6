"""The double of ESIA itself: it must be as strict as the real one, or a client proved on it is not proved."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from tests.doubles.esia.errors import ERRORS
from tests.doubles.esia.keys import certificate_of, make_key, pem, write_pair
from tests.doubles.esia.playing import MNEMONIC, Playing, playing
from tests.doubles.esia.signature import BadSignature, verify
from tests.doubles.esia.state import Grant
from tests.people import NOW

ROOT = Path(__file__).resolve().parents[3]
CONTENT = b"openid2026.10.14 12:00:00 +0300DIARY"


@pytest.fixture
def double(tmp_path: Path) -> Iterator[Playing]:
    with playing(tmp_path, lambda: NOW, "http://diary/return/") as running:
        yield running


def signed_by_openssl(folder: Path, *options: str) -> tuple[bytes, x509.Certificate]:
    """A signature made by another program than the one that our client uses."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl program")
    key, certificate = write_pair(folder, "CLIENT")
    command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", *options]
    files = ["-inkey", str(key), "-signer", str(certificate)]
    done = subprocess.run([*command, *files], input=CONTENT, capture_output=True, check=True)
    return done.stdout, x509.load_pem_x509_certificate(certificate.read_bytes())


@pytest.mark.parametrize("options", [(), ("-nocerts",), ("-nosmimecap",)])
def test_signature_of_openssl_is_accepted(tmp_path: Path, options: tuple[str, ...]) -> None:
    signature, certificate = signed_by_openssl(tmp_path, *options)
    verify(signature, CONTENT, certificate)


def test_signature_of_other_bytes_or_another_key_or_with_a_changed_bit_is_refused(tmp_path: Path) -> None:
    signature, certificate = signed_by_openssl(tmp_path)
    stranger = certificate_of(make_key(), "CLIENT")
    with pytest.raises(BadSignature):
        verify(signature, CONTENT + b"x", certificate)
    with pytest.raises(BadSignature):
        verify(signature, CONTENT, stranger)
    with pytest.raises(BadSignature):
        verify(signature[:-1] + bytes([signature[-1] ^ 1]), CONTENT, certificate)
    for broken in (b"", signature[:100], b"\x30\x03\x02\x01\x01"):
        with pytest.raises(BadSignature):
            verify(broken, CONTENT, certificate)


def test_every_error_of_the_list_can_be_chosen_on_the_page(double: Playing) -> None:
    shown = httpx.get(f"{double.address}/control/").text
    for code, error in ERRORS.items():
        assert f'value="{code}"' in shown
        httpx.post(f"{double.address}/control/", data={"error": code}, follow_redirects=True)
        assert double.state.error_at(error.stage) is error
    httpx.post(f"{double.address}/control/", data={}, follow_redirects=True)
    assert double.state.trouble.error is None


def test_slow_and_failing_modes_are_chosen_on_the_page(double: Playing) -> None:
    httpx.post(f"{double.address}/control/", data={"down": "1"})
    assert httpx.get(f"{double.address}/aas/oauth2/ac").status_code == 503
    assert httpx.get(f"{double.address}/rs/prns/1").status_code == 503
    assert httpx.post(f"{double.address}/aas/oauth2/te").status_code == 503
    shown = httpx.post(f"{double.address}/control/", data={"slow": "0,2"}, follow_redirects=True).text
    assert "задержка 0.2 с" in shown
    started = time.monotonic()
    httpx.get(f"{double.address}/rs/prns/1")
    assert time.monotonic() - started >= 0.2


def test_keys_turn_on_the_page(double: Playing) -> None:
    folder = double.state.keys.folder
    first = {file.name for file in folder.glob("*.pem")}
    httpx.post(f"{double.address}/control/keys/", data={"deed": "rotate"})
    both = {file.name for file in folder.glob("*.pem")}
    assert (len(first), len(both), first < both) == (1, 2, True)
    httpx.post(f"{double.address}/control/keys/", data={"deed": "secret"})
    assert {file.name for file in folder.glob("*.pem")} == both
    httpx.post(f"{double.address}/control/keys/", data={"deed": "drop"})
    last = {file.name for file in folder.glob("*.pem")}
    assert len(last) == 1
    assert not last & both


def token(double: Playing, persona: str, *scopes: str) -> dict[str, str]:
    grant = Grant(MNEMONIC, double.state.persona(persona), scopes, "http://diary/return/", NOW)
    return {"Authorization": f"Bearer {double.state.give_tokens(grant)['access_token']}"}


def test_token_opens_its_own_person_only(double: Playing) -> None:
    headers = token(double, "pupil", "fullname")
    assert httpx.get(f"{double.address}/rs/prns/1000500003", headers=headers).json()["firstName"] == "Алиса"
    assert httpx.get(f"{double.address}/rs/prns/1000500001", headers=headers).status_code == 403
    answer = httpx.get(f"{double.address}/rs/prns/1000500003")
    assert (answer.status_code, answer.json()["code"]) == (401, "ESIA-005013")


def test_person_shows_only_what_the_scopes_open(double: Playing) -> None:
    shown = httpx.get(f"{double.address}/rs/prns/1000500001", headers=token(double, "parent", "fullname")).json()
    assert shown["lastName"] == "Иванова"
    assert not shown.keys() & {"snils", "inn", "birthDate"}
    kids = f"{double.address}/rs/prns/1000500001/kids?embed=(elements)"
    assert httpx.get(kids, headers=token(double, "parent", "fullname")).json()["size"] == 0
    kid = httpx.get(kids, headers=token(double, "parent", "kid_fullname")).json()["elements"][0]
    assert kid["firstName"] == "Мария"
    assert not kid.keys() & {"birthDate", "documents"}


def test_collection_without_embed_gives_addresses_of_its_elements(double: Playing) -> None:
    headers = token(double, "parent", "mobile", "email")
    found = httpx.get(f"{double.address}/rs/prns/1000500001/ctts", headers=headers).json()
    assert (found["stateFacts"], found["size"]) == (["hasSize"], 2)
    kinds = [httpx.get(address, headers=headers).json()["type"] for address in found["elements"]]
    assert kinds == ["MBT", "EML"]
    assert httpx.get(f"{double.address}/rs/prns/1000500001/vhls", headers=headers).status_code == 404


def test_refresh_token_works_once(double: Playing, tmp_path: Path) -> None:
    grant = Grant(MNEMONIC, double.state.persona("pupil"), ("openid",), "http://diary/return/", NOW, is_offline=True)
    refresh = str(double.state.give_tokens(grant)["refresh_token"])
    assert exchange(double, tmp_path, grant_type="refresh_token", refresh_token=refresh).status_code == 200
    again = exchange(double, tmp_path, grant_type="refresh_token", refresh_token=refresh)
    assert (again.status_code, again.json()["error_description"][:11]) == (400, "ESIA-007011")


def test_unknown_grant_type_is_refused(double: Playing, tmp_path: Path) -> None:
    answer = exchange(double, tmp_path, grant_type="password")
    assert answer.json()["error_description"].startswith("ESIA-007012")


def exchange(double: Playing, folder: Path, **fields: str) -> httpx.Response:
    """A request for tokens, signed by the openssl program over scope + timestamp + client_id + state."""
    timestamp, state = "2026.10.14 12:00:00 +0300", "48b1a8dc-0b7d-418a-b4ef-2c7797f77dc9"
    if shutil.which("openssl") is None:
        pytest.skip("no openssl program")
    key, certificate = write_pair(folder, MNEMONIC)
    command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256"]
    files = ["-inkey", str(key), "-signer", str(certificate)]
    content = f"openid{timestamp}{MNEMONIC}{state}".encode()
    done = subprocess.run([*command, *files], input=content, capture_output=True, check=True)
    secret = base64.urlsafe_b64encode(done.stdout).decode()
    signed = {"client_id": MNEMONIC, "client_secret": secret, "scope": "openid", "timestamp": timestamp, "state": state}
    address = {"redirect_uri": "http://diary/return/"}
    return httpx.post(f"{double.address}/aas/oauth2/te", data=signed | address | fields)


def test_double_starts_within_a_second_and_makes_the_clients_pair(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_pair(tmp_path, MNEMONIC)  # prime numbers are a matter of luck
    command = [sys.executable, "-m", "tests.doubles.esia", "--port", str(port), "--folder", str(tmp_path)]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        answer = wait_for(f"http://127.0.0.1:{port}/control/")
        assert answer.status_code == 200
        assert time.monotonic() - started < 5, "a second on a quiet machine"
        assert len(list((tmp_path / "esia").glob("*.pem"))) == 1
        assert pem(x509.load_pem_x509_certificate((tmp_path / f"{MNEMONIC}.pem").read_bytes()))
        assert (tmp_path / f"{MNEMONIC}.key").stat().st_mode & 0o077 == 0
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> httpx.Response:
    give_up_at = time.monotonic() + 10
    while True:
        try:
            return httpx.get(address)
        except httpx.ConnectError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
