"""People of a school and who is whose: students, guardians, staff, groups, courses, dated enrolment; imports."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from diary.foundation.access.actor import Actor, Role
from diary.foundation.core import clock
from diary.foundation.core.encryption import EncryptedTextField
from diary.foundation.core.fields import SchoolForeignKey
from diary.foundation.core.models import SchoolOwned
from diary.foundation.core.text import full_name, short_name
from diary.foundation.jobs.models import Task
from diary.people.accounts.models import User
from diary.people.roster.rules.class_names import MAX_PARALLEL
from diary.people.schools.models import BellSchedule, SchoolRows, SchoolYear, Subject

OFFICE = (Role.METHODIST, Role.ADMINISTRATOR, Role.SYSTEM)


class Person(SchoolOwned):
    """A name as the school writes it, and the account behind it, if any."""

    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    last_name = models.TextField()
    first_name = models.TextField()
    middle_name = models.TextField(blank=True)
    external_id = models.TextField()

    class Meta:
        abstract = True

    @property
    def full_name(self) -> str:
        """«Соколова Анна Петровна»."""
        return full_name(self.last_name, self.first_name, self.middle_name)

    @property
    def short_name(self) -> str:
        """«Соколова А. П.»."""
        return short_name(self.last_name, self.first_name, self.middle_name)


class StaffRows(SchoolRows["Staff"]):
    """Staff are known to everyone in their school."""


class Staff(Person):
    """Someone who works in the school; `post` is what documents call them."""

    post = models.TextField()

    objects = StaffRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "external_id"], name="roster_staff_external_id")]
        indexes = [models.Index(fields=["school", "user"], name="roster_staff_user")]


class Group(SchoolOwned):
    """A set of students taught together: a class (7А), or a subgroup of it (7А, английский 1).

    One table for both, so that a course, an enrolment and a journal page look the same for either.
    """

    class Kind(models.TextChoices):
        CLASS = "class"
        SUBGROUP = "subgroup"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = SchoolForeignKey(SchoolYear, related_name="groups")
    year_id: uuid.UUID
    name = models.TextField()
    parallel = models.PositiveSmallIntegerField()
    letter = models.TextField(blank=True)
    home_class = SchoolForeignKey("self", null=True, related_name="subgroups")
    home_class_id: uuid.UUID | None
    split = models.TextField(blank=True, help_text="what a class is split by; a student is in one subgroup of a split")
    form_teacher = SchoolForeignKey(Staff, null=True, related_name="form_classes")
    form_teacher_id: uuid.UUID | None
    bells = SchoolForeignKey(BellSchedule, null=True, related_name="groups")
    bells_id: uuid.UUID | None
    days_per_week = models.PositiveSmallIntegerField(default=5)
    external_id = models.TextField()

    objects = SchoolRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year_id", "external_id"], name="roster_group_external_id"),
            models.CheckConstraint(
                condition=Q(parallel__gte=1, parallel__lte=MAX_PARALLEL), name="roster_group_parallel"
            ),
        ]


class StudentRows(SchoolRows["Student"]):
    """Students, by relation."""

    def visible_to(self, actor: Actor) -> Self:
        """Oneself, own children, students one teaches or leads, and for the office the whole school."""
        own_children = Guardian.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id")).valid_for(
            actor.user_id
        )
        taught = Enrollment.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id")).taught_by(
            actor.user_id
        )
        return self.filter(school_id__in=actor.school_ids).filter(
            Q(user_id=actor.user_id)
            | Exists(own_children)
            | Exists(taught)
            | Q(school_id__in=actor.schools_with(*OFFICE))
        )

    def family_of(self, actor: Actor) -> Self:
        """Whose diary this is: the student's own, or of a guardian's children."""
        own_children = Guardian.objects.filter(school_id=OuterRef("school_id"), student_id=OuterRef("id")).valid_for(
            actor.user_id
        )
        return self.filter(school_id__in=actor.school_ids).filter(Q(user_id=actor.user_id) | Exists(own_children))


class Student(Person):
    """A pupil of one school."""

    birth_date = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=1, blank=True)

    objects = StudentRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "external_id"], name="roster_student_external_id")]
        indexes = [models.Index(fields=["school", "user"], name="roster_student_user")]


class GuardianRows(SchoolRows["Guardian"]):
    """Links between guardians and students."""

    def in_force(self) -> Self:
        """Links that give access today, by the clock of their school."""
        is_open = Q(until__isnull=True) | Q(until__gt=clock.TodayIn("school__timezone"))
        return self.exclude(rights=Guardian.Rights.NONE).filter(is_open)

    def valid_for(self, user_id: int | None) -> Self:
        """Links of this person that give access today."""
        return self.filter(user_id=user_id).in_force()


class Guardian(SchoolOwned):
    """A parent or legal representative of one student, with rights of their own (A15)."""

    class Rights(models.TextChoices):
        FULL = "full"
        READ = "read"
        NONE = "none"

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    student = SchoolForeignKey(Student, models.CASCADE, related_name="guardians")
    student_id: uuid.UUID
    relation = models.TextField(blank=True)
    rights = models.CharField(max_length=5, choices=Rights.choices, default=Rights.FULL)
    until = models.DateField(null=True, blank=True)
    reason = models.TextField(
        blank=True, default="", db_default="", help_text="why the school has changed or ended the link"
    )
    external_id = models.TextField()

    objects = GuardianRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "student_id", "user"], name="roster_guardian_once"),
        ]
        indexes = [models.Index(fields=["school", "user"], name="roster_guardian_user")]

    @property
    def is_over(self) -> bool:
        """Whether the last day of access has passed. Asks the school: bring it along for many links."""
        return self.until is not None and self.until <= clock.today(self.school.timezone)

    @property
    def last_day(self) -> dt.date | None:
        """The last day with access, as people say it."""
        return self.until - dt.timedelta(days=1) if self.until else None


class CourseRows(SchoolRows["Course"]):
    """Courses, by relation."""

    def visible_to(self, actor: Actor) -> Self:
        """Courses one teaches or has taught, all courses of one's form class, and for the office the whole school."""
        named = CourseTeacher.objects.filter(
            Q(staff__user_id=actor.user_id), school_id=OuterRef("school_id"), course_id=OuterRef("id")
        )
        mine = Q(teacher__user_id=actor.user_id) | Exists(named)
        return self.filter(school_id__in=actor.school_ids).filter(
            mine | _is_form_teachers(actor) | Q(school_id__in=actor.schools_with(*OFFICE))
        )

    def led_by(self, actor: Actor) -> Self:
        """Courses of the actor's own form class and its subgroups."""
        return self.filter(_is_form_teachers(actor))


def _is_form_teachers(actor: Actor) -> Q:
    return Q(group__form_teacher__user_id=actor.user_id) | Q(group__home_class__form_teacher__user_id=actor.user_id)


class Course(SchoolOwned):
    """A subject taught to a group during a year: one page of the journal.

    `teacher` leads it now: from `teacher_starts_on` on, or from the beginning where that is empty. Who else teaches it,
    and who did before, are rows of `CourseTeacher`: nobody stands in both for the same days.
    """

    year = SchoolForeignKey(SchoolYear, related_name="courses")
    year_id: uuid.UUID
    group = SchoolForeignKey(Group, related_name="courses")
    group_id: uuid.UUID
    subject = SchoolForeignKey(Subject, related_name="courses")
    subject_id: uuid.UUID
    teacher = SchoolForeignKey(Staff, related_name="courses")
    teacher_id: uuid.UUID
    teacher_starts_on = models.DateField(null=True, blank=True)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, default=1)
    external_id = models.TextField()

    objects = CourseRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year_id", "external_id"], name="roster_course_external_id"),
        ]
        indexes = [
            models.Index(fields=["school", "group_id"], name="roster_course_group"),
            models.Index(fields=["school", "teacher_id"], name="roster_course_teacher"),
        ]

    def hand_over(self, teacher_id: uuid.UUID, *, starts_on: dt.date, year_starts_on: dt.date) -> CourseTeacher | None:
        """Let somebody else lead from that day on. Returns the row that keeps the one before, for the caller to save.

        None: nobody led before that day. Nothing is saved here; writes `teacher_id` and `teacher_starts_on`.
        """
        since, before = self.teacher_starts_on or year_starts_on, self.teacher_id
        self.teacher_id = teacher_id
        if since >= starts_on:
            return None
        self.teacher_starts_on = starts_on
        return CourseTeacher(
            school_id=self.school_id, course_id=self.id, staff_id=before, starts_on=since, until=starts_on
        )


class CourseTeacherRows(SchoolRows["CourseTeacher"]):
    """Who teaches beside the main teacher, or did before."""

    def on(self, day: dt.date) -> Self:
        """Those who teach on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), starts_on__lte=day)


class CourseTeacher(SchoolOwned):
    """Somebody who teaches a course beside its main teacher, or led it before: from a day until a day (exclusive)."""

    course = SchoolForeignKey(Course, models.CASCADE, related_name="teachers")
    course_id: uuid.UUID
    staff = SchoolForeignKey(Staff, related_name="taught_courses")
    staff_id: uuid.UUID
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = CourseTeacherRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "course_id", "staff_id", "starts_on"], name="roster_courseteacher_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts_on")), name="roster_courseteacher_dates"
            ),
        ]
        indexes = [models.Index(fields=["school", "staff_id"], name="roster_courseteacher_staff")]


class EnrollmentRows(SchoolRows["Enrollment"]):
    """Who is in which group, and when."""

    def on(self, day: dt.date) -> Self:
        """Enrolments in force on that day."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day), starts_on__lte=day)

    def overlapping(self, first: dt.date, until: dt.date) -> Self:
        """Enrolments in force on some day of [first, until)."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=first), starts_on__lt=until)

    def taught_by(self, user_id: int | None) -> Self:
        """Enrolments in groups that this person teaches or leads."""
        group = {"school_id": OuterRef("school_id"), "group_id": OuterRef("group_id")}
        leads = Course.objects.filter(Q(teacher__user_id=user_id), **group)
        beside = CourseTeacher.objects.filter(
            Q(until__isnull=True) | Q(until__gt=clock.TodayIn("school__timezone")),
            Q(staff__user_id=user_id),
            school_id=OuterRef("school_id"),
            course__group_id=OuterRef("group_id"),
        )
        return self.filter(Exists(leads) | Exists(beside) | Q(group__form_teacher__user_id=user_id))


class Enrollment(SchoolOwned):
    """A student's membership of a class or subgroup from a day until a day (exclusive)."""

    student = SchoolForeignKey(Student, related_name="enrollments")
    student_id: uuid.UUID
    group = SchoolForeignKey(Group, related_name="enrollments")
    group_id: uuid.UUID
    starts_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    external_id = models.TextField()

    objects = EnrollmentRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "group_id", "student_id", "starts_on"], name="roster_enrollment_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("starts_on")), name="roster_enrollment_dates"
            ),
        ]
        indexes = [models.Index(fields=["school", "student_id"], name="roster_enrollment_student")]


class ImportRunRows(SchoolRows["ImportRun"]):
    """Imports of a school's files."""

    def visible_to(self, actor: Actor) -> Self:
        """Administrators see the imports of their schools."""
        return self.filter(school_id__in=actor.schools_with(Role.ADMINISTRATOR, Role.SYSTEM))

    def with_tasks(self) -> Self:
        """Runs for a page: with their tasks, without the files themselves."""
        return self.defer("files").prefetch_related("check_task", "load_task")


class ImportRun(SchoolOwned):
    """Files that an administrator handed over: checked, perhaps loaded, forgotten a day later."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    file_names = models.JSONField(default=list)
    files = EncryptedTextField(help_text="what was handed over, as imports.packing keeps it")
    check_task = SchoolForeignKey(Task, related_name="import_checks")
    check_task_id: uuid.UUID
    load_task = SchoolForeignKey(Task, null=True, related_name="import_loads")
    load_task_id: uuid.UUID | None
    report = models.JSONField(null=True, help_text="imports.report.Report.as_json(); none until the check has ended")
    plan = models.JSONField(null=True, help_text="what a load would do: saving.outcome.ImportOutcome.as_json()")
    outcome = models.JSONField(null=True, help_text="what the load did; written in its own transaction")
    loaded_at = models.DateTimeField(null=True)

    objects = ImportRunRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "created_at"], name="roster_importrun_created")]
