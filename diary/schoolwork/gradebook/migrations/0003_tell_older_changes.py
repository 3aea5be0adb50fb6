"""Changes that no audit event tells of (a demo, older imports) are told of once, as brought in: the proof asks for it."""

from __future__ import annotations

from django.db import migrations

TELL_SQL = """
WITH told AS MATERIALIZED (
 SELECT one ->> 'hash' AS hash FROM audit_auditevent e CROSS JOIN LATERAL jsonb_array_elements(e.details -> 'marks') one
 WHERE e.action IN ('gradebook.set_marks', 'gradebook.bring_marks')
), untold AS (
 SELECT c.school_id, c.mark_id, encode(c.hash, 'hex') AS hash,
  (row_number() OVER (PARTITION BY c.school_id ORDER BY c.mark_id, c.version) - 1) / 1000 AS part
 FROM gradebook_markchange c WHERE NOT EXISTS (SELECT FROM told WHERE told.hash = encode(c.hash, 'hex'))
), written AS (
 INSERT INTO audit_auditevent (at, user_id, user_name, school_id, action, object_type, object_id, details)
 SELECT now(), 0, 'Система', school_id, 'gradebook.bring_marks', 'schools.school', school_id::text,
  jsonb_build_object('marks', jsonb_agg(jsonb_build_object('mark', mark_id, 'hash', hash)))
 FROM untold GROUP BY untold.school_id, part ORDER BY untold.school_id, part RETURNING id
)
INSERT INTO audit_unsealedevent (event_id) SELECT id FROM written
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("gradebook", "0002_change_tells_kind_and_comment"),
    ]

    operations = [migrations.RunSQL(TELL_SQL, migrations.RunSQL.noop)]
