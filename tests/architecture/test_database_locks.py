"""The fourth lock, tried by force: what the application's own role cannot do, whatever its code says.

The tests' connection is that role. Breaks made by the owner, on a copy, are found by `manage.py audit_verify`.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import Error, connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from conftest import TEST_DATABASE, create_database, drop_database, owner_settings
from diary.foundation.access.scope import current_scope, school_scope
from diary.foundation.audit.models import AuditEvent, AuditSeal, UnsealedEvent
from diary.foundation.audit.rules import leaf_hash, merkle_proof, root_from_proof
from diary.foundation.audit.sealing import event_content, seal_events
from diary.foundation.core import clock
from diary.foundation.core.models import AppendOnly, Kept, SchoolOwned
from diary.people.door.models import SignInRecord
from diary.people.roster.models import Course, Student
from diary.schoolwork.gradebook.actions import CellEntry, enter_cells
from diary.schoolwork.gradebook.models import Mark, MarkChange
from diary.schoolwork.gradebook.rules import change_hash
from tests.committed import as_owner, database_name, in_database
from tests.people import NOW, Cast

HISTORIES = [model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)]
KEPT = [model._meta.db_table for model in apps.get_models() if issubclass(model, Kept)]
SCHOOL_TABLES = [model._meta.db_table for model in apps.get_models() if issubclass(model, SchoolOwned)]


def enter(cast: Cast, text: str, *, lesson: int = 3, version: int = 0, reason: str = "") -> None:
    """Анна types into Маша's cell."""
    course = Course.objects.select_related("subject", "group", "teacher", "school").get(
        school_id=cast.school.id, id=cast.algebra.id
    )
    entry = CellEntry(cast.lessons[lesson].id, cast.masha.id, text, version, reason)
    enter_cells(cast.actor("anna"), course, cells=[entry], key=uuid.uuid4())


@contextmanager
def checked_now() -> Iterator[None]:
    """Deferred constraints speak at the end of the block, not at commit."""
    yield
    connection.check_constraints()


@contextmanager
def refused(sentence: str) -> Iterator[None]:
    """The database refuses what is done inside, and nothing stays of it."""
    with pytest.raises(Error, match=sentence), transaction.atomic(), checked_now():
        yield


def run(sql: str, *given: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return int(cursor.fetchone()[0])


# Histories


@pytest.mark.parametrize("table", HISTORIES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"])
def test_history_cannot_be_touched(cast: Cast, table: str, deed: str) -> None:
    enter(cast, "5")
    SignInRecord.objects.create(result=SignInRecord.Result.LOCKED)
    seal_events()
    with refused("permission denied"):
        run(deed.format(table))
    assert count(table) > 0


@pytest.mark.parametrize("table", HISTORIES)
@pytest.mark.parametrize(
    "deed", ["ALTER TABLE {} DISABLE ROW LEVEL SECURITY", "DROP TABLE {}", "ALTER TABLE {} OWNER TO CURRENT_USER"]
)
def test_history_cannot_be_taken_over(cast: Cast, table: str, deed: str) -> None:
    with refused("must be owner"):
        run(deed.format(table))


def test_rights_cannot_be_given_to_oneself(cast: Cast) -> None:
    owner = connection.ops.quote_name(str(owner_settings(TEST_DATABASE)["USER"]))
    for deed in ("ALTER ROLE CURRENT_USER BYPASSRLS", "ALTER ROLE CURRENT_USER SUPERUSER", f"SET ROLE {owner}"):
        with refused("permission denied|must be superuser|must have"):
            run(deed)
    run("GRANT UPDATE ON gradebook_markchange TO CURRENT_USER")  # a warning, and nothing is granted
    with refused("permission denied"):
        run("UPDATE gradebook_markchange SET value = value")


# Marks


@pytest.mark.parametrize("change", ["value = '2'", "weight = 9", "version = version + 1", "value = ''"])
def test_mark_cannot_show_what_no_recorded_change_made(cast: Cast, change: str) -> None:
    enter(cast, "5")
    with refused("gradebook_mark_made_by_change"):
        run(f"UPDATE gradebook_mark SET {change}")
    with refused("gradebook_mark_made_by_change"):
        Mark.objects.filter(school_id=cast.school.id).update(value="4")
    assert Mark.objects.get().value == "5"


def new_mark(cast: Cast, **other: object) -> Mark:
    lesson = cast.lessons[3]
    values = {
        "school_id": cast.school.id,
        "lesson_id": lesson.id,
        "student_id": cast.masha.id,
        "kind_id": cast.answer.id,
        "course_id": cast.algebra.id,
        "held_on": lesson.held_on,
        "value": "5",
    }
    return Mark(**values | other)


def recorded(mark: Mark) -> Mark:
    """With a change that allows it, as an attacker who writes both would make."""
    MarkChange.objects.create(
        school_id=mark.school_id,
        mark_id=mark.id,
        version=mark.version,
        lesson_id=mark.lesson_id,
        student_id=mark.student_id,
        value=mark.value,
        old_weight=mark.weight,
        weight=mark.weight,
        kind_id=mark.kind_id,
        reason="first",
        changed_by_id=1,
        changed_by_name="",
        changed_by_post="",
        changed_at=NOW,
        previous_hash=b"",
        hash=b"",
    )
    return mark


def test_mark_cannot_be_inserted_without_a_change(cast: Cast) -> None:
    with refused("gradebook_mark_made_by_change"):
        new_mark(cast).save(force_insert=True)


def test_mark_with_its_change_can_be_inserted(cast: Cast) -> None:
    """So that the refusals around here are known to come from what they name."""
    recorded(new_mark(cast)).save(force_insert=True)
    connection.check_constraints()


def test_pupil_of_another_school_cannot_get_a_mark(cast: Cast) -> None:
    with refused("gradebook_mark_student_fk"):
        recorded(new_mark(cast, student_id=cast.foreign_student.id)).save(force_insert=True)


def test_lesson_of_another_school_cannot_hold_a_mark(cast: Cast) -> None:
    with refused("gradebook_mark_lesson_fk|gradebook_mark_lesson_place"):
        recorded(new_mark(cast, lesson_id=cast.foreign_lesson.id)).save(force_insert=True)


def test_mark_cannot_claim_another_course_or_day_than_its_lesson(cast: Cast) -> None:
    for other in ({"course_id": cast.russian.id}, {"held_on": cast.lessons[2].held_on}):
        with refused("gradebook_mark_lesson_place"):
            recorded(new_mark(cast, **other)).save(force_insert=True)


@pytest.mark.parametrize("other", [{"value": "6"}, {"place": 0}, {"place": 6}])
def test_mark_outside_the_scale_is_refused(cast: Cast, other: dict[str, object]) -> None:
    with refused("gradebook_mark_value|gradebook_mark_place_range"):
        recorded(new_mark(cast, **other)).save(force_insert=True)


def test_one_place_of_a_cell_holds_one_mark(cast: Cast) -> None:
    enter(cast, "5")
    with refused("gradebook_mark_place"):
        recorded(new_mark(cast)).save(force_insert=True)


# Schools


@pytest.mark.parametrize("table", SCHOOL_TABLES)
def test_without_a_scope_a_school_table_is_empty_and_closed(cast: Cast, table: str) -> None:
    enter(cast, "5")
    with school_scope([]):
        assert count(table) == 0
        with refused("row-level security"):
            _insert_anything(table, cast.school.id)


@pytest.mark.parametrize("table", SCHOOL_TABLES)
def test_scope_of_one_school_neither_sees_nor_writes_the_other(cast: Cast, table: str) -> None:
    with school_scope([cast.school.id]), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE school_id <> %s", [cast.school.id])
        assert cursor.fetchone() == (0,)
        if table not in HISTORIES:
            cursor.execute(f"UPDATE {table} SET school_id = school_id WHERE school_id = %s", [cast.other_school.id])
            assert cursor.rowcount == 0
        if table not in HISTORIES and table not in KEPT:
            cursor.execute(f"DELETE FROM {table} WHERE school_id = %s", [cast.other_school.id])
            assert cursor.rowcount == 0
        with refused("row-level security"):
            _insert_anything(table, cast.other_school.id)


def _insert_anything(table: str, school_id: int) -> None:
    """A row with values of the right kinds: the row policy is asked before any constraint."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        columns = cursor.fetchall()
        samples = {
            "uuid": f"'{uuid.uuid4()}'",
            "date": "'2026-10-14'",
            "boolean": "false",
            "bytea": "''",
            "jsonb": "'{}'",
            "timestamp with time zone": "'2026-10-14'",
            "time without time zone": "'10:00'",
        }
        values = [
            str(int(school_id)) if name == "school_id" else samples.get(kind) or ("'{}'" if "[]" in kind else "'1'")
            for name, kind in columns
        ]
        names = ", ".join(connection.ops.quote_name(name) for name, _kind in columns)
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({', '.join(values)})")


def test_row_cannot_be_moved_into_another_school(cast: Cast) -> None:
    with school_scope([cast.school.id]), refused("row-level security"):
        run("UPDATE roster_student SET school_id = %s WHERE id = %s", cast.other_school.id, cast.masha.id)


def test_scope_of_both_schools_sees_both(cast: Cast) -> None:
    assert set(Student.objects.values_list("school_id", flat=True)) == {cast.school.id, cast.other_school.id}


def test_scope_inside_a_scope_gives_the_outer_one_back(cast: Cast) -> None:
    both = current_scope()
    with school_scope([cast.school.id]):
        assert current_scope() == (cast.school.id,)
        with school_scope([cast.other_school.id]):
            assert Student.objects.count() == 1
        assert set(Student.objects.values_list("school_id", flat=True)) == {cast.school.id}
    assert current_scope() == both
    assert len(set(Student.objects.values_list("school_id", flat=True))) == 2


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("value", ["1); DROP TABLE x", "1' OR '1'='1"])
def test_scope_takes_numbers_only(value: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"), school_scope([value]):  # type: ignore[list-item]
        pass


def test_forged_scope_of_nonsense_is_an_error_and_no_way_in(cast: Cast) -> None:
    for value in ("*", "1,2,", "{1}", "NULL"):
        with refused("invalid input syntax"):
            run("SELECT set_config('app.school_ids', %s, true)", value)
            count("roster_student")


# A committed copy of the test database, with marks, changes and sealed events of its own


@pytest.fixture(scope="module")
def people(_cast: Cast) -> Cast:
    """The cast outside any transaction."""
    return _cast


@pytest.fixture(scope="module")
def whole(people: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with two marks, three changes and two seals."""
    name = database_name("whole")
    with django_db_blocker.unblock(), clock.fixed(NOW):
        connection.close()
        create_database(name, template=TEST_DATABASE)
        with in_database(name):
            for text, lesson, version, reason in (("5", 3, 0, ""), ("4", 3, 1, "recheck"), ("3", 3, 2, "appeal")):
                with school_scope([people.school.id]):
                    enter(people, text, lesson=lesson, version=version, reason=reason)
            seal_events()
            with school_scope([people.school.id]):
                enter(people, "5", lesson=2)
            seal_events()
        yield name
    drop_database(name)


@pytest.fixture
def copy(whole: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of it to break."""
    name = database_name("broken")
    create_database(name, template=whole)
    with django_db_blocker.unblock(), in_database(name):
        yield name
    drop_database(name)


def verify() -> tuple[int, str]:
    """Exit code and words of `manage.py audit_verify`, run as the application's role."""
    out = io.StringIO()
    try:
        call_command("audit_verify", stdout=out, stderr=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_scope_does_not_leak_to_the_next_transaction(copy: str, people: Cast) -> None:
    with school_scope([people.school.id]):
        assert count("roster_student") > 0
    assert count("roster_student") == 0
    with pytest.raises(ZeroDivisionError), school_scope([people.school.id]):
        1 / 0  # noqa: B018
    with transaction.atomic():
        assert count("roster_student") == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.school_ids', true)")
            assert cursor.fetchone() in (("",), (None,))


def test_whole_log_is_found_whole(copy: str) -> None:
    code, words = verify()
    assert (code, words.strip()) == (0, "audit log and history of marks: whole")


BREAKS = {
    "changed value of a mark's history": (
        # the mark follows its change, so that the database's own lock is content
        "ALTER TABLE gradebook_mark DROP CONSTRAINT gradebook_mark_made_by_change;"
        "UPDATE gradebook_markchange SET value = '5' WHERE version = 3",
        r"mark \S+ of school \d+, change 3: changed after it was written",
    ),
    "changed time of a change": (
        "UPDATE gradebook_markchange SET changed_at = changed_at - interval '1 second' WHERE version = 2",
        r"change 2: changed after it was written",
    ),
    "changed author of a change": (
        "UPDATE gradebook_markchange SET changed_by_name = 'Никто' WHERE version = 1 AND value = '5'",
        r"change 1: changed after it was written",
    ),
    "removed middle change": (
        "DELETE FROM gradebook_markchange WHERE version = 2",
        r"change 3: the change before it is missing",
    ),
    "change put in place of another": (
        "UPDATE gradebook_markchange SET previous_hash = repeat('x', 32)::bytea WHERE version = 2",
        r"change 2: does not follow the change before it",
    ),
    "changed audit event": (
        "UPDATE audit_auditevent SET user_name = 'Никто' WHERE id = (SELECT min(id) FROM audit_auditevent)",
        r"audit event \d+: changed after it was sealed",
    ),
    "changed details of an audit event": (
        "UPDATE audit_auditevent SET details = jsonb_set(details, '{marks,0,new}', '\"2\"')",
        r"audit event \d+: changed after it was sealed",
    ),
    "removed audit event": (
        "DELETE FROM audit_auditevent WHERE id = (SELECT min(id) FROM audit_auditevent)",
        r"audit event \d+: removed after it was sealed",
    ),
    "inserted audit event": (
        "INSERT INTO audit_auditevent (at, user_name, action, object_type, object_id, details)"
        " VALUES (now(), '', 'gradebook.set_marks', '', '', '{}')",
        r"audit event \d+: stands outside the queue and every seal",
    ),
    "removed event with one slipped in for it": (
        "DELETE FROM audit_auditevent WHERE id = (SELECT max(id) FROM audit_auditevent);"
        "INSERT INTO audit_auditevent (at, user_name, action, object_type, object_id, details)"
        " VALUES (now(), '', 'gradebook.set_marks', '', '', '{}')",
        r"(?s)removed after it was sealed.*stands outside the queue and every seal",
    ),
    "inserted event hidden behind a queued old one": (
        "INSERT INTO audit_auditevent (at, user_name, action, object_type, object_id, details)"
        " VALUES (now(), '', 'gradebook.set_marks', '', '', '{}');"
        "INSERT INTO audit_unsealedevent SELECT min(id) FROM audit_auditevent",
        r"audit event \d+: stands outside the queue and every seal",
    ),
    "changed root of a seal": (
        "UPDATE audit_auditseal SET root = repeat('x', 32)::bytea WHERE id = (SELECT min(id) FROM audit_auditseal)",
        r"audit seal \d+: its leaves do not give its root",
    ),
    "changed leaf of a seal": (
        "UPDATE audit_auditseal SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1)",
        r"audit seal \d+: its leaves do not give its root",
    ),
    "emptied seal": (
        "UPDATE audit_auditseal SET leaves = '', event_ids = '{}'",
        r"audit seal \d+: its leaves do not give its root",
    ),
    "changed chain of a seal": (
        "UPDATE audit_auditseal SET chain = repeat('x', 32)::bytea WHERE id = (SELECT min(id) FROM audit_auditseal)",
        r"audit seal \d+: the chain from the seal before it is broken",
    ),
    "removed first seal": (
        "DELETE FROM audit_auditseal WHERE id = (SELECT min(id) FROM audit_auditseal)",
        r"audit seal \d+: the chain from the seal before it is broken",
    ),
    "removed last seal": (
        "DELETE FROM audit_auditseal WHERE id = (SELECT max(id) FROM audit_auditseal)",
        r"audit event \d+: stands outside the queue and every seal",
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_break_is_found_and_named(copy: str, broken: str) -> None:
    sql, sentence = BREAKS[broken]
    with as_owner(copy) as owner:
        changed = [owner.execute(part).rowcount for part in sql.split(";")]
    assert changed[-1] > 0
    code, words = verify()
    assert code == 1
    assert re.search(sentence, words), words


def test_removed_last_change_is_found(copy: str) -> None:
    """The end of a chain is held by nothing in the chain: the audit events know that there was more."""
    with as_owner(copy) as owner:
        owner.execute("UPDATE gradebook_mark m SET version = 2, value = '4' WHERE version = 3;")
        removed = owner.execute("DELETE FROM gradebook_markchange WHERE version = 3").rowcount
    assert removed == 1
    assert verify()[0] == 1


def test_last_change_rewritten_with_a_fresh_hash_is_found(copy: str, people: Cast) -> None:
    """The hash has no key: whoever can write the table can compute it."""
    with school_scope([people.school.id]):
        forged = MarkChange.objects.get(version=3)
    forged.changed_by_name = "Никто"
    with as_owner(copy) as owner:
        owner.execute(
            "UPDATE gradebook_markchange SET changed_by_name = %s, hash = %s WHERE id = %s",
            [forged.changed_by_name, change_hash(forged), forged.id],
        )
    assert verify()[0] == 1


def test_single_event_can_be_proved_to_an_outsider(copy: str) -> None:
    """Who holds the root and the proof needs neither the log nor our word."""
    seal = AuditSeal.objects.earliest("id")
    assert len(seal.event_ids) >= 3
    leaves = [bytes(seal.leaves[i : i + 32]) for i in range(0, len(seal.leaves), 32)]
    for index, event_id in enumerate(seal.event_ids):
        content = event_content(AuditEvent.objects.get(id=event_id))
        proof = merkle_proof(leaves, index)
        assert root_from_proof(leaf_hash(content), proof) == bytes(seal.root)
        assert root_from_proof(leaf_hash(content | {"name": "Никто"}), proof) != bytes(seal.root)


def test_events_wait_for_their_seal_in_the_queue_only(copy: str, people: Cast) -> None:
    assert not UnsealedEvent.objects.exists()
    with school_scope([people.school.id]), clock.fixed(NOW):
        enter(people, "4", lesson=1)
    waiting = UnsealedEvent.objects.count()
    assert waiting == 1
    assert verify()[0] == 0
    assert (seal_events(), seal_events()) == (1, 0)
    assert verify()[0] == 0
