"""Take NOTIFY out of the inserting transaction: it would make every writer's commit queue behind one lock."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procrastinate", "0041_post_retry_failed_job")]
    operations: ClassVar = [
        migrations.RunSQL(
            "DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs",
            "CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON procrastinate_jobs"
            " FOR EACH ROW WHEN (new.status = 'todo'::procrastinate_job_status)"
            " EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1()",
        ),
    ]
