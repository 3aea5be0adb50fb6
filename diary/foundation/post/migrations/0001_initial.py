import diary.foundation.core.clock
import diary.foundation.core.encryption.fields
import uuid
from django.db import migrations, models


def renamed(old, new):
    """The tables of messages and their index under the name of their room."""
    return [
        *(f"ALTER TABLE {old}_{name} RENAME TO {new}_{name}" for name in ("outgoingmessage", "outboxmessage")),
        f"ALTER INDEX {old}_outbox_sent RENAME TO {new}_outbox_sent",
    ]


MOVED = [
        migrations.CreateModel(
            name='OutgoingMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('sms', 'Sms'), ('email', 'Email')], max_length=5)),
                ('address', diary.foundation.core.encryption.fields.EncryptedTextField()),
                ('subject', diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='')),
                ('text', diary.foundation.core.encryption.fields.EncryptedTextField()),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('expires_at', models.DateTimeField(help_text='after it the message is no longer worth sending')),
            ],
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('sms', 'Sms'), ('email', 'Email')], max_length=5)),
                ('address', diary.foundation.core.encryption.fields.EncryptedTextField()),
                ('subject', diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='')),
                ('text', diary.foundation.core.encryption.fields.EncryptedTextField()),
                ('sent_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['sent_at'], name='post_outbox_sent')],
            },
        ),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [("accounts", "0009_messages_move_to_post"), ("jobs", "0003_queues")]

    # the tables and their rows were made in the room accounts; they only change their names, as does their job
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(renamed("accounts", "post"), renamed("post", "accounts")),
                migrations.RunSQL(
                    "UPDATE procrastinate_jobs SET task_name = 'post.send_message'"
                    " WHERE task_name = 'accounts.send_message'",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=MOVED,
        ),
    ]
