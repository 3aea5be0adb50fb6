"""What a parent types about a child, turned into values; each broken rule is said at its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from diary.desks.family.rules import is_birth_date
from diary.desks.family.wording import KINDS, RELATIONS, wrong_part
from diary.foundation.core import clock
from diary.people.roster.queries.families import school_of_country, schools_found
from diary.people.roster.queries.matching import Given
from diary.people.roster.rules.documents import Document, DocumentKind, Part, WrongDocument, read_document
from diary.people.roster.rules.names import PersonName
from diary.people.schools.models import School

NAME = 100
DAYS = ("%Y-%m-%d", "%d.%m.%Y")


class ChildForm(forms.Form):
    """The first six steps of A10; the code is a form of its own."""

    last_name = forms.CharField(label=_("Фамилия ребёнка"), max_length=NAME)
    first_name = forms.CharField(label=_("Имя"), max_length=NAME)
    middle_name = forms.CharField(label=_("Отчество"), max_length=NAME, required=False)
    birth_date = forms.DateField(label=_("Дата рождения"), input_formats=DAYS)
    kind = forms.ChoiceField(label=_("Документ"), choices=KINDS)
    series = forms.CharField(label=_("Серия"), max_length=20, required=False)
    number = forms.CharField(label=_("Номер"), max_length=40)
    school_words = forms.CharField(label=_("Школа"), max_length=100, required=False)
    school = forms.CharField(required=False, max_length=10)
    relation = forms.ChoiceField(label=_("Кем вы приходитесь ребёнку"), choices=RELATIONS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = str(self["school_words"].value() or "").replace("\0", "")[:NAME]
        chosen = str(self["school"].value() or "").replace("\0", "")[:10]
        self.schools = _choice(words, chosen)

    def clean_birth_date(self) -> Any:
        """A day on which a pupil can have been born."""
        day = self.cleaned_data["birth_date"]
        if not is_birth_date(day, clock.today(clock.COUNTRY)):
            raise forms.ValidationError(_t("Проверьте дату рождения: ученика с такой датой быть не может."))
        return day

    def clean(self) -> dict[str, Any]:
        """The document as a whole, and one school."""
        values = super().clean() or {}
        if not self.has_error("kind") and not self.has_error("number"):
            values["document"] = self._document(values)
        values["chosen"] = self._school(str(values.get("school") or ""))
        return values

    def _document(self, values: dict[str, Any]) -> Document | None:
        kind = DocumentKind(values["kind"])
        try:
            return read_document(kind, values.get("series") or "", values["number"])
        except WrongDocument as wrong:
            for part in wrong.parts:
                self.add_error("series" if part is Part.SERIES else "number", wrong_part(kind, part))
            return None

    def _school(self, chosen: str) -> School | None:
        found = [one for one in self.schools if str(one.id) == chosen] if chosen else self.schools
        if len(found) == 1:
            return found[0]
        if found:
            self.add_error("school_words", _t("Нашлось несколько школ. Отметьте свою в списке."))
        elif self["school_words"].value():
            self.add_error("school_words", _t("Такая школа не нашлась. Проверьте название, номер или город."))
        else:
            self.add_error("school_words", _t("Впишите номер, название или город школы и нажмите «Найти»."))
        return None

    def given(self) -> Given:
        """What the roster is asked for; the form is valid."""
        values = self.cleaned_data
        name = PersonName(values["last_name"], values["first_name"], values["middle_name"])
        return Given(name, values["birth_date"], values["document"])


def _choice(words: str, chosen: str) -> list[School]:
    """Schools that the words find; the chosen one stays in the list."""
    found = schools_found(words)
    school = school_of_country(int(chosen)) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None
    return [school, *found] if school and school not in found else found
