"""Proving a second factor: on the way in, and again before what needs a fresh proof (A5, A14)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from diary.foundation.core import clock
from diary.foundation.core.errors import BadInput
from diary.foundation.post.channels import channel_for
from diary.people.accounts.models import User
from diary.people.door.codes import Asker, WrongCode, send_code, use_code
from diary.people.door.factors import paper_codes, passkeys, totp
from diary.people.door.guarding.journal import Visit, record
from diary.people.door.guarding.limits import WRONG_FACTORS, Limit
from diary.people.door.models import Factor, OneTimeCode, SignInRecord
from diary.people.door.sessions.browsers import ip_of

FACTOR_CODE = "factor"
PASSKEY_STATE = "passkey"
RECOVERY = "recovery"
CHALLENGES = Limit("passkey challenges", most=1, seconds=86_400)  # each is answered once
ORDER = (Factor.Kind.WEBAUTHN, Factor.Kind.TOTP, Factor.Kind.SMS, Factor.Kind.EMAIL)
MESSAGES = (Factor.Kind.SMS, Factor.Kind.EMAIL)


class WrongFactor(BadInput):
    """What was shown proves nothing; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to prove oneself; `hint` is where a code would go."""

    kind: str
    hint: str = ""


def ways_of(user: User) -> list[Way]:
    """The person's ways, the surest first; paper codes last. A kind that this machine cannot send is left out."""
    kinds = set(Factor.objects.ready().filter(user=user).values_list("kind", flat=True))
    hints = {Factor.Kind.SMS: user.masked_phone, Factor.Kind.EMAIL: user.masked_email}
    ways = [Way(kind, hints.get(kind, "")) for kind in ORDER if kind in kinds and _can_be_asked(user, kind)]
    return [*ways, Way(RECOVERY)] if kinds and paper_codes.codes_left(user) else ways


def send_factor_code(request: HttpRequest, user: User, kind: str) -> OneTimeCode:
    """A code to the person's confirmed phone or mailbox. Raises limits.TooMany, WrongFactor."""
    if kind not in MESSAGES or kind not in {way.kind for way in ways_of(user)}:
        raise WrongFactor(_("Этот способ подтверждения не подключён. Выберите другой."))
    address = user.phone if kind == Factor.Kind.SMS else user.email
    asker = Asker(request.session.session_key or "", ip_of(request), is_known=True)
    return send_code(asker, FACTOR_CODE, kind, address, user=user)


def begin_passkey(request: HttpRequest, user: User) -> dict[str, object]:
    """What the browser needs to ask a passkey; the challenge stays in the session."""
    options, state = passkeys.begin_proof(request, passkeys.passkeys_of(user))
    request.session[PASSKEY_STATE] = state
    return options


def prove(request: HttpRequest, user: User, kind: str, typed: str, visit: Visit) -> str:
    """The kind that was proved. Raises WrongFactor, limits.TooMany. Every wrong proof stands in the journal."""
    WRONG_FACTORS.must_take(user.number)
    try:
        is_right = _proofs[kind](request, user, typed) if kind in _proofs else False
        sentence = _("Не подошло. Проверьте и попробуйте ещё раз или выберите другой способ.")
    except WrongCode as wrong:
        is_right, sentence = False, wrong.sentence
    if not is_right:
        record(user, visit, SignInRecord.Result.WRONG_CODE, factor=kind if kind in _proofs else "")
        raise WrongFactor(sentence)
    WRONG_FACTORS.give_back(user.number)
    Factor.objects.filter(user=user, kind=kind).exclude(kind=Factor.Kind.WEBAUTHN).update(last_used_at=clock.now())
    return kind


def _can_be_asked(user: User, kind: str) -> bool:
    if kind == Factor.Kind.SMS:
        return user.phone_confirmed_at is not None and channel_for(kind) is not None
    if kind == Factor.Kind.EMAIL:
        return user.email_confirmed_at is not None and channel_for(kind) is not None
    return True


def _prove_by_message(request: HttpRequest, user: User, typed: str) -> bool:
    code = use_code(request.session.session_key or "", FACTOR_CODE, typed)
    return code.user_id == user.id


def _prove_by_app(_request: HttpRequest, user: User, typed: str) -> bool:
    with transaction.atomic():
        ready = Factor.objects.ready().filter(user=user, kind=Factor.Kind.TOTP)
        for factor in ready.select_for_update().order_by("created_at"):
            if totp.take_code(factor, typed):
                factor.save(update_fields=["used_up_to"])
                return True
    return False


def _prove_by_passkey(request: HttpRequest, user: User, typed: str) -> bool:
    state = request.session.pop(PASSKEY_STATE, None)
    # two requests at once read one session: the challenge is used up in the database
    if not state or CHALLENGES.take(state["challenge"]):
        return False
    with transaction.atomic():
        # locked, so that of two proofs at once the second meets the counter of the first
        own = list(passkeys.passkeys_of(user).select_for_update())
        try:
            factor = passkeys.finish_proof(request, state, own, passkeys.read_answer(typed.encode()))
        except passkeys.BadPasskey:
            return False
        factor.last_used_at = clock.now()
        factor.save(update_fields=["used_up_to", "last_used_at"])
    return True


def _prove_by_paper(_request: HttpRequest, user: User, typed: str) -> bool:
    return paper_codes.take_recovery_code(user, typed)


_proofs = {
    Factor.Kind.SMS.value: _prove_by_message,
    Factor.Kind.EMAIL.value: _prove_by_message,
    Factor.Kind.TOTP.value: _prove_by_app,
    Factor.Kind.WEBAUTHN.value: _prove_by_passkey,
    RECOVERY: _prove_by_paper,
}
