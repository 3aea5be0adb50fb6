"""Appends a change of a mark that nobody made, with the hash that it should have: `python -m bench.chaos_forge`."""

from __future__ import annotations

import json

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from diary.foundation.core.fields import uuid7  # noqa: E402
from diary.people.schools.models import School  # noqa: E402
from diary.schoolwork.gradebook.models import Mark, MarkChange  # noqa: E402
from diary.schoolwork.gradebook.rules import change_hash  # noqa: E402


def main() -> None:
    """The newest mark gets another value, as if its teacher had corrected it, and shows it."""
    with transaction.atomic(), connection.cursor() as cursor:
        school_id = School.objects.order_by("id").values_list("id", flat=True)[0]
        change = MarkChange.objects.filter(school_id=school_id).order_by("-id")[0]
        last = MarkChange.objects.filter(school_id=school_id, mark_id=change.mark_id).order_by("-version")[0]
        forged = MarkChange.objects.get(school_id=school_id, id=last.id)
        forged.id, forged.version, forged.previous_hash = uuid7(), last.version + 1, last.hash
        forged.old_value, forged.value = last.value, "2"
        forged.old_weight, forged.reason = last.weight, MarkChange.Reason.MISTAKE
        forged.hash = change_hash(forged)
        forged._state.adding = True
        cursor.execute("SET LOCAL session_replication_role = replica")
        forged.save(force_insert=True)
        Mark.objects.filter(school_id=school_id, id=last.mark_id).update(version=forged.version, value="2")
    print(json.dumps({"mark": str(last.mark_id)}))


if __name__ == "__main__":
    main()
