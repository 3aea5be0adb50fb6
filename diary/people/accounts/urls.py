"""The demo's page of messages; production has none."""

from django.conf import settings
from django.urls import path

from diary.people.accounts.views import outbox

app_name = "accounts"
urlpatterns = [path("outbox/", outbox.outbox, name="outbox")] if settings.MESSAGE_OUTBOX else []
