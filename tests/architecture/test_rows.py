"""The third lock: in views, api and desks rows come through the actor.

The rule, as it is linted: every query that starts at `Model.objects` of one of our tables must, before it is used,

* be narrowed by `visible_to(…)` or `family_of(…)` — the actor's own rows; or
* be filtered by `school_id=` that is read off a row in hand (`course.school_id`, `school.id`) or handed in by the
  caller under that very name (`school_id=school_id` in a query function, `OuterRef("school_id")` in a subquery); the
  composite key of a row in hand (`pk=run.pk`) says the same. A new row (`create(school_id=…)`) is held to it too.

A row in hand came through the actor at its own start, so the second form never leaves what the actor reached: a lesson
of a course that was found by `visible_to`. What the rule cannot see is whether the rest of the filter names the right
row of the school; the access matrix and each desk's tests do. Queries that start at a row (`lesson.marks.filter(…)`)
need nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.source import DIARY, ROOT, code_files, dotted, place, tree

NARROWED = {"visible_to", "family_of"}
TAKES_A_SCHOOL = {"filter", "get", "create", "get_or_create", "update_or_create"}
FROM_OUTSIDE = {"request", "form", "values", "content"}
# Queries that are right without an actor, and why.
EXCEPTIONS = {
    ("diary/gates/integrations/identities/arriving.py", "ExternalIdentity"): "asked to learn who comes",
    ("diary/gates/integrations/identities/queries.py", "User"): "which logins are taken",
}


def _ours() -> set[str]:
    return {model.__name__ for model in apps.get_models() if model.__module__.startswith("diary.")}


def _is_guarded(path: Path) -> bool:
    parts = path.relative_to(DIARY).parts
    return parts[0] in ("desks", "gates") or path.stem in ("views", "api") or "views" in parts


def _chains(module: ast.Module) -> Iterator[tuple[str, ast.Attribute, list[ast.Call]]]:
    """Each `Model.objects` with the calls chained to it: (model, node, calls)."""
    parents = {child: parent for parent in ast.walk(module) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(module):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
            continue
        calls: list[ast.Call] = []
        step: ast.AST = node
        while isinstance(parents.get(step), ast.Attribute | ast.Call):
            if isinstance(parents[step], ast.Call) and parents[step].func is not step:  # type: ignore[attr-defined]
                break
            step = parents[step]
            if isinstance(step, ast.Call):
                calls.append(step)
        yield node.value.id, node, calls


def _names_the_school(word: ast.keyword) -> bool:
    """Whether this argument holds the query to the school of a row in hand."""
    if ast.unparse(word.value) == "OuterRef('school_id')":
        return word.arg == "school_id"
    name = dotted(word.value)
    first, last = name.split(".")[0], name.split(".")[-1]
    if first in FROM_OUTSIDE:
        return False
    if word.arg == "school_id":
        return last == "school_id" or name == "school.id" or name.endswith(".school.id")
    return word.arg == "pk" and last == "pk" and "." in name


def _comes_through_the_actor(calls: list[ast.Call]) -> bool:
    for call in calls:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method in NARROWED:
            return True
        if method in TAKES_A_SCHOOL and any(_names_the_school(word) for word in call.keywords):
            return True
    return False


def loose_queries(module: ast.Module, ours: set[str]) -> Iterator[tuple[str, ast.Attribute]]:
    """Queries against the rule: (model, where)."""
    for model, node, calls in _chains(module):
        if model in ours and not _comes_through_the_actor(calls):
            yield model, node


def test_rows_come_through_the_actor() -> None:
    ours = _ours()
    found = [
        f"{place(path, node)}: {model}.objects without visible_to(actor) or the school of a row in hand"
        for path in code_files()
        if _is_guarded(path)
        for model, node in loose_queries(tree(path), ours)
        if (str(path.relative_to(ROOT)), model) not in EXCEPTIONS
    ]
    assert not found, "\n".join(found)


def test_exceptions_are_still_needed() -> None:
    for file, model in EXCEPTIONS:
        assert model in {name for name, _node in loose_queries(tree(ROOT / file), _ours())}, f"{file} {model}"


@pytest.mark.parametrize(
    "query",
    [
        "Student.objects.all()",
        "Student.objects.get(id=student_id)",
        "Student.objects.filter(id=student_id).first()",
        "Student.objects.exclude(school_id=course.school_id)",
        "Student.objects.filter(school_id=1)",
        "Student.objects.filter(school_id=request.GET['school'])",
        "Student.objects.filter(school_id=form.school_id)",
        "Student.objects.filter(school_id=student.id)",
        "Student.objects.get(pk=pk)",
        "Student.objects.create(school_id=1)",
        "Student.objects.select_related('school').order_by('id')",
        "rows = Student.objects",
    ],
)
def test_loose_query_is_found(query: str) -> None:
    assert [model for model, _node in loose_queries(ast.parse(query), {"Student"})] == ["Student"]


@pytest.mark.parametrize(
    "query",
    [
        "Student.objects.visible_to(actor).get(id=1)",
        "Student.objects.select_related('school').family_of(request.actor).first()",
        "Student.objects.filter(school_id=course.school_id, id=1)",
        "Student.objects.order_by('id').filter(school_id=school_id)",
        "Student.objects.filter(school_id=school.id, id=1)",
        "Student.objects.select_for_update().get(pk=student.pk)",
        "Student.objects.create(school_id=course.school_id)",
        "Student.objects.filter(school_id=OuterRef('school_id'), id=OuterRef('student_id'))",
        "lesson.marks.filter(student_id=1)",
    ],
)
def test_narrowed_query_passes(query: str) -> None:
    assert not list(loose_queries(ast.parse(query), {"Student"}))
