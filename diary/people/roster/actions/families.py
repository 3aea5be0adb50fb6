"""«Добавить ребёнка», the school's answer, and the rights of guardians (A10, A15); the audit log keeps all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor, Role
from diary.foundation.access.deeds import action
from diary.foundation.access.scope import school_scope
from diary.foundation.audit import log
from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput, Conflict
from diary.people.accounts.models import RoleGrant, User
from diary.people.roster.models import Guardian, GuardianRequest, Student
from diary.people.roster.models.families import remember_school
from diary.people.roster.notices import told_changed, told_ended, told_linked, told_refused
from diary.people.roster.policies import can_ask_for_child, can_decide_guardian, can_set_confirmation, is_asker
from diary.people.roster.queries.matching import Given, Match, matching_student
from diary.people.roster.revocation import take_devices_of_guardian
from diary.people.schools.models import School

REFUSAL_STANDS = dt.timedelta(days=1)  # so long the school is not asked again about the same child
SHORTEST_REASON = 5


class Outcome(StrEnum):
    """How asking for a child ended."""

    NOT_FOUND = "not_found"
    LINKED_BEFORE = "linked_before"
    NO_CONTACT = "no_contact"
    WAITS_ALREADY = "waits_already"
    REFUSED_BEFORE = "refused_before"
    WAITS = "waits"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome; with REFUSED_BEFORE the school's reason."""

    outcome: Outcome
    reason: str = ""
    student: Student | None = None

    @property
    def is_done(self) -> bool:
        """Whether something was begun by it."""
        return self.outcome in (Outcome.WAITS, Outcome.LINKED)


class ReasonNeeded(BadInput):
    """Nobody loses or gets other rights without a word."""


class AnsweredAlready(Conflict):
    """Somebody else was quicker."""


class BadDay(BadInput):
    """A last day that has passed."""


@action(check=can_ask_for_child)
def ask_for_child(actor: Actor, school: School, *, given: Given, relation: str) -> Answer:
    """Ask to be linked with a pupil of `school`, in which the actor need not have any role.

    A pupil whom everything fits waits for the school; where the school does not confirm and knew the document, a
    first link is there at once. NOT_FOUND tells nothing of what was wrong. Tries are limited by the caller.
    """
    with school_scope({*actor.school_ids, school.id}):
        match = matching_student(school.id, given)
        answer = _ask(actor.person_id, school, match, given, relation.strip()) if match else Answer(Outcome.NOT_FOUND)
        student = str(answer.student.id) if answer.student else None
        log.note(school, outcome=answer.outcome.value, student=student, document=given.document.kind.value)
    return answer


def _ask(user_id: int, school: School, match: Match, given: Given, relation: str) -> Answer:
    student = Student.objects.select_for_update(no_key=True).get(pk=match.student.pk)
    refusal = _why_not(user_id, student)
    if refusal:
        return refusal
    remember_school(user_id, school.id)
    request = GuardianRequest(
        school_id=school.id,
        user_id=user_id,
        student=student,
        given_name=str(given.name),
        birth_date=given.birth_date,
        document_kind=given.document.kind,
        document=given.document.text,
        is_document_known=match.is_document_known,
        relation=relation,
        created_at=clock.now(),
    )
    had_link = Guardian.objects.filter(school_id=school.id, student_id=student.id, user_id=user_id).exists()
    # whose access was ended or has run out comes back by the school's word only
    if school.confirms_guardians or not match.is_document_known or had_link:
        request.save()
        return Answer(Outcome.WAITS, student=student)
    request.state, request.decided_at = GuardianRequest.State.CONFIRMED, clock.now()
    request.save()
    told_linked(_link(request))
    return Answer(Outcome.LINKED, student=student)


def _why_not(user_id: int, student: Student) -> Answer | None:
    """What stands in the way; the student's row is locked, so nobody asks twice at once."""
    mine = {"school_id": student.school_id, "student_id": student.id, "user_id": user_id}
    link = Guardian.objects.filter(**mine).first()
    if link and link.rights == Guardian.Rights.NONE:
        return Answer(Outcome.NO_CONTACT, student=student)
    if link and (link.until is None or link.until > clock.today(student.school.timezone)):
        return Answer(Outcome.LINKED_BEFORE, student=student)
    requests = GuardianRequest.objects.filter(**mine)
    if requests.waiting().exists():
        return Answer(Outcome.WAITS_ALREADY, student=student)
    refused = requests.filter(state=GuardianRequest.State.REFUSED, decided_at__gt=clock.now() - REFUSAL_STANDS)
    last = refused.order_by("-decided_at").first()
    return Answer(Outcome.REFUSED_BEFORE, last.reason, student) if last else None


@action(check=is_asker)
def withdraw_request(actor: Actor, request: GuardianRequest) -> None:
    """The parent no longer asks."""
    waiting = _waiting(request)
    _decide(waiting, GuardianRequest.State.ENDED, actor)
    log.note(waiting)


@action(check=can_decide_guardian)
def confirm_request(
    actor: Actor, request: GuardianRequest, *, rights: str = Guardian.Rights.FULL, until: dt.date | None = None
) -> Guardian:
    """The school knows this parent: the child's diary opens. `until` is the first day without access."""
    _must_be_ahead(until, request.school)
    waiting = _waiting(request)
    _decide(waiting, GuardianRequest.State.CONFIRMED, actor)
    link = _link(waiting, rights, until)
    log.note(waiting, user=waiting.user_id, student=str(waiting.student_id), rights=rights, until=until)
    told_linked(link)
    return link


@action(check=can_decide_guardian)
def refuse_request(actor: Actor, request: GuardianRequest, *, reason: str) -> None:
    """The school says no, and why. Raises ReasonNeeded, AnsweredAlready."""
    words = _said(reason)
    waiting = _waiting(request)
    waiting.reason = words
    _decide(waiting, GuardianRequest.State.REFUSED, actor)
    log.note(waiting, user=waiting.user_id, student=str(waiting.student_id), reason=words)
    told_refused(waiting)


@action(check=can_decide_guardian)
def change_link(actor: Actor, link: Guardian, *, rights: str, until: dt.date | None, reason: str) -> None:
    """Other rights or another last day (A15). `until` is the first day without access. Raises ReasonNeeded, BadDay."""
    words = _said(reason)
    _must_be_ahead(until, link.school)
    locked = _locked(link)
    before = {"rights": locked.rights, "until": locked.until}
    locked.rights, locked.until, locked.reason = rights, until, words
    _save_link(locked)
    if rights != Guardian.Rights.FULL:
        _take_devices(locked)
    log.note(locked, user=locked.user_id, before=before, rights=rights, until=until, reason=words)
    told_changed(locked)


@action(check=can_decide_guardian)
def end_link(actor: Actor, link: Guardian, *, reason: str) -> None:
    """From this moment the guardian sees nothing of the child. Raises ReasonNeeded."""
    words = _said(reason)
    locked = _locked(link)
    locked.until, locked.reason = clock.today(locked.school.timezone), words
    _save_link(locked)
    _take_devices(locked)
    log.note(locked, user=locked.user_id, student=str(locked.student_id), reason=words)
    told_ended(locked)


@action(check=can_set_confirmation)
def set_guardian_confirmation(actor: Actor, school: School, *, confirms: bool) -> None:
    """Whether the school looks at each request, or a right document is enough."""
    school.confirms_guardians = confirms
    school.save(update_fields=["confirms_guardians"])
    log.note(school, confirms=confirms)


def _take_devices(link: Guardian) -> None:
    take_devices_of_guardian(link.user_id, link.school_id, link.student_id, link.student.user_id)


def _waiting(request: GuardianRequest) -> GuardianRequest:
    locked: GuardianRequest = GuardianRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if locked.state != GuardianRequest.State.WAITING:
        raise AnsweredAlready(_("На эту заявку уже ответили. Обновите страницу."))
    return locked


def _decide(request: GuardianRequest, state: GuardianRequest.State, actor: Actor) -> None:
    request.state, request.decided_at, request.decided_by_id = state, clock.now(), actor.person_id
    request.save(update_fields=["state", "reason", "decided_at", "decided_by_id"])


def _link(request: GuardianRequest, rights: str = Guardian.Rights.FULL, until: dt.date | None = None) -> Guardian:
    """The link of this request, new or open again, and the role that brings the pages."""
    user: User = request.user
    link, _is_new = Guardian.objects.update_or_create(
        school_id=request.school_id,
        student_id=request.student_id,
        user=user,
        defaults={"relation": request.relation, "rights": rights, "until": until, "reason": ""},
        create_defaults={
            "relation": request.relation,
            "rights": rights,
            "until": until,
            "external_id": f"account-{user.number}",
        },
    )
    _settle_role(link)
    return link


def _locked(link: Guardian) -> Guardian:
    locked: Guardian = Guardian.objects.select_for_update(no_key=True).get(pk=link.pk)
    return locked


def _save_link(link: Guardian) -> None:
    link.save(update_fields=["rights", "until", "reason"])
    remember_school(link.user_id, link.school_id)
    _settle_role(link)


def _settle_role(link: Guardian) -> None:
    """A guardian of the school is who has access to some child of it."""
    if Guardian.objects.filter(school_id=link.school_id).valid_for(link.user_id).exists():
        RoleGrant.objects.get_or_create(user_id=link.user_id, school_id=link.school_id, role=Role.GUARDIAN)
    else:
        RoleGrant.objects.filter(user_id=link.user_id, school_id=link.school_id, role=Role.GUARDIAN).delete()


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise ReasonNeeded(_("Напишите причину: её увидит представитель. Не меньше 5 знаков."))
    return words


def _must_be_ahead(until: dt.date | None, school: School) -> None:
    if until is not None and until <= clock.today(school.timezone):
        raise BadDay(_("Этот день уже прошёл. Чтобы закрыть доступ сейчас, нажмите «Прекратить доступ»."))
