"""Who signs in and which pages they open: `python -m bench.facts SCHOOLS` prints it as JSON, with live sessions."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from typing import Any

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402

from diary.foundation.live.topics import live_token, topic  # noqa: E402
from diary.people.accounts.models import User  # noqa: E402
from diary.people.door.sessions.browsers import prove_factor  # noqa: E402
from diary.people.door.sessions.store import SessionStore  # noqa: E402

# one course and one pupil of different classes of each school; teachers differ as well
COURSES_SQL = """
SELECT DISTINCT ON (t.user_id) c.id, t.user_id, g.id, p.id, p.starts_on, p.ends_until
FROM roster_course c
JOIN roster_staff t ON t.school_id = c.school_id AND t.id = c.teacher_id
JOIN roster_group g ON g.school_id = c.school_id AND g.id = c.group_id
JOIN schools_gradingperiod p ON p.school_id = c.school_id AND p.parallel = g.parallel AND p.number = 1
WHERE c.school_id = %s ORDER BY t.user_id, c.id LIMIT %s
"""
PUPILS_SQL = """
SELECT DISTINCT ON (g.id) s.id, w.user_id, p.id, p.starts_on, p.ends_until
FROM roster_student s
JOIN roster_guardian w ON w.school_id = s.school_id AND w.student_id = s.id
JOIN roster_enrollment e ON e.school_id = s.school_id AND e.student_id = s.id
JOIN roster_group g ON g.school_id = e.school_id AND g.id = e.group_id
JOIN schools_gradingperiod p ON p.school_id = s.school_id AND p.parallel = g.parallel AND p.number = 1
WHERE s.school_id = %s ORDER BY g.id, s.id LIMIT %s
"""
CELLS_SQL = """
SELECT m.lesson_id, m.student_id, string_agg(m.value, '/' ORDER BY m.place),
 sum(m.version) + coalesce(max(a.version), 0), coalesce(max(a.sign), '')
FROM gradebook_mark m
LEFT JOIN attendance_attendancesign a
 ON a.school_id = m.school_id AND a.lesson_id = m.lesson_id AND a.student_id = m.student_id
WHERE m.school_id = %s AND m.course_id = %s GROUP BY 1, 2 HAVING count(*) < 5 AND bool_and(m.value <> '') ORDER BY 1, 2
"""


def cookie(user_id: int) -> str:
    """A signed-in browser of this person."""
    user = User.objects.get(id=user_id)
    session = SessionStore()
    session[SESSION_KEY] = str(user.id)
    session[BACKEND_SESSION_KEY] = "diary.people.door.signing_in.password.LoginBackend"
    prove_factor(session)
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def school_facts(school_id: int, each: int) -> dict[str, Any]:
    """Journals with their teachers, diaries with their parents."""
    journals = [
        {
            "school": school_id,
            "course": course,
            "user": user_id,
            "group": group,
            "period": period,
            "first": first,
            "until": until,
            "session": cookie(user_id),
        }
        for course, user_id, group, period, first, until in _rows(COURSES_SQL, school_id, each)
    ]
    diaries = [
        {
            "school": school_id,
            "student": student,
            "user": user_id,
            "period": period,
            "first": first,
            "until": until,
            "last_week": until - dt.timedelta(weeks=1),
            "session": cookie(user_id),
        }
        for student, user_id, period, first, until in _rows(PUPILS_SQL, school_id, each)
    ]
    return {"journals": journals, "diaries": diaries}


def writing_facts(journals: list[dict[str, Any]], streams: int) -> dict[str, Any]:
    """Cells that can take one more mark, and passes of pupils' open pages to the live stream."""
    for journal in journals:
        rows = _rows(CELLS_SQL, journal["school"], journal["course"])
        random.shuffle(rows)
        journal["cells"] = [
            {"lesson": lesson, "student": student, "text": text + (f"/{sign}" if sign else ""), "version": version}
            for lesson, student, text, version, sign in rows[:400]
        ]
    watchers = _rows(
        "SELECT student_id, user_id FROM roster_guardian WHERE school_id = 1 ORDER BY id LIMIT %s", streams
    )
    tokens = {}
    for student, user_id in watchers:
        actor = User.objects.with_roles().get(id=user_id).as_actor()
        session = cookie(user_id)
        token = live_token(actor, session, [topic("student", 1, student)])
        tokens[str(student)] = {"token": token, "session": session}
    return {"watchers": tokens}


def _rows(sql: str, *values: str | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def main() -> None:
    schools, each, streams = (int(word) for word in sys.argv[1:])
    found: dict[str, Any] = {"journals": [], "diaries": []}
    for number in sorted(random.Random(7).sample(range(1, schools + 1), min(schools, 16))):
        one = school_facts(number, each)
        found["journals"] += one["journals"]
        found["diaries"] += one["diaries"]
    if streams:
        # marks are written into other journals than those whose pages are measured
        found["journals"], writing = found["journals"][: each // 2], found["journals"][each // 2 :]
        found |= {"writing": writing} | writing_facts(writing, streams)
    print(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
