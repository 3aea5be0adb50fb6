"""What must be right before the first person presses «Войти через Госуслуги»."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from diary.foundation.core import clock
from diary.gates.integrations.esia.configuration import EsiaConfiguration, configuration
from diary.gates.integrations.esia.signing import signed_parameters


def check_files(**_: Any) -> list[CheckMessage]:
    """System check: a half configured ESIA stops the start, an absent one does not."""
    found = configuration()
    return [] if found is None else [*_signs(found), *_trusts(found)]


def _signs(found: EsiaConfiguration) -> list[CheckMessage]:
    try:
        signed_parameters(found, state="check", now=clock.now())
    except (OSError, ValueError, TypeError) as problem:
        return [Error(f"ESIA_KEY_FILE and ESIA_CERTIFICATE_FILE cannot sign: {problem}", id="esia.E001")]
    return []


def _trusts(found: EsiaConfiguration) -> list[CheckMessage]:
    try:
        certificates = list(found.trusted_certificates())
    except (OSError, ValueError) as problem:
        return [Error(f"ESIA_TRUSTED_FOLDER cannot be read: {problem}", id="esia.E002")]
    return [] if certificates else [Error("ESIA_TRUSTED_FOLDER holds no certificate of ESIA", id="esia.E003")]
