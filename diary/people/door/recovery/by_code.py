"""Recovery (A7): who has lost the password, or is locked out, shows a last name and a code, and sets a new password."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.encryption import blind_index
from diary.foundation.core.errors import Conflict
from diary.foundation.post.channels import channel_for
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.accounts.rules.formats import NUMBER_DIGITS, read_number
from diary.people.door.codes import Asker, WrongCode, send_code, use_code
from diary.people.door.guarding import guard, hashing
from diary.people.door.guarding.journal import Visit, record
from diary.people.door.guarding.limits import RECOVERIES, place_of
from diary.people.door.models import OneTimeCode, Session, SignInRecord
from diary.people.door.sessions.browsers import ip_of
from diary.people.door.sessions.revocation import revoke_all

RECOVERY_CODE = "recovery"
KEY = "recovering"
PATIENCE = dt.timedelta(minutes=15)  # between the code and the new password


class TooLate(Conflict):
    """The account changed under a recovery."""


def ask_for_code(request: HttpRequest, who: str, last_name: str, kind: str) -> OneTimeCode:
    """Send a code if the person exists and the channel is theirs; else a decoy that nobody can tell from it.

    Raises limits.TooMany.
    """
    RECOVERIES.must_take(place_of(ip_of(request)))
    user = find(who, last_name)
    address = _address(user, kind) if user else ""
    if request.session.session_key is None:
        request.session.create()
    typed = f"{_plain(who)} {_plain(last_name)}"
    asker = Asker(request.session.session_key or "", ip_of(request), typed=typed)
    text = _("Код для восстановления доступа к дневнику: %(code)s. Никому его не говорите.")
    return send_code(asker, RECOVERY_CODE, kind, address or typed, user=user if address else None, text=text)


def find(who: str, last_name: str) -> User | None:
    """The person of this login or account number and last name (ё is е, case does not matter)."""
    number = read_number(who)
    found = User.objects.filter(is_active=True)
    is_number = len(number) == NUMBER_DIGITS and not any(sign.isalpha() for sign in who)
    user = found.filter(number=number).first() if is_number else None
    user = user or (found.filter(login__iexact=who).first() if who.isascii() and "\0" not in who else None)
    return user if user and _plain(user.last_name) == _plain(last_name) else None


def show_code(request: HttpRequest, typed: str) -> None:
    """The code fits: the session may set a new password once. Raises codes.WrongCode."""
    code = use_code(request.session.session_key or "", RECOVERY_CODE, typed)
    assert code.user is not None
    user, kind = code.user, code.kind
    if not _is_still_there(user, kind, _trace(code.address)):
        raise WrongCode(_("Этот телефон или почта больше не ваши. Выберите другой способ восстановления."))
    request.session.flush()
    request.session[KEY] = {
        "user": user.id,
        "kind": kind,
        "where": _trace(code.address),
        "hash": user.get_session_auth_hash(),
        "at": clock.now().isoformat(),
    }


def recovering(request: HttpRequest) -> User | None:
    """Whose new password this session may set: as long as the phone or mailbox that proved it is the person's."""
    kept = request.session.get(KEY) or {}
    is_late = not kept or clock.now() - dt.datetime.fromisoformat(kept["at"]) > PATIENCE
    user = None if is_late else User.objects.filter(id=kept["user"], is_active=True).first()
    if user is None or not secrets.compare_digest(kept["hash"], user.get_session_auth_hash()):
        return None
    return user if _is_still_there(user, kept["kind"], kept.get("where", "")) else None


def set_password(request: HttpRequest, user: User, password: str, visit: Visit) -> None:
    """The new password; every session ends, the lockout is over, and an account closed by its owner is open again.

    Raises TooLate when the phone was reported lost, or changed, while the hash was made.
    """
    kind = request.session[KEY]["kind"]
    encoded = hashing.hash_password(password)
    with transaction.atomic():
        User.objects.select_for_update().get(id=user.id)
        if recovering(request) is None:
            raise TooLate(_("Восстановление прервано: данные учётной записи изменились. Начните его заново."))
        user.password, user.deactivated_at, user.deactivated_why = encoded, None, ""
        user.save(update_fields=["password", "deactivated_at", "deactivated_why"])
        revoke_all(user.id)
        Session.objects.filter(user_id=user.id).delete()
        guard.unlock(user)
        record(user, visit, SignInRecord.Result.RECOVERED, factor=kind)
        tell_owner(
            user,
            _("Доступ восстановлен"),
            _("Пароль от дневника задан заново. Если это были не вы, сразу напишите в поддержку."),
        )
    request.session.flush()


def _address(user: User, kind: str) -> str:
    """Where the code goes: only to what was confirmed, never to a phone that was lost."""
    if channel_for(kind) is None:
        return ""
    if kind == "email":
        return user.email if user.email_confirmed_at else ""
    return user.phone if user.phone_confirmed_at else ""


def _is_still_there(user: User, kind: str, where: str) -> bool:
    address = _address(user, kind)
    return bool(address) and secrets.compare_digest(where, _trace(address))


def _trace(address: str) -> str:
    """What a session remembers of a phone or mailbox: nothing that could be read out of it."""
    return blind_index("recovery address", address.lower()).hex()


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("ё", "е").split())
