"""The order of floors and rooms: every contract of .importlinter breaks the check when it is violated."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import DIARY, ROOT

# contract → (file, a line that violates it)
VIOLATIONS = {
    "Floors: an import only ever goes down": ("people/schools/models.py", "import diary.schoolwork.timetable.rules"),
    "Gates do not know one another, but for whom a provider vouches for": (
        "gates/integrations/openid/client.py",
        "import diary.gates.integrations.esia.client",
    ),
    "Order inside the foundation": ("foundation/core/text.py", "import diary.foundation.audit.rules"),
    "Order inside people": ("people/schools/models.py", "import diary.people.roster.policies"),
    "Order inside schoolwork": ("schoolwork/timetable/rules.py", "import diary.schoolwork.gradebook.rules"),
    "Desks do not know one another": ("desks/home/rules.py", "import diary.desks.journal.queries"),
    "The shape inside every room": ("schoolwork/gradebook/rules.py", "import diary.schoolwork.gradebook.policies"),
    "No circles anywhere": ("foundation/ui/errors.py", "import diary.foundation.ui.middleware"),
}
PRIVATE = re.compile(r"\.(views|forms|urls|api|admin|tests|migrations|management)(\.|$)")

BROKEN = re.compile(r"^(.+) (KEPT|BROKEN)$", re.MULTILINE)


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def words(section: str, option: str) -> set[str]:
    return set(contracts()[f"importlinter:contract:{section}"][option].split())


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    skipped = shutil.ignore_patterns("__pycache__", "tests", "static", "templates", "locale", "*.md")
    for package in ("diary", "demo"):
        shutil.copytree(ROOT / package, folder / package, ignore=skipped)
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def lint(folder: Path) -> tuple[int, dict[str, str]]:
    """Exit code, and the verdict on each contract."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, dict(BROKEN.findall(done.stdout))


@pytest.fixture
def violated(copy_of_the_house: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    file, line = VIOLATIONS[request.param]
    path = copy_of_the_house / "diary" / file
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    yield copy_of_the_house
    path.write_text(before, encoding="utf-8")


def test_house_as_it_stands_keeps_every_contract(copy_of_the_house: Path) -> None:
    code, verdicts = lint(copy_of_the_house)
    assert (code, set(verdicts.values())) == (0, {"KEPT"})
    assert verdicts.keys() == VIOLATIONS.keys(), "each contract has its violation here"


@pytest.mark.parametrize(("violated", "contract"), [(name, name) for name in VIOLATIONS], indirect=["violated"])
def test_violation_breaks_the_contract(violated: Path, contract: str) -> None:
    code, verdicts = lint(violated)
    assert code != 0
    assert verdicts[contract] == "BROKEN"


def test_the_product_does_not_know_the_demo(copy_of_the_house: Path) -> None:
    """C10"""
    path = copy_of_the_house / "diary" / "config" / "urls.py"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\nimport demo.cast\n", encoding="utf-8")
    try:
        assert lint(copy_of_the_house)[1]["Floors: an import only ever goes down"] == "BROKEN"
    finally:
        path.write_text(before, encoding="utf-8")


def rooms(floor: str) -> set[str]:
    return {path.parent.name for path in (DIARY / floor).glob("*/apps.py")}


def test_every_room_stands_in_the_order_of_its_floor() -> None:
    for floor in ("foundation", "people", "schoolwork"):
        folders = {path.parent.name for path in (DIARY / floor).glob("*/__init__.py")}
        assert folders - {"tests"} == words(floor, "layers") - {"|"}, (
            f"{floor}: a room is missing in .importlinter, or gone"
        )


def test_every_room_has_the_shape() -> None:
    floors = ("people", "schoolwork", "desks", "gates/integrations")
    built = {f"diary.{floor.replace('/', '.')}.{room}" for floor in floors for room in rooms(floor)}
    assert built == words("shape", "containers")


def test_every_gate_stands_in_the_order_of_gates() -> None:
    assert rooms("gates/integrations") == words("gates", "layers") - {"|"}


def test_views_forms_and_addresses_of_a_room_are_its_own() -> None:
    graph = grimp.build_graph("diary", cache_dir=None)
    foreign = []
    for module in graph.modules:
        private = PRIVATE.search(module)
        if not private:
            continue
        room = module[: private.start()]
        for user in graph.find_modules_that_directly_import(module):
            is_own = f"{user}.".startswith(f"{room}.")
            is_help_for_tests = private[1] == "tests" and ".tests." in user
            if not is_own and not is_help_for_tests:
                foreign.append(f"{user} imports {module}")
    assert not foreign, "\n".join(foreign)
