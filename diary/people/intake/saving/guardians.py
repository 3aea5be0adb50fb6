"""Saves guardians: one account for each, a link to each child."""

from __future__ import annotations

import uuid
from collections import defaultdict

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Role
from diary.people.accounts.models import User
from diary.people.intake.records import GuardianRecord, Kind, Kinship
from diary.people.intake.saving.accounts import Accounts
from diary.people.intake.saving.batch import Batch
from diary.people.intake.saving.identity import same_middle, short_key
from diary.people.intake.saving.persons import name_of
from diary.people.intake.saving.run import Saving, own_code
from diary.people.roster.models import Guardian


def save_guardians(saving: Saving, accounts: Accounts) -> None:
    """Guardians by code, contacts, or as the guardian of that name of the same child. Closed links stay closed."""
    saving.begin(Kind.GUARDIANS)
    _Guardians(saving, accounts).save()
    saving.step(len(saving.data.guardians), Kind.GUARDIANS)


class _Guardians:
    def __init__(self, saving: Saving, accounts: Accounts) -> None:
        self.saving, self.accounts = saving, accounts
        self.links: dict[tuple[uuid.UUID, int], Guardian] = {}
        self.by_code: dict[str, User] = {}
        self.by_child: dict[tuple[uuid.UUID, str], list[User]] = defaultdict(list)
        self.children: dict[int, list[Guardian]] = defaultdict(list)
        for link in Guardian.objects.filter(school_id=saving.school_id).order_by("id"):
            self._learn(link)

    def _learn(self, link: Guardian) -> None:
        user = self.accounts.by_id(link.user_id)
        if user is None:
            return
        name = name_of(user)
        self.links[link.student_id, user.id] = link
        self.children[user.id].append(link)
        self.by_code.setdefault(link.external_id, user)
        self.by_child[link.student_id, short_key(name)].append(user)
        self.accounts.remember(user, name, link.external_id, user.phone, user.email)

    def save(self) -> None:
        found: list[tuple[GuardianRecord, User, bool]] = []
        for record in self.saving.data.guardians:
            account = self._account(record)
            if account is not None:
                self.accounts.remember(account, record.name, own_code(record) or "", record.phone, record.email)
                found.append((record, account, account.id is None))
        changed = {id(one): self._update(one, user) for one, user, _new in found}
        self.accounts.write()
        batch = Batch(Guardian)
        for record, user, is_new in found:
            had_links = bool(self.children[user.id])
            is_changed = self._link(batch, record, user) or changed[id(record)]
            if is_new or (is_changed and not had_links):
                self.saving.created(record, Kind.GUARDIANS)
            else:
                self.saving.kept(record, Kind.GUARDIANS, is_changed=is_changed)
        batch.write()

    def _account(self, record: GuardianRecord) -> User | None:
        children = [child for one in record.children if (child := self.saving.students.find(one.student_id))]
        known = self.by_code.get(record.external_id) or self.accounts.recall(record)
        known = known or next((user for one in children if (user := self._of_child(record, one.id))), None)
        if known is None and (record.is_ended or not children):
            self._skip(record)
            return None
        account = self.accounts.account(record, Kind.GUARDIANS, known)
        if account is not None:
            for one in children:
                self.by_child[one.id, short_key(record.name)].append(account)
        return account

    def _of_child(self, record: GuardianRecord, student_id: uuid.UUID) -> User | None:
        """The child's guardian of that name; where a patronymic is missing, the only one."""
        namesakes = list(
            {id(user): user for user in self.by_child.get((student_id, short_key(record.name)), ())}.values()
        )
        exact = [user for user in namesakes if name_of(user).key == record.name.key]
        fitting = exact or [user for user in namesakes if same_middle(record.name, name_of(user))]
        return fitting[0] if len(fitting) == 1 else None

    def _skip(self, record: GuardianRecord) -> None:
        if record.is_ended:
            self.saving.skipped(record, Kind.GUARDIANS)
        else:
            self.saving.skipped(
                record,
                Kind.GUARDIANS,
                _("У представителя нет детей в этой школе: он пропущен."),
                _("Укажите ученика."),
                "children",
            )

    def _update(self, record: GuardianRecord, user: User) -> bool:
        is_changed = self.accounts.update(user, record)
        return is_changed if record.is_ended else self.accounts.grant(user, [Role.GUARDIAN], record) or is_changed

    def _link(self, batch: Batch[Guardian], record: GuardianRecord, user: User) -> bool:
        if record.is_ended:
            going = [one for one in self.children[user.id] if one.until is None or one.until > self.saving.today]
            changes = [batch.change(one, until=self.saving.today) for one in going]
        else:
            changes = [self._link_child(batch, record, user, child) for child in record.children]
        return any(changes)

    def _link_child(self, batch: Batch[Guardian], record: GuardianRecord, user: User, child: Kinship) -> bool:
        student = self.saving.students.find(child.student_id)
        if student is None:
            return False
        link = self.links.get((student.id, user.id))
        if link is not None:
            return batch.change(link, relation=child.relation or None, external_id=own_code(record))
        link = Guardian(
            school_id=self.saving.school_id,
            user_id=user.id,
            student_id=student.id,
            relation=child.relation,
            external_id=record.external_id,
        )
        self.links[student.id, user.id] = batch.add(link)
        return True
