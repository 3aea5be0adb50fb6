"""Lessons at an hour that the course never had in its week were added by hand."""

from django.db import migrations

ADDED_SQL = """
UPDATE timetable_lesson l SET is_added = true
WHERE NOT EXISTS (
 SELECT 1 FROM timetable_weeklyslot s
 WHERE s.school_id = l.school_id AND s.course_id = l.course_id AND s.number = l.number
  AND s.weekday = extract(isodow FROM l.held_on)
)
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0002_lesson_is_added")]

    operations = [migrations.RunSQL(ADDED_SQL, migrations.RunSQL.noop)]
