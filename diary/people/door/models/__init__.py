"""Tables of the door: how it is guarded, with what people prove themselves, who has come in."""

from diary.people.door.models.codes import OneTimeCode
from diary.people.door.models.factors import Factor, RecoveryCode
from diary.people.door.models.guarding import Allowance, LoginGuard, SignInRecord
from diary.people.door.models.sessions import Session, stored_key

__all__ = [
    "Allowance",
    "Factor",
    "LoginGuard",
    "OneTimeCode",
    "RecoveryCode",
    "Session",
    "SignInRecord",
    "stored_key",
]
