"""The session, its user and the roles come in one statement."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client, RequestFactory

from diary.foundation.access.actor import ANONYMOUS
from diary.people.accounts.models import User
from diary.people.door.models import Session
from diary.people.door.sessions.middleware import ActorMiddleware
from diary.people.door.sessions.store import SessionStore
from tests.committed import open_session
from tests.people import Cast


def test_session_brings_its_user_with_roles_in_one_statement(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    store = SessionStore(open_session(cast.users["anna"]))
    with django_assert_num_queries(1):
        assert store["_auth_user_id"] == str(cast.users["anna"].id)
        assert store.user is not None
        assert store.user.as_actor().school_ids == (cast.school.id,)


def test_unknown_session_is_empty_and_forgets_its_key(cast: Cast) -> None:
    store = SessionStore("x" * 32)
    assert store.get("_auth_user_id") is None
    assert (store.user, store.session_key) == (None, None)


def test_session_without_a_user_is_nobodys(cast: Cast) -> None:
    store = SessionStore()
    store["language"] = "ru"
    store.create()
    again = SessionStore(store.session_key)
    assert again["language"] == "ru"
    assert again.user is None


def test_switched_off_user_is_not_brought(cast: Cast) -> None:
    key = open_session(cast.users["boris"])
    User.objects.filter(login="boris").update(is_active=False)
    store = SessionStore(key)
    assert store.get("_auth_user_id")
    assert store.user is None


def test_request_of_nobody_has_the_anonymous_actor(cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()  # type: ignore[assignment]
    seen = []
    ActorMiddleware(lambda request: seen.append(request))(request)  # type: ignore[arg-type, return-value]
    assert seen[0].actor is ANONYMOUS
    assert not seen[0].user.is_authenticated


def test_page_reads_session_user_and_roles_in_one_statement(
    cast: Cast,
    client_of: Callable[[str], Client],
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    anna = client_of("anna")
    with django_assert_num_queries(5):  # the other four open and close the transaction and its scope
        assert anna.get("/", headers={"accept": "application/json"}).status_code == 302


def test_what_the_table_holds_opens_no_session(cast: Cast) -> None:
    store = SessionStore()
    store["_auth_user_id"] = str(cast.users["olga"].id)
    store.save()
    assert store.session_key is not None
    kept = Session.objects.with_secret(store.session_key).values_list("session_key", flat=True).get()
    assert store.session_key not in kept
    assert SessionStore(kept).load() == {}
