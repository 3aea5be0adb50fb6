from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("accounts", "0008_the_door_moves_out")]

    # the tables stay: the room post takes them over in its first migration
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name=name) for name in ("OutboxMessage", "OutgoingMessage")]
        )
    ]
