"""The room of lessons: hands the saving of the weekly timetable to the school import."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "diary.schoolwork.timetable"
    label = "timetable"

    def ready(self) -> None:
        from diary.people.intake.saving.parts import ImportPart, import_parts
        from diary.schoolwork.timetable.import_slots import save_slots

        import_parts.add("timetable.slots", ImportPart(save_slots))
