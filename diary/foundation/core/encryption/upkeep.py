"""The data keys themselves: wrapped anew by another master key, and removed when nothing needs them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from diary.foundation.core import clock
from diary.foundation.core.encryption.keys import master_keys, unwrapped, wrap
from diary.foundation.core.encryption.rotation import BATCH, InScope, seen
from diary.foundation.core.encryption.tables import Table
from diary.foundation.core.models import DataKey

KEPT_FOR = dt.timedelta(days=1)  # an emptied key stays for pages that have read an old value and not opened it yet


def rewrap() -> int:
    """Wrap every data key with the newest master key; how many had another."""
    newest, done = master_keys()[0].id, 0
    while True:
        with transaction.atomic():
            rows = DataKey.objects.exclude(master=newest).order_by("id").select_for_update()[:BATCH]
            for row in rows:
                secret = unwrapped(row.id, row.master, bytes(row.wrapped), row.school_number, row.purpose)
                wrap(row, secret)
                row.save(update_fields=["master", "wrapped"])
            if not rows:
                return done
            done += len(rows)


def drop_emptied(tables: list[Table], in_scope: InScope) -> int:
    """Remove the keys that have sealed nothing for KEPT_FOR, after one more look; how many went."""
    gone = 0
    for key in DataKey.objects.filter(emptied_at__lt=clock.now() - KEPT_FOR).order_by("id"):
        with in_scope(seen(key.school_number)):
            if not any(table.rows_of_key(key.school_number, key.id).exists() for table in tables):
                key.delete()
                gone += 1
    return gone
