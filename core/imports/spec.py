"""What an app declares to be importable: one `ImportSpec` per target, in the app's `imports.py`. Nothing else to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import models
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import override

from core.imports.headings import normalise

if TYPE_CHECKING:
    from core.imports.run import Run

Kind = Literal[
    "text", "date", "datetime", "decimal", "integer", "choice", "email", "phone", "tags", "reference", "user"
]

STAGING_TYPES: dict[str, str] = {
    "date": "date", "datetime": "timestamptz", "decimal": "numeric", "integer": "bigint", "tags": "text[]",
}  # fmt: skip


def in_every_language(label: Any) -> list[str]:
    """A label as everybody reads it: a file written in one language is understood by who works in another."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(str(label))
    return found


@dataclass(frozen=True)
class Field:
    """One thing a column of a file may hold.

    `column` is the database column it is written to; empty when the spec's hooks write it. `synonyms` are headings in
    both languages that mean it, the surest first. `choices` lists (value, label) of a choice; other words are mapped by the person.
    A `reference` names a record of the target `to`; `missing` says what happens to names that nobody bears: the row is
    refused, a record of that name is created, or the field stays empty. With `may_create` the person may choose to have
    them created (`Mapping.create_missing`).
    `check` refuses a value by returning the code of a reason. `tidy` rewrites a value before anything else sees it.
    `made_of` names fields from which a hook makes this one when it has no column itself.
    `hidden` fields have no column of their own in a file: hooks fill them.
    `initial` values are taken for a new record only and never compared with what stands here.
    `places` are the decimals a number keeps; None keeps all of them (quantities, unit prices).
    `two_ways`: where a column leaves the order of day and month open, its dates are staged in both readings
    (`f_<field>` and `f_<field>_other`), and a hook decides row by row (`Run.two_ways`).
    `one_for_all`: without a column, the person may give one value for all rows.
    `create_verb` is the right it takes to have unknown names created, instead of the other target's own. `creates` says
    what else a created record gets: field of the other target → field of this row; the name itself is then its code.
    """

    name: str
    label: Any
    kind: Kind = "text"
    column: str = ""
    required: bool = False
    made_of: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    choices: Callable[[], Sequence[tuple[Any, Any]]] | None = None
    words: Mapping[str, str] | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    to: str = ""
    check: Callable[[str], str | None] | None = None
    tidy: Callable[[str], str] | None = None
    missing: Literal["refuse", "create", "leave"] = "leave"
    may_create: bool = False
    create_verb: str = ""
    creates: Mapping[str, str] | None = None
    initial: bool = False
    places: int | None = 2
    two_ways: bool = False
    one_for_all: bool = False
    hidden: bool = False
    help: Any = ""

    @property
    def is_reference(self) -> bool:
        """Whether the value names another record and becomes its id."""
        return self.kind in {"reference", "user"}

    @property
    def staging_type(self) -> str:
        """The type of its column in the staging table."""
        return STAGING_TYPES.get(self.kind, "text")

    def place_of(self, heading: str) -> int | None:
        """How well a (normalised) heading means this field, 0 being best; None when it does not."""
        return self._headings.get(heading)

    @cached_property
    def _headings(self) -> dict[str, int]:
        """Its name and labels, then the synonyms in their order: the earlier, the surer."""
        words = (self.name, *in_every_language(self.label))
        places = {normalise(word): place for place, word in reversed([*enumerate(self.synonyms, 1)])}
        return places | {normalise(word): 0 for word in words}

    def choice_of(self, text: str) -> str | None:
        """The value a word stands for by itself: the value, its label in any of our languages, or a declared word."""
        word = normalise(text)
        for value, label in self.choices() if self.choices else ():
            if word in {normalise(each) for each in (str(value), *in_every_language(label))}:
                return str(value)
        return (self.words or {}).get(word)


@dataclass(frozen=True)
class Key:
    """A way to find the record a row is about.

    The default compares the fields' columns: texts without regard to case, or letter by letter where the key is `exact`
    (a plain index on the column serves it). `pairs` may give SQL instead that selects (row_number, id) from the staging
    table {stage}. A key may hold a reference: (account, number) finds the account's own number.
    `made` are parts that the spec's hooks fill (a serial number among rows that look alike).
    """

    name: str
    label: Any
    fields: tuple[str, ...]
    pairs: str = ""
    exact: bool = False
    made: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """All fields that make it."""
        return self.fields + self.made


@dataclass(frozen=True)
class ImportSpec:
    """A target of imports: a model, its fields, the keys that find existing rows, the rights it takes, and hooks in SQL.

    `reference_columns` are the columns by which other targets may name a record of this one, best first; a name nobody
    bears may create one with `reference_field` set to it.

    `unique` names fields whose value stands once in the table.

    `append_only` targets hold facts (invoices, payments): a row about a record that is here is unchanged when it says the
    same, and refused when it says something else. No import updates them.

    `audit_rows` leaves one audit line for each record; without it the import's own line stands for all.

    `lines` names fields of which a file has several rows for one record (quantity and price of each item): where one of
    them has a column, the hooks join the rows (`core.imports.lines`), and a refused line refuses the whole record.

    The hooks receive the `Run` and work on its staging table, set by set:
    `prepare` after the rows are in and before names become ids; `check` refuses rows once ids are known; `compare` marks
    rows as changed because of records beside the main one; `finish` writes those records. `tell` adds notes once every
    row has its action.
    """

    target: str
    label: Any
    model: type[models.Model]
    fields: tuple[Field, ...]
    keys: tuple[Key, ...]
    add_verb: str
    edit_verb: str
    unique: tuple[str, ...] = ()
    icon: str = "table-import"
    list_url: str = ""
    help: Any = ""
    reference_columns: tuple[str, ...] = ()
    reference_field: str = "name"
    search_names: tuple[str, ...] = ()
    names_a_person: bool = False
    transfer_verb: str = ""
    append_only: bool = False
    audit_rows: bool = True
    account_column: str = ""
    lines: tuple[str, ...] = ()
    defaults: Callable[[Run], Mapping[str, Any]] | None = None
    prepare: Callable[[Run], None] | None = None
    check: Callable[[Run], None] | None = None
    compare: Callable[[Run], None] | None = None
    finish: Callable[[Run], None] | None = None
    tell: Callable[[Run], None] | None = None

    @property
    def table(self) -> str:
        """The table written to."""
        return self.model._meta.db_table

    def field(self, name: str) -> Field:
        """The field of this name; KeyError when there is none."""
        return self._by_name[name]

    def key(self, name: str) -> Key | None:
        """The key of this name, None for “every row is new”."""
        return next((key for key in self.keys if key.name == name), None)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


_SPECS: dict[str, ImportSpec] = {}


def register(spec: ImportSpec) -> ImportSpec:
    """Make a target importable."""
    _SPECS[spec.target] = spec
    return spec


def specs() -> dict[str, ImportSpec]:
    """All targets, in the order of their declaration."""
    if not _SPECS:
        autodiscover_modules("imports")
    return _SPECS


def known_headings() -> frozenset[str]:
    """Normalised headings of all fields of all targets: they tell a header line."""
    return frozenset().union(*(field._headings for spec in specs().values() for field in spec.fields))  # noqa: SLF001
