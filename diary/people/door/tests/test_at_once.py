"""Many at once, in real threads over committed rows: guesses, codes, limits, and the queue of hashes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from pytest_django.plugin import DjangoDbBlocker

from diary.people.door.codes import Asker, WrongCode, send_code, use_code
from diary.people.door.factors.paper_codes import new_codes, take_recovery_code
from diary.people.door.guarding import hashing
from diary.people.door.guarding.hashing import Busy, HashingThread
from diary.people.door.guarding.journal import Visit
from diary.people.door.guarding.limits import Limit, TooMany
from diary.people.door.models import LoginGuard, OneTimeCode, SignInRecord
from diary.people.door.rules.lockout import Standing
from diary.people.door.signing_in.password import check_password
from diary.people.door.tests.door import code_sent_to
from tests.committed import at_once, committed_copy
from tests.people import PASSWORD, Cast


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a copy of the tests' database, where everything commits."""
    with django_db_blocker.unblock(), committed_copy("at_once"):
        yield _cast


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords that were hashed; each takes its time."""
    made: list[str] = []
    encode = MD5PasswordHasher.encode

    def slow(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(password)
        time.sleep(0.01)
        return str(encode(hasher, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", slow)
    thread = HashingThread(100)
    monkeypatch.setattr(hashing, "_thread", lambda: thread)
    return made


def test_fifty_guesses_at_once_are_five_at_most(committed: Cast, hashed: list[str]) -> None:
    """Nor is the right one looked at after them."""

    def guess(number: int) -> Callable[[], object]:
        return lambda: check_password("anna", f"guess-{number}", Visit(f"10.0.0.{number}"))

    at_once([guess(number) for number in range(50)])
    assert len(hashed) == 5
    assert check_password("anna", PASSWORD, Visit("10.0.1.1")).standing is Standing.LOCKED
    assert len(hashed) == 5
    guard = LoginGuard.objects.get()
    assert guard.tries == 5
    assert SignInRecord.objects.filter(result="locked").count() == 46


def test_failures_of_one_person_never_touch_another_at_the_same_moment(committed: Cast, hashed: list[str]) -> None:
    works = [lambda: check_password("anna", "wrong", Visit("10.0.0.1"))] * 8
    works += [lambda: check_password("boris", PASSWORD, Visit("10.0.0.1"))] * 4
    outcomes = at_once(works)
    assert [one.user is not None for one in outcomes] == [False] * 8 + [True] * 4
    assert {one.standing for one in outcomes[8:]} == {Standing.OPEN}


def test_one_code_sent_to_many_askers_at_once(committed: Cast) -> None:
    anna = committed.users["anna"]

    def ask(number: int) -> Callable[[], bool]:
        asker = Asker(f"{number:032}", f"10.0.0.{number}", is_known=True)

        def sent() -> bool:
            try:
                send_code(asker, "factor", "sms", "+79160001122", user=anna)
            except TooMany:
                return False
            return True

        return sent

    assert sum(at_once([ask(number) for number in range(12)])) == 1
    assert OneTimeCode.objects.count() == 1


def test_one_code_used_by_many_at_once(committed: Cast) -> None:
    key = "k" * 32
    send_code(Asker(key, "10.0.0.1"), "factor", "sms", "+79160001122", user=committed.users["anna"])
    code = code_sent_to("+79160001122")

    def use(typed: str) -> Callable[[], bool]:
        def used() -> bool:
            try:
                use_code(key, "factor", typed)
            except WrongCode:
                return False
            return True

        return used

    assert sum(at_once([use(code) for _time in range(10)])) == 1


def test_one_paper_code_used_by_many_at_once(committed: Cast) -> None:
    anna = committed.users["anna"]
    code = new_codes(anna)[0]
    assert sum(at_once([lambda: take_recovery_code(anna, code)] * 10)) == 1


def test_limit_is_exact_when_many_come_at_once(committed: Cast) -> None:
    limit = Limit("tests", most=7, seconds=60)
    waits = at_once([lambda: limit.take("10.0.0.1")] * 20)
    assert sorted(waits) == [0] * 7 + [60] * 13


def test_full_queue_of_hashes_says_so_and_the_thread_gives_way() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        import os

        begun.set()
        go_on.wait(10)
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    queue = HashingThread(waiting_at_most=2)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(queue, slow)
        assert begun.wait(5)
        waiting = [pool.submit(queue, lambda: 1) for _one in range(2)]
        while queue._queue.qsize() < 2:
            time.sleep(0.01)
        with pytest.raises(Busy) as refused:
            queue(lambda: 1)
        go_on.set()
        assert refused.value.extra == {"retry_after": 5}
        assert first.result(5) == 19
        assert [one.result(5) for one in waiting] == [1, 1]


def test_mistake_in_the_thread_is_raised_where_it_was_asked_for() -> None:
    queue = HashingThread()
    with pytest.raises(ZeroDivisionError):
        queue(lambda: 1 // 0)
    assert queue(lambda: 2) == 2
