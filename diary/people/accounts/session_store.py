"""Sessions kept with their user, so that one statement brings the session, the user and the roles."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from diary.people.accounts.models import ROLE_PAIRS, Session, User


class SessionStore(DatabaseStore):
    """Django's database sessions over our Session model. `user` is the person read together with the session."""

    user: User | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The table behind the store."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.alive().with_user().filter(session_key=self.session_key).first()
        if row is None:
            self._session_key = None
            return None
        if row.user is not None and row.user.is_active:
            setattr(row.user, ROLE_PAIRS, getattr(row, ROLE_PAIRS))
            self.user = row.user
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Keep the user's id beside the session, for listing and ending sessions."""
        row: Any = super().create_model_instance(data)
        user_id = data.get("_auth_user_id")
        row.user_id = int(user_id) if user_id else None
        return row
