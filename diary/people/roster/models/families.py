"""Families and the school (A10, A15): documents of pupils, requests of parents to be linked with a child."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from diary.foundation.access.actor import Actor, Role
from diary.foundation.core import clock
from diary.foundation.core.encryption import EncryptedTextField, blind_index
from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned
from diary.people.accounts.models import User
from diary.people.roster.models.people import Student
from diary.people.roster.rules.documents import Document, DocumentKind, shown
from diary.people.schools.models import School, SchoolRows

KINDS = [(kind.value, kind.value) for kind in DocumentKind]


def document_index(school_id: int, document: Document) -> bytes:
    """What a document is looked for by; the same number in two schools does not look the same."""
    return blind_index(f"document {document.kind} {school_id}", document.text)


class StudentDocument(SchoolOwned):
    """A document that the school has seen."""

    student = SchoolForeignKey(Student, models.CASCADE, related_name="documents")
    student_id: uuid.UUID
    kind = models.CharField(max_length=10, choices=KINDS)
    text = EncryptedTextField(help_text="in the one way of rules.documents")
    text_index = models.BinaryField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "student_id", "kind"], name="roster_document_one_of_a_kind")
        ]

    @classmethod
    def made(cls, student: Student, document: Document) -> StudentDocument:
        """A row of this document, not saved."""
        index = document_index(student.school_id, document)
        return cls(
            school_id=student.school_id, student_id=student.id, kind=document.kind, text=document.text, text_index=index
        )

    @property
    def shown(self) -> str:
        """«IV-АБ 123456»."""
        return shown(DocumentKind(self.kind), self.text)


class GuardianRequestRows(SchoolRows["GuardianRequest"]):
    """Requests, by who may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own; for administrators, those of their schools."""
        return self.filter(Q(user_id=actor.person_id) | Q(school_id__in=actor.schools_with(Role.ADMINISTRATOR)))

    def waiting(self) -> Self:
        """Those that the school has not answered."""
        return self.filter(state=GuardianRequest.State.WAITING)


class GuardianRequest(SchoolOwned):
    """«Добавить ребёнка»: somebody has named a pupil rightly and asks the school to link them."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        ENDED = "ended"  # taken back by the one who asked

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    student = SchoolForeignKey(Student, models.CASCADE, related_name="guardian_requests")
    student_id: uuid.UUID
    given_name = models.TextField(help_text="full name as typed")
    birth_date = models.DateField()
    document_kind = models.CharField(max_length=10, choices=KINDS)
    document = EncryptedTextField()
    is_document_known = models.BooleanField(help_text="whether the school had this very document on record")
    relation = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)

    objects = GuardianRequestRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "student_id", "user"], condition=Q(state="waiting"), name="roster_request_one_waits"
            )
        ]
        indexes = [
            models.Index(fields=["school", "user"], name="roster_request_user"),
            models.Index(fields=["school", "state", "created_at"], name="roster_request_state"),
        ]

    @property
    def shown_document(self) -> str:
        """«IV-АБ 123456»."""
        return shown(DocumentKind(self.document_kind), self.document)


class FamilySchool(models.Model):
    """A school that a person has asked for a child, or where a link of theirs has ended.

    Whoever has no role in a school is shown none of its rows: this list says where to look for one's own.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "school"], name="roster_familyschool_once")]


def remember_school(user_id: int, school_id: int) -> None:
    """This person has something to read in this school."""
    FamilySchool.objects.get_or_create(user_id=user_id, school_id=school_id)


def family_schools(actor: Actor) -> Iterable[int]:
    """Schools in which the person's own links and requests are looked for."""
    known = FamilySchool.objects.filter(user_id=actor.person_id).values_list("school_id", flat=True)
    return {*actor.school_ids, *known}
