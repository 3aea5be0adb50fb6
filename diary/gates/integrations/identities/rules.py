"""A login to begin with: Russian names in Latin letters."""

from __future__ import annotations

import re

LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia".split(),
        strict=True,
    )
) | {"ь": ""}


def suggested_login(last_name: str, first_name: str, number: int = 1) -> str:
    """«Щукина», «Юлия» → «shchukina_iu», the second one «shchukina_iu2» (letters by the passport order of ICAO)."""
    letters = "".join(LATIN.get(sign, sign) for sign in f"{last_name}_{first_name[:1]}".lower())
    plain = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:60] or "user"
    return plain if number == 1 else f"{plain}{number}"
