"""Jinja2 for our pages: its environment, its filters, and the Django backend that finds templates in rooms."""

from __future__ import annotations

import datetime
import functools
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Jinja2, Template
from django.template.backends.utils import csrf_input
from django.templatetags.static import static as static_address
from django.urls import reverse
from django.utils import formats
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from diary.foundation.core import clock
from diary.foundation.ui.addresses import named_address
from diary.foundation.ui.product_names import named

# a page asks for its language at every word and date; Django's own answer takes forty times as long as this one
_rendering_in: ContextVar[str | None] = ContextVar("rendering_in", default=None)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class RoomTemplate(Template):
    """A template whose view has the last word: its context wins over context processors."""

    def render(self, context: Mapping[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        around: dict[str, Any] = {}
        if request is not None:
            around = {
                "request": request,
                "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
                "csrf_token": SimpleLazyObject(lambda: get_token(request)),
            }
            for processor in self.backend.template_context_processors:
                around.update(processor(request))
        token = _rendering_in.set(get_language())
        try:
            return mark_safe(self.template.render({**around, **(context or {})}))  # noqa: S308 (Jinja2 has escaped it)
        finally:
            _rendering_in.reset(token)


class RoomTemplates(Jinja2):
    """The template engine of all rooms: `<room>/templates/<room>/page.html`."""

    app_dirname = "templates"

    def get_template(self, template_name: str) -> RoomTemplate:
        return RoomTemplate(super().get_template(template_name).template, self)

    def from_string(self, template_code: str) -> RoomTemplate:
        return RoomTemplate(self.env.from_string(template_code), self)


def environment(**options: Any) -> Environment:
    """The environment named in TEMPLATES; an undefined name is an error, never an empty place."""
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    options["extensions"] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 (said above)
    cast(Any, made).install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    made.globals.update(_=translate, ngettext=translate_plural, static=static, url=url, icon=icon)
    made.filters.update(
        initials=initials,
        date=date,
        moment=moment,
        named=named,
        lowered=lowered,
        number=number,
        short_name=short_name,
        attributes=attributes,
        line_points=line_points,
        drawn=drawn,
    )
    return made


@pass_context
def translate(context: Context, message: str, **values: object) -> str:
    """`_("…")`: a lone % needs no doubling as long as no values are given."""
    text = _message(message, _language(), context.eval_ctx.autoescape)
    return text % values if values else text


@functools.lru_cache(4000)
def _message(message: str, language: str | None, is_escaping: bool) -> str:
    return Markup(gettext(message)) if is_escaping else gettext(message)  # noqa: S704 (as in _safe_if_escaping)


@pass_context
def translate_plural(context: Context, one: str, many: str, n: int, **values: object) -> str:
    """`ngettext("%(n)s оценка", "%(n)s оценки", n)`: the number is at hand as n."""
    return _safe_if_escaping(context, ngettext(one, many, n)) % {"n": n, "num": n, **values}


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a named page."""
    if args and not kwargs and all(_is_id(arg) for arg in args):
        address = _address_for(name, len(args))
        for stand_in, arg in zip(STAND_INS, args, strict=False):
            address = address.replace(stand_in, str(arg))
        return address
    if not args and not kwargs:
        return named_address(name)
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _is_id(arg: object) -> bool:
    """A UUID, or its text."""
    return isinstance(arg, uuid.UUID) or (isinstance(arg, str) and len(arg) == 36 and arg.count("-") == 4)


@functools.cache
def static(name: str) -> str:
    """The address of a static file; what is collected stays as it is while a process lives."""
    return static_address(name)


STAND_INS = tuple(str(uuid.UUID(int=number)) for number in range(4))


@functools.cache
def _address_for(name: str, count: int) -> str:
    """An address with stand-ins for its ids. A diary page has a hundred links, and Django seeks each pattern anew."""
    return reverse(name, args=STAND_INS[:count])


@functools.lru_cache(1000)
def icon(name: str, label: str = "") -> Markup:
    """A symbol of our sprite; without a label it is decoration that screen readers skip."""
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {} focusable="false"><use href="{}#{}"></use></svg>').format(
        voice, static("ui/icons.svg"), name
    )


def date(value: datetime.date | datetime.time | None, form: str = "j E") -> str:
    """A day or a time of day in the reader's language; the letters of `form` are those of Django's date filter.

    A moment needs a clock: `moment` shows it.
    """
    if value is None:
        return ""
    form = _localised(form)
    if isinstance(value, datetime.datetime):
        raise TypeError("a moment is shown by some clock: |moment(zone, form)")
    if isinstance(value, datetime.time):
        return formats.time_format(value, form)
    return _day(value, form, _language())


def moment(value: datetime.datetime | None, zone: str, form: str = "j E, H:i") -> str:
    """A moment by the clock of that time zone: a school's (`school.timezone`), or the reader's own `zone` for what
    belongs to no school."""
    return "" if value is None else formats.date_format(clock.local(value, zone), _localised(form))


def _localised(form: str) -> str:
    """Numbers of a day as the reader's language writes them."""
    return form.replace("d.m.Y", "d/m/Y").replace("d.m", "d/m") if _language() == "en" else form


@functools.lru_cache(4000)
def _day(value: datetime.date, form: str, language: str | None) -> str:
    """A calendar day as text. A page of marks writes some 300 days in a few forms, the same ones for every reader."""
    return formats.date_format(value, form)


def lowered(day: str) -> str:
    """Names of days and months as they stand inside a sentence: small letters in Russian, capitals in English."""
    return day if _language() == "en" else day.lower()


def number(value: Decimal | float | int | None, places: int | None = None) -> str:
    """A number with the decimal sign of the reader's language (4,56 in Russian)."""
    return "" if value is None else _number(str(value), isinstance(value, float), places, _language())


@functools.lru_cache(4000)
def _number(text: str, is_float: bool, places: int | None, language: str | None) -> str:
    """By its text, since 3 and 3.00 are equal and yet written differently."""
    return formats.number_format(float(text) if is_float else Decimal(text), decimal_pos=places)


def short_name(full_name: str) -> str:
    """«Иванов Иван Петрович» → «Иванов И. П.», kept on one line."""
    family, *given = full_name.split()[:3] or [""]
    initials = [_initial(name) for name in given]
    return NO_BREAK_SPACE.join([family, *initials])


def initials(full_name: str) -> str:
    """Two letters for the round picture of a person."""
    return "".join(part[0] for part in full_name.split()[:2])


def attributes(values: Mapping[str, object]) -> Markup:
    """Attributes of an element from a macro's keyword arguments: `data_week_next=True` → ` data-week-next`."""
    parts = [_attribute(name.rstrip("_").replace("_", "-"), value) for name, value in values.items()]
    return Markup("").join(parts)


def line_points(values: Sequence[float | Decimal], lowest: float, highest: float) -> list[str]:
    """Points "x,y" of a line through the values in a 96 × 24 picture with a margin of 3; one value makes no line."""
    if len(values) < 2:
        return []
    step = 90 / (len(values) - 1)
    heights = [(min(max(float(value), lowest), highest) - lowest) / (highest - lowest) for value in values]
    return [f"{3 + index * step:.1f},{21 - 18 * height:.1f}" for index, height in enumerate(heights)]


def drawn(things: Iterable[Hashable], macro: Callable[[Any], str], memory: dict[Hashable, str]) -> Markup:
    """Each thing drawn by the macro, one after another. Equal things are drawn once: 900 cells are of some 20 kinds.

    `memory` is a `{% set … = {} %}` of the template that calls: what is drawn may depend on that page.
    """
    parts = []
    for thing in things:
        if thing not in memory:
            memory[thing] = macro(thing)
        parts.append(memory[thing])
    return Markup("".join(parts))  # noqa: S704 (macros escape)


def _language() -> str | None:
    return _rendering_in.get() or get_language()


def _attribute(name: str, value: object) -> Markup:
    if value is None or value is False:
        return Markup("")
    return Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)


def _initial(name: str) -> str:
    """The first letter; both letters of a double name (Анна-Мария → А.-М.)."""
    return "-".join(f"{part[0]}." for part in name.split("-") if part)


def _safe_if_escaping(context: Context, text: str) -> str:
    """A message may hold markup of ours; the values put into it are then escaped."""
    return Markup(text) if context.eval_ctx.autoescape else text  # noqa: S704
