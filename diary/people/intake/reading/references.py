"""Finds what a cell points to: exactly as written first, folded only where that leaves one; never by a guess."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from diary.foundation.core.text import plain, written
from diary.foundation.tables.places import Place
from diary.foundation.tables.report import Report
from diary.people.intake.records import Kind, Known, Record
from diary.people.roster.rules.class_names import class_key
from diary.people.roster.rules.names import PersonName

NAMES_TOLD = 5


class Names:
    """Names of one kind of records, each with the ids that bear it: as written, and folded."""

    def __init__(self) -> None:
        self._written: dict[str, list[str]] = defaultdict(list)
        self._folded: dict[str, list[str]] = defaultdict(list)

    def add(self, kind: Kind, name: str, external_id: str) -> None:
        for names, key in ((self._written, written(name)), (self._folded, _folded(kind, name))):
            if key and external_id not in names[key]:
                names[key].append(external_id)

    def find(self, kind: Kind, text: str) -> list[str]:
        return self._written.get(written(text)) or self._folded.get(_folded(kind, text), [])


class References:
    """All codes and names of all records met so far, and of what the school already has."""

    def __init__(self, known: Known) -> None:
        self._codes: dict[Kind, set[str]] = defaultdict(set)
        self._codes_of_files: dict[Kind, set[str]] = defaultdict(set)
        self._folded_codes: dict[Kind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._names: dict[Kind, Names] = defaultdict(Names)
        self._known: dict[Kind, Names] = defaultdict(Names)
        self._labels: dict[Kind, dict[str, str]] = defaultdict(dict)
        for kind in Kind:
            for name, external_id in known.pairs(kind):
                self._known[kind].add(kind, name, external_id)
                self._learn(kind, external_id, name)

    def add(self, kind: Kind, record: Record, names: Iterable[str]) -> None:
        """A record of the files; it takes the place of what the school already has under these names."""
        self._learn(kind, record.external_id, record.label)
        self._codes_of_files[kind].add(record.external_id)
        for name in names:
            self._names[kind].add(kind, name, record.external_id)

    def _learn(self, kind: Kind, external_id: str, label: str) -> None:
        self._labels[kind].setdefault(external_id, label)
        if external_id not in self._codes[kind]:
            self._codes[kind].add(external_id)
            self._folded_codes[kind][plain(external_id)].append(external_id)

    def find(self, kind: Kind, text: str) -> list[str]:
        """Ids that the text may mean: a code as it is written, else a name, both of the files before those of the
        school; else a code folded.
        """
        if text in self._codes_of_files[kind]:
            return [text]
        if names := self._names[kind].find(kind, text):
            return names
        if text in self._codes[kind]:
            return [text]
        return self._known[kind].find(kind, text) or self._folded_codes[kind].get(plain(text), [])

    def has_code(self, kind: Kind, text: str) -> bool:
        """Whether this very text is somebody's code."""
        return text in self._codes[kind]

    def named(self, kind: Kind, text: str) -> tuple[list[str], list[str]]:
        """Ids that bear this name: (in the files, in the school)."""
        return self._names[kind].find(kind, text), self._known[kind].find(kind, text)

    def resolve(
        self, kind: Kind, text: str, place: Place, field: str, report: Report, *narrow: Callable[[str], bool]
    ) -> str:
        """The external_id meant by the text, or the text itself when nothing is found (the checks will say so)."""
        ids = self.find(kind, text)
        for fits in narrow:
            if len(ids) > 1:
                ids = [one for one in ids if fits(one)] or ids
        if len(ids) > 1:
            self.report_ambiguity(kind, text, ids, place, field, report)
        return ids[0] if ids else text

    def report_ambiguity(
        self, kind: Kind, text: str, ids: Sequence[str], place: Place, field: str, report: Report
    ) -> None:
        """The error that names all who may be meant."""
        report.error(
            _("Под именем «%(text)s» подходят сразу несколько записей: %(names)s.")
            % {"text": text, "names": ", ".join(self._told(kind, one) for one in ids[:NAMES_TOLD])},
            _("Укажите «Код» нужной записи; для ученика поможет и столбец с классом."),
            place,
            field,
        )

    def _told(self, kind: Kind, external_id: str) -> str:
        """«Иванов Иван (код 1-12)»."""
        label = self._labels[kind].get(external_id, external_id)
        return label if label == external_id else _("%(name)s (код %(code)s)") % {"name": label, "code": external_id}

    def has(self, kind: Kind) -> bool:
        return bool(self._codes[kind])


def _folded(kind: Kind, text: str) -> str:
    return class_key(text) if kind is Kind.CLASSES else plain(text)


def names_of(name: PersonName) -> Collection[str]:
    """«Петрова Анна Сергеевна», «Петрова Анна», «Петрова А.С.», «Петрова А.»."""
    full = str(name)
    first, middle = name.first[:1], name.middle[:1]
    return {full, f"{name.last} {name.first}", f"{name.last} {first}{middle}", f"{name.last} {first}"}
