"""A foreign file is read in a process that can harm nobody (A2)."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from diary.foundation.core.errors import BadInput
from diary.foundation.jobs.apart import Interrupted, Limits, TooComplex, run_apart
from diary.foundation.jobs.progress import Stopped
from diary.foundation.jobs.tests import apart_work as work


def test_result_comes_back() -> None:
    assert run_apart(work.doubled, [1, 2, 3]) == [2, 4, 6]


def test_progress_is_passed_on() -> None:
    said: list[tuple[int, int, str]] = []
    assert run_apart(work.counting, 3, tell=lambda *words: said.append(words)) == 3
    assert said == [(0, 3, "Строка 0"), (1, 3, "Строка 1"), (2, 3, "Строка 2")]


def test_request_to_stop_ends_work_that_says_nothing() -> None:
    told = []

    def tell(done: int, total: int, message: str) -> None:
        told.append(message)
        if len(told) == 2:
            raise Stopped

    with pytest.raises(Stopped):
        run_apart(work.silent, tell=tell)
    assert told == ["Читаю", "Читаю"]


def test_memory_hog_is_ended_in_a_sentence() -> None:
    with pytest.raises(TooComplex, match="не хватает памяти"):
        run_apart(work.eat_memory, limits=Limits(memory_mib=256))


def test_endless_loop_is_ended_in_a_sentence() -> None:
    with pytest.raises(TooComplex, match="слишком долго"):
        run_apart(work.run_for_ever, limits=Limits(cpu_seconds=1))


def test_endless_sleep_is_ended_in_a_sentence() -> None:
    with pytest.raises(TooComplex, match="слишком долго"):
        run_apart(work.sleep_for_ever, limits=Limits(wall_seconds=1))


def test_killed_process_is_told_in_a_sentence() -> None:
    with pytest.raises(Interrupted, match="прервалось"):
        run_apart(work.killed)


def test_mistake_comes_back_with_its_way_through_the_code() -> None:
    with pytest.raises(ZeroDivisionError, match="по нулю") as caught:
        run_apart(work.mistake)
    assert "apart_work.py" in "".join(caught.value.__notes__)


def test_mistake_that_cannot_travel_comes_back_in_words() -> None:
    with pytest.raises(RuntimeError, match="Unportable: раздва"):
        run_apart(work.unportable)


def test_refusal_comes_back_whole() -> None:
    with pytest.raises(BadInput) as caught:
        run_apart(work.refuse)
    assert (caught.value.sentence, caught.value.extra) == ("В файле нет ни одной строки.", {"row": 7})


@pytest.mark.parametrize(("language", "said"), [("ru", "Читаю файлы"), ("en", "Reading the files")])
def test_sentences_are_in_the_language_of_whoever_waits(language: str, said: str) -> None:
    with translation.override(language):
        assert run_apart(work.sentence) == said


def test_process_has_neither_keys_nor_a_database() -> None:
    known = run_apart(work.what_is_known)
    assert set(known["environment"]) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "PYTHONPATH"}
    assert not known["key"]
    assert known["reached"] != "the database"


def test_process_ends_with_the_one_that_waits_for_it(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = (
        "import django; from django.conf import settings; settings.configure(); django.setup()\n"
        "from diary.foundation.jobs.apart import run_apart\n"
        "from diary.foundation.jobs.tests import apart_work\n"
        f"run_apart(apart_work.mark_and_sleep, {str(mark)!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as waiting:
        _until(lambda: mark.exists() and mark.read_text() != "")
        waiting.kill()
    _until(lambda: not _lives(int(mark.read_text())))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(what: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 60
    while not what():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
