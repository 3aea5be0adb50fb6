"""The double of Госуслуги beside the demo: there only where nobody else can come."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from start import portal
from start.door import Door

DEMO = {"DJANGO_SETTINGS_MODULE": "diary.config.settings.dev"}
HERE = Door("127.0.0.1", 8000)


@pytest.fixture(autouse=True)
def no_esia_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESIA_CLIENT_ID", raising=False)


def test_demo_on_this_machine_has_a_portal_with_its_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "_FOLDER", tmp_path)
    monkeypatch.setattr("start.checkout.LOGS", tmp_path)
    esia = portal.portal(HERE, DEMO)
    assert esia is not None
    try:
        esia.open()
        with urllib.request.urlopen(esia.address, timeout=5) as page:
            assert page.status == 200
        assert Path(esia.environment["ESIA_KEY_FILE"]).exists()
        assert list(Path(esia.environment["ESIA_TRUSTED_FOLDER"]).glob("*.pem"))
    finally:
        esia.child.stop(0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.0.7"])
def test_demo_that_others_can_reach_has_none(host: str) -> None:
    assert portal.portal(Door(host, 8000), DEMO) is None


def test_production_has_none() -> None:
    assert portal.portal(HERE, {"DJANGO_SETTINGS_MODULE": "diary.config.settings.prod"}) is None


def test_esia_that_is_given_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESIA_CLIENT_ID", "REAL")
    assert portal.portal(HERE, DEMO) is None
