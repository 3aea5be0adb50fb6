"""The gate «esia»: its check at the start, and itself as a provider of identities."""

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _t


class EsiaConfig(AppConfig):
    name = "diary.gates.integrations.esia"
    label = "esia"

    def ready(self) -> None:
        from django.core.checks import register

        from diary.gates.integrations.esia.checks import check_files
        from diary.gates.integrations.esia.configuration import configuration
        from diary.gates.integrations.identities.queries import link_with
        from diary.people.door.signing_in.identity_providers import IdentityProvider, identity_providers

        register(check_files, "esia")
        identity_providers.add(
            "esia",
            IdentityProvider(
                key="esia",
                label=_label,
                start="esia:start",
                is_on=lambda: configuration() is not None,
                link_of=link_with("esia"),
                is_factor=True,
            ),
        )


def _label() -> Promise:
    return _t("Госуслуги")
