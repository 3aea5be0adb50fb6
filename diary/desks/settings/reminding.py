"""What first pages remind of: new devices since the last visit, contacts not looked at for half a year."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from diary.desks.settings.rules import is_recheck_due
from diary.foundation.access.actor import ANONYMOUS
from diary.foundation.core import clock
from diary.foundation.ui.reminders import Reminder
from diary.people.accounts.models import User
from diary.people.door.sessions.new_devices import devices_to_tell_of


def contacts_reminder(request: HttpRequest) -> Reminder | None:
    """Every six months (A12)."""
    user = request.user
    if not isinstance(user, User) or not is_recheck_due(clock.now(), user.contacts_checked_at, user.created_at):
        return None
    return Reminder(
        title=_("Проверьте контактные данные"),
        text=_("Прошло полгода. По этому телефону и адресам приходят коды и важные сообщения. Всё ли верно?"),
        link=reverse("settings:contacts"),
        link_label=_("Посмотреть"),
        done=reverse("settings:contacts_right"),
        done_label=_("Всё верно"),
    )


def devices_reminder(request: HttpRequest) -> Reminder | None:
    """Somebody came in from a device that was never seen before, since this browser's last visit (A8)."""
    told = devices_to_tell_of(request.session, getattr(request, "actor", ANONYMOUS).zone)
    if not told:
        return None
    return Reminder(
        title=_("Вход с нового устройства"),
        text=_("Со времени вашего прошлого визита в дневник вошли с нового устройства: %(devices)s. Это были вы?")
        % {"devices": "; ".join(told)},
        link=reverse("settings:security"),
        link_label=_("Не я, открыть «Безопасность»"),
        done=reverse("settings:devices_seen"),
        done_label=_("Это я"),
        kind="warning",
    )
