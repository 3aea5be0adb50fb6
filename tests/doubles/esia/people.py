"""What ESIA tells of a person: the collections of /rs/prns, cut to the scopes that the person agreed to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SCOPES = {
    "openid": "вход",
    "fullname": "фамилия, имя, отчество",
    "birthdate": "дата рождения",
    "birthplace": "место рождения",
    "gender": "пол",
    "snils": "СНИЛС",
    "inn": "ИНН",
    "citizenship": "гражданство",
    "id_doc": "документ, удостоверяющий личность",
    "birth_cert_doc": "свидетельство о рождении",
    "mobile": "номер телефона",
    "email": "адрес электронной почты",
    "contacts": "контакты и адреса",
    "addresses": "адреса",
    "kid_fullname": "фамилии, имена, отчества детей",
    "kid_birthdate": "даты рождения детей",
    "kid_gender": "пол детей",
    "kid_snils": "СНИЛС детей",
    "kid_inn": "ИНН детей",
    "kid_birth_cert_doc": "свидетельства о рождении детей",
}
NAMES = ("lastName", "firstName", "middleName")
FIELDS = {
    "fullname": NAMES,
    "birthdate": ("birthDate",),
    "birthplace": ("birthPlace",),
    "gender": ("gender",),
    "snils": ("snils",),
    "inn": ("inn",),
    "citizenship": ("citizenship",),
}
Row = dict[str, Any]


def person(persona: Row, scopes: tuple[str, ...]) -> Row:
    """The person themselves."""
    common = {"stateFacts": ["EntityRoot"], "trusted": persona["trusted"], "status": "REGISTERED", "verifying": False}
    return _tagged(common | {"updatedOn": 1_790_000_000} | _allowed(persona, scopes))


def collection(name: str, persona: Row, scopes: tuple[str, ...]) -> list[Row]:
    """Contacts, addresses, documents or children."""
    found = {"ctts": _contacts, "addrs": _addresses, "docs": _documents, "kids": _kids}[name](persona, scopes)
    return [
        _tagged({"stateFacts": ["Identifiable"], "id": persona["oid"] % 10**6 * 10 + at} | row) for at, row in found
    ]


def _contacts(persona: Row, scopes: tuple[str, ...]) -> list[tuple[int, Row]]:
    kinds = (("MBT", "mobile"), ("EML", "email"))
    return [
        (at, {"type": kind, "vrfStu": "VERIFIED", "value": persona[field]})
        for at, (kind, field) in enumerate(kinds)
        if persona.get(field) and {field, "contacts"} & set(scopes)
    ]


def _addresses(persona: Row, scopes: tuple[str, ...]) -> list[tuple[int, Row]]:
    return list(enumerate(persona["addresses"])) if {"addresses", "contacts"} & set(scopes) else []


def _documents(persona: Row, scopes: tuple[str, ...]) -> list[tuple[int, Row]]:
    checked = [document | {"vrfStu": "VERIFIED"} for document in persona["documents"]]
    return list(enumerate(checked)) if "id_doc" in scopes else []


def _kids(persona: Row, scopes: tuple[str, ...]) -> list[tuple[int, Row]]:
    own = tuple(scope.removeprefix("kid_") for scope in scopes if scope.startswith("kid_"))
    return [(at, {"id": kid["id"]} | _kid(kid, own)) for at, kid in enumerate(persona["kids"]) if own]


def _kid(kid: Row, scopes: tuple[str, ...]) -> Row:
    documents = [_tagged(document | {"vrfStu": "VERIFIED"}) for document in kid["documents"]]
    shown = {"documents": _sized(documents)} if "birth_cert_doc" in scopes else {}
    return _allowed(kid, scopes) | shown


def _allowed(row: Row, scopes: tuple[str, ...]) -> Row:
    """The fields that the scopes open and that are filled in."""
    return {field: row[field] for scope in scopes for field in FIELDS.get(scope, ()) if row.get(field)}


def _sized(rows: list[Any]) -> Row:
    """How ESIA wraps a collection."""
    return {"stateFacts": ["hasSize"], "size": len(rows), "elements": rows}


def wrapped(rows: list[Row], address: str, *, is_embedded: bool) -> Row:
    """A collection: with `?embed=(elements)` the rows themselves, else their addresses."""
    return _tagged(_sized(rows if is_embedded else [f"{address}/{row['id']}" for row in rows]))


def _tagged(row: Row) -> Row:
    """With the eTag that every resource carries."""
    return row | {"eTag": hashlib.sha1(json.dumps(row, sort_keys=True).encode()).hexdigest().upper()}
