"""Links inside a school: what migrations see, and what the database is told."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from diary.foundation.core.fields import CompositeForeignKey, SchoolForeignKey, uuid7
from diary.people.roster.models import Course, Enrollment, Group
from tests.people import Cast

MADE_BY_CHANGE = {"fields": ("school_id", "lesson_id"), "to": "timetable.lesson", "to_fields": ("school_id", "id")}


def test_ids_grow_with_time() -> None:
    made = [uuid7() for _ in range(100)]
    assert made == sorted(made)
    assert len(set(made)) == 100
    assert {one.version for one in made} == {7}


def test_link_brings_its_column_and_its_constraint() -> None:
    names = {constraint.name for constraint in Course._meta.constraints}
    assert {"roster_course_group_fk", "roster_course_subject_fk", "roster_course_teacher_fk"} <= names
    assert Course._meta.get_field("group_id").column == "group_id"
    assert [pair[0].column for pair in Course._meta.get_field("group").related_fields] == ["school_id", "group_id"]


def test_link_to_its_own_table_knows_it() -> None:
    [constraint] = [one for one in Group._meta.constraints if one.name == "roster_group_home_class_fk"]
    assert isinstance(constraint, CompositeForeignKey)
    assert constraint.to == "roster.group"


def test_derived_columns_stay_out_of_migrations() -> None:
    link = Enrollment._meta.get_field("group")
    _name, path, args, kwargs = link.deconstruct()
    assert path.endswith("SchoolForeignKey")
    assert not {"from_fields", "to_fields"} & kwargs.keys()
    assert isinstance(SchoolForeignKey(*args, **kwargs), SchoolForeignKey)


@given(on_update=st.sampled_from(["", "CASCADE"]), is_immediate=st.booleans())
def test_constraint_survives_a_migration_file(on_update: str, is_immediate: bool) -> None:
    constraint = CompositeForeignKey(**MADE_BY_CHANGE, name="x", on_update=on_update, is_immediate=is_immediate)
    written, imports = MigrationWriter.serialize(constraint)
    namespace: dict[str, object] = {}
    exec("\n".join(imports), namespace)
    assert eval(written, namespace) == constraint
    assert constraint.clone() == constraint
    assert hash(constraint) is not None


def test_constraint_differs_where_its_rule_differs() -> None:
    one = CompositeForeignKey(**MADE_BY_CHANGE, name="x")
    assert one != CompositeForeignKey(**MADE_BY_CHANGE, name="x", on_update="CASCADE")
    assert one != CompositeForeignKey(**MADE_BY_CHANGE, name="x", is_immediate=True)
    assert one != "x"


def test_link_reads_the_row_of_the_same_school_in_one_statement(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        course = Course.objects.select_related("group__form_teacher").get(school_id=cast.school.id, id=cast.algebra.id)
        assert course.group.form_teacher.last_name == "Лебедева"


def test_row_of_another_school_cannot_be_linked(cast: Cast) -> None:
    foreign = Course.objects.filter(school_id=cast.foreign_course.school_id, id=cast.foreign_course.id)
    with transaction.atomic():
        foreign.update(group_id=cast.class_7a.id)
        with pytest.raises(IntegrityError, match="roster_course_group_fk"):
            connection.check_constraints()
        transaction.set_rollback(True)
