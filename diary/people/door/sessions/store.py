"""Sessions kept with their user, so that one statement brings the session, the user and the roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

from diary.foundation.core import clock
from diary.people.accounts.models import ROLE_PAIRS, User
from diary.people.door.models import Session, stored_key
from diary.people.door.sessions.browsers import browser_columns

USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
# every request begins with this statement: written out, because building it through the ORM took longer than running it
SESSION_SQL = f"""
SELECT s.session_key, s.session_data, s.expire_date, s.last_seen_at, s.user_id,
 ARRAY(
  SELECT g.school_id || ' ' || g.role || ' ' || h.timezone
  FROM accounts_rolegrant g JOIN schools_school h ON h.id = g.school_id WHERE g.user_id = s.user_id
 ),
 {", ".join(f'u."{field.column}"' for field in User._meta.concrete_fields)}
FROM door_session s LEFT JOIN accounts_user u ON u.id = s.user_id
WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608 (names of columns)


class SessionStore(DatabaseStore):
    """Django's database sessions over our Session model. `user` is the person read together with the session."""

    user: User | None = None
    last_seen_at: dt.datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """The table behind the store."""
        return Session

    def get_expiry_date(self, **kwargs: Any) -> dt.datetime:
        """The end of the session by the clock that also judges whether it is over."""
        return super().get_expiry_date(**{"modification": clock.now(), **kwargs})

    def _get_session_from_db(self) -> Session | None:
        if "\0" in (self.session_key or ""):
            self._session_key = None
            return None
        with connection.cursor() as cursor:
            cursor.execute(SESSION_SQL, [stored_key(self.session_key), clock.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        key, content, expires_at, self.last_seen_at, user_id, role_pairs, *user_values = found
        if user_id is not None:
            user = User.from_db("default", USER_FIELDS, user_values)
            if user.may_sign_in:
                setattr(user, ROLE_PAIRS, role_pairs)
                self.user = user
        return Session(session_key=key, session_data=content, expire_date=expires_at, user_id=user_id)

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this secret."""
        return bool(super().exists(stored_key(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        """End the session with this secret; by default this one."""
        secret = session_key or self.session_key
        if secret is not None:
            super().delete(stored_key(secret))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Keep the user's id beside the session, for listing and ending sessions."""
        row: Any = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        user_id = data.get("_auth_user_id")
        row.user_id = int(user_id) if user_id else None
        for name, value in browser_columns(data).items():
            setattr(row, name, value)
        return row
