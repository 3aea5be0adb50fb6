"""A sealed column: what goes in comes out, at its own place only; and nothing goes in clear."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.foundation.access.scope import school_scope
from diary.foundation.core.encryption import DecryptionFailed, EncryptedTextField
from diary.foundation.core.encryption.tests.tables import Paper, Person, registry
from diary.foundation.core.encryption.values import Place, seal, unseal

pytestmark = pytest.mark.usefixtures("sealed")
PHONE = "+79161234567"


def run(sql: str, *given: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)


def person(**values: object) -> Person:
    return Person.objects.create(**values)


def read(row: models.Model) -> models.Model:
    return type(row)._default_manager.get(pk=row.pk)


# The value itself


def test_any_text_comes_back() -> None:
    @given(text=st.text(max_size=200), row=st.text(max_size=20))
    @settings(deadline=None)
    def comes_back(text: str, row: str) -> None:
        place = Place("t", "c", 0, row)
        assert unseal(seal(text, place), place) == text

    comes_back()


def test_two_seals_of_one_text_differ() -> None:
    place = Place("t", "c", 0, "1")
    assert seal(PHONE, place) != seal(PHONE, place)


@pytest.mark.parametrize(
    "elsewhere", [Place("u", "c", 7, "1"), Place("t", "d", 7, "1"), Place("t", "c", 8, "1"), Place("t", "c", 7, "2")]
)
def test_value_opens_at_its_own_place_only(elsewhere: Place) -> None:
    value = seal(PHONE, Place("t", "c", 7, "1"))
    with pytest.raises(DecryptionFailed, match=rf"^{elsewhere.table}\.{elsewhere.column}: changed, or moved"):
        unseal(value, elsewhere)


def test_every_flipped_bit_is_seen() -> None:
    place = Place("t", "c", 0, "1")
    value = seal("7", place)
    for index in range(len(value) * 8):
        broken = bytearray(value)
        broken[index // 8] ^= 1 << index % 8
        with pytest.raises(DecryptionFailed):
            unseal(bytes(broken), place)


def test_unknown_key_is_named() -> None:
    value = bytearray(seal(PHONE, Place("t", "c", 0, "1")))
    value[1:5] = bytes.fromhex("0badcafe")
    with pytest.raises(DecryptionFailed, match=r"^t\.c: data key 0badcafe is unknown$"):
        unseal(bytes(value), Place("t", "c", 0, "1"))


def test_failure_shows_nothing_of_the_value() -> None:
    value = seal(PHONE, Place("t", "c", 0, "1"))
    with pytest.raises(DecryptionFailed) as failure:
        unseal(value, Place("t", "c", 0, "2"))
    assert failure.value.__cause__ is None
    assert failure.value.args == ("t.c: changed, or moved from another place",)


# In a row


@pytest.mark.parametrize(("phone", "email"), [(PHONE, "a@b.ru"), ("", None), ("", ""), ("Ы" * 5000, "\n\t «»")])
def test_saved_text_comes_back(phone: str, email: str | None) -> None:
    found = read(person(phone=phone, email=email))
    assert (found.phone, found.email) == (phone, email)


def test_row_of_a_school_is_sealed_with_the_key_of_the_school() -> None:
    with school_scope([5]):
        paper = Paper.objects.create(school_id=5, content="серия 4510")
        assert read(paper).content == "серия 4510"
        run(
            "UPDATE core_sealedpaper SET content = %s WHERE id = %s", seal("чужое", _place_of_paper(paper, 6)), paper.id
        )
        with pytest.raises(DecryptionFailed, match=r"core_sealedpaper\.content"):
            assert read(paper).content


def _place_of_paper(paper: Paper, school_number: int) -> Place:
    return Place("core_sealedpaper", "content", school_number, str(paper.id))


def test_changed_text_is_saved_with_its_field_and_with_the_whole_row() -> None:
    row = person(phone=PHONE)
    row.phone = "+79990000000"
    row.save(update_fields=["phone"])
    found = read(row)
    assert found.phone == "+79990000000"
    found.name = "Ольга"
    found.save()
    assert read(row).phone == "+79990000000"


def test_row_saved_unread_keeps_its_text() -> None:
    row = read(person(phone=PHONE))
    row.name = "Ольга"
    row.save()
    assert read(row).phone == PHONE


def test_many_rows_at_once() -> None:
    made = Person.objects.bulk_create([Person(phone=f"+7916000000{one}") for one in range(5)])
    found = Person.objects.filter(pk__in=[one.pk for one in made]).order_by("phone")
    assert sorted(one.phone for one in found) == [f"+7916000000{one}" for one in range(5)]


def test_deferred_and_refreshed_columns_are_read() -> None:
    row = person(phone=PHONE)
    assert Person.objects.defer("phone").get(pk=row.pk).phone == PHONE
    assert Person.objects.only("phone").get(pk=row.pk).phone == PHONE
    row.phone = "other"
    row.refresh_from_db()
    assert row.phone == PHONE


def test_values_moved_between_rows_and_columns_do_not_open() -> None:
    one, other = person(phone=PHONE, email="a@b.ru"), person(phone="+79990000000")
    run("UPDATE core_sealedperson SET phone = email WHERE id = %s", one.id)
    run("UPDATE core_sealedperson SET phone = (SELECT email FROM core_sealedperson WHERE id = %s)", one.id)
    for moved in (one, other):
        with pytest.raises(DecryptionFailed, match=r"^core_sealedperson\.phone: changed, or moved"):
            assert read(moved).phone
    assert read(one).email == "a@b.ru"


def test_row_with_a_moved_value_cannot_be_saved_over() -> None:
    row = person(phone=PHONE, email="a@b.ru")
    run("UPDATE core_sealedperson SET phone = email, email = phone WHERE id = %s", row.id)
    found = read(row)
    with pytest.raises(DecryptionFailed):
        found.save()


def test_list_pays_nothing_for_columns_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    row = person(phone=PHONE, email="a@b.ru")
    opened: list[Place] = []
    monkeypatch.setattr(
        "diary.foundation.core.encryption.fields.unseal", lambda value, place: opened.append(place) or "?"
    )
    found = Person.objects.get(pk=row.pk)
    assert not opened
    assert (found.phone, found.phone) == ("?", "?")
    assert [place.column for place in opened] == ["phone"]


def test_reading_costs_no_statement_once_the_key_is_known() -> None:
    rows = [person(phone=PHONE) for _ in range(3)]
    found = list(Person.objects.filter(pk__in=[row.pk for row in rows]))
    with CaptureQueriesContext(connection) as statements:
        assert [one.phone for one in found] == [PHONE] * 3
    assert len(statements) == 0


def test_raw_rows_open_too() -> None:
    row = person(phone=PHONE)
    [found] = Person.objects.raw("SELECT * FROM core_sealedperson WHERE id = %s", [row.id])
    assert found.phone == PHONE


def test_dump_of_the_table_shows_nothing() -> None:
    row = person(phone=PHONE, email="olga@пример.рф")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, ' ') FROM core_sealedperson p WHERE id = %s", [row.id])
        dump = str(cursor.fetchone()[0])
    assert str(row.number) in dump
    for part in (PHONE, PHONE[-4:], "olga", "пример"):
        assert part not in dump
        assert part.encode().hex() not in dump


# What is refused

WRITES: dict[str, Callable[[Person], object]] = {
    "text": lambda _row: Person.objects.update(phone=PHONE),
    "bytes": lambda _row: Person.objects.update(phone=PHONE.encode()),
    "expression": lambda _row: Person.objects.update(phone=Value(PHONE)),
    "column": lambda _row: Person.objects.update(phone=F("email")),
    "bulk_update": lambda row: Person.objects.bulk_update([row], ["phone"]),
    "upsert": lambda row: Person.objects.bulk_create(
        [Person(id=row.id, phone=PHONE)], update_conflicts=True, unique_fields=["id"], update_fields=["phone"]
    ),
}


@pytest.mark.parametrize("way", WRITES)
def test_writes_past_the_instance_are_refused(way: str) -> None:
    row = person(phone="+79990000000")
    with pytest.raises(FieldError, match=r"core\.Person\.phone is encrypted and is bound to its row"):
        WRITES[way](row)
    assert read(row).phone == "+79990000000"


def test_columns_can_be_emptied_at_once() -> None:
    row = person(phone=PHONE, email="a@b.ru")
    Person.objects.filter(pk=row.pk).update(phone="", email=None)
    assert (read(row).phone, read(row).email) == ("", None)


@pytest.mark.parametrize("lookup", ["phone", "phone__in", "phone__contains", "phone__iexact", "phone__gt"])
def test_searching_in_a_sealed_column_is_refused(lookup: str) -> None:
    with pytest.raises(FieldError, match=r"core\.Person\.phone is encrypted and cannot be searched"):
        Person.objects.filter(**{lookup: [PHONE]}).exists()


def test_whether_there_is_a_value_can_be_asked() -> None:
    row = person(email="a@b.ru")
    assert Person.objects.filter(pk=row.pk, email__isnull=False).exists()


@pytest.mark.parametrize("wrong", [7, F("email"), Value("x"), uuid.uuid4(), ["x"]])
def test_nothing_but_text_is_taken(wrong: object) -> None:
    with pytest.raises(TypeError, match="takes text only"):
        Person(phone=wrong)


def test_clear_bytes_given_for_sealed_ones_are_refused() -> None:
    row = Person(phone=PHONE.encode())
    with pytest.raises(DecryptionFailed, match="not a sealed value"):
        row.save()


def test_row_that_is_not_known_yet_is_refused() -> None:
    with pytest.raises(ValueError, match="set number"):
        Person(number=None, phone=PHONE).save()


def test_database_itself_refuses_clear_text() -> None:
    row = person(phone=PHONE)
    with pytest.raises(IntegrityError, match="core_sealedperson_phone_check"):
        run("UPDATE core_sealedperson SET phone = %s WHERE id = %s", PHONE.encode() * 4, row.id)


def test_every_sealed_column_of_the_diary_is_guarded_by_its_check(sealed: str) -> None:
    """A column altered from clear text would keep the clear bytes and get no check: add a new one and copy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
        )
        checks = cursor.fetchall()
    columns = [
        field
        for model in (*apps.get_models(), Person, Paper)
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]
    assert len(columns) > 3
    for field in columns:
        guards = [text for table, text in checks if table == field.model._meta.db_table]
        assert any(f"get_byte({field.column}, 0) = 1" in text for text in guards), field


# Found by `manage.py check` and by migrations


def test_migration_file_keeps_the_row() -> None:
    _name, _path, args, kwargs = Person._meta.get_field("phone").deconstruct()
    assert kwargs["row"] == "number"
    assert MigrationWriter.serialize(EncryptedTextField(*args, **kwargs))[0].endswith("row='number')")
    assert "row" not in Paper._meta.get_field("content").deconstruct()[3]


def _problems(label: str, **fields: models.Field[object, object]) -> list[str]:
    options = type("Meta", (), {"apps": registry, "app_label": "core"})
    model = type(label, (models.Model,), {"__module__": __name__, "Meta": options, **fields})
    return [message.id for message in model._meta.get_field("secret").check()]  # type: ignore[attr-defined]


def test_tables_that_could_lose_values_are_found_by_the_check() -> None:
    given_late = _problems("A1", secret=EncryptedTextField())
    unheard_of = _problems("A2", secret=EncryptedTextField(row="nothing"))
    not_unique = _problems("A3", number=models.UUIDField(editable=False), secret=EncryptedTextField(row="number"))
    editable = _problems("A4", number=models.UUIDField(unique=True), secret=EncryptedTextField(row="number"))
    indexed = _problems("A5", id=models.UUIDField(primary_key=True), secret=EncryptedTextField(db_index=True))
    whole = _problems("A6", id=models.UUIDField(primary_key=True), secret=EncryptedTextField())
    assert (given_late, unheard_of, not_unique, editable, indexed, whole) == (
        ["core.E002"], ["core.E001"], ["core.E003"], ["core.E003"], ["core.E004"], []
    )  # fmt: skip
    assert not Person._meta.get_field("phone").check() + Paper._meta.get_field("content").check()
