"""Jobs that wait at the moment of the update go on in the queues of today."""

from typing import ClassVar

from django.db import migrations

RENAMED = {"live": "urgent", "periodic": "upkeep", "imports": "long"}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("jobs", "0002_task")]
    operations: ClassVar = [
        migrations.RunSQL(
            [
                ("UPDATE procrastinate_jobs SET queue_name = %s WHERE queue_name = %s AND status = 'todo'", [new, old])
                for old, new in RENAMED.items()
            ],
            migrations.RunSQL.noop,
        ),
    ]
