import diary.foundation.core.clock
import diary.foundation.core.encryption.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


TABLES = ("allowance", "factor", "loginguard", "onetimecode", "recoverycode", "session", "signinrecord")
INDEXES = (
    "allowance_counted",
    "code_address",
    "code_created",
    "code_session",
    "factor_user",
    "guard_touched",
    "signin_user_at",
    "factor_once",
    "recovery_code",
)


def renamed(old, new):
    """Tables, indexes and unique constraints of the door under the name of their room."""
    return [
        *(f"ALTER TABLE {old}_{name} RENAME TO {new}_{name}" for name in TABLES),
        *(f"ALTER INDEX {old}_{name} RENAME TO {new}_{name}" for name in INDEXES),
    ]


MOVED = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('key', models.BinaryField(help_text='blind index of what is limited', primary_key=True, serialize=False)),
                ('left', models.FloatField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['counted_at'], name='door_allowance_counted')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(help_text='stored_key() of the cookie', max_length=40, primary_key=True, serialize=False)),
                ('handle', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('session_data', models.TextField()),
                ('expire_date', models.DateTimeField(db_index=True)),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('last_seen_at', models.DateTimeField(default=diary.foundation.core.clock.now, help_text='to ten minutes')),
                ('ip', models.GenericIPAddressField(null=True)),
                ('device', models.TextField(blank=True, help_text='«Chrome, Windows»')),
                ('device_kind', models.CharField(blank=True, max_length=10)),
                ('factor_at', models.DateTimeField(help_text='when a second factor was last proved', null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInRecord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('user_id', models.BigIntegerField(null=True)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('device', models.TextField(blank=True)),
                ('device_kind', models.CharField(blank=True, max_length=10)),
                ('result', models.CharField(choices=[('signed_in', 'Signed In'), ('wrong_password', 'Wrong Password'), ('locked', 'Locked'), ('wrong_code', 'Wrong Code'), ('closed', 'Closed'), ('stepped_up', 'Stepped Up'), ('recovered', 'Recovered')], max_length=20)),
                ('factor', models.CharField(blank=True, help_text='kind of the second factor, or of the way in', max_length=20)),
            ],
            options={
                'indexes': [models.Index(fields=['user_id', 'at'], name='door_signin_user_at')],
            },
        ),
        migrations.CreateModel(
            name='Factor',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('sms', 'Sms'), ('email', 'Email'), ('totp', 'Totp'), ('webauthn', 'Webauthn')], max_length=10)),
                ('name', models.TextField(blank=True, help_text='what its owner calls it')),
                ('secret', diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='', help_text='TOTP: the shared secret; WebAuthn: the credential')),
                ('credential_index', models.BinaryField(help_text='WebAuthn: index of the credential id', null=True, unique=True)),
                ('used_up_to', models.BigIntegerField(default=0, help_text="TOTP: last step used; WebAuthn: the key's own counter")),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factors', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user'], name='door_factor_user')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['sms', 'email'])), fields=('user', 'kind'), name='door_factor_once')],
            },
        ),
        migrations.CreateModel(
            name='LoginGuard',
            fields=[
                ('login_index', models.BinaryField(help_text='blind index of the login in small letters', primary_key=True, serialize=False)),
                ('tries', models.BigIntegerField(default=0)),
                ('forgiven', models.BigIntegerField(default=0)),
                ('locked_until', models.DateTimeField(null=True)),
                ('touched_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('user', None)), fields=['touched_at'], name='door_guard_touched')],
            },
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('session_index', models.BinaryField(help_text="blind index of the session's key: no other session can use it")),
                ('purpose', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('sms', 'Sms'), ('email', 'Email')], max_length=5)),
                ('address', diary.foundation.core.encryption.fields.EncryptedTextField(help_text='E.164 or e-mail')),
                ('address_index', models.BinaryField()),
                ('code_hash', models.BinaryField(help_text='keyed, so that the table alone tells nothing')),
                ('is_typed', models.BooleanField(default=False, help_text='the address was typed by who may not be its owner')),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('due_at', models.DateTimeField(default=diary.foundation.core.clock.now, help_text='when the message goes')),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(help_text='null: a decoy for nobody', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['session_index', 'purpose'], name='door_code_session'), models.Index(fields=['address_index', 'created_at'], name='door_code_address'), models.Index(fields=['created_at'], name='door_code_created')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code_hash', models.BinaryField()),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'code_hash'), name='door_recovery_code')],
            },
        ),
]


class Migration(migrations.Migration):

    initial = True

    dependencies = [("accounts", "0008_the_door_moves_out")]

    # the tables and their rows were made in the room accounts; they only change their names
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(renamed("accounts", "door"), renamed("door", "accounts"))],
            state_operations=MOVED,
        ),
    ]
