"""Families as their own page and the school's office see them (A10, A15)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from diary.foundation.access.actor import Actor
from diary.foundation.access.scope import school_scope
from diary.foundation.core import clock
from diary.people.roster.models import ChildDevice, Enrollment, Group, Guardian, GuardianRequest, Student
from diary.people.roster.models.families import family_schools
from diary.people.schools.models import School

REQUESTS_SHOWN = 100
LINKS_SHOWN = 50
SCHOOLS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FamilyChild:
    """A child whose diary the reader sees, everybody else who does, and the child's own devices."""

    link: Guardian
    class_name: str
    others: tuple[Guardian, ...]
    devices: tuple[ChildDevice, ...]

    @property
    def student(self) -> Student:
        student: Student = self.link.student
        return student

    @property
    def is_full(self) -> bool:
        """Whether the reader may do more than read."""
        return self.link.rights == Guardian.Rights.FULL


@dataclass(frozen=True, slots=True)
class Family:
    """The page «Семейные пользователи»."""

    children: tuple[FamilyChild, ...]
    ended: tuple[Guardian, ...]
    requests: tuple[GuardianRequest, ...]


def family_of(actor: Actor) -> Family:
    """The person's children, links that have ended and requests, in all schools that they have to do with."""
    with school_scope(family_schools(actor)):
        every = Guardian.objects.filter(user_id=actor.person_id).select_related("school", "student__school")
        links = list(every.order_by("student__last_name", "student__first_name", "id"))
        open_ids = set(every.in_force().values_list("id", flat=True))
        asked = GuardianRequest.objects.filter(user_id=actor.person_id).select_related("school", "student")
        requests = asked.exclude(state=GuardianRequest.State.CONFIRMED).order_by("-created_at")[:REQUESTS_SHOWN]
        return Family(
            children=tuple(_children([link for link in links if link.id in open_ids])),
            ended=tuple(link for link in links if link.id not in open_ids),
            requests=tuple(requests),
        )


def _children(links: list[Guardian]) -> Iterable[FamilyChild]:
    student_ids = [link.student_id for link in links]
    classes = class_names(student_ids)
    links_of: dict[uuid.UUID, list[Guardian]] = {}
    everybody = Guardian.objects.filter(student_id__in=student_ids).select_related("school", "user").order_by("id")
    for one in everybody:
        links_of.setdefault(one.student_id, []).append(one)
    devices = list(
        ChildDevice.objects.bound()
        .filter(user_id__in=[link.student.user_id for link in links if link.student.user_id])
        .order_by("-last_used_at", "id")
    )
    for link in links:
        yield FamilyChild(
            link=link,
            class_name=classes.get(link.student_id, ""),
            others=tuple(one for one in links_of.get(link.student_id, ()) if one.user_id != link.user_id),
            devices=tuple(one for one in devices if one.user_id == link.student.user_id),
        )


def class_names(student_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The present class of each student, or the one that is about to begin."""
    rows = Enrollment.objects.filter(student_id__in=list(student_ids), group__kind=Group.Kind.CLASS)
    current = rows.filter(Q(until__isnull=True) | Q(until__gt=clock.TodayIn("school__timezone")))
    return dict(current.order_by("-starts_on").values_list("student_id", "group__name"))


def requests_of(school: School) -> list[GuardianRequest]:
    """Requests to a school, waiting ones first, then the latest answers."""
    rows = GuardianRequest.objects.filter(school_id=school.id).select_related("user", "student", "decided_by")
    waiting = rows.waiting().order_by("created_at")[:REQUESTS_SHOWN]
    answered = rows.exclude(state=GuardianRequest.State.WAITING).order_by("-decided_at")[:REQUESTS_SHOWN]
    return [*waiting, *answered]


def links_found(school: School, words: str) -> list[Guardian]:
    """Links of a school whose child or guardian has all the words in the name; none without words."""
    rows = Guardian.objects.filter(school_id=school.id).select_related("school", "user", "student")
    for word in words.split():
        rows = rows.filter(
            Q(user__last_name__istartswith=word)
            | Q(user__first_name__istartswith=word)
            | Q(student__last_name__istartswith=word)
            | Q(student__first_name__istartswith=word)
        )
    ordered = rows.order_by("student__last_name", "student__first_name", "id")
    return list(ordered[:LINKS_SHOWN]) if words.split() else []


def guardians_of(student: Student) -> list[Guardian]:
    """Everybody who is linked with a student, those without access too."""
    rows = Guardian.objects.filter(school_id=student.school_id, student_id=student.id)
    return list(rows.select_related("school", "user").order_by("id"))


def seen_by(pupil: Actor) -> list[Guardian]:
    """Who sees the diary of this pupil today (A15)."""
    rows = Guardian.objects.filter(student__user_id=pupil.person_id, school_id__in=pupil.school_ids).in_force()
    return list(rows.select_related("school", "user").order_by("id"))


def schools_found(words: str) -> list[School]:
    """Schools of the country whose name, number or town has all the words; none without words."""
    wanted = words.replace("№", " ").split()
    if not wanted:
        return []
    rows = School.objects.all()
    for word in wanted:
        has_word = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(city__icontains=word)
        rows = rows.filter(_as_number(word) if word.isdecimal() else has_word)
    return list(rows.order_by("city", "name", "id")[:SCHOOLS_SHOWN])


def school_of_country(school_id: int) -> School | None:
    """A school of the list, whoever asks: which schools there are is no secret."""
    return School.objects.filter(id=school_id).first()


def own_request(actor: Actor, request_id: uuid.UUID) -> GuardianRequest | None:
    """The person's own request, in the scope of `family_schools`."""
    found: GuardianRequest | None = GuardianRequest.objects.filter(user_id=actor.person_id, id=request_id).first()
    return found


def _as_number(word: str) -> Q:
    """«1» is school № 1, not № 12."""
    pattern = rf"(^|[^0-9]){word}([^0-9]|$)"
    return Q(name__regex=pattern) | Q(short_name__regex=pattern)


def recipients_of(school_id: int, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[int]]:
    """For each student the users who are told of what happens: the student and the guardians with access today."""
    people: dict[uuid.UUID, set[int]] = {}
    own = Student.objects.filter(school_id=school_id, id__in=student_ids, user_id__isnull=False)
    for student_id, user_id in own.values_list("id", "user_id"):
        people.setdefault(student_id, set()).add(user_id)
    links = Guardian.objects.filter(school_id=school_id, student_id__in=student_ids).in_force()
    for student_id, user_id in links.values_list("student_id", "user_id"):
        people.setdefault(student_id, set()).add(user_id)
    return people
