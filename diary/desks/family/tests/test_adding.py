"""«Добавить ребёнка»: every mistake has its own sentence, and nothing typed is lost (A10)."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from diary.desks.family.views.adding import GUESSES_OF_ACCOUNT, GUESSES_OF_PLACE
from diary.foundation.core import clock
from diary.foundation.post.models import OutgoingMessage
from diary.people.accounts.models import User
from diary.people.door.models import OneTimeCode
from diary.people.door.tests.door import code_sent_to
from diary.people.roster.actions import change_link, confirm_request, refuse_request
from diary.people.roster.models import Guardian, GuardianRequest, Student
from diary.people.schools.models import School
from tests.people import NOW, PHONES, Cast

ADD = "/family/add/"
NOT_FOUND = "не нашлось ученика с такими данными"
Browser = Callable[[str], Client]


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Ваня, all right, in school № 1."""
    values = {
        "last_name": "Малышев",
        "first_name": "Иван",
        "birth_date": "2019-03-14",
        "kind": "birth",
        "series": "IV-ЯЯ",
        "number": "123456",
        "school_words": "1",
        "school": cast.school.id,
        "relation": "отец",
        "do": "save",
    }
    return values | changes


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def with_code(browser: Client, cast: Cast, who: str = "igor", **changes: Any) -> Any:
    """The code asked for, read from the phone, and «Сохранить»."""
    assert browser.post(ADD, typed(cast, do="code", **changes)).status_code == 200
    return browser.post(ADD, typed(cast, code=code_sent_to(PHONES[who]), **changes))


def test_right_data_and_the_code_make_a_request(cast: Cast, client_of: Browser, vanya: Student) -> None:
    browser = client_of("igor")
    answer = with_code(browser, cast)
    assert (answer.status_code, answer["Location"]) == (302, "/family/")
    page = text_of(browser.get("/family/"))
    assert "ждёт ответа школы" in page
    assert GuardianRequest.objects.get(school_id=cast.school.id).student == vanya


def test_new_account_without_any_role_adds_a_child(cast: Cast, client_of: Browser, vanya: Student) -> None:
    Guardian.objects.filter(user=cast.users["igor"]).delete()
    cast.users["igor"].role_grants.all().delete()
    browser = client_of("igor")
    assert "Здесь будут ваши дети" in text_of(browser.get("/family/"))
    assert with_code(browser, cast).status_code == 302
    confirm_request(cast.actor("gleb"), GuardianRequest.objects.get(school_id=cast.school.id))
    assert browser.get(f"/diary/{vanya.id}/").status_code == 200, "the same session, without signing in again"
    assert browser.get(f"/diary/{vanya.id}/timetable/").status_code == 200


def wrong_fields(page: str) -> set[str]:
    """The fields that the alert on top of the form links to."""
    return set(re.findall(r'<a href="#id_(\w+)"', page))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"series": "12", "kind": "passport"}, "Серия паспорта – 4 цифры"),
        ({"number": "12", "kind": "passport", "series": "4506"}, "Номер паспорта – 6 цифр"),
        ({"series": "АБ"}, "Серия свидетельства – римское число и две русские буквы"),
        ({"number": "1234567"}, "Номер свидетельства – 6 цифр"),
        ({"kind": "foreign", "number": "AB", "series": ""}, "Номер иностранного документа"),
        ({"birth_date": "2030-01-01"}, "ученика с такой датой быть не может"),
        ({"birth_date": "вчера"}, "Введите правильную дату"),
        ({"school_words": "Хогвартс", "school": ""}, "Такая школа не нашлась"),
        ({"school_words": "", "school": ""}, "Впишите номер, название или город"),
        ({"school_words": "Школа", "school": ""}, "Нашлось несколько школ"),
        ({"last_name": ""}, "Обязательное поле"),
    ],
)
def test_wrong_format_is_said_at_its_field_and_no_code_is_sent(
    cast: Cast, client_of: Browser, vanya: Student, changes: dict[str, str], sentence: str
) -> None:
    values = typed(cast, do="code", middle_name="Необычное", **changes)
    answer = client_of("igor").post(ADD, values)
    assert answer.status_code == 422
    page = text_of(answer)
    assert sentence in page
    (field,) = {"series", "number", "birth_date", "school_words", "last_name"} & wrong_fields(page)
    assert f'id="id_{field}"' in page, "the sentence on top leads to the field"
    for name in ("first_name", "middle_name", "birth_date", "number", "series"):
        assert f'value="{values[name]}"' in page, f"{name} was lost"
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": "2019-03-15"},
        {"number": "123457"},
        {"series": "V-ЯЯ"},
        {"first_name": "Пётр"},
        {"kind": "foreign", "series": "", "number": "IV123456"},
    ],
)
def test_any_wrong_fact_gets_the_same_answer(
    cast: Cast, client_of: Browser, vanya: Student, changes: dict[str, str]
) -> None:
    browser = client_of("igor")
    answer = with_code(browser, cast, **changes)
    page = text_of(answer)
    assert answer.status_code == 422
    assert NOT_FOUND in page
    assert "«Школа № 1»" in page
    assert f'value="{typed(cast, **changes)["number"]}"' in page
    # the phone stays proved: the mistake is corrected without another SMS
    assert browser.post(ADD, typed(cast)).status_code == 302


def test_wrong_code_is_counted_and_asked_again(cast: Cast, client_of: Browser, vanya: Student) -> None:
    browser = client_of("igor")
    browser.post(ADD, typed(cast, do="code"))
    for left in (4, 3, 2, 1):
        answer = browser.post(ADD, typed(cast, code="000000"))
        assert (answer.status_code, f"осталось попыток: {left}" in text_of(answer)) == (422, True)
    assert "попытки кончились" in text_of(browser.post(ADD, typed(cast, code="000000")))
    right = code_sent_to(PHONES["igor"])
    assert browser.post(ADD, typed(cast, code=right)).status_code == 422
    assert not GuardianRequest.objects.filter(school_id=cast.school.id).exists()


def test_code_of_another_session_does_not_fit(cast: Cast, client_of: Browser, vanya: Student) -> None:
    client_of("igor").post(ADD, typed(cast, do="code"))
    answer = client_of("igor").post(ADD, typed(cast, code=code_sent_to(PHONES["igor"])))
    assert answer.status_code == 422
    assert "Запросите новый код" in text_of(answer)


def test_code_is_not_sent_again_within_a_minute(cast: Cast, client_of: Browser, vanya: Student) -> None:
    browser = client_of("igor")
    browser.post(ADD, typed(cast, do="code"))
    answer = browser.post(ADD, typed(cast, do="code"))
    assert answer.status_code == 429
    assert "Код только что отправлен" in text_of(answer)
    assert 'value="IV-ЯЯ"' in text_of(answer)
    assert OutgoingMessage.objects.count() == 1


def test_proved_phone_is_asked_again_after_a_quarter_of_an_hour(cast: Cast, client_of: Browser, vanya: Student) -> None:
    browser = client_of("igor")
    with_code(browser, cast, number="123457")
    with clock.fixed(NOW + dt.timedelta(minutes=15)):
        assert browser.post(ADD, typed(cast)).status_code == 422
    assert not GuardianRequest.objects.filter(school_id=cast.school.id).exists()


def test_already_waiting_already_linked_refused_and_no_contact_have_their_own_sentences(
    cast: Cast, client_of: Browser, vanya: Student
) -> None:
    browser = client_of("igor")
    with_code(browser, cast)
    assert "уже ждёт ответа школы" in text_of(browser.post(ADD, typed(cast)))
    request = GuardianRequest.objects.get(school_id=cast.school.id)
    refuse_request(cast.actor("gleb"), request, reason="Нет в личном деле")
    page = text_of(browser.post(ADD, typed(cast)))
    assert "ответила отказом. Причина: Нет в личном деле." in page
    assert "Нет в личном деле" in text_of(browser.get("/family/"))
    with clock.fixed(NOW + dt.timedelta(days=1)):
        with_code(browser, cast)
    link = confirm_request(cast.actor("gleb"), GuardianRequest.objects.waiting().get(school_id=cast.school.id))
    again = client_of("igor")
    with clock.fixed(NOW + dt.timedelta(days=1, minutes=5)):
        assert "уже добавлен" in text_of(with_code(again, cast))
        change_link(cast.actor("gleb"), link, rights="none", until=None, reason="Решение суда")
        assert "закрыла вам доступ" in text_of(again.post(ADD, typed(cast)))


def test_eleventh_guess_of_an_account_waits_and_right_ones_do_not_count(
    cast: Cast, client_of: Browser, vanya: Student
) -> None:
    browser = client_of("igor")
    with_code(browser, cast, number="000000")
    for guess in range(1, 10):
        assert NOT_FOUND in text_of(browser.post(ADD, typed(cast, number=f"{guess:06}")))
    answer = browser.post(ADD, typed(cast))
    assert answer.status_code == 429
    assert "Слишком много попыток" in text_of(answer)
    assert 'value="123456"' in text_of(answer)
    assert not GuardianRequest.objects.filter(school_id=cast.school.id).exists()
    olga = client_of("olga")
    assert with_code(olga, cast, "olga").status_code == 302, "another account is not touched"


def test_guesses_of_an_address_are_limited_too(cast: Cast, client_of: Browser, vanya: Student) -> None:
    while not GUESSES_OF_PLACE.take("127.0.0.1"):
        pass
    answer = with_code(client_of("igor"), cast)
    assert answer.status_code == 429
    assert GUESSES_OF_ACCOUNT.take(cast.users["igor"].number) == 0


def test_school_is_found_by_number_name_and_town_and_keeps_the_rest(cast: Cast, client_of: Browser) -> None:
    School.objects.filter(id=cast.other_school.id).update(city="Тверь", name="Лицей № 12 имени Пушкина")
    browser = client_of("igor")
    for words in ("12", "тверь", "лицей пушкина", "№ 12 Тверь"):
        page = text_of(browser.post(ADD, typed(cast, do="find", school="", school_words=words, last_name="Ёжиков")))
        assert "Лицей № 12 имени Пушкина, Тверь" in page
        assert 'value="Ёжиков"' in page
        assert "Школа № 1<" not in page
    assert "Лицей" not in text_of(browser.post(ADD, typed(cast, do="find", school="", school_words="1")))


@pytest.mark.parametrize("school", ["0", "99999999999", "x", "-1"])
def test_school_that_is_not_there_is_refused(cast: Cast, client_of: Browser, school: str) -> None:
    assert client_of("igor").post(ADD, typed(cast, school=school, school_words="")).status_code == 422


def test_pupil_is_not_let_to_the_form(cast: Cast, client_of: Browser) -> None:
    assert client_of("masha").get(ADD).status_code == 403


def test_pupil_sees_who_reads_the_diary_and_who_no_longer_does(cast: Cast, client_of: Browser) -> None:
    masha, gleb = client_of("masha"), cast.actor("gleb")
    page = text_of(masha.get("/family/"))
    assert "Кто видит мой дневник" in page
    assert "Добавить ребёнка" not in page
    names = [cast.users[who].full_name for who in ("olga", "pavel")]
    assert [name in page for name in names] == [True, True]
    assert cast.users["igor"].full_name not in page
    link = Guardian.objects.get(student=cast.masha, user=cast.users["pavel"])
    change_link(gleb, link, rights="read", until=None, reason="Соглашение родителей")
    assert "только чтение" in text_of(masha.get("/family/"))
    change_link(gleb, link, rights="none", until=None, reason="Решение суда")
    page = text_of(masha.get("/family/"))
    assert [name in page for name in names] == [True, False]
    assert "Решение суда" not in page


def test_without_a_confirmed_phone_the_page_says_where_to_confirm_it(cast: Cast, client_of: Browser) -> None:
    User.objects.filter(login="igor").update(phone_confirmed_at=None)
    page = text_of(client_of("igor").get(ADD))
    assert "/settings/contacts/phone/" in page
    assert 'name="number"' not in page


def test_code_cannot_be_sent_or_used_to_an_unconfirmed_phone(cast: Cast, client_of: Browser, vanya: Student) -> None:
    User.objects.filter(login="igor").update(phone_confirmed_at=None)
    answer = client_of("igor").post(ADD, typed(cast, do="code"))
    assert answer.status_code == 422
    assert not OneTimeCode.objects.exists()


def test_own_request_is_withdrawn_and_a_foreign_one_is_not_there(
    cast: Cast, client_of: Browser, vanya: Student
) -> None:
    browser = client_of("igor")
    with_code(browser, cast)
    request = GuardianRequest.objects.get(school_id=cast.school.id)
    address = f"/family/requests/{request.id}/withdraw/"
    assert client_of("olga").post(address).status_code == 404
    assert browser.post(address).status_code == 302
    assert "отозвана" in text_of(browser.get("/family/"))
    assert browser.post(address).status_code == 409
