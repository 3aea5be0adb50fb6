"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "diary.foundation.ui.views.error_400"
handler403 = "diary.foundation.ui.views.error_403"
handler404 = "diary.foundation.ui.views.error_404"
handler500 = "diary.foundation.ui.views.error_500"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("diary.foundation.ui.urls")),
    path("", include("diary.foundation.post.urls")),
    path("", include("diary.people.door.urls")),
    path("", include("diary.desks.home.urls")),
    path("", include("diary.desks.week.urls")),
    path("", include("diary.desks.journal.urls")),
    path("", include("diary.desks.office.urls")),
    path("", include("diary.desks.family.urls")),
    path("", include("diary.gates.integrations.identities.urls")),
    path("", include("diary.gates.integrations.esia.urls")),
    path("", include("diary.gates.integrations.openid.urls")),
    path("", include("diary.desks.settings.urls")),
]
