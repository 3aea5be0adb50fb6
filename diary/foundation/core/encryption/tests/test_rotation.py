"""New keys for old: nothing is lost, nothing is left behind, whoever writes or kills meanwhile."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from diary.foundation.access.scope import school_scope
from diary.foundation.core.encryption import blind_index, keys, rotation
from diary.foundation.core.encryption.keys import COUNTRY, forget_keys, key_in_use
from diary.foundation.core.encryption.rotation import NotAllMoved, rotate
from diary.foundation.core.encryption.tables import Table, sealed_tables
from diary.foundation.core.encryption.tests.processes import environment
from diary.foundation.core.encryption.tests.tables import Paper, Person
from diary.foundation.core.models import DataKey

TABLES = sealed_tables([Person, Paper])
PEOPLE, PAPERS = TABLES

ROTATE_SLOWLY = """
import django
django.setup()
from diary.foundation.access.scope import school_scope
from diary.foundation.core.encryption import rotation
from diary.foundation.core.encryption.tests.test_rotation import TABLES
rotation.BATCH, rotation.GRACE, rotation.NOTICED_WITHIN = 2, 0, 0
rotation.rotate([0], TABLES, school_scope, lambda words: print(words, flush=True))
"""


@pytest.fixture(autouse=True)
def hurry(sealed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty tables; keys are noticed soon; batches are small."""
    for module in (keys, rotation):
        monkeypatch.setattr(module, "NOTICED_WITHIN", 0.2)
    monkeypatch.setattr(rotation, "GRACE", 0.2)
    monkeypatch.setattr(rotation, "PAUSE", 0.02)
    monkeypatch.setattr(rotation, "BATCH", 7)
    with school_scope([5, 6]):
        Person.objects.all().delete()
        Paper.objects.all().delete()


def turn(*school_numbers: int) -> list[str]:
    """Rotate; the words that were told."""
    told: list[str] = []
    rotate(list(school_numbers) or [COUNTRY], TABLES, school_scope, told.append)
    return told


def sealed_with(table: Table, school_number: int, key_id: int) -> int:
    with school_scope([5, 6]):
        return table.rows_of_key(school_number, key_id).count()


def in_thread(pool: ThreadPoolExecutor, work: Callable[[], object]) -> Future[object]:
    """On a connection of its own, closed at the end."""

    def run() -> object:
        try:
            return work()
        finally:
            connections.close_all()

    return pool.submit(run)


def people(count: int) -> dict[int, str]:
    made = [Person.objects.create(phone=f"+7916{number:07}", email=None) for number in range(count)]
    return {row.pk: row.phone for row in made}


def found() -> dict[int, str]:
    return {row.pk: row.phone for row in Person.objects.all()}


def test_everything_is_sealed_with_the_new_key_and_reads_as_before() -> None:
    before, old = people(20), key_in_use(COUNTRY)
    Person.objects.create(name="без телефона")
    index = blind_index("phone", "+79160000001")
    told = turn()
    new = key_in_use(COUNTRY)
    assert new.id != old.id
    assert (sealed_with(PEOPLE, 0, old.id), sealed_with(PEOPLE, 0, new.id)) == (0, 20)
    forget_keys()
    assert {pk: phone for pk, phone in found().items() if phone} == before
    assert blind_index("phone", "+79160000001") == index
    assert "school 0, core_sealedperson: 14 rows" in told
    row = DataKey.objects.get(id=old.id)
    assert row.retired_at
    assert row.emptied_at


def test_keys_of_one_school_turn_alone() -> None:
    with school_scope([5, 6]):
        for number in (5, 6):
            Paper.objects.bulk_create([Paper(school_id=number, content=f"{number}-{one}") for one in range(9)])
    five, six, country = (key_in_use(number).id for number in (5, 6, COUNTRY))
    turn(5)
    assert (sealed_with(PAPERS, 5, five), sealed_with(PAPERS, 6, six)) == (0, 9)
    assert (key_in_use(6).id, key_in_use(COUNTRY).id) == (six, country)
    with school_scope([5]):
        assert {row.content for row in Paper.objects.all()} == {f"5-{one}" for one in range(9)}


def test_all_schools_at_once() -> None:
    with school_scope([5, 6]):
        for number in (5, 6):
            Paper.objects.create(school_id=number, content="x")
    before = {number: key_in_use(number).id for number in (5, 6)}
    turn(*rotation.schools_with_keys())
    for number, key_id in before.items():
        assert key_in_use(number).id != key_id
        assert sealed_with(PAPERS, number, key_in_use(number).id) == 1


def test_writers_go_on_and_lose_nothing() -> None:
    """Six threads write, read and add rows while the keys turn three times."""
    expected, used = people(60), [key_in_use(COUNTRY).id]
    over, guard = threading.Event(), {pk: threading.Lock() for pk in expected}
    counts: list[int] = []

    def write(seed: int) -> None:
        chance, done = random.Random(seed), 0
        mine: dict[int, str] = {}
        while not over.is_set():
            pk, phone = chance.choice(list(guard)), f"+7{chance.randrange(10**10):010}"
            with guard[pk]:
                row = Person.objects.get(pk=pk)
                assert row.phone == expected[pk]
                row.phone = phone
                row.save() if chance.random() < 0.5 else row.save(update_fields=["phone"])
                expected[pk] = phone
            made = Person.objects.create(phone=phone)
            mine[made.pk] = phone
            done += 1
        expected.update(mine)
        counts.append(done)

    with ThreadPoolExecutor(6) as pool:
        writers = [in_thread(pool, lambda seed=seed: write(seed)) for seed in range(6)]
        try:
            for _ in range(3):
                turn()
                used.append(key_in_use(COUNTRY).id)
        finally:
            over.set()
        for writer in writers:
            writer.result()
    assert min(counts) > 10
    assert found() == expected
    assert len(set(used)) == 4
    assert [sealed_with(PEOPLE, 0, key_id) for key_id in used[:-1]] == [0, 0, 0]


def test_transaction_that_still_holds_the_old_key_is_waited_for() -> None:
    people(3)
    old = key_in_use(COUNTRY).id
    begun, told = threading.Event(), list[str]()

    def write_slowly() -> None:
        with transaction.atomic():
            Person.objects.create(phone="+79990000000")
            begun.set()
            time.sleep(1.5)

    with ThreadPoolExecutor(1) as pool:
        writer = in_thread(pool, write_slowly)
        assert begun.wait(10)
        told = turn()
        writer.result()
    assert "waiting for 1 transactions that began before" in told
    assert sealed_with(PEOPLE, 0, old) == 0
    assert "+79990000000" in found().values()


def test_rows_that_a_writer_holds_come_again_and_nobody_waits_for_the_rotation() -> None:
    [held, *_] = people(9)
    begun, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        begun.wait(10)
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=held)
            let_go.wait(10)

    def tell(words: str) -> None:
        if words.endswith("8 rows"):
            let_go.set()

    key_id = key_in_use(COUNTRY).id
    with ThreadPoolExecutor(1) as pool:
        holder = in_thread(pool, hold)
        rotation._begin(COUNTRY)
        begun.set()
        time.sleep(0.3)
        rotate([COUNTRY], TABLES, school_scope, tell)
        holder.result()
    assert sealed_with(PEOPLE, 0, key_id) == 0


def test_killed_rotation_goes_on_where_it_stood(sealed: str) -> None:
    before, old = people(60), key_in_use(COUNTRY).id
    command = [sys.executable, "-c", ROTATE_SLOWLY]
    process = subprocess.Popen(command, env=environment(sealed), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    next(line for line in process.stdout if "10 rows" in line)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    forget_keys()
    new = key_in_use(COUNTRY).id
    moved = sealed_with(PEOPLE, 0, new)
    assert 0 < moved < 60
    assert moved + sealed_with(PEOPLE, 0, old) == 60
    assert found() == before
    turn()
    assert key_in_use(COUNTRY).id == new
    assert (sealed_with(PEOPLE, 0, old), sealed_with(PEOPLE, 0, new)) == (0, 60)
    assert found() == before


def test_rotation_killed_between_two_schools_leaves_the_finished_one_alone() -> None:
    with school_scope([5, 6]):
        for number in (5, 6):
            Paper.objects.create(school_id=number, content="x")
    turn(5)
    finished = key_in_use(5).id
    rotation._begin(6)
    told = turn(5, 6)
    assert told[0] == "going on with a rotation that was interrupted: 1 of 2 schools"
    assert key_in_use(5).id == finished
    assert sealed_with(PAPERS, 6, key_in_use(6).id) == 1


def test_two_rotations_at_once_bring_one_key() -> None:
    before, known = people(30), set(DataKey.objects.values_list("id", flat=True))
    with ThreadPoolExecutor(2) as pool:
        for one in [in_thread(pool, turn) for _ in range(2)]:
            one.result()
    brought = DataKey.objects.filter(school_number=COUNTRY, purpose=DataKey.DATA).exclude(id__in=known)
    assert brought.count() == 1
    assert found() == before


def test_broken_value_is_named_and_keeps_its_key() -> None:
    broken, *_ = people(9)
    old = key_in_use(COUNTRY).id
    flipped = "set_byte(phone, 20, get_byte(phone, 20) # 1)"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE core_sealedperson SET phone = {flipped} WHERE id = %s", [broken])
    told: list[str] = []
    with pytest.raises(NotAllMoved, match="1 rows do not open"):
        rotate([COUNTRY], TABLES, school_scope, told.append)
    assert f"row {broken} stays as it is: core_sealedperson.phone: changed, or moved from another place" in told
    assert sealed_with(PEOPLE, 0, old) == 1
    assert DataKey.objects.get(id=old).emptied_at is None
    Person.objects.filter(pk=broken).update(phone="")
    turn()
    assert DataKey.objects.get(id=old).emptied_at
