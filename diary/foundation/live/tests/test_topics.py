"""Passes to topics, and the word that something changed."""

from __future__ import annotations

import base64
import time
import uuid
import zlib

import psycopg
import pytest
from django.core import signing
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from conftest import owner_settings
from diary.foundation.access.actor import Actor
from diary.foundation.live.hearing import may_hear
from diary.foundation.live.topics import (
    CHANNEL,
    MAX_AGE,
    MAX_PAYLOAD,
    SALT,
    BadToken,
    live_token,
    person_topic,
    publish,
    read_token,
    session_trace,
    topic,
)
from tests.people import Cast

ANNA = Actor(user_id=7, name="Анна")
TOPICS = ["course:1:x", "student:1:y"]


class EarlierSigner(TimestampSigner):
    """Signs as if it were `age` seconds ago."""

    age = 0

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - self.age)


def token_of_age(seconds: int) -> str:
    signer = EarlierSigner(salt=SALT)
    signer.age = seconds
    return signer.sign_object({"u": 7, "s": "key", "t": TOPICS, "i": 0.0}, compress=True)


def test_topic_is_a_kind_a_school_and_a_row() -> None:
    one = uuid.uuid4()
    assert topic("student", 1, one) == f"student:1:{one}"


def test_topic_of_a_person_is_heard_by_that_person_alone(cast: Cast) -> None:
    """C4: a notice concerns somebody, not a row of a school."""
    olga, anna = cast.actor("olga"), cast.actor("anna")
    assert may_hear(olga, [person_topic(olga.person_id)])
    assert not may_hear(anna, [person_topic(olga.person_id)])
    assert not may_hear(Actor(), [person_topic(olga.person_id)])


def test_pass_says_who_in_which_session_and_what() -> None:
    assert read_token(live_token(ANNA, "key", TOPICS))[:3] == (7, session_trace("key"), TOPICS)
    assert read_token(live_token(ANNA, None, []))[:3] == (7, session_trace(""), [])


def test_pass_shows_neither_name_nor_session() -> None:
    """It stands in the page and in an address: whoever reads it there gets nothing of the cookie."""
    packed = live_token(ANNA, "the-key", TOPICS * 9).partition(":")[0]  # so long that it is compressed
    content = zlib.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4))).decode()
    assert TOPICS[0] in content
    assert "Анна" not in content
    assert "the-key" not in content


@pytest.mark.parametrize("position", [0, 5, -1])
def test_pass_with_one_letter_changed_is_refused(position: int) -> None:
    letters = list(live_token(ANNA, "key", TOPICS))
    letters[position] = "A" if letters[position] != "A" else "B"
    with pytest.raises(BadToken):
        read_token("".join(letters))


def test_pass_signed_with_another_key_or_for_another_use_is_refused() -> None:
    with override_settings(SECRET_KEY="stolen"):
        forged = live_token(ANNA, "key", TOPICS)
    with pytest.raises(BadToken):
        read_token(forged)
    with pytest.raises(BadToken):
        read_token(signing.dumps({"u": 7, "s": "key", "t": TOPICS}, salt="elsewhere"))


@pytest.mark.parametrize("content", [{}, [], None, "text", {"u": 7, "s": "key"}, 5])
def test_signed_nonsense_is_refused(content: object) -> None:
    with pytest.raises(BadToken):
        read_token(signing.dumps(content, salt=SALT))


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        read_token(text)


def test_pass_grows_old() -> None:
    assert read_token(token_of_age(MAX_AGE - 60))[0] == 7
    with pytest.raises(BadToken):
        read_token(token_of_age(MAX_AGE + 60))


def heard(cast: Cast, topics: list[str]) -> list[list[str]]:
    """What a listener receives of these topics: one list for each notice."""
    app = owner_settings(connection.settings_dict["NAME"]) | {
        "USER": connection.settings_dict["USER"],
        "PASSWORD": connection.settings_dict["PASSWORD"],
    }
    with psycopg.connect(
        dbname=str(app["NAME"]),
        user=str(app["USER"]),
        password=str(app["PASSWORD"]),
        host=str(app["HOST"]),
        autocommit=True,
    ) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        # the tests' transaction never commits, so the word goes out over the listener's own connection
        statements: list[tuple[str, list[str]]] = []
        with connection.execute_wrapper(lambda execute, sql, given, many, context: statements.append((sql, given))):
            publish(topics)
        for sql, given_ in statements:
            listener.execute(sql, given_)  # type: ignore[arg-type]
        return [notice.payload.split() for notice in listener.notifies(timeout=0.5, stop_after=len(statements) or 1)]


def test_word_reaches_listeners_once_for_each_topic(cast: Cast) -> None:
    assert heard(cast, ["course:1:x", "student:1:y", "course:1:x"]) == [["course:1:x", "student:1:y"]]


def test_long_word_goes_in_several_parcels_that_postgresql_takes(cast: Cast) -> None:
    topics = [topic("student", 1, uuid.uuid4()) for _ in range(500)]
    parcels = heard(cast, topics)
    assert len(parcels) > 2
    assert [name for parcel in parcels for name in parcel] == topics
    assert all(len(" ".join(parcel).encode()) <= MAX_PAYLOAD for parcel in parcels)


def test_no_topics_make_no_word(cast: Cast) -> None:
    assert heard(cast, []) == []
