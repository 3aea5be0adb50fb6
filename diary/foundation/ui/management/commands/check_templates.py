"""`manage.py check_templates`: every template compiles and keeps the rules of the strict CSP and of translation."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template import engines

FORBIDDEN = {
    r"\sstyle\s*=": "a style attribute (strict CSP)",
    r"<style": "an inline style sheet (strict CSP)",
    r"<script(?![^>]*\ssrc=)": "an inline script (strict CSP)",
    r"\son[a-z]+\s*=\s*[\"']": "an inline event handler (strict CSP)",
    r"\|\s*safe\b(?<!'\|safe)": "unescaped output",
}
CYRILLIC_OUTSIDE = re.compile(r"[а-яё]{2,}", re.IGNORECASE)
CODE = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->", re.DOTALL)


class Command(BaseCommand):
    help = "Compile all templates and look for what they must not contain."

    def handle(self, *args: Any, **options: Any) -> None:
        environment = cast("Any", engines.all()[0]).env
        faults: list[str] = []
        count = 0
        for name in environment.list_templates():
            source, path, _fresh = environment.loader.get_source(environment, name)
            if not Path(path).is_relative_to(settings.BASE_DIR / "diary"):
                continue
            count += 1
            environment.get_template(name)
            faults += [
                f"{name}: {what}" for pattern, what in FORBIDDEN.items() if re.search(pattern, CODE.sub("", source))
            ]
            left = CYRILLIC_OUTSIDE.search(CODE.sub("", source))
            if left:
                faults.append(f"{name}: «{left.group()}» stands outside _()")
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(f"{count} templates, {len(faults)} faults")
        if faults:
            sys.exit(1)
