"""The room «roster» as Django knows it."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "diary.people.roster"
    label = "roster"

    def ready(self) -> None:
        """Hand in the children's devices (they are lost with a phone), and who may hear of a child."""
        from diary.foundation.live.hearing import hearing_rules
        from diary.people.door.sessions.revocation import revocations
        from diary.people.roster.queries.hearing import hears_of_student
        from diary.people.roster.revocation import take_devices

        revocations.add("child devices", take_devices)
        hearing_rules.add("student", hears_of_student)
