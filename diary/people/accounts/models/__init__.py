"""Tables of accounts: who may come in, how the door is guarded, with what people prove themselves."""

from diary.people.accounts.models.codes import OneTimeCode, OutboxMessage, OutgoingMessage
from diary.people.accounts.models.factors import Factor, RecoveryCode
from diary.people.accounts.models.guarding import Allowance, LoginGuard, SignInRecord
from diary.people.accounts.models.people import ROLE_PAIRS, RoleGrant, User
from diary.people.accounts.models.sessions import Session, stored_key

__all__ = [
    "ROLE_PAIRS",
    "Allowance",
    "Factor",
    "LoginGuard",
    "OneTimeCode",
    "OutboxMessage",
    "OutgoingMessage",
    "RecoveryCode",
    "RoleGrant",
    "Session",
    "SignInRecord",
    "User",
    "stored_key",
]
