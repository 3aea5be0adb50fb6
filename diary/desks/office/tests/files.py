"""Files of the cast's school № 1 for the import: a class more, with pupils of its own."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from diary.foundation.tables.tests.files import as_zip


def new_class(pupils: int = 3) -> dict[str, Any]:
    """8В with so many pupils, each with a guardian."""
    names = [f"Ученик{chr(ord('а') + number % 32)}{chr(ord('а') + number // 32)}" for number in range(pupils)]
    return {
        "Классы": [["Класс"], ["8В"]],
        "Ученики": [
            ["Фамилия", "Имя", "Дата рождения", "Класс"],
            *[["Новый", name, "05.03.2012", "8В"] for name in names],
        ],
        "Представители": [["Фамилия", "Имя", "Ученик"], *[["Новая", f"Мать{name}", f"Новый {name}"] for name in names]],
    }


def upload(sheets: dict[str, Any], name: str = "school.zip") -> SimpleUploadedFile:
    """The sheets as a browser sends them."""
    return SimpleUploadedFile(name, as_zip(sheets), content_type="application/zip")
