"""Master keys: from a file or the environment, the newest first; what is wrong with them is said in words."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from diary.foundation.core.master_keys import MasterKey, given_master_keys

ONE, TWO = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


def ids(environ: dict[str, str]) -> list[str]:
    return [key.id for key in given_master_keys(environ)]


def test_newest_key_stands_first() -> None:
    assert ids({"DIARY_MASTER_KEY": f"{ONE} {TWO}"}) == [MasterKey(b"\1" * 32).id, MasterKey(b"\2" * 32).id]
    assert ids({"DIARY_MASTER_KEY": f"{TWO},{ONE}"}) == [MasterKey(b"\2" * 32).id, MasterKey(b"\1" * 32).id]


def test_file_goes_before_the_variable(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{ONE}\n{TWO}\n")
    assert len(ids({"DIARY_MASTER_KEY_FILE": str(file), "DIARY_MASTER_KEY": "nonsense"})) == 2


@pytest.mark.parametrize(
    ("environ", "russian", "english"),
    [
        ({}, "Не задан главный ключ", "No master key is given"),
        ({"DIARY_MASTER_KEY": "  "}, "Не задан главный ключ", "No master key is given"),
        ({"DIARY_MASTER_KEY": "Zm9v"}, "ключ № 1 должен быть 32 байтами", "Master key 1 must be 32 bytes"),
        ({"DIARY_MASTER_KEY": f"{ONE} не-ключ"}, "ключ № 2 должен быть 32 байтами", "Master key 2 must be 32 bytes"),
        ({"DIARY_MASTER_KEY_FILE": "/nowhere/key"}, "не читается: /nowhere/key", "cannot be read: /nowhere/key"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(environ: dict[str, str], russian: str, english: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=russian) as refusal:
        given_master_keys(environ)
    assert english in str(refusal.value)
    assert "не-ключ" not in str(refusal.value)


def test_key_unwraps_what_it_has_wrapped_and_nothing_else() -> None:
    one, two = MasterKey(b"\1" * 32), MasterKey(b"\2" * 32)
    wrapped = one.wrap(b"secret", b"key 7")
    assert one.unwrap(wrapped, b"key 7") == b"secret"
    for key, about in ((one, b"key 8"), (two, b"key 7")):
        with pytest.raises(ImproperlyConfigured, match="is damaged"):
            key.unwrap(wrapped, about)


def test_key_is_not_shown() -> None:
    key = MasterKey(b"\1" * 32)
    assert repr(key) == f"<MasterKey {key.id}>"
    assert "0101" not in key.id
