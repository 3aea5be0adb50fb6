"""Which of their schools the person looks at."""

from __future__ import annotations

from django.http import Http404

from diary.foundation.access.doors import ActorRequest
from diary.foundation.access.permissions import Permission
from diary.people.schools.models import School


def schools_of(request: ActorRequest, needed: Permission) -> list[School]:
    """Schools in which the actor may do this; at least one, or the door would have stayed shut."""
    ids = request.actor.schools_with(*needed.roles)
    return list(School.objects.visible_to(request.actor).filter(id__in=ids).order_by("name", "id"))


def chosen_school(request: ActorRequest, mine: list[School]) -> School:
    """The school named in the address, else the first."""
    wanted = request.POST.get("school") or request.GET.get("school") or ""
    if not wanted and mine:
        return mine[0]
    found = next((one for one in mine if str(one.id) == wanted), None)
    if found is None:
        raise Http404
    return found
