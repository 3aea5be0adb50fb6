"""Sample addresses and bodies for the access matrix: school № 1, around Маша, her class and Анна's algebra.

A new URL usually needs nothing here: its variables already have samples by name. A new variable gets a line in
`samples`, a door that writes gets a line in BODIES.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from diary.foundation.access.scope import school_scope
from diary.foundation.jobs.models import Task
from diary.gates.integrations.identities.models import ExternalIdentity, subject_index
from diary.people.door.factors.totp import new_secret
from diary.people.door.models import Factor, Session
from diary.people.roster.actions import issue_pass
from diary.people.roster.models import ChildDevice, Guardian, GuardianRequest, ImportRun, Staff
from diary.schoolwork.homework.models import Homework
from tests.committed import open_session
from tests.people import Cast

VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
NOBODY = uuid.UUID(int=0)


def samples(cast: Cast) -> dict[str, object]:
    """The thing that each variable of an address stands for."""
    monday = cast.lessons[3]
    with school_scope([cast.school.id]):
        homework = Homework.objects.create(school_id=cast.school.id, course=cast.algebra, given_at=monday, text="№ 12")
        anna = Staff.objects.get(school_id=cast.school.id, external_id="anna")
        gleb = cast.users["gleb"].id
        task = Task.objects.create(school_id=cast.school.id, user_id=gleb, kind="tests", title="Проверка")
        counts = {"error": 1, "warning": 0, "note": 0}
        run = ImportRun.objects.create(
            school_id=cast.school.id,
            user_id=gleb,
            files=b"",
            check_task=task,
            report={"problems": [], "counts": counts, "rest": 0},
        )
    index = subject_index("esia", "1")
    identity = ExternalIdentity.objects.create(user=cast.users["masha"], provider="esia", subject_index=index)
    return {
        "school_id": cast.school.id,
        "year_id": cast.year.id,
        "period_id": cast.period.id,
        "group_id": cast.class_7a.id,
        "course_id": cast.algebra.id,
        "lesson_id": monday.id,
        "student_id": cast.masha.id,
        "staff_id": anna.id,
        "teacher_id": anna.id,
        "room_id": cast.room.id,
        "homework_id": homework.id,
        "user_id": cast.users["masha"].id,
        "kind_id": cast.answer.id,
        "run_id": run.id,
        "identity_id": identity.id,
        "provider": "esia",
        "factor_id": Factor.objects.create(user=cast.users["anna"], kind=Factor.Kind.TOTP, secret=new_secret()).id,
        "own_factor_id": Factor.objects.get(user=cast.users["anna"], kind=Factor.Kind.SMS).id,
        "session_handle": Session.objects.with_secret(open_session(cast.users["masha"])).get().handle,
        "number": cast.users["masha"].number,
        "form": "csv",
        **family_samples(cast),
    }


def family_samples(cast: Cast) -> dict[str, object]:
    """Игорь asks for Ваня; Павел's link with Маша; a device of hers, and a QR for another."""
    with school_scope([cast.school.id]):
        asked = GuardianRequest.objects.create(
            school_id=cast.school.id,
            user=cast.users["igor"],
            student=cast.vanya_1a,
            given_name="Малышев Иван",
            birth_date=dt.date(2019, 3, 14),
            document_kind="birth",
            document="IVЯЯ123456",
            is_document_known=False,
        )
        link = Guardian.objects.get(school_id=cast.school.id, student_id=cast.masha.id, external_id="pavel")
        secret = issue_pass(cast.actor("olga"), cast.masha)
    device = ChildDevice.objects.create(secret_index=b"", user=cast.users["masha"], bound_by=cast.users["olga"])
    return {"request_id": asked.id, "link_id": link.id, "device_id": device.id, "secret": secret}


class NoSample(LookupError):
    """The matrix does not know what to put into an address or send to a door; the sentence says what to add."""


def address(pattern: str, known: Mapping[str, object]) -> str:
    """The address of a URL pattern with its samples filled in."""
    unknown = [name for name in VARIABLE.findall(pattern) if name not in known]
    if unknown:
        raise NoSample(f"/{pattern} has the variable {unknown[0]!r}: add a sample of it to samples() in {__name__}")
    return "/" + VARIABLE.sub(lambda match: str(known[match[1]]), pattern)


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent: form fields, or JSON."""

    content: Mapping[str, Any]
    is_json: bool = False

    @property
    def request(self) -> dict[str, Any]:
        """Arguments for the test client's `generic`."""
        if self.is_json:
            return {"data": json.dumps(self.content, default=str), "content_type": "application/json"}
        return {"data": encode_multipart(BOUNDARY, dict(self.content)), "content_type": MULTIPART_CONTENT}


def _json(content: Mapping[str, Any]) -> Body:
    return Body(content, is_json=True)


Known = Mapping[str, object]

# What is sent to each door that writes. Good enough to get past the form, so that the deed itself is asked;
# whatever is written is rolled back after each request.
BODIES: dict[tuple[str, str], Callable[[Known], Body]] = {
    ("ui:set_language", "POST"): lambda _: Body({"language": "en"}),
    ("ui:set_theme", "POST"): lambda _: Body({"theme": "dark"}),
    ("door:sign_in", "POST"): lambda _: Body({"login": "nobody", "password": "nothing"}),
    ("door:sign_out", "POST"): lambda _: Body({}),
    ("door:sign_in_factor", "POST"): lambda _: Body({"kind": "sms", "typed": "000000", "prove": "1"}),
    ("door:sign_in_phone", "POST"): lambda _: Body({"phone": "9161234567"}),
    ("door:sign_in_code", "POST"): lambda _: Body({"typed": "000000"}),
    ("door:sign_up", "POST"): lambda _: Body({"login": "masha"}),  # no name: 422
    ("door:recovery", "POST"): lambda _: Body({"who": "nobody", "last_name": "Никто", "kind": "sms"}),
    ("door:recovery_code", "POST"): lambda _: Body({"typed": "000000"}),
    ("door:recovery_password", "POST"): lambda _: Body({"password": "x", "again": "x"}),
    ("door:confirm", "POST"): lambda _: Body({"kind": "sms", "send": "1"}),
    ("door:passkey_challenge", "POST"): lambda _: Body({}),
    # a guardian has no mailbox to speak to: 422
    ("door:add_message", "POST"): lambda _: Body({"kind": "email"}),
    ("door:new_app", "POST"): lambda _: Body({}),
    ("door:app", "POST"): lambda _: Body({"typed": "000000"}),
    ("door:passkey", "POST"): lambda _: Body({"typed": "{}"}),
    ("door:passkey_options", "POST"): lambda _: Body({}),
    ("door:paper_codes", "POST"): lambda _: Body({}),
    ("door:support", "POST"): lambda known: Body({"number": known["number"]}),
    ("door:support_account", "POST"): lambda _: Body({"reason": "Назвала дату рождения"}),
    # nobody has come from a provider: 400 for all who may
    ("identities:newcomer", "POST"): lambda _: Body({"login": "newcomer"}),
    ("identities:link", "POST"): lambda _: Body({}),
    ("identities:unlink", "POST"): lambda _: Body({}),
    ("home:tick", "POST"): lambda _: _json({"done": True}),
    ("home:seen", "POST"): lambda _: _json({"ids": [NOBODY]}),
    ("journal:cells", "PUT"): lambda known: _json(
        {
            "key": uuid.uuid4(),
            "cells": [
                {"lesson": str(known["lesson_id"]), "student": str(known["student_id"]), "text": "5", "version": 0}
            ],
        }
    ),
    # there is no mark in the cell: 422 for those who may
    ("journal:cell", "PUT"): lambda _: _json(
        {"key": uuid.uuid4(), "version": 0, "place": 1, "kind": NOBODY, "weight": "1", "comment": ""}
    ),
    ("journal:lesson", "POST"): lambda known: Body(
        {
            "topic": "Дроби",
            "topic_version": 0,
            "kind": known["kind_id"],
            "homework": "№ 13",
            "minutes": 20,
            "homework_version": 1,
            "note": "",
        }
    ),
    ("journal:lesson_marks", "POST"): lambda known: Body(
        {"key": uuid.uuid4(), f"text-{known['student_id']}": "4", f"version-{known['student_id']}": 0}
    ),
    ("journal:new_lesson", "POST"): lambda _: Body({"held_on": "2026-10-13", "number": 5}),
    ("office:imports", "POST"): lambda _: Body({}),  # no file: 422 for those who may
    ("office:import_load", "POST"): lambda _: Body({}),  # checked, with an error: 409 for those who may
    ("office:import_stop", "POST"): lambda _: Body({}),
    ("office:class_passwords", "POST"): lambda _: Body({"who": "students"}),
    ("office:staff_passwords", "POST"): lambda _: Body({}),
    ("office:lessons", "POST"): lambda _: Body({}),
    ("office:guardian_confirmation", "POST"): lambda _: Body({"confirms": "on"}),
    ("office:guardian_request", "POST"): lambda _: Body({"do": "confirm", "rights": "full"}),
    ("office:guardian_link", "POST"): lambda _: Body({"do": "change", "rights": "read", "reason": "Договор"}),
    ("family:add", "POST"): lambda _: Body({"do": "find", "school_words": "1"}),
    ("family:withdraw", "POST"): lambda _: Body({}),
    ("family:qr", "POST"): lambda _: Body({}),
    ("family:revoke", "POST"): lambda _: Body({}),
    ("family:enter", "POST"): lambda _: Body({"pin": "1357"}),  # no device: 410
    ("family:bind", "POST"): lambda _: Body({"pin": "1357"}),  # whoever holds the QR
    ("settings:services", "POST"): lambda _: Body({"diary": "off"}),
    ("settings:contacts_right", "POST"): lambda _: Body({}),
    ("settings:phone", "POST"): lambda _: Body({"address": "9161234567"}),
    ("settings:email", "POST"): lambda _: Body({"address": "new@example.ru"}),
    ("settings:email_remove", "POST"): lambda _: Body({}),
    ("settings:address", "POST"): lambda _: Body({"address": "Москва"}),
    ("settings:devices_seen", "POST"): lambda _: Body({}),
    ("settings:password", "POST"): lambda _: Body({"current": "wrong"}),  # 422 for everybody
    ("settings:factor_rename", "POST"): lambda _: Body({"name": "Мой телефон"}),
    ("settings:factor_remove", "POST"): lambda _: Body({}),  # her only one: 409 for Анна
    ("settings:session_end", "POST"): lambda _: Body({}),
    ("settings:sessions_end_others", "POST"): lambda _: Body({}),
    ("settings:lost_phone", "POST"): lambda _: Body({"what": "phone"}),
}


def body(door: str, method: str, known: Known) -> Body:
    """What is sent to this door."""
    make = BODIES.get((door, method))
    if make is None:
        raise NoSample(
            f"{method} {door} writes, and nobody said what to send: add ({door!r}, {method!r}) to BODIES in {__name__}"
        )
    return make(known)
