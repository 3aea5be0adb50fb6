"""What the browser needs to ask a passkey, for who is entering and for who is in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.foundation.access.doors import public
from diary.people.accounts.models import User
from diary.people.door.factors.proving import begin_passkey
from diary.people.door.signing_in.entering import current


@public("asks who has shown a password, or is in, for a passkey")
@never_cache
@require_POST
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """A challenge for this session, and the keys that may sign it."""
    entering = current(request)
    user = entering.user if entering else request.user
    if not isinstance(user, User):
        sentence = _("Вход занял слишком много времени. Введите логин и пароль ещё раз.")
        return JsonResponse({"message": sentence}, status=401)
    return JsonResponse(begin_passkey(request, user))
