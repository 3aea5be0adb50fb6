"""«Добавить ребёнка», the school's answer, rights of guardians: effect, refusal, audit, who is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.foundation.access.actor import Role
from diary.foundation.access.scope import school_scope
from diary.foundation.audit.models import AuditEvent
from diary.foundation.core import clock
from diary.foundation.post.models import OutgoingMessage
from diary.people.accounts.models import RoleGrant
from diary.people.roster.actions import (
    Answer,
    AnsweredAlready,
    BadDay,
    Outcome,
    ReasonNeeded,
    ask_for_child,
    change_link,
    confirm_request,
    end_link,
    refuse_request,
    set_guardian_confirmation,
    withdraw_request,
)
from diary.people.roster.models import FamilySchool, Guardian, GuardianRequest, Student
from diary.people.roster.queries.families import family_of
from diary.people.roster.tests.families import PASSPORT, VANYA, given, put_on_record
from tests.people import NOW, PHONES, TODAY, Cast

DAY = dt.timedelta(days=1)


def ask(cast: Cast, who: str = "igor", **changes: object) -> Answer:
    answer: Answer = ask_for_child(cast.actor(who), cast.school, given=given(**changes), relation="отец")
    return answer


def waiting(cast: Cast, who: str = "igor") -> GuardianRequest:
    put_on_record(cast.vanya_1a)
    assert ask(cast, who).outcome is Outcome.WAITS
    return GuardianRequest.objects.get(school_id=cast.school.id, user=cast.users[who])


def sees(cast: Cast, who: str, student: Student) -> bool:
    return Student.objects.family_of(cast.actor(who)).filter(id=student.id).exists()


def last_audit(name: str) -> AuditEvent:
    return AuditEvent.objects.filter(action=f"roster.{name}").latest("id")


def told() -> dict[str, list[str]]:
    """Texts by login."""
    logins = {phone: login for login, phone in PHONES.items()}
    found: dict[str, list[str]] = {}
    for message in OutgoingMessage.objects.order_by("created_at"):
        found.setdefault(logins[message.address], []).append(message.text)
    return found


def test_right_data_wait_for_the_school(cast: Cast) -> None:
    request = waiting(cast)
    assert (request.student, request.state, request.is_document_known) == (cast.vanya_1a, "waiting", True)
    assert request.document == VANYA.document.text
    assert not sees(cast, "igor", cast.vanya_1a)
    event = last_audit("ask_for_child")
    assert event.details["outcome"] == "waits"
    assert VANYA.document.text not in str(event.details)


def test_who_has_no_role_in_the_school_may_ask(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    with school_scope(cast.actor("chuzhoy").school_ids):
        assert ask(cast, "chuzhoy").outcome is Outcome.WAITS
        assert not Student.objects.filter(school_id=cast.school.id).exists(), "the scope is as narrow as before"
        assert [one.student_id for one in family_of(cast.actor("chuzhoy")).requests] == [cast.vanya_1a.id]


def test_wrong_data_find_nobody_and_leave_an_audit_row(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    answers = {ask(cast, birth_date=TODAY), ask(cast, document=PASSPORT)}
    assert answers == {Answer(Outcome.NOT_FOUND)}
    assert not GuardianRequest.objects.filter(school_id=cast.school.id).exists()
    assert last_audit("ask_for_child").details["outcome"] == "not_found"


def test_pupil_cannot_ask_for_a_child(cast: Cast) -> None:
    with pytest.raises(PermissionDenied), transaction.atomic():
        ask(cast, "masha")


def test_school_that_does_not_confirm_links_at_once(cast: Cast) -> None:
    put_on_record(cast.vanya_1a)
    set_guardian_confirmation(cast.actor("gleb"), cast.school, confirms=False)
    try:
        assert ask(cast, "chuzhoy").outcome is Outcome.LINKED
    finally:
        cast.school.refresh_from_db()
        cast.school.confirms_guardians = True
    assert sees(cast, "chuzhoy", cast.vanya_1a)
    assert last_audit("set_guardian_confirmation").details == {"confirms": False}


@pytest.mark.parametrize("change", ["ended", "run out"])
def test_who_lost_access_does_not_come_back_without_the_school(cast: Cast, change: str) -> None:
    gleb = cast.actor("gleb")
    link = confirm_request(gleb, waiting(cast), rights="read", until=NOW.date() + dt.timedelta(days=1))
    if change == "ended":
        end_link(gleb, link, reason="Решение суда")
    cast.school.confirms_guardians = False
    try:
        with clock.fixed(NOW + dt.timedelta(days=2)):
            assert ask(cast).outcome is Outcome.WAITS
            assert not sees(cast, "igor", cast.vanya_1a)
    finally:
        cast.school.confirms_guardians = True


def test_school_that_has_no_document_always_confirms(cast: Cast) -> None:
    put_on_record(cast.vanya_1a, document=None)
    cast.school.confirms_guardians = False
    try:
        assert ask(cast).outcome is Outcome.WAITS
    finally:
        cast.school.confirms_guardians = True


def test_asking_twice_is_told(cast: Cast) -> None:
    waiting(cast)
    assert ask(cast).outcome is Outcome.WAITS_ALREADY


def test_child_that_is_linked_is_told(cast: Cast) -> None:
    confirm_request(cast.actor("gleb"), waiting(cast))
    assert ask(cast).outcome is Outcome.LINKED_BEFORE


def test_refusal_stands_for_a_day_with_its_reason(cast: Cast) -> None:
    refuse_request(cast.actor("gleb"), waiting(cast), reason="Нет в деле")
    assert (ask(cast).outcome, ask(cast).reason) == (Outcome.REFUSED_BEFORE, "Нет в деле")
    with clock.fixed(NOW + DAY):
        assert ask(cast).outcome is Outcome.WAITS


def test_guardian_without_contact_is_not_let_in_by_asking(cast: Cast) -> None:
    link = confirm_request(cast.actor("gleb"), waiting(cast))
    change_link(cast.actor("gleb"), link, rights="none", until=None, reason="Решение суда")
    assert ask(cast).outcome is Outcome.NO_CONTACT


def test_confirmation_opens_the_diary_and_brings_the_role(cast: Cast) -> None:
    request = waiting(cast, "chuzhoy")
    confirm_request(cast.actor("gleb"), request)
    assert sees(cast, "chuzhoy", cast.vanya_1a)
    assert cast.actor("chuzhoy").has_role(Role.GUARDIAN, cast.school.id)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("confirmed", cast.users["gleb"])
    details = last_audit("confirm_request").details
    assert (details["rights"], details["user"]) == ("full", cast.users["chuzhoy"].id)


def test_confirmation_may_give_less(cast: Cast) -> None:
    confirm_request(cast.actor("gleb"), waiting(cast), rights="read", until=TODAY + DAY)
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["igor"], student_id=cast.vanya_1a.id)
    assert (link.rights, link.until) == ("read", TODAY + DAY)
    with clock.fixed(NOW + DAY):
        assert not sees(cast, "igor", cast.vanya_1a)


@pytest.mark.parametrize("who", ["olga", "anna", "zoya", "lena", "chuzhoy_admin", "igor"])
def test_only_an_administrator_of_the_school_answers(cast: Cast, who: str) -> None:
    request = waiting(cast)
    for deed, words in ((confirm_request, {}), (refuse_request, {"reason": "Причина"})):
        with pytest.raises(PermissionDenied), transaction.atomic():
            deed(cast.actor(who), request, **words)


def test_administrator_does_not_answer_himself(cast: Cast) -> None:
    request = waiting(cast, "gleb")
    with pytest.raises(PermissionDenied), transaction.atomic():
        confirm_request(cast.actor("gleb"), request)


@pytest.mark.parametrize(
    ("first", "second"), [("confirm", "refuse"), ("refuse", "confirm"), ("confirm", "confirm"), ("withdraw", "confirm")]
)
def test_request_is_answered_once(cast: Cast, first: str, second: str) -> None:
    request = waiting(cast)
    deeds: dict[str, Any] = {
        "confirm": lambda: confirm_request(cast.actor("gleb"), request),
        "refuse": lambda: refuse_request(cast.actor("gleb"), request, reason="Причина"),
        "withdraw": lambda: withdraw_request(cast.actor("igor"), request),
    }
    deeds[first]()
    with pytest.raises(AnsweredAlready), transaction.atomic():
        deeds[second]()


def test_stranger_cannot_withdraw(cast: Cast) -> None:
    request = waiting(cast)
    with pytest.raises(PermissionDenied), transaction.atomic():
        withdraw_request(cast.actor("olga"), request)


@pytest.mark.parametrize("reason", ["", "   ", "нет"])
def test_refusal_and_change_need_a_reason(cast: Cast, reason: str) -> None:
    request = waiting(cast)
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    deeds: list[Any] = [
        lambda: refuse_request(cast.actor("gleb"), request, reason=reason),
        lambda: change_link(cast.actor("gleb"), link, rights="read", until=None, reason=reason),
        lambda: end_link(cast.actor("gleb"), link, reason=reason),
    ]
    for deed in deeds:
        with pytest.raises(ReasonNeeded), transaction.atomic():
            deed()


def test_day_that_has_passed_is_refused(cast: Cast) -> None:
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    with pytest.raises(BadDay), transaction.atomic():
        change_link(cast.actor("gleb"), link, rights="full", until=TODAY, reason="Договор")


def test_change_of_rights_is_audited_and_all_guardians_hear_of_it(cast: Cast) -> None:
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    change_link(cast.actor("gleb"), link, rights="none", until=None, reason="Решение суда")
    assert not sees(cast, "pavel", cast.masha)
    assert sees(cast, "olga", cast.masha)
    details = last_audit("change_link").details
    assert (details["before"]["rights"], details["rights"], details["reason"]) == ("full", "none", "Решение суда")
    assert set(told()) == {"pavel", "olga"}
    assert "Решение суда" in told()["pavel"][0]
    assert "Решение суда" not in told()["olga"][0]
    mine = family_of(cast.actor("olga")).children
    others = next(one for one in mine if one.student == cast.masha).others
    assert [(one.user.login, one.rights) for one in others] == [("pavel", "none")]


def test_ended_link_closes_the_diary_takes_the_role_and_stays_on_the_page(cast: Cast) -> None:
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    end_link(cast.actor("gleb"), link, reason="Заявление матери")
    assert not sees(cast, "pavel", cast.masha)
    assert not RoleGrant.objects.filter(user=cast.users["pavel"]).exists()
    ended = family_of(cast.actor("pavel")).ended
    assert [(one.student, one.reason) for one in ended] == [(cast.masha, "Заявление матери")]
    assert FamilySchool.objects.filter(user=cast.users["pavel"], school=cast.school).exists()


def test_role_stays_while_another_child_is_there(cast: Cast) -> None:
    link = confirm_request(cast.actor("gleb"), waiting(cast))
    end_link(cast.actor("gleb"), link, reason="Ошибка школы")
    assert cast.actor("igor").has_role(Role.GUARDIAN, cast.school.id)


def test_ended_link_opens_again_by_a_new_request(cast: Cast) -> None:
    link = confirm_request(cast.actor("gleb"), waiting(cast), rights="read")
    end_link(cast.actor("gleb"), link, reason="Ошибка школы")
    assert ask(cast).outcome is Outcome.WAITS
    again = GuardianRequest.objects.filter(school_id=cast.school.id).waiting().get()
    confirm_request(cast.actor("gleb"), again)
    link.refresh_from_db()
    assert (link.rights, link.until, link.reason) == ("full", None, "")


@pytest.mark.parametrize("who", ["olga", "anna", "zoya", "chuzhoy_admin"])
def test_only_an_administrator_of_the_school_changes_links(cast: Cast, who: str) -> None:
    link = Guardian.objects.get(school_id=cast.school.id, user=cast.users["pavel"])
    with pytest.raises(PermissionDenied), transaction.atomic():
        end_link(cast.actor(who), link, reason="Причина")
    with pytest.raises(PermissionDenied), transaction.atomic():
        change_link(cast.actor(who), link, rights="full", until=None, reason="Причина")


def test_new_guardian_is_told_and_so_are_the_others(cast: Cast) -> None:
    cast.masha.documents.all().delete()
    put_on_record(cast.masha)
    typed = given(name=type(VANYA.name)("Иванова", "Мария"))
    ask_for_child(cast.actor("igor"), cast.school, given=typed, relation="опекун")
    confirm_request(cast.actor("gleb"), GuardianRequest.objects.get(school_id=cast.school.id))
    assert set(told()) == {"igor", "olga", "pavel"}
    assert "Зимин Игорь Олегович" in told()["olga"][0]
