"""The fields of a form that could not be taken, so that nobody types them twice."""

from __future__ import annotations

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError

LARGEST = 200_000  # characters of a form that a page carries
SECRETS = ("password", "code", "pin", "typed")  # never written into a page; «typed» is a code too
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError, RawPostDataException)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form; empty where there is none, or where it holds a secret or a file."""
    if request.method != "POST":
        return []
    try:
        fields, files = request.POST, request.FILES
    except UNREADABLE:
        return []
    found = [(name, str(value)) for name, values in fields.lists() for value in values if name != "csrfmiddlewaretoken"]
    is_secret = any(secret in name for name, _value in found for secret in SECRETS)
    if files or is_secret or sum(len(name) + len(value) for name, value in found) > LARGEST:
        return []
    return found or [("again", "")]  # a form of one button has no fields
