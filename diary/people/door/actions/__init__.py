"""What a person does with an account, by subject."""

from diary.people.door.actions.contacts import (
    EMAIL_CODE,
    PHONE_CODE,
    confirm_contacts,
    confirm_email,
    confirm_phone,
    remove_email,
    set_address,
    switch_diary,
)
from diary.people.door.actions.factors import (
    LastFactor,
    NotConfirmed,
    add_message_factor,
    add_passkey,
    begin_totp,
    confirm_totp,
    issue_recovery_codes,
    remove_factor,
    rename_factor,
)
from diary.people.door.actions.password import PASSWORD_CODE, change_password
from diary.people.door.actions.sessions import OnlyThePhone, end_all_sessions, end_session, lose_phone
from diary.people.door.actions.support import (
    NothingToReplace,
    NotLocked,
    ReasonNeeded,
    replace_lost_factors,
    unlock_account,
)

__all__ = [
    "EMAIL_CODE",
    "PASSWORD_CODE",
    "PHONE_CODE",
    "LastFactor",
    "NotConfirmed",
    "NotLocked",
    "NothingToReplace",
    "OnlyThePhone",
    "ReasonNeeded",
    "add_message_factor",
    "add_passkey",
    "begin_totp",
    "change_password",
    "confirm_contacts",
    "confirm_email",
    "confirm_phone",
    "confirm_totp",
    "end_all_sessions",
    "end_session",
    "issue_recovery_codes",
    "lose_phone",
    "remove_email",
    "remove_factor",
    "rename_factor",
    "replace_lost_factors",
    "set_address",
    "switch_diary",
    "unlock_account",
]
