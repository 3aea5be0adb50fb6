"""Joining of styles and scripts, and their weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from diary.foundation.ui import storage
from diary.foundation.ui.storage import JoinedStylesStorage, joined_script, joined_styles

STATIC = Path(storage.__file__).parent / "static"


def read(name: str) -> str:
    return (STATIC / name).read_text("utf-8")


def own(ending: str) -> list[str]:
    return [str(path.relative_to(STATIC)) for path in STATIC.rglob(f"*{ending}")]


def test_styles_are_joined_after_the_order_of_layers() -> None:
    files = {"b/b.css": "/* b */\n@layer components { b {} }", "a/a.css": "@layer base { a {} }", "a/a.js": "x"}
    assert (
        joined_styles(files, files.__getitem__) == storage.LAYERS + "@layer base { a {} }\n@layer components { b {} }\n"
    )


def test_styles_outside_our_layers_stay_apart() -> None:
    files = {"library/x.css": "b { color: red }"}
    assert joined_styles(files, files.__getitem__) == storage.LAYERS


def test_script_holds_each_module_once_after_what_it_imports() -> None:
    files = {
        "ui/js/app.js": 'import "./a.js";\nimport "./b.js";\n',
        "ui/js/a.js": 'import { b } from "./b.js";\nb();\n',
        "ui/js/b.js": "// says b\nexport function b() {}\n",
    }
    assert joined_script("ui/js/app.js", files.__getitem__) == "export function b() {}\nb();\n"


def test_no_name_is_declared_twice_in_the_joined_script() -> None:
    script = joined_script("ui/js/app.js", read)
    names = re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names)) > 10
    assert "import " not in script


def test_every_own_style_sheet_lies_in_a_layer() -> None:
    joined = joined_styles(own(".css"), read)
    assert joined.count("@layer") == len(own(".css")) + 1


@pytest.mark.parametrize(("ending", "limit"), [(".css", 12_000), (".js", 6_000)])
def test_face_is_light(ending: str, limit: int) -> None:
    text = joined_styles(own(".css"), read) if ending == ".css" else joined_script("ui/js/app.js", read)
    assert len(gzip.compress(text.encode())) <= limit


def test_collecting_names_joined_files_by_their_hash(tmp_path: Path) -> None:
    made = JoinedStylesStorage(location=tmp_path, base_url="/static/")
    paths = {}
    for name in own(""):
        if (STATIC / name).is_file():
            with (STATIC / name).open("rb") as source:
                made.save(name, source)
            paths[name] = (made, name)
    list(made.post_process(paths))
    assert re.fullmatch(r"ui/app\.[0-9a-f]{12}\.css", made.hashed_files["ui/app.css"])
    assert re.fullmatch(r"ui/app\.[0-9a-f]{12}\.js", made.hashed_files["ui/app.js"])
    assert (tmp_path / (made.hashed_files["ui/app.css"] + ".br")).exists()
