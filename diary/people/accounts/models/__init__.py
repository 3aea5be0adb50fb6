"""Tables of accounts: who people are, their roles, and messages on their way to them."""

from diary.people.accounts.models.people import ROLE_PAIRS, RoleGrant, User, role_pairs

__all__ = ["ROLE_PAIRS", "RoleGrant", "User", "role_pairs"]
