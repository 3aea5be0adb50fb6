"""What ESIA tells of a person, as values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from diary.gates.integrations.esia.errors import EsiaRefusal
from diary.people.roster.rules.documents import DocumentKind
from diary.people.roster.vouched_children import VouchedChild


@dataclass(frozen=True)
class EsiaDocument:
    """A document that ESIA has verified. `kind` is ESIA's word: RF_PASSPORT, RF_BRTH_CERT, FID_DOC…"""

    kind: str
    series: str
    number: str


@dataclass(frozen=True)
class EsiaChild:
    """A child of the person."""

    last_name: str
    first_name: str
    middle_name: str
    birth_date: dt.date | None
    documents: tuple[EsiaDocument, ...] = ()


@dataclass(frozen=True)
class EsiaPerson:
    """The person who signed in. Phone (E.164) and e-mail only when ESIA has verified them, else empty."""

    oid: int
    is_trusted: bool
    last_name: str
    first_name: str
    middle_name: str
    birth_date: dt.date | None
    snils: str = ""
    phone: str = ""
    email: str = ""
    documents: tuple[EsiaDocument, ...] = ()
    children: tuple[EsiaChild, ...] = ()


Row = dict[str, Any]
# ESIA's words for the documents of children that a family may show
KINDS = {"RF_BRTH_CERT": DocumentKind.BIRTH, "RF_PASSPORT": DocumentKind.PASSPORT, "FID_DOC": DocumentKind.FOREIGN}


def read_person(
    oid: int, row: Row, contacts: Iterable[Row], documents: Iterable[Row], kids: Iterable[Row]
) -> EsiaPerson:
    """The person of these answers. Raises EsiaRefusal for a deleted account or one without a name."""
    if str(row.get("status", "REGISTERED")).upper() != "REGISTERED":
        raise EsiaRefusal("no-account")
    try:
        verified = {contact["type"]: contact["value"] for contact in contacts if contact["vrfStu"] == "VERIFIED"}
        return EsiaPerson(
            oid=oid,
            is_trusted=row["trusted"] is True,
            last_name=row["lastName"],
            first_name=row["firstName"],
            middle_name=row.get("middleName", ""),
            birth_date=_date(row.get("birthDate")),
            snils=re.sub(r"\D", "", row.get("snils", "")),
            phone=_phone(verified.get("MBT", "")),
            email=verified.get("EML", ""),
            documents=_documents(documents),
            children=tuple(_child(kid) for kid in kids),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EsiaRefusal("bad-person") from None


def vouched_child(child: EsiaChild) -> VouchedChild:
    """The child as the diary's form wants it; without a document that a family may show its fields stay empty."""
    shown = next((one for one in child.documents if one.kind in KINDS), None)
    return VouchedChild(
        last_name=child.last_name,
        first_name=child.first_name,
        middle_name=child.middle_name,
        birth_date=child.birth_date.isoformat() if child.birth_date else "",
        kind=KINDS[shown.kind] if shown else "",
        series=shown.series if shown else "",
        number=shown.number if shown else "",
    )


def _child(row: Row) -> EsiaChild:
    return EsiaChild(
        last_name=row["lastName"],
        first_name=row["firstName"],
        middle_name=row.get("middleName", ""),
        birth_date=_date(row.get("birthDate")),
        documents=_documents(row.get("documents", {}).get("elements", ())),
    )


def _documents(rows: Iterable[Row]) -> tuple[EsiaDocument, ...]:
    return tuple(
        EsiaDocument(row["type"], row.get("series", ""), row["number"])
        for row in rows
        if row.get("vrfStu") == "VERIFIED"
    )


def _date(text: str | None) -> dt.date | None:
    """«14.03.1986»."""
    if not text:
        return None
    day, month, year = text.split(".")
    return dt.date(int(year), int(month), int(day))


def _phone(text: str) -> str:
    """«+7(900)1112233» → «+79001112233»."""
    digits = re.sub(r"\D", "", text)
    return f"+{digits}" if digits else ""
