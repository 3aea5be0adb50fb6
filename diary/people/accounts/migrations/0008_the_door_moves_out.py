from django.db import migrations

MOVED = ("Allowance", "Factor", "LoginGuard", "OneTimeCode", "RecoveryCode", "Session", "SignInRecord")


class Migration(migrations.Migration):

    dependencies = [("accounts", "0007_codes_of_strangers")]

    # the tables stay: the room door takes them over in its first migration
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name=name) for name in MOVED])
    ]
