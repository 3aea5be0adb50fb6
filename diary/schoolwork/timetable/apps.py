"""The room of lessons: hands in the saving of the weekly timetable, and who may hear of a course."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "diary.schoolwork.timetable"
    label = "timetable"

    def ready(self) -> None:
        from diary.foundation.live.hearing import hearing_rules
        from diary.people.intake.saving.parts import ImportPart, import_parts
        from diary.schoolwork.timetable.handing_over import follow_teachers
        from diary.schoolwork.timetable.import_periods import keep_lessons_in_periods
        from diary.schoolwork.timetable.import_slots import save_slots
        from diary.schoolwork.timetable.queries import hears_of_course
        from diary.schoolwork.timetable.replanning import follow_timetable

        import_parts.add("timetable.slots", ImportPart(save_slots))
        import_parts.add("timetable.lessons", ImportPart(follow_timetable))
        import_parts.add("timetable.teachers", ImportPart(follow_teachers))
        hearing_rules.add("course", hears_of_course)
        import_parts.add("timetable.periods", ImportPart(keep_lessons_in_periods))
