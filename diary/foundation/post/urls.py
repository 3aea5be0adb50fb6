"""The demo's page of messages; production has none."""

from django.conf import settings
from django.urls import path

from diary.foundation.post.views import outbox

app_name = "post"
urlpatterns = [path("outbox/", outbox, name="outbox")] if settings.MESSAGE_OUTBOX else []
