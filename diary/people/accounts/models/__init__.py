"""Tables of accounts: who people are, their roles, and messages on their way to them."""

from diary.people.accounts.models.codes import Kind, OutboxMessage, OutgoingMessage
from diary.people.accounts.models.people import ROLE_PAIRS, RoleGrant, User, role_pairs

__all__ = ["ROLE_PAIRS", "Kind", "OutboxMessage", "OutgoingMessage", "RoleGrant", "User", "role_pairs"]
