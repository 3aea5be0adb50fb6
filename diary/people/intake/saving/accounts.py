"""Accounts and roles of the people in the files: found, made, blocked; a number of statements that does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from django.contrib.auth.hashers import make_password
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from diary.foundation.access.actor import Role
from diary.foundation.audit import log
from diary.people.accounts.models import RoleGrant, User
from diary.people.door.models import Session
from diary.people.intake.records import GuardianRecord, Kind, StaffRecord, StudentRecord
from diary.people.intake.saving.batch import NEW_AT_ONCE, Batch
from diary.people.intake.saving.identity import same_middle, short_key
from diary.people.intake.saving.persons import name_values
from diary.people.intake.saving.run import Saving, has_own_code
from diary.people.roster.models import Guardian, Staff, Student
from diary.people.roster.rules.logins import Logins, is_login, login_base
from diary.people.roster.rules.names import PersonName

PersonRecord: TypeAlias = StaffRecord | StudentRecord | GuardianRecord

POWERFUL = (Role.ADMINISTRATOR, Role.SECURITY)


class Accounts:
    """The users of one school during an import. Users of other schools are never touched, linked or told about."""

    def __init__(self, saving: Saving) -> None:
        self.saving = saving
        self._users = {user.id: user for user in self._tied_users()}
        grants = RoleGrant.objects.filter(user_id__in=list(self._users)).values_list("user_id", "school_id", "role")
        self._grants = {(user_id, role) for user_id, school_id, role in grants if school_id == saving.school_id}
        self._elsewhere = {user_id for user_id, school_id, _role in grants if school_id != saving.school_id}
        self._by_login = {user.login.lower(): user for user in self._users.values()}
        self._known: dict[tuple[str, str, str], tuple[User, PersonName]] = {}
        self._logins = Logins(self._taken_logins())
        self._new: list[User] = []
        self._changed = Batch(User)
        self._contacts: dict[int, User] = {}
        self._roles: list[tuple[User, Role]] = []
        self._blocked: list[User] = []

    def by_id(self, user_id: int | None) -> User | None:
        return self._users.get(user_id) if user_id else None

    def remember(self, user: User, name: PersonName, code: str, phone: str, email: str) -> None:
        """A grown-up who may stand in the files once more, as staff and as guardian: one person, one account."""
        for what, value in (("code", code), ("phone", phone), ("email", email.lower())):
            if value:
                self._known.setdefault((what, value, short_key(name)), (user, name))

    def recall(self, record: StaffRecord | GuardianRecord) -> User | None:
        """The account of a grown-up met before, in these files or in the school."""
        code = record.external_id if has_own_code(record) else ""
        for what, value in (("code", code), ("phone", record.phone), ("email", record.email.lower())):
            user, name = self._known.get((what, value, short_key(record.name)), (None, record.name))
            if value and user is not None and same_middle(name, record.name):
                return user
        return None

    def account(self, record: PersonRecord, kind: Kind, user: User | None) -> User | None:
        """The person's account: `user` when already found, else the one with the record's login, else a new one.

        None (and an error in the report) when the login is another person's of this school.
        """
        if user is not None:
            return user
        by_login = self._by_login.get(record.login.lower()) if record.login else None
        if by_login is None:
            return self._make(record)
        if _same_person(by_login, record.name):
            return by_login
        self.saving.refuse(
            record,
            kind,
            _("Логин «%(login)s» в школе уже у другого человека: %(name)s.")
            % {"login": record.login, "name": by_login.full_name},
            _("Укажите другой или оставьте ячейку пустой: дневник придумает логин сам."),
            "login",
        )
        return None

    def update(self, user: User, record: PersonRecord) -> bool:
        """Name, contacts and blocking; whether anything changed. Who belongs to another school too is left alone."""
        if user.id in self._elsewhere or user.id is None:
            return False
        is_changed = self._changed.change(user, **name_values(record.name, user))
        is_changed |= self._set_contacts(user, record)
        if not record.may_sign_in and user.is_active:
            self._blocked.append(user)
            is_changed |= self._changed.change(user, is_active=False)
        return is_changed

    def _set_contacts(self, user: User, record: PersonRecord) -> bool:
        """Contacts that the person has confirmed, or may have, are theirs. Encrypted columns are written one by one."""
        is_own = user.last_login is not None
        phone = "" if user.phone_confirmed_at or (is_own and user.phone) else record.phone
        email = "" if user.email_confirmed_at or (is_own and user.email) else record.email
        changes = {
            name: value
            for name, value in (("phone", phone), ("email", email))
            if value and getattr(user, name) != value
        }
        for name, value in changes.items():
            setattr(user, name, value)
        if changes and user.id is not None:
            self._contacts[user.id] = user
        return bool(changes)

    def grant(self, user: User, roles: Iterable[Role], record: PersonRecord | None = None) -> bool:
        """Give roles that are missing; whether any was. Powerful ones are told and audited one by one."""
        missing = [role for role in dict.fromkeys(roles) if user.id is None or (user.id, role) not in self._grants]
        self._roles += [(user, role) for role in missing]
        for role in missing:
            if role in POWERFUL and record:
                self._tell_power(user, role, record)
        return bool(missing)

    def withdraw(self, user: User, roles: Sequence[Role]) -> bool:
        """Take roles back in this school; whether any was held."""
        held = [role for role in roles if (user.id, role) in self._grants]
        if held:
            RoleGrant.objects.filter(user_id=user.id, school_id=self.saving.school_id, role__in=held).delete()
            self._grants -= {(user.id, role) for role in held}
        return bool(held)

    def write(self) -> None:
        """Send new users, changes, roles; end the sessions of the blocked."""
        User.objects.bulk_create(self._new, batch_size=NEW_AT_ONCE)
        self._users |= {user.id: user for user in self._new}
        self.saving.accounts_made += len(self._new)
        self._changed.write()
        for user in self._contacts.values():
            user.save(update_fields=["phone", "phone_index", "email", "email_index"])
        grants = {(user.id, role) for user, role in self._roles} - self._grants
        RoleGrant.objects.bulk_create(
            [
                RoleGrant(user_id=user_id, school_id=self.saving.school_id, role=role)
                for user_id, role in sorted(grants)
            ],
            batch_size=NEW_AT_ONCE,
        )
        self._grants |= grants
        if self._blocked:
            Session.objects.filter(user_id__in=[user.id for user in self._blocked]).delete()
        self._new, self._contacts, self._roles, self._blocked = [], {}, [], []

    def _make(self, record: PersonRecord) -> User:
        user = User(
            login=self._login(record),
            last_name=record.name.last,
            first_name=record.name.first,
            middle_name=record.name.middle,
            phone=record.phone,
            email=record.email,
            password=make_password(None),
            is_active=record.may_sign_in,
        )
        self._by_login[user.login.lower()] = user
        if record.login:
            self._by_login.setdefault(record.login.lower(), user)
        self._new.append(user)
        return user

    def _login(self, record: PersonRecord) -> str:
        """The wanted one when it is fit and free. A login taken elsewhere says nothing of who has it there."""
        if not record.login:
            return self._logins.give(record.name)
        if is_login(record.login) and not self._logins.is_taken(record.login):
            return self._logins.take(record.login)
        if not is_login(record.login):
            made = self._logins.give(record.name)
            self.saving.report.note(
                _("Логин «%(login)s» – из другой системы. Для входа в дневник придуман свой: %(made)s.")
                % {"login": record.login, "made": made},
                "",
                record.source,
                "login",
            )
            return made
        self.saving.report.warning(
            _("Логин «%(login)s» уже занят.") % {"login": record.login},
            _("Дневник придумает другой. Если нужен свой, исправьте ячейку."),
            record.source,
            "login",
        )
        return self._logins.give(record.name)

    def _tell_power(self, user: User, role: Role, record: PersonRecord) -> None:
        titles = {Role.ADMINISTRATOR: _("администратор"), Role.SECURITY: _("офицер безопасности")}
        log.note(self.saving.school, granted=role.value, login=user.login)
        self.saving.report.warning(
            _("%(name)s получит роль «%(role)s».") % {"name": record.label, "role": titles[role]},
            _("Проверьте, что это верно: эта роль открывает данные всей школы."),
            record.source,
            "roles",
        )

    def _tied_users(self) -> Iterable[User]:
        mine = {"school_id": self.saving.school_id}
        holders = [
            rows.filter(**mine).values("user_id") for rows in (RoleGrant.objects, Staff.objects, Student.objects)
        ]
        holders.append(Guardian.objects.filter(**mine).values("user_id"))
        tied = Q()
        for holder in holders:
            tied |= Q(id__in=holder.filter(user_id__isnull=False))
        return User.objects.filter(tied).order_by("id")

    def _taken_logins(self) -> Iterable[str]:
        data = self.saving.data
        people: tuple[PersonRecord, ...] = (*data.staff, *data.students, *data.guardians)
        wanted = {one.login.lower() for one in people if one.login}
        bases = {login_base(one.name) for one in people}
        number = Func(Lower("login"), Value("[0-9]+$"), Value(""), function="regexp_replace", output_field=TextField())
        rows = User.objects.annotate(small=Lower("login"), base=number)
        return rows.filter(Q(small__in=wanted) | Q(base__in=bases)).order_by().values_list(F("login"), flat=True)


def _same_person(user: User, name: PersonName) -> bool:
    return PersonName(user.last_name, user.first_name).key == PersonName(name.last, name.first).key
