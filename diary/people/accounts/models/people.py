"""People who can sign in, and the roles they hold in schools."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Concat, Upper

from diary.foundation.access.actor import FAMILY_ROLES, Actor, Role, RoleIn
from diary.foundation.core.encryption import EncryptedTextField, blind_index
from diary.foundation.core.text import full_name, short_name
from diary.people.accounts.rules.formats import grouped_number, masked_email, masked_phone, new_number
from diary.people.schools.models import School

ROLE_PAIRS = "role_pairs"  # the annotation that brings «school role zone» of every role along


def role_pairs(user_id: str) -> ArraySubquery:
    """«school role zone» of every role that the user of this column holds."""
    space = models.Value(" ")
    parts = (models.F("school_id"), space, models.F("role"), space, models.F("school__timezone"))
    pair = Concat(*parts, output_field=models.TextField())
    return ArraySubquery(RoleGrant.objects.filter(user_id=models.OuterRef(user_id)).values_list(pair))


def phone_index(phone: str) -> bytes | None:
    """What a phone (E.164) is looked for by."""
    return blind_index("phone", phone) if phone else None


def email_index(email: str) -> bytes | None:
    """What an e-mail address is looked for by; case does not matter."""
    return blind_index("email", email.lower()) if email else None


class UserManager(BaseUserManager["User"]):
    """Users by login."""

    def with_roles(self) -> models.QuerySet[User]:
        """Users together with their roles, in one statement."""
        return self.annotate(**{ROLE_PAIRS: role_pairs("id")})


class IndexField(models.BinaryField):  # type: ignore[type-arg]
    """The blind index of the encrypted field `of`: written together with it."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The index of the text as it stands now."""
        make = {"phone": phone_index, "email": email_index}[self.of]
        setattr(model_instance, self.attname, make(getattr(model_instance, self.of)))
        return getattr(model_instance, self.attname)

    def deconstruct(self) -> Any:
        """For migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}


class User(AbstractBaseUser):
    """A person's account, one for the whole country; what they are to a school stands in RoleGrant and roster."""

    class Closed(models.TextChoices):
        """Why an account was closed by its owner."""

        LOST_PHONE = "lost_phone"

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=12, unique=True, editable=False, default=new_number)
    login = models.TextField(
        unique=True, validators=[RegexValidator(r"^[A-Za-z0-9_]{1,64}\Z")], help_text="latin letters, digits and _ (A1)"
    )
    last_name = models.TextField()
    first_name = models.TextField()
    middle_name = models.TextField(blank=True)
    phone = EncryptedTextField(row="number", blank=True, default="", help_text="E.164")
    phone_index = IndexField(of="phone", null=True, editable=False)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    email = EncryptedTextField(row="number", blank=True, default="")
    email_index = IndexField(of="email", null=True, editable=False)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    address = EncryptedTextField(row="number", blank=True, default="")
    contacts_checked_at = models.DateTimeField(null=True, blank=True, help_text="said to be right (A12)")
    diary_is_on = models.BooleanField(default=True, help_text="the service switch (A11)")
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True, help_text="by the owner; a school clears is_active")
    deactivated_why = models.CharField(max_length=20, blank=True, choices=Closed.choices)
    signed_up_at = models.DateTimeField(null=True, blank=True, help_text="empty: a school made the account")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(Upper("login"), name="accounts_user_login_any_case")]
        indexes = [
            models.Index(fields=["phone_index"], name="accounts_user_phone"),
            models.Index(fields=["email_index"], name="accounts_user_email"),
        ]

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["last_name", "first_name"]

    objects = UserManager()

    @property
    def full_name(self) -> str:
        """«Соколова Анна Петровна»."""
        return full_name(self.last_name, self.first_name, self.middle_name)

    @property
    def short_name(self) -> str:
        """«Соколова А. П.»."""
        return short_name(self.last_name, self.first_name, self.middle_name)

    @property
    def shown_number(self) -> str:
        """The account's identification number in groups: «1234 5678 9012» (A7)."""
        return grouped_number(self.number)

    @property
    def masked_phone(self) -> str:
        """«+7 ··· ···-45-67»."""
        return masked_phone(self.phone)

    @property
    def masked_email(self) -> str:
        """«o···@example.ru»."""
        return masked_email(self.email)

    @property
    def may_sign_in(self) -> bool:
        """Whether neither a school nor the owner has closed the account."""
        return self.is_active and self.deactivated_at is None

    def as_actor(
        self, ip: str | None = None, *, factor_at: dt.datetime | None = None, is_device: bool = False
    ) -> Actor:
        """The value that doors and deeds receive. The user must come from `with_roles()`.

        `factor_at` is when this session last proved a second factor.
        """
        held = [pair.split(" ", 2) for pair in getattr(self, ROLE_PAIRS)]
        roles = frozenset(RoleIn(int(school_id), Role(role)) for school_id, role, _zone in held)
        return Actor(
            user_id=self.id,
            name=self.full_name,
            login=self.login,
            roles=roles,
            ip=ip,
            factor_at=factor_at,
            is_device=is_device,
            hidden_roles=frozenset() if self.diary_is_on else FAMILY_ROLES,
            zones=tuple(sorted({(int(school_id), zone) for school_id, _role, zone in held})),
        )


class RoleGrant(models.Model):
    """A role of a person in a school."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "school", "role"], name="accounts_role_once")]
        indexes = [models.Index(fields=["school", "role"], name="accounts_role_school")]
