"""People who can sign in, and the roles they hold in schools."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Concat, Upper

from diary.foundation.access.actor import Actor, Role, RoleIn
from diary.foundation.core import clock
from diary.foundation.core.text import full_name, short_name
from diary.people.schools.models import School

ROLE_PAIRS = "role_pairs"  # the annotation that brings «school role» of every role along


def _role_pairs(user_id: str) -> ArraySubquery:
    """«school role» of every role that the user of this column holds."""
    pair = Concat(models.F("school_id"), models.Value(" "), models.F("role"), output_field=models.TextField())
    return ArraySubquery(RoleGrant.objects.filter(user_id=models.OuterRef(user_id)).values_list(pair))


class UserManager(BaseUserManager["User"]):
    """Users by login."""

    def with_roles(self) -> models.QuerySet[User]:
        """Users together with their roles, in one statement."""
        return self.annotate(**{ROLE_PAIRS: _role_pairs("id")})


class User(AbstractBaseUser):
    """A person's account, one for the whole country; what they are to a school stands in RoleGrant and roster."""

    id = models.BigAutoField(primary_key=True)
    login = models.TextField(
        unique=True, validators=[RegexValidator(r"^[A-Za-z0-9_]{1,64}\Z")], help_text="latin letters, digits and _ (A1)"
    )
    last_name = models.TextField()
    first_name = models.TextField()
    middle_name = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    phone = models.TextField(blank=True, help_text="E.164")
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(Upper("login"), name="accounts_user_login_any_case")]

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

    def as_actor(self, ip: str | None = None) -> Actor:
        """The value that doors and deeds receive. The user must come from `with_roles()`."""
        pairs = (pair.split(" ", 1) for pair in getattr(self, ROLE_PAIRS))
        roles = frozenset(RoleIn(int(school_id), Role(role)) for school_id, role in pairs)
        return Actor(user_id=self.id, name=self.full_name, login=self.login, roles=roles, ip=ip)


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


class SessionRows(models.QuerySet["Session"]):
    """Sessions of all users; only the session store and the sign-in pages read them."""

    def alive(self) -> SessionRows:
        """Sessions that have not run out."""
        return self.filter(expire_date__gt=clock.now())

    def with_user(self) -> SessionRows:
        """Sessions together with the user and the roles, in one statement."""
        return self.select_related("user").annotate(**{ROLE_PAIRS: _role_pairs("user_id")})


class Session(models.Model):
    """A browser that has signed in."""

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")

    objects = SessionRows.as_manager()
