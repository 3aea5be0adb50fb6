"""A half configured ESIA stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from diary.gates.integrations.esia.checks import check_files
from tests.doubles.esia.keys import make_key, pem
from tests.doubles.esia.playing import Playing


def found() -> list[str | None]:
    return [message.id for message in check_files()]


def test_absent_esia_is_no_trouble(settings: LazySettings) -> None:
    settings.ESIA_CLIENT_ID = ""
    assert found() == []


def test_complete_configuration_passes(double: Playing) -> None:
    assert found() == []


def test_missing_key_and_empty_folder_are_both_told(double: Playing, settings: LazySettings, tmp_path: Path) -> None:
    settings.ESIA_KEY_FILE = str(tmp_path / "no.key")
    settings.ESIA_TRUSTED_FOLDER = str(tmp_path)
    assert found() == ["esia.E001", "esia.E003"]


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\n"])
def test_broken_certificate_is_told(double: Playing, settings: LazySettings, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "esia.pem").write_bytes(content)
    settings.ESIA_TRUSTED_FOLDER = str(tmp_path)
    assert found() == ["esia.E002"]


def test_key_that_is_not_of_the_certificate_is_told(double: Playing, settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "other.key").write_bytes(pem(make_key()))
    settings.ESIA_KEY_FILE = str(tmp_path / "other.key")
    assert found() == ["esia.E001"]
