"""Which provider of OpenID Connect the diary is known to: everything comes from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

SCOPES = "openid profile email phone"


@dataclass(frozen=True)
class OpenIdConfiguration:
    """`issuer` as it stands in its discovery document; `name` is what people call it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scope: str = SCOPES


def configuration() -> OpenIdConfiguration | None:
    """What the settings say; None where no provider is connected."""
    if not (settings.OPENID_ISSUER and settings.OPENID_CLIENT_ID):
        return None
    name = settings.OPENID_NAME or settings.OPENID_ISSUER.partition("//")[2].partition("/")[0]
    return OpenIdConfiguration(settings.OPENID_ISSUER, settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET, name)
