"""The phone and the mailbox of a journey's person: the outbox page of the demo, opened beside."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from playwright.sync_api import Page, expect


def code_to(page: Page, address: str) -> str:
    """The code in the newest message to this phone or mailbox."""
    beside = page.context.new_page()
    beside.goto(urljoin(page.url, "/outbox/"))
    letter = beside.locator("article", has_text=address).first
    expect(letter).to_be_visible(timeout=15_000)
    code = re.search(r"\b\d{6}\b", letter.inner_text())
    beside.close()
    assert code is not None
    return code[0]
