"""Users, roles and sessions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from diary.foundation.access.actor import Role, RoleIn
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Session
from tests.committed import open_session
from tests.people import NOW, Cast


def test_actor_holds_the_roles_of_all_schools(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        olga = User.objects.with_roles().get(login="olga").as_actor("10.0.0.1")
    assert olga.roles == {RoleIn(cast.school.id, Role.GUARDIAN), RoleIn(cast.other_school.id, Role.GUARDIAN)}
    assert (olga.user_id, olga.login, olga.ip) == (cast.users["olga"].id, "olga", "10.0.0.1")
    assert olga.name == "Иванова Ольга Сергеевна"


def test_person_without_a_role_is_an_actor_without_schools(cast: Cast) -> None:
    RoleGrant.objects.filter(user__login="olga").delete()
    assert cast.actor("olga").school_ids == ()


def test_role_is_held_once_in_a_school(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="accounts_role_once"), transaction.atomic():
        RoleGrant.objects.create(user=cast.users["anna"], school=cast.school, role=Role.TEACHER)


@pytest.mark.parametrize("login", ["", "a b", "анна", "a" * 65, "anna\n", "a-b", "a@b", "\0"])
def test_login_is_latin_letters_digits_and_underscores(login: str) -> None:
    with pytest.raises(ValidationError):
        User(login=login, last_name="x", first_name="y", password="z").clean_fields()


@pytest.mark.parametrize("login", ["a", "Anna_2026", "a" * 64])
def test_ordinary_login_is_taken(login: str) -> None:
    User(login=login, last_name="x", first_name="y", password="z").clean_fields()


def test_names_are_written_in_full_and_short() -> None:
    user = User(last_name="Соколова", first_name="Анна", middle_name="Петровна")
    assert (user.full_name, user.short_name) == ("Соколова Анна Петровна", "Соколова А. П.")


def test_session_knows_its_user_and_dies_with_them(cast: Cast) -> None:
    key = open_session(cast.users["lena"])
    assert Session.objects.with_secret(key).get().user_id == cast.users["lena"].id
    User.objects.filter(login="lena").delete()
    assert not Session.objects.with_secret(key).exists()


def test_sessions_that_ran_out_are_not_alive(cast: Cast) -> None:
    for name, hours in (("gone", -1), ("now", 0), ("alive", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=NOW + dt.timedelta(hours=hours))
    assert list(Session.objects.alive().filter(user=None).values_list("session_key", flat=True)) == ["alive"]
