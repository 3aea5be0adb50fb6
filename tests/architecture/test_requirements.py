"""What is installed where: a school's server gets neither the demo's database server nor the tools of the house."""

from __future__ import annotations

import re
import tomllib

from tests.architecture.source import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "procrastinate": "procrastinate",
    "brotli": "",  # whitenoise compresses with it
    "granian": "",  # the server, started by its own program
}


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def declared(*path: str) -> set[str]:
    """Names of the packages in this list of pyproject.toml."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for step in path:
        found = found[step]
    return {re.split(r"[\[<>=]", requirement)[0] for requirement in found}


def test_production_has_the_same_versions_and_no_package_of_the_demo_or_of_the_tests() -> None:
    """A14"""
    everything, production = pins("requirements.lock"), pins("requirements.production.lock")
    assert production.items() <= everything.items()
    assert declared("dependencies") <= production.keys()
    extras = declared("optional-dependencies", "demo") | declared("optional-dependencies", "dev")
    assert extras <= everything.keys()
    assert not extras & production.keys()


def test_every_declared_package_is_imported_or_said_to_work_unseen() -> None:
    """A14"""
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("diary", "start", "demo")
        for path in (ROOT / folder).rglob("*.py")
    )
    unused = {
        name
        for name in declared("dependencies")
        if (module := IMPORTED_AS.get(name, name.replace("-", "_")))
        and not re.search(rf"(?:^\s*(?:from|import) |\"){module}\b", source, re.MULTILINE)
    }
    assert not unused
