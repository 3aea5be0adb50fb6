"""What is decided under a lock is read under it: saves that waited while somebody else changed the ground (A6)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytest_django.plugin import DjangoDbBlocker

from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.foundation.core.models import KeyReused
from diary.people.roster.models import Course, Enrollment, Staff
from diary.people.schools.models import GradingPeriod
from diary.schoolwork.gradebook.actions import CellEntry, CellsRefused, Entered, enter_cells, set_work
from diary.schoolwork.gradebook.models import Mark, MarkChange, WorkKind
from diary.schoolwork.gradebook.queries import lock_lessons, open_lessons
from diary.schoolwork.timetable.models import Lesson
from diary.schoolwork.timetable.policies import AnotherTeachersLesson
from tests.committed import Waiter, at_once, committed_copy
from tests.people import TODAY, Cast


@pytest.fixture
def committed(_cast: Cast, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), committed_copy("journal"):
        yield _cast


def algebra(cast: Cast) -> Course:
    return Course.objects.select_related("subject", "group", "teacher").get(
        school_id=cast.school.id, id=cast.algebra.id
    )


def enter(cast: Cast, text: str = "5", *, key: uuid.UUID | None = None) -> Entered:
    """Анна types into Маша's cell of Monday's lesson, in a transaction of her own."""
    with school_scope([cast.school.id]):
        entry = CellEntry(cast.lessons[3].id, cast.masha.id, text, 0)
        return enter_cells(cast.actor("anna"), algebra(cast), cells=[entry], key=key or uuid.uuid4())


def after(cast: Cast, change: Callable[[], object]) -> Entered:
    """What becomes of Анна's entry that waits for the lesson while somebody makes `change` and commits."""
    with school_scope([cast.school.id]):
        lock_lessons(school_id=cast.school.id, course_id=cast.algebra.id, lesson_ids=[cast.lessons[3].id])
        waiter = Waiter(partial(enter, cast))
        assert waiter.is_waiting()
        change()
    return waiter.result()


def set_kind(cast: Cast) -> None:
    set_work(cast.actor("anna"), algebra(cast), lesson=cast.lessons[3], kind_id=cast.test_work.id)


def marks(cast: Cast) -> list[Mark]:
    with school_scope([cast.school.id]):
        return list(Mark.objects.filter(school_id=cast.school.id))


def test_mark_takes_the_kind_and_weight_that_the_lesson_has_got_meanwhile(committed: Cast) -> None:
    after(committed, partial(set_kind, committed))
    [mark] = marks(committed)
    assert (mark.kind_id, mark.weight) == (committed.test_work.id, 3)


def test_mark_takes_the_weight_that_the_school_has_given_the_kind_meanwhile(committed: Cast) -> None:
    kinds = WorkKind.objects.filter(school_id=committed.school.id, id=committed.answer.id)
    after(committed, partial(kinds.update, weight=7))
    assert [mark.weight for mark in marks(committed)] == [7]


def test_entry_into_a_period_that_was_closed_meanwhile_is_refused(committed: Cast) -> None:
    periods = GradingPeriod.objects.filter(school_id=committed.school.id, id=committed.period.id)
    with pytest.raises(CellsRefused, match="закрыт"):
        after(committed, lambda: periods.update(closed_at=clock.now()))
    assert marks(committed) == []


def test_entry_for_a_pupil_who_has_left_meanwhile_is_refused(committed: Cast) -> None:
    enrollments = Enrollment.objects.filter(school_id=committed.school.id, student_id=committed.masha.id)
    with pytest.raises(CellsRefused, match="не числился"):
        after(committed, partial(enrollments.update, until=committed.lessons[0].held_on))
    assert marks(committed) == []


def test_entry_into_a_lesson_that_was_cancelled_meanwhile_is_refused(committed: Cast) -> None:
    lessons = Lesson.objects.filter(school_id=committed.school.id, id=committed.lessons[3].id)
    with pytest.raises(CellsRefused, match="отменён"):
        after(committed, partial(lessons.update, state=Lesson.State.CANCELLED))
    assert marks(committed) == []


def test_entry_of_a_teacher_who_has_handed_the_course_over_meanwhile_is_refused(committed: Cast) -> None:
    school = {"school_id": committed.school.id}
    with school_scope([committed.school.id]):
        boris = Staff.objects.get(user_id=committed.users["boris"].id, **school)

    def hand_over() -> None:
        course = algebra(committed)
        before = course.hand_over(boris.id, starts_on=TODAY, year_starts_on=committed.year.starts_on)
        assert before is not None
        before.save(force_insert=True)
        course.save(update_fields=["teacher_id", "teacher_starts_on"])

    with pytest.raises(AnotherTeachersLesson):
        after(committed, hand_over)
    assert marks(committed) == []


def test_entry_waits_for_a_period_that_is_being_closed(committed: Cast) -> None:
    """Whoever closes a period holds no lesson: they meet at the period's own row."""
    with school_scope([committed.school.id]):
        GradingPeriod.objects.filter(school_id=committed.school.id, id=committed.period.id).update(
            closed_at=clock.now()
        )
        waiter = Waiter(partial(enter, committed))
        assert waiter.is_waiting()
    with pytest.raises(CellsRefused, match="закрыт"):
        waiter.result()
    assert marks(committed) == []


def test_period_is_closed_only_after_those_who_write_in_it(committed: Cast) -> None:
    def close() -> int:
        with school_scope([committed.school.id]):
            periods = GradingPeriod.objects.filter(school_id=committed.school.id, id=committed.period.id)
            periods.update(closed_at=clock.now())
            return Mark.objects.filter(school_id=committed.school.id).count()

    with school_scope([committed.school.id]):
        enter_cells(
            committed.actor("anna"),
            algebra(committed),
            cells=[CellEntry(committed.lessons[3].id, committed.masha.id, "5", 0)],
            key=uuid.uuid4(),
        )
        waiter = Waiter(close)
        assert waiter.is_waiting()
    assert waiter.result() == 1  # whoever counts final marks after closing misses none


def test_two_kinds_of_work_at_once_leave_marks_and_lesson_agreed(committed: Cast) -> None:
    enter(committed)

    def rework(kind: WorkKind) -> None:
        with school_scope([committed.school.id]):
            set_work(committed.actor("anna"), algebra(committed), lesson=committed.lessons[3], kind_id=kind.id)

    at_once([partial(rework, kind) for kind in (committed.test_work, committed.answer) * 3])
    with school_scope([committed.school.id]):
        standing = kind_now(committed)
    assert [mark.kind_id for mark in marks(committed)] == [standing]


def kind_now(cast: Cast) -> uuid.UUID:
    lessons = open_lessons(school_id=cast.school.id, course_id=cast.algebra.id, lesson_ids=[cast.lessons[3].id])
    return lessons[cast.lessons[3].id].kind_id


def test_one_key_with_two_contents_at_once_writes_one_of_them(committed: Cast) -> None:
    """A8."""
    key = uuid.uuid4()

    def try_to(text: str) -> str:
        try:
            enter(committed, text, key=key)
        except KeyReused:
            return "refused"
        return text

    results = at_once([partial(try_to, "5"), partial(try_to, "4")])
    assert sorted(results)[-1] == "refused"
    with school_scope([committed.school.id]):
        assert [mark.value for mark in Mark.objects.filter(school_id=committed.school.id)] == sorted(results)[:1]
        assert MarkChange.objects.filter(school_id=committed.school.id).count() == 1
