"""The gate «openid»: itself as a provider of identities."""

from django.apps import AppConfig


class OpenIdConfig(AppConfig):
    name = "diary.gates.integrations.openid"
    label = "openid"

    def ready(self) -> None:
        from diary.gates.integrations.identities.queries import link_with
        from diary.gates.integrations.openid.configuration import configuration
        from diary.people.door.signing_in.identity_providers import IdentityProvider, identity_providers

        identity_providers.add(
            "openid",
            IdentityProvider(
                key="openid",
                label=_label,
                start="openid:start",
                is_on=lambda: configuration() is not None,
                link_of=link_with("openid"),
            ),
        )


def _label() -> str:
    from diary.gates.integrations.openid.configuration import configuration

    ours = configuration()
    return ours.name if ours else "OpenID Connect"
