"""Changing the password: the current one was shown, and a code came to the phone (A4, A8)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.access.actor import Actor
from diary.foundation.access.deeds import action
from diary.foundation.audit import log
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.accounts.policies import is_self
from diary.people.door.actions._proofs import must_prove
from diary.people.door.models import OneTimeCode, Session, stored_key
from diary.people.door.sessions.revocation import revoke_all

PASSWORD_CODE = "password"  # noqa: S105 (the purpose of a code)


@action(check=is_self)
def change_password(actor: Actor, user: User, *, encoded: str, code: OneTimeCode, session_key: str) -> None:
    """Set the password and end every session but this one. `code` was sent for PASSWORD_CODE and has just been used.

    The caller has checked the current password (`sign_in.check_password`), has made `encoded` before it used the code
    (`passwords.hash_new_password`), and keeps the session alive afterwards (`update_session_auth_hash`).
    """
    must_prove(code, user, PASSWORD_CODE)
    user.password = encoded
    user.save(update_fields=["password"])
    revoke_all(user.id)
    ended, _kinds = Session.objects.filter(user_id=user.id).exclude(session_key=stored_key(session_key)).delete()
    log.note(user, sessions_ended=ended)
    tell_owner(
        user,
        _("Пароль изменён"),
        _("Пароль от дневника изменён. Если это были не вы, восстановите доступ на странице входа."),
    )
