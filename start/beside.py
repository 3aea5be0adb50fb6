"""A `manage.py` command typed beside a running `make run` works on the same database, without a word more."""

import os

from start import postgres
from start.checkout import RUN
from start.run import environment
from start.steps import as_owner

_DEVELOPMENT = "diary.config.settings.dev"
_OWNERS_COMMANDS = {"migrate", "rotate_keys"}


def join_running(words: list[str]) -> None:
    """Take over the environment of `make run`, unless a database or other settings are given."""
    is_ours = os.environ.get("DJANGO_SETTINGS_MODULE", _DEVELOPMENT) == _DEVELOPMENT
    if not is_ours or postgres.is_given() or not RUN.exists() or not postgres.is_answering():
        return
    found = environment(postgres.ensure_running())
    is_owners = bool(words) and words[0] in _OWNERS_COMMANDS
    os.environ.update(as_owner(found) if is_owners else found)
