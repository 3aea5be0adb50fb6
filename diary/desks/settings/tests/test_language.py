"""The own pages in English: nothing Russian is left but names."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from diary.desks.settings.tests.test_security import new_factor, recorded
from tests.people import USERS, Cast

CYRILLIC = re.compile("[а-яёА-ЯЁ]+")
NAMES = {*USERS["olga"], "Мой", "телефон"}
PAGES = (
    "/settings/",
    "/settings/services/",
    "/settings/contacts/",
    "/settings/contacts/phone/",
    "/settings/contacts/email/",
    "/settings/contacts/address/",
    "/security/",
    "/security/sign-ins/",
    "/security/password/",
    "/security/lost-phone/",
)


@pytest.mark.parametrize("address", PAGES)
def test_english_page_has_no_russian_but_names(client_of: Callable[[str], Client], cast: Cast, address: str) -> None:
    olga = client_of("olga")
    olga.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    new_factor(cast.users["olga"])
    recorded(cast.users["olga"], "wrong_code", device_kind="phone")
    page = olga.get(address).content.decode()
    assert '<html lang="en"' in page
    content = page.partition("<main")[2].partition("</main>")[0]
    assert set(CYRILLIC.findall(content)) - NAMES == set()
