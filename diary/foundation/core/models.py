"""What every table of a school shares: its key, its place, and whether its rows may ever change."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.core.fields import uuid7

if TYPE_CHECKING:
    import uuid


class SchoolOwned(models.Model):
    """A table whose rows belong to one school: composite key, row-level security, grants (see access.database)."""

    pk = models.CompositePrimaryKey("school_id", "id")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A history: the application's database role may insert and read, nothing else."""

    class Meta:
        abstract = True


class Kept(models.Model):
    """Rows that change but never go: the application's database role may not delete them."""

    class Meta:
        abstract = True


class DataKey(Kept):
    """A key of one school (0: the whole country), wrapped by a master key. See core.encryption.

    In use until `retired_at`; after `emptied_at` no value of the database is sealed with it any more.
    """

    DATA, INDEX = "data", "index"

    id = models.PositiveIntegerField(primary_key=True, editable=False, help_text="random; stands in every value")
    school_number = models.IntegerField(default=0)
    purpose = models.CharField(max_length=5, choices=[(DATA, DATA), (INDEX, INDEX)])
    master = models.CharField(max_length=8, help_text="which master key has wrapped it")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_number", "purpose"], condition=models.Q(retired_at=None), name="core_datakey_one_in_use"
            ),
            models.CheckConstraint(
                condition=models.Q(emptied_at=None) | models.Q(retired_at__isnull=False),
                name="core_datakey_retired_before_emptied",
            ),
        ]


class DoneOnce(models.Model):
    """A request that has been carried out; the same key again changes nothing."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.BigIntegerField()
    key = models.UUIDField()
    content = models.BinaryField(max_length=32, null=True, help_text="digest of what was asked; none in older rows")
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="core_doneonce_user_key")]
        indexes = [models.Index(fields=["done_at"], name="core_doneonce_done_at")]


class KeyReused(BadInput):
    """The key of a request that has been carried out came with another content; nothing was written."""


def is_first_time(user_id: int, key: uuid.UUID, content: Any) -> bool:
    """Claim an idempotency key for this content in the present transaction; False when it was carried out before.

    `content` is all that was asked, as values that JSON can hold (ids, dates and decimals too). A concurrent twin waits
    here until the first one commits or rolls back. Raises KeyReused when the key was carried out with another content.
    """
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, cls=DjangoJSONEncoder)
    digest = hashlib.sha256(written.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_doneonce (user_id, key, content, done_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [user_id, key, digest, clock.now()],
        )
        if cursor.rowcount == 1:
            return True
        cursor.execute("SELECT content FROM core_doneonce WHERE user_id = %s AND key = %s", [user_id, key])
        (done,) = cursor.fetchone()
    if done is not None and bytes(done) != digest:
        raise KeyReused(
            _("Запись с этим ключом уже сделана, но с другим содержанием. Новое не записано: введите его ещё раз.")
        )
    return False
