"""Translations: complete English, three Russian plural forms, and who gets which language."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import get_language, override

from diary.foundation.ui import catalogs, jinja
from diary.foundation.ui.middleware import ReadersLanguage

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
# A full name with its login, in the list of demo people.
DEMO_NAME = re.compile(r"<span>[^<]*·[^<]*</span>")
LANGUAGE_SWITCH = re.compile(r'<button class="segment" name="language".*?</button>', re.DOTALL)


@pytest.fixture
def compiled(tmp_path: Path, plain_static_files: None) -> Iterator[None]:
    """The committed catalogues compiled anew: .mo files of the checkout may be old or missing."""
    for language in catalogs.LANGUAGES:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        shutil.copy(catalogs.catalogue_path(language), folder)
    with override_settings(LOCALE_PATHS=[tmp_path]):
        catalogs.compile_catalogues()
        jinja._message.cache_clear()
        yield
    jinja._message.cache_clear()


def translated(language: str) -> list[tuple[Message, list[str]]]:
    """Every entry with its translations: one, or one for each plural form."""
    entries = [message for message in catalogs.read_catalogue(language) if message.id]
    return [(one, [one.string] if isinstance(one.string, str) else list(one.string)) for one in entries]


def russian() -> GNUTranslations:
    """The Russian catalogue as gettext reads it."""
    written = BytesIO()
    write_mo(written, catalogs.read_catalogue("ru"))
    written.seek(0)
    return GNUTranslations(written)


def test_no_sentence_is_missing() -> None:
    assert list(catalogs.missing()) == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_placeholders_are_those_of_the_sentence(language: str) -> None:
    wrong = []
    for entry, texts in translated(language):
        sentence = entry.id if isinstance(entry.id, str) else entry.id[1]
        wanted = sorted(PLACEHOLDER.findall(sentence))
        wrong += [(sentence, text) for text in texts if sorted(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def test_english_keeps_the_end_of_the_sentence() -> None:
    wrong = [
        (entry.id, texts[0])
        for entry, texts in translated("en")
        if isinstance(entry.id, str) and " " in entry.id and (entry.id[-1] == ".") != (texts[0][-1] == ".")
    ]
    assert wrong == []


def test_english_quotes_are_english() -> None:
    assert [text for _entry, texts in translated("en") for text in texts if set(text) & set("«»")] == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_header_says_only_what_gettext_needs(language: str) -> None:
    header = catalogs.catalogue_path(language).read_text(encoding="utf-8").split("\n\n", 1)[0]
    assert "fuzzy" not in header
    assert "@" not in header
    assert "Plural-Forms" in header


@pytest.mark.parametrize(
    ("one", "many", "forms"),
    [
        ("%(n)s ошибка", "%(n)s ошибки", ("%(n)s ошибка", "%(n)s ошибки", "%(n)s ошибок")),
        ("%(n)s минута", "%(n)s минут", ("%(n)s минута", "%(n)s минуты", "%(n)s минут")),
        ("%(n)s ученик", "%(n)s учеников", ("%(n)s ученик", "%(n)s ученика", "%(n)s учеников")),
        ("курс", "курсов", ("курс", "курса", "курсов")),
    ],
)
def test_russian_word_follows_the_number(one: str, many: str, forms: tuple[str, str, str]) -> None:
    catalogue = russian()
    for numbers, form in zip(((1, 21, 101), (2, 3, 4, 22), (0, 5, 11, 12, 14, 25, 111)), forms, strict=True):
        assert {catalogue.ngettext(one, many, number) for number in numbers} == {form}


def test_russian_forms_differ() -> None:
    for entry, texts in translated("ru"):
        assert len(texts) == 3, entry.id
        assert texts[0] == entry.id[0]
        # «человек» is the same for 1 and for 5; no two neighbours are
        assert texts[0] != texts[1] != texts[2], entry.id


def test_english_sign_in_page_has_no_russian_but_names(compiled: None, db: None, client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/sign-in/").text
    assert '<html lang="en"' in page
    assert "Sign in to the diary" in page
    left = LANGUAGE_SWITCH.sub("", DEMO_NAME.sub("", page))
    assert [line for line in left.splitlines() if CYRILLIC.search(line)] == []


def test_english_error_page_has_no_russian(compiled: None, db: None, client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/no-such-page/").text
    assert [line for line in LANGUAGE_SWITCH.sub("", page).splitlines() if CYRILLIC.search(line)] == []


@pytest.mark.parametrize(
    ("form", "in_english", "in_russian"),
    [
        ("l, j E", "Wednesday, 14 October", "Среда, 14 октября"),
        ("j E Y", "14 October 2026", "14 октября 2026"),
        ("M", "Oct", "Окт"),
        ("d.m.Y", "14/10/2026", "14.10.2026"),
        ("d.m", "14/10", "14.10"),
    ],
)
def test_dates_are_in_the_language_of_the_page(form: str, in_english: str, in_russian: str) -> None:
    day = dt.date(2026, 10, 14)
    for language, wanted in (("en", in_english), ("ru", in_russian)):
        with override(language):
            assert jinja.date(day, form) == wanted


def test_names_of_days_are_small_inside_a_russian_sentence_only() -> None:
    with override("ru"):
        assert jinja.lowered("Среда, 14 октября") == "среда, 14 октября"
    with override("en"):
        assert jinja.lowered("Wednesday, 14 October") == "Wednesday, 14 October"


def language_for(accepted: str | None, cookie: str | None = None) -> str:
    """The language in which a page is made for this browser."""
    request = RequestFactory().get("/", headers={} if accepted is None else {"accept-language": accepted})
    if cookie is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    made_in: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        made_in.append(get_language())
        return HttpResponse()

    with override("ru"):
        response = ReadersLanguage(view)(request)
    assert response["Content-Language"] == made_in[0]
    assert "Accept-Language" in response["Vary"]
    return str(made_in[0])


@pytest.mark.parametrize(
    "accepted", [None, "", "de, en", "de-DE,de;q=0.9,en;q=0.8", "ru, en", "*", "en;q=0.5, ru", ";;"]
)
def test_russian_is_for_everybody(accepted: str | None) -> None:
    assert language_for(accepted) == "ru"


@pytest.mark.parametrize("accepted", ["en", "en-US,en;q=0.9,ru;q=0.8", "EN-gb, de", "ru;q=0.5, en"])
def test_english_is_for_a_browser_that_puts_it_first(accepted: str) -> None:
    assert language_for(accepted) == "en"


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [("en", "ru", "ru"), ("ru", "en", "en"), (None, "en", "en"), ("en", "tlh", "en"), ("de", "de", "ru")],
)
def test_choice_in_the_cookie_wins(accepted: str | None, cookie: str, language: str) -> None:
    assert language_for(accepted, cookie) == language


def test_template_that_uses_an_extension_is_read_too() -> None:
    """Its sentences were once lost without a word."""
    with_do = BytesIO('{% set found = [] %}{% do found.append(_("Да")) %}'.encode())
    options = catalogs.OPTIONS["**/templates/**.html"]
    found = extract("jinja2", with_do, keywords=catalogs.KEYWORDS, options=options)
    assert [message for _line, message, _comments, _context in found] == ["Да"]


def test_sentences_of_what_stands_beside_the_product_belong_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C10"""
    everything = {message.id for message in catalogs.sentences()}
    monkeypatch.setattr(settings, "INSTALLED_APPS", [app for app in settings.INSTALLED_APPS if app != "demo"])
    product = {message.id for message in catalogs.sentences()}
    assert "Папа Маши" in everything - product
    assert product < everything
