"""The demo school: hands its people to the sign-in page. Not installed in production."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"

    def ready(self) -> None:
        from demo.cast import demo_people
        from diary.people.door.signing_in.hints import sign_in_hints

        sign_in_hints.add("demo", demo_people)
