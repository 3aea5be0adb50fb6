"""The client against the double: both speak the real protocol."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from diary.foundation.core import clock
from diary.gates.integrations.esia.client import EsiaClient, EsiaToken
from diary.gates.integrations.esia.configuration import EsiaConfiguration, configuration
from diary.gates.integrations.esia.errors import EsiaRefusal, refusal_of
from diary.gates.integrations.esia.person import EsiaPerson
from diary.gates.integrations.esia.tests.conftest import RETURN, walk
from diary.gates.integrations.outside import Patience
from tests.doubles.esia.errors import AUTHORIZE, ERRORS, REST, TOKEN
from tests.doubles.esia.playing import Playing
from tests.people import NOW


def our() -> EsiaConfiguration:
    found = configuration()
    assert found is not None
    return found


def code_for(double: Playing, persona: str, **changes: object) -> str:
    client = EsiaClient(replace(our(), **changes))
    state = str(uuid.uuid4())
    back = walk(double, client.authorization_url(state, RETURN), persona)
    assert back.params["state"] == state
    return str(back.params["code"])


def token_for(double: Playing, persona: str) -> EsiaToken:
    return EsiaClient(our()).exchange(code_for(double, persona), RETURN)


def person_of(double: Playing, persona: str) -> EsiaPerson:
    client = EsiaClient(our())
    return client.person(client.exchange(code_for(double, persona), RETURN))


def test_parent_comes_with_contacts_and_children(double: Playing) -> None:
    person = person_of(double, "parent")
    assert (person.oid, person.is_trusted, person.last_name) == (1000500001, True, "Иванова")
    assert person.birth_date == dt.date(1986, 3, 14)
    assert (person.phone, person.email) == ("+79001112233", "olga.ivanova@example.org")
    assert [child.first_name for child in person.children] == ["Мария", "Тимофей"]
    document = person.children[0].documents[0]
    assert (document.kind, document.series, document.number) == ("RF_BRTH_CERT", "IV-МЮ", "501234")


def test_only_what_the_scopes_open_is_read(double: Playing) -> None:
    client = EsiaClient(replace(our(), scopes=("openid", "fullname", "snils", "id_doc")))
    token = client.exchange(code_for(double, "parent", scopes=client.configuration.scopes), RETURN)
    person = client.person(token)
    assert (person.phone, person.children, person.birth_date) == ("", (), None)
    assert person.snils == "11223344595"
    assert person.documents[0].kind == "RF_PASSPORT"


def test_unconfirmed_account_says_so(double: Playing) -> None:
    assert token_for(double, "unconfirmed").subject.is_trusted is False
    assert person_of(double, "unconfirmed").is_trusted is False


def test_code_works_once(double: Playing) -> None:
    code = code_for(double, "pupil")
    EsiaClient(our()).exchange(code, RETURN)
    with pytest.raises(EsiaRefusal) as refusal:
        EsiaClient(our()).exchange(code, RETURN)
    assert (refusal.value.code, refusal.value.status) == ("ESIA-007011", 409)


def test_code_of_another_address_is_refused(double: Playing) -> None:
    code = code_for(double, "pupil")
    with pytest.raises(EsiaRefusal, match="ESIA-007011"):
        EsiaClient(our()).exchange(code, "http://testserver/other/")


def test_old_code_is_refused(double: Playing, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_for(double, "pupil")
    later = NOW + dt.timedelta(minutes=6)
    monkeypatch.setattr(double.state, "now", lambda: later)
    with clock.fixed(later), pytest.raises(EsiaRefusal, match="ESIA-007011"):
        EsiaClient(our()).exchange(code, RETURN)


def test_signature_by_a_key_that_is_not_registered_is_refused(double: Playing, tmp_path: Path) -> None:
    from tests.doubles.esia.keys import write_pair

    key, certificate = write_pair(tmp_path, "STRANGER")
    client = EsiaClient(replace(our(), key_file=key, certificate_file=certificate))
    back = httpx.get(client.authorization_url(str(uuid.uuid4()), RETURN)).headers["Location"]
    assert "ESIA-007053" in back


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": str(uuid.uuid4())}, "ESIA-007053"),
        ({"state": "not-a-uuid"}, "ESIA-007003"),
        ({"state": ""}, "ESIA-007014"),
        ({"scope": "openid"}, "ESIA-007053"),
        ({"scope": "openid everything"}, "ESIA-007006"),
        ({"scope": ""}, "ESIA-007013"),
        ({"timestamp": "2026.10.14 11:50:00 +0300"}, "ESIA-007015"),
        ({"timestamp": "yesterday"}, "ESIA-007015"),
        ({"response_type": "token"}, "ESIA-007003"),
        ({"client_secret": "AAAA"}, "ESIA-007053"),
        ({"client_secret": ""}, "ESIA-007014"),
    ],
)
def test_request_that_was_tampered_with_is_refused(double: Playing, change: dict[str, str], code: str) -> None:
    address = httpx.URL(EsiaClient(our()).authorization_url(str(uuid.uuid4()), RETURN))
    answer = httpx.get(address.copy_merge_params(change))
    assert answer.status_code == 302, answer.text
    back = httpx.URL(answer.headers["Location"])
    assert back.params["error_description"].startswith(code)
    assert str(back).startswith(RETURN)


def test_repeated_parameter_is_refused(double: Playing) -> None:
    address = EsiaClient(our()).authorization_url(str(uuid.uuid4()), RETURN)
    back = httpx.get(f"{address}&scope=openid").headers["Location"]
    assert "ESIA-007003" in back


@pytest.mark.parametrize(
    ("change", "code"),
    [({"client_id": "OTHER"}, "ESIA-007002"), ({"redirect_uri": "https://evil.example/"}, "ESIA-007023")],
)
def test_error_never_travels_to_an_address_that_is_not_the_clients(
    double: Playing, change: dict[str, str], code: str
) -> None:
    address = httpx.URL(EsiaClient(our()).authorization_url(str(uuid.uuid4()), RETURN))
    answer = httpx.get(address.copy_merge_params(change))
    assert answer.status_code == 400
    assert code in answer.text


def test_key_rotation_needs_no_restart(double: Playing) -> None:
    before = len(list(our().trusted_certificates()))
    double.state.keys.rotate()
    assert len(list(our().trusted_certificates())) == before + 1
    assert token_for(double, "pupil").subject.oid == 1000500003


def test_token_of_the_old_key_holds_until_it_is_dropped(double: Playing) -> None:
    from diary.gates.integrations.esia.id_token import subject_of

    state = str(uuid.uuid4())
    tokens = exchanged(double, state)
    double.state.keys.rotate()
    assert subject_of(tokens["id_token"], our(), NOW).oid == 1000500003
    double.state.keys.drop_old()
    with pytest.raises(EsiaRefusal, match="bad-token"):
        subject_of(tokens["id_token"], our(), NOW)


def exchanged(double: Playing, state: str) -> dict[str, str]:
    from diary.gates.integrations.esia.signing import signed_parameters

    parameters = signed_parameters(our(), state=state, now=NOW) | {
        "grant_type": "authorization_code",
        "code": code_for(double, "pupil"),
        "redirect_uri": RETURN,
    }
    answer = httpx.post(f"{double.address}/aas/oauth2/te", data=parameters)
    return dict(answer.json())


def test_signature_of_an_unpublished_key_is_refused(double: Playing) -> None:
    double.state.keys.rotate(publish=False)
    with pytest.raises(EsiaRefusal) as refusal:
        token_for(double, "pupil")
    assert refusal.value.code == "bad-token"
    double.state.keys.drop_old()


@pytest.mark.parametrize("code", [code for code, error in ERRORS.items() if error.stage == AUTHORIZE])
def test_error_at_sign_in_has_its_sentence(double: Playing, code: str) -> None:
    double.state.choose(error=code)
    address = EsiaClient(our()).authorization_url(str(uuid.uuid4()), RETURN)
    back = walk(double, address, "parent")
    refusal = refusal_of(back.params["error"], back.params["error_description"])
    check_sentence(refusal, code)


@pytest.mark.parametrize("code", [code for code, error in ERRORS.items() if error.stage in {TOKEN, REST}])
def test_error_of_the_server_has_its_sentence(double: Playing, code: str) -> None:
    double.state.choose(error=code)
    with pytest.raises(EsiaRefusal) as refusal:
        person_of(double, "parent")
    check_sentence(refusal.value, code)


def check_sentence(refusal: EsiaRefusal, code: str) -> None:
    assert refusal.code == code
    assert 400 <= refusal.status < 600
    assert code in refusal.sentence
    assert "сообщили об ошибке" not in refusal.sentence, "a known code has its own reason"
    assert refusal.sentence.endswith(".")


def test_unknown_code_is_shown_and_nothing_else_of_what_came(double: Playing) -> None:
    refusal = refusal_of("server_error", "ESIA-999999: <b>позвоните нам</b>")
    assert "ESIA-999999" in refusal.sentence
    assert "позвоните" not in refusal.sentence
    assert "unknown" in refusal_of("Позвоните нам!", "").sentence


def test_deny_button_is_told_as_the_persons_own_choice(double: Playing) -> None:
    back = walk(double, EsiaClient(our()).authorization_url(str(uuid.uuid4()), RETURN), "")
    refusal = refusal_of(back.params["error"], back.params["error_description"])
    assert (refusal.code, refusal.status) == ("ESIA-007004", 403)
    assert "вы не разрешили" in refusal.sentence


def test_failure_of_esia_is_told(double: Playing) -> None:
    code = code_for(double, "parent")
    double.state.choose(down=True)
    with pytest.raises(EsiaRefusal) as refusal:
        EsiaClient(our()).exchange(code, RETURN)
    assert (refusal.value.code, refusal.value.status) == ("no-answer", 504)


def test_slow_esia_is_not_waited_for(double: Playing) -> None:
    code = code_for(double, "parent")
    double.state.choose(slow=1.5)
    started = time.monotonic()
    with pytest.raises(EsiaRefusal, match="no-answer"):
        EsiaClient(our(), Patience(0.3)).exchange(code, RETURN)
    assert time.monotonic() - started < 1


def test_patience_covers_all_calls_together(double: Playing) -> None:
    code = code_for(double, "parent")
    double.state.choose(slow=0.25)
    started = time.monotonic()
    client = EsiaClient(our(), Patience(0.6))
    token = client.exchange(code, RETURN)
    with pytest.raises(EsiaRefusal, match="no-answer"):
        client.person(token)
    assert time.monotonic() - started < 1


def test_esia_that_is_not_there_is_told_at_once(double: Playing) -> None:
    client = EsiaClient(replace(our(), address="http://127.0.0.1:9"))
    with pytest.raises(EsiaRefusal, match="no-answer"):
        client.exchange("code", RETURN)


def test_logs_hold_neither_codes_nor_tokens_nor_names(double: Playing, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        code = code_for(double, "parent")
        token = EsiaClient(our()).exchange(code, RETURN)
        EsiaClient(our()).person(token)
        double.state.choose(error="ESIA-005013")
        with pytest.raises(EsiaRefusal):
            EsiaClient(our()).person(token)
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("diary"))
    assert "ESIA-005013" in said
    for secret in (code, token.access, "Иванова", "1000500001"):
        assert secret not in said


def test_client_secret_is_signed_over_scope_timestamp_client_and_state(double: Playing) -> None:
    state = str(uuid.uuid4())
    query = parse_qs(httpx.URL(EsiaClient(our()).authorization_url(state, RETURN)).query.decode())
    assert query["timestamp"] == ["2026.10.14 12:00:00 +0300"]
    assert query["response_type"] == ["code"]
    assert query["state"] == [state]
