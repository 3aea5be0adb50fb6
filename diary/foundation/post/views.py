"""«Почта и SMS этого компьютера»: what the demo would have sent. There is no such page in production."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from diary.foundation.access.doors import public
from diary.foundation.post.outbox import latest_messages


@public("exists only in a demo and in tests, where all people are invented")
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages first; the page asks for itself again every few seconds."""
    answer = render(request, "post/outbox.html", {"letters": latest_messages()})
    answer["Refresh"] = "4"
    return answer
