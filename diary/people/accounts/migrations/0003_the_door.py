import diary.foundation.core.clock
import diary.foundation.core.encryption.fields
import diary.people.accounts.models.people
import diary.people.accounts.rules.formats
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_user_accounts_user_login_any_case'),
    ]

    operations = [
        # everybody signs in anew: a session from before has no handle and has proved no second factor
        migrations.RunSQL("DELETE FROM accounts_session", migrations.RunSQL.noop),
        migrations.RenameField(model_name='user', old_name='phone', new_name='clear_phone'),
        migrations.RenameField(model_name='user', old_name='email', new_name='clear_email'),
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('key', models.BinaryField(help_text='blind index of what is limited', primary_key=True, serialize=False)),
                ('left', models.FloatField()),
                ('counted_at', models.DateTimeField()),
            ],
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
            ],
        ),
        migrations.CreateModel(
            name='LoginGuard',
            fields=[
                ('login_index', models.BinaryField(help_text='blind index of the login in small letters', primary_key=True, serialize=False)),
                ('tries', models.BigIntegerField(default=0)),
                ('forgiven', models.BigIntegerField(default=0)),
                ('locked_until', models.DateTimeField(null=True)),
                ('touched_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
            ],
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
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
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
        ),
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
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('code_hash', models.BinaryField()),
                ('created_at', models.DateTimeField(default=diary.foundation.core.clock.now)),
                ('used_at', models.DateTimeField(null=True)),
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
        ),
        migrations.AddField(
            model_name='session',
            name='created_at',
            field=models.DateTimeField(default=diary.foundation.core.clock.now),
        ),
        migrations.AddField(
            model_name='session',
            name='device',
            field=models.TextField(blank=True, help_text='«Chrome, Windows»'),
        ),
        migrations.AddField(
            model_name='session',
            name='device_kind',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='session',
            name='factor_at',
            field=models.DateTimeField(help_text='when a second factor was last proved', null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='handle',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name='session',
            name='ip',
            field=models.GenericIPAddressField(null=True),
        ),
        migrations.AddField(
            model_name='session',
            name='last_seen_at',
            field=models.DateTimeField(default=diary.foundation.core.clock.now, help_text='to ten minutes'),
        ),
        migrations.AddField(
            model_name='user',
            name='address',
            field=diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='', row='number'),
        ),
        migrations.AddField(
            model_name='user',
            name='contacts_checked_at',
            field=models.DateTimeField(blank=True, help_text='said to be right (A12)', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='deactivated_at',
            field=models.DateTimeField(blank=True, help_text='by the owner; a school clears is_active', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='deactivated_why',
            field=models.CharField(blank=True, choices=[('lost_phone', 'Lost Phone')], max_length=20),
        ),
        migrations.AddField(
            model_name='user',
            name='diary_is_on',
            field=models.BooleanField(default=True, help_text='the service switch (A11)'),
        ),
        migrations.AddField(
            model_name='user',
            name='email_confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='email_index',
            field=diary.people.accounts.models.people.IndexField(null=True, of='email'),
        ),
        migrations.AddField(
            model_name='user',
            name='number',
            field=models.CharField(editable=False, max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='signed_up_at',
            field=models.DateTimeField(blank=True, help_text='empty: a school made the account', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='phone_confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='phone_index',
            field=diary.people.accounts.models.people.IndexField(null=True, of='phone'),
        ),
        migrations.AddField(
            model_name='user',
            name='email',
            field=diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='', row='number'),
        ),
        migrations.AddField(
            model_name='user',
            name='phone',
            field=diary.foundation.core.encryption.fields.EncryptedTextField(blank=True, default='', help_text='E.164', row='number'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['phone_index'], name='accounts_user_phone'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['email_index'], name='accounts_user_email'),
        ),
        migrations.AddIndex(
            model_name='allowance',
            index=models.Index(fields=['counted_at'], name='accounts_allowance_counted'),
        ),
        migrations.AddField(
            model_name='factor',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factors', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='loginguard',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='onetimecode',
            name='user',
            field=models.ForeignKey(help_text='null: a decoy for nobody', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(fields=['sent_at'], name='accounts_outbox_sent'),
        ),
        migrations.AddField(
            model_name='recoverycode',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='signinrecord',
            index=models.Index(fields=['user_id', 'at'], name='accounts_signin_user_at'),
        ),
        migrations.AddIndex(
            model_name='factor',
            index=models.Index(fields=['user'], name='accounts_factor_user'),
        ),
        migrations.AddConstraint(
            model_name='factor',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['sms', 'email'])), fields=('user', 'kind'), name='accounts_factor_once'),
        ),
        migrations.AddIndex(
            model_name='loginguard',
            index=models.Index(condition=models.Q(('user', None)), fields=['touched_at'], name='accounts_guard_touched'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['session_index', 'purpose'], name='accounts_code_session'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['address_index', 'created_at'], name='accounts_code_address'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['created_at'], name='accounts_code_created'),
        ),
        migrations.AddConstraint(
            model_name='recoverycode',
            constraint=models.UniqueConstraint(fields=('user', 'code_hash'), name='accounts_recovery_code'),
        ),
    ]
