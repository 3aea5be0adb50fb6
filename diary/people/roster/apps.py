"""The room «roster» as Django knows it."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "diary.people.roster"
    label = "roster"

    def ready(self) -> None:
        """Hand in the children's devices: they are lost with a phone."""
        from diary.people.accounts.possessions import account_possessions
        from diary.people.roster.possessions import take_devices

        account_possessions.add("child devices", take_devices)
