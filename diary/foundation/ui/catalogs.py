"""Translation catalogues: Russian sentences are the source, `diary/locale` holds English and the Russian plurals."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

LANGUAGES = ("en", "ru")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "translate": None,
}
HEADER_COMMENT = "# Translations of «Электронный дневник»; `manage.py update_translations` keeps them up to the source."
# Days and versions would change with every update, and addresses belong to nobody here.
IDLE_HEADERS = ("POT-Creation", "PO-Rev", "Report-Msgid", "Last-Translator", "Language-Team", "Generated-By")
# Not silent: a template that cannot be read would else lose its translations without a word.
TEMPLATES = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
OPTIONS = {"**/templates/**.html": {**TEMPLATES, "extensions": "jinja2.ext.do", "silent": "false"}}


def catalogue_path(language: str) -> Path:
    """The .po file of a language."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read_catalogue(language: str) -> Catalog:
    """The catalogue as committed; an empty one when there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def write_catalogue(language: str, catalogue: Catalog) -> None:
    """The .po file, sorted and with a header that says only what gettext needs."""
    catalogue.fuzzy = False
    catalogue.header_comment = HEADER_COMMENT
    catalogue.project, catalogue.version = "electronic-diary", "1"
    written = BytesIO()
    write_po(written, catalogue, width=120, omit_header=False, sort_output=True, include_lineno=False)
    idle = tuple(f'"{name}' for name in IDLE_HEADERS)
    kept = [line for line in written.getvalue().decode().splitlines() if not line.startswith(idle)]
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def sentences() -> Catalog:
    """Every sentence of the source, with the files it stands in (no line numbers: they would change daily)."""
    found = Catalog()
    for package in _packages():
        for name, _line, message, comments, context in extract_from_dir(
            package, METHODS, OPTIONS, KEYWORDS, comment_tags=(), directory_filter=_is_source
        ):
            if not name.endswith(".py") or "/tests/" not in f"/{name}":
                place = name if package.name == "diary" else f"{package.name}/{name}"
                found.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return found


def _packages() -> list[Path]:
    """The product, and what this installation adds beside it."""
    installed = {Path(settings.BASE_DIR) / app.partition(".")[0] for app in settings.INSTALLED_APPS}
    return sorted(folder for folder in installed if folder.is_dir())


def _is_source(folder: object) -> bool:
    return Path(str(folder)).name not in {"tests", "migrations", "static", "locale", "__pycache__"}


def update_catalogues() -> None:
    """Bring the committed catalogues up to the source: new sentences come empty, gone ones go."""
    source = sentences()
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        catalogue.update(source, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == "ru":
            # Russian needs an entry only where the number changes the word
            for message in [message for message in catalogue if message.id and isinstance(message.id, str)]:
                catalogue.delete(message.id, message.context)
        write_catalogue(language, catalogue)


def compile_catalogues() -> None:
    """Write the .mo files that gettext reads."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_catalogue(language))


def missing() -> Iterator[tuple[str, str]]:
    """(language, sentence) of everything the catalogues lack."""
    source = sentences()
    for language in LANGUAGES:
        catalogue = read_catalogue(language)
        for message in source:
            if not message.id or (language == "ru" and isinstance(message.id, str)):
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            known = catalogue.get(key, message.context)
            texts = (
                [] if known is None else [known.string] if isinstance(known.string, str) else list(known.string or ())
            )
            if not texts or not all(texts):
                yield language, key
