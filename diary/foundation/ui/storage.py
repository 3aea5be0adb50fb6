"""Static files: all styles joined to one file, each page's scripts to another, every name carrying its hash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import dirname
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

APP_STYLES = "ui/app.css"
APP_SCRIPT = "ui/app.js"
SCRIPT_ENTRY = "ui/js/app.js"
LAYERS = "@layer reset, tokens, base, layout, components, utilities;\n"
SIDE_IMPORT = re.compile(r"""^import\s[^;]*?["']\./(?P<name>[\w-]+\.js)["'];\n""", re.MULTILINE)

Read = Callable[[str], str]


class JoinedStylesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Makes ui/app.css and ui/app.js while collecting; hashed names (inside JS modules too), gzip and brotli twins."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Add the joined files to those collected, then hash and compress all."""
        if not dry_run:
            self._write(paths, APP_STYLES, joined_styles(paths, _reader(paths)))
            self._write(paths, APP_SCRIPT, joined_script(SCRIPT_ENTRY, _reader(paths)))
            for entry in script_entries(paths, _reader(paths)):
                self._write(paths, entry, joined_script(entry, _reader(paths)))
        yield from super().post_process(paths, dry_run, **options)

    def _write(self, paths: dict[str, Any], name: str, text: str) -> None:
        self.delete(name)
        self.save(name, ContentFile(text.encode()))
        paths[name] = (self, name)


def joined_styles(names: Iterable[str], read: Read) -> str:
    """One sheet of all layered CSS files. The order of layers is said first, so the order of files hardly matters."""
    texts = [_without_comments(read(name)) for name in sorted(names) if name.endswith(".css") and name != APP_STYLES]
    return LAYERS + "".join(text for text in texts if text.startswith("@layer"))


def script_entries(names: Iterable[str], read: Read) -> list[str]:
    """Scripts of rooms that import files beside them and are imported by none: a page asks for these alone."""
    scripts = [name for name in names if name.endswith(".js") and not name.startswith("ui/")]
    beside = {
        name: {f"{dirname(name)}/{found['name']}" for found in SIDE_IMPORT.finditer(read(name))} for name in scripts
    }
    imported = set().union(*beside.values()) if beside else set()
    return sorted(name for name, others in beside.items() if others and name not in imported)


def joined_script(entry: str, read: Read) -> str:
    """One module: the entry after everything it imports from its own folder, each file once, exports kept."""
    return "".join(_module_texts(entry, read, done=set()))


def _module_texts(name: str, read: Read, done: set[str]) -> Iterator[str]:
    if name in done:
        return
    done.add(name)
    text = read(name)
    for found in SIDE_IMPORT.finditer(text):
        yield from _module_texts(f"{dirname(name)}/{found['name']}", read, done)
    yield _without_comment_lines(SIDE_IMPORT.sub("", text))


def _reader(paths: Mapping[str, Any]) -> Read:
    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as source:
            return str(source.read().decode())

    return read


def _without_comments(css: str) -> str:
    return re.sub(r"\s*/\*.*?\*/", "", css, flags=re.DOTALL).strip() + "\n"


def _without_comment_lines(script: str) -> str:
    return re.sub(r"^\s*(//.*|/\*\*[^\n]*\*/|/\*\*\n(\s+\*.*\n)+)\n?", "", script, flags=re.MULTILINE)
