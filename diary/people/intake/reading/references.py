"""Finds what a cell points to: by code, by name, by initials, narrowed by class or subject when names repeat."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain
from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, Known, Record
from diary.people.roster.rules.class_names import class_key
from diary.people.roster.rules.names import PersonName


class References:
    """All names of all records met so far, and of what the school already has."""

    def __init__(self, known: Known) -> None:
        self._codes: dict[Kind, dict[str, str]] = defaultdict(dict)
        self._names: dict[Kind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._known: dict[Kind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for kind in Kind:
            for name, external_id in known.pairs(kind):
                _add_name(self._known[kind], _key(kind, name), external_id)
                self._codes[kind].setdefault(plain(external_id), external_id)

    def add(self, kind: Kind, record: Record, names: Iterable[str]) -> None:
        """A record of the files; it takes the place of what the school already has under these names."""
        self._codes[kind][plain(record.external_id)] = record.external_id
        for name in names:
            _add_name(self._names[kind], _key(kind, name), record.external_id)

    def find(self, kind: Kind, text: str) -> list[str]:
        key = _key(kind, text)
        code = self._codes[kind].get(plain(text))
        return [code] if code else self._names[kind].get(key) or self._known[kind].get(key, [])

    def resolve(
        self, kind: Kind, text: str, place: Place, field: str, report: Report, *narrow: Callable[[str], bool]
    ) -> str:
        """The external_id meant by the text, or the text itself when nothing is found (the checks will say so)."""
        ids = self.find(kind, text)
        for fits in narrow:
            if len(ids) > 1:
                ids = [one for one in ids if fits(one)] or ids
        if len(ids) > 1:
            _report_ambiguity(text, len(ids), place, field, report)
        return ids[0] if ids else text

    def has(self, kind: Kind) -> bool:
        return bool(self._codes[kind])


def _add_name(names: dict[str, list[str]], key: str, external_id: str) -> None:
    if key and external_id not in names[key]:
        names[key].append(external_id)


def _key(kind: Kind, text: str) -> str:
    return class_key(text) if kind is Kind.CLASSES else plain(text)


def _report_ambiguity(text: str, count: int, place: Place, field: str, report: Report) -> None:
    report.error(
        _("Под именем «%(text)s» подходят сразу несколько записей: %(count)s.") % {"text": text, "count": count},
        _("Укажите «Код» нужной записи; для ученика поможет и столбец с классом."),
        place,
        field,
    )


def names_of(name: PersonName) -> Collection[str]:
    """«Петрова Анна Сергеевна», «Петрова Анна», «Петрова А.С.», «Петрова А.»."""
    full = str(name)
    first, middle = name.first[:1], name.middle[:1]
    return {full, f"{name.last} {name.first}", f"{name.last} {first}{middle}", f"{name.last} {first}"}
