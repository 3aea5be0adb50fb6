"""Files and search words as they come from outside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from diary.desks.office.queries import PEOPLE_KINDS
from diary.foundation.tables.sources import MAX_BYTES, MAX_FILES, TABLE_NAMES, Upload

RIGHTS = (("full", _("Полный доступ")), ("read", _("Только чтение")), ("none", _("Без контакта")))
DAYS = ("%Y-%m-%d", "%d.%m.%Y")


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Every chosen file, cleaned one by one."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files; refuses none, too many, too much, and what is surely no table."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        found = [one for one in files if one]
        if not found:
            raise forms.ValidationError(_t("Файл не выбран. Выберите XLSX, CSV или ZIP с данными школы."))
        if len(found) > MAX_FILES:
            raise forms.ValidationError(_t("Файлов больше ста. Сложите их в один ZIP."))
        if sum(one.size or 0 for one in found) > MAX_BYTES:
            raise forms.ValidationError(_t("Вместе файлы больше 20 МБ. Загрузите их по частям."))
        for one in found:
            if not str(one.name).lower().endswith(TABLE_NAMES):
                raise forms.ValidationError(
                    _t("«%(name)s» – не таблица. Подходят XLSX, CSV и ZIP с ними.") % {"name": one.name}
                )
        return found


class UploadForm(forms.Form):
    """The files of a school."""

    uploaded = FilesField(
        label=_("Файлы"),
        help_text=_("XLSX, CSV или ZIP, можно несколько; вместе до 20 МБ."),
        widget=ManyFiles(attrs={"accept": ",".join(TABLE_NAMES)}),
    )

    def uploads(self) -> list[Upload]:
        """Names and bytes, read once."""
        return [Upload(one.name[-200:], one.read()) for one in self.cleaned_data["uploaded"]]


class PeopleForm(forms.Form):
    """What to look for; anything odd is simply not looked for."""

    q = forms.CharField(label=_("Имя или логин"), required=False, max_length=100, strip=True)
    who = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in PEOPLE_KINDS])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


LAST_DAY = dt.date(2100, 12, 31)


class LinkForm(forms.Form):
    """What a guardian may, and until which day; the reason is read by the guardian."""

    rights = forms.ChoiceField(label=_("Права"), choices=RIGHTS)
    last_day = forms.DateField(
        label=_("Последний день доступа"), required=False, input_formats=DAYS, validators=[MaxValueValidator(LAST_DAY)]
    )
    reason = forms.CharField(label=_("Причина"), max_length=500, required=False)

    def until(self) -> dt.date | None:
        """The first day without access."""
        last: dt.date | None = self.cleaned_data["last_day"]
        return last + dt.timedelta(days=1) if last else None


def read_people(query: Any) -> tuple[str, str, int]:
    """Words, kind ("" = all), page number."""
    form = PeopleForm(query)
    form.is_valid()
    values = form.cleaned_data
    return values.get("q", "").replace("\0", ""), values.get("who", ""), values.get("page") or 1
