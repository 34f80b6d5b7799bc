"""Which column goes where and what was decided about the rows: proposed from headings, corrected by a person, kept."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.imports.headings import normalise
from core.imports.spec import Field, ImportSpec
from core.words import listed

Existing = Literal["update", "skip"]


@dataclass(frozen=True)
class Mapping:
    """`columns`: heading → field. `values`: field → the file's word → our value. `constants`: field → value of all rows.

    `scales`: field → what its numbers are multiplied by (1000000 where a file counts in millions, 0.01 in cents, -1 where
    it writes with the other sign).
    `only`: heading → the words whose rows are taken; other rows are left out. `key` is a key's name or "none".
    `create_missing`: fields whose unknown names become new records, where their spec leaves that to the person.
    `date_order` and `decimal_mark` are empty when the columns decide for themselves.
    """

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    scales: dict[str, float] = field(default_factory=dict)
    only: dict[str, list[str]] = field(default_factory=dict)
    key: str = ""
    existing: Existing = "update"
    date_order: str = ""
    decimal_mark: str = ""
    currency: str = ""
    create_missing: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: MappingOf[str, Any]) -> Mapping:
        """From stored or given values; unknown names are refused."""
        unknown = set(values) - set(cls.__dataclass_fields__) - {"target", "layout", "comment"}
        if unknown:
            raise DomainError(_("The mapping names something unknown: %(names)s.") % {"names": listed(sorted(unknown))})
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields that get a value."""
        return frozenset(self.columns.values()) | frozenset(self.constants)

    def without(self, headings: list[str]) -> Mapping:
        """Only what these headings know: a remembered mapping for a file that has some columns less."""
        columns = {heading: name for heading, name in self.columns.items() if heading in headings}
        only = {heading: words for heading, words in self.only.items() if heading in headings}
        return replace(self, columns=columns, only=only)


def propose_columns(spec: ImportSpec, headings: list[str], *, empty: Collection[str] = ()) -> dict[str, str]:
    """Headings matched to fields by their names and synonyms; each field is given once, the surest heading wins.

    Of equally sure ones it is the first. One of the `empty` columns, in which nothing stands, gives way to one that is filled.
    """
    found: dict[str, str] = {}
    for field_ in spec.fields:
        if field_.hidden:
            continue
        places = {heading: field_.place_of(normalise(heading)) for heading in headings if heading not in found}
        known = {heading: place for heading, place in places.items() if place is not None}
        if known:
            found[min(known, key=lambda heading: (heading in empty, known[heading]))] = field_.name
    return {heading: found[heading] for heading in headings if heading in found}


def propose_target(all_specs: MappingOf[str, ImportSpec], headings: list[str]) -> str:
    """The target whose fields recognise most headings, required ones counting double; empty when none does."""
    best, best_score = "", 0.0
    for target, spec in all_specs.items():
        names = set(propose_columns(spec, headings).values())
        required = {each.name for each in spec.fields if each.required}
        choices = {each.name for each in spec.fields if each.kind == "choice"}
        score = len(names) + 1.5 * len(names & required) + 0.5 * len(names & choices)
        if score > best_score:
            best, best_score = target, score
    return best


def propose_values(spec: ImportSpec, mapping: Mapping, survey: MappingOf[str, Any]) -> dict[str, dict[str, str]]:
    """For each choice column: the file's words with the value each stands for, empty where a person must say."""
    proposed: dict[str, dict[str, str]] = {}
    for heading, name in mapping.columns.items():
        field_ = spec.field(name)
        column = survey.get(heading)
        if field_.kind != "choice" or column is None:
            continue
        known = mapping.values.get(name, {})
        proposed[name] = {word: known.get(word, field_.choice_of(word) or "") for word, _count in column["values"]}
    return proposed


def propose_key(spec: ImportSpec, mapping: Mapping, survey: MappingOf[str, Any], rows: int) -> str:
    """The first key whose columns are filled in every row; a code before a name."""
    headings = {name: heading for heading, name in mapping.columns.items()}
    best, best_share = "none", 0.0
    for key in spec.keys:
        if not all(name in headings or name in mapping.constants for name in key.fields):
            continue
        filled = [
            survey[headings[name]]["filled"] for name in key.fields if name in headings and headings[name] in survey
        ]
        share = min(filled, default=rows) / rows if rows else 1.0
        if share >= 0.999:
            return key.name
        if share > best_share:
            best, best_share = key.name, share
    return best


def missing_fields(spec: ImportSpec, mapping: Mapping) -> list[Field]:
    """Required fields that get no value, neither from a column of their own nor from those they are made of."""
    return [
        field_ for field_ in spec.fields
        if field_.required and field_.name not in mapping.fields and mapping.fields.isdisjoint(field_.made_of)
    ]  # fmt: skip


def check_mapping(spec: ImportSpec, mapping: Mapping, headings: list[str]) -> None:
    """Raise DomainError when the mapping cannot work: unknown names, a field twice, a required field without a column."""
    names = list(mapping.columns.values())
    for heading in (*mapping.columns, *mapping.only):
        if heading not in headings:
            raise DomainError(_("The file has no column “%(heading)s”.") % {"heading": heading}, field="columns")
    if empty := [heading for heading, words in mapping.only.items() if not words]:
        raise DomainError(
            _("Tick the rows to take by “%(heading)s”, or take all rows.") % {"heading": empty[0]}, field="only"
        )
    for name in (*names, *mapping.constants, *mapping.values, *mapping.create_missing):
        if name not in {field_.name for field_ in spec.fields}:
            raise DomainError(_("There is no field “%(name)s”.") % {"name": name}, field="columns")
    for name in names:
        if names.count(name) > 1:
            label = spec.field(name).label
            raise DomainError(_("Two columns are mapped to “%(name)s”. Choose one.") % {"name": label}, field="columns")
    for field_ in missing_fields(spec, mapping):
        raise DomainError(_("Choose the column for “%(name)s”.") % {"name": field_.label}, field="columns")
    _check_key(spec, mapping)


def _check_key(spec: ImportSpec, mapping: Mapping) -> None:
    """Raise DomainError when no row could be known again by the key chosen."""
    if mapping.key == "none" and spec.append_only:
        raise DomainError(_("Choose by what a row is known again: what is on the books is there once."), field="key")
    if mapping.key not in {"", "none"}:
        key = spec.key(mapping.key)
        if key is None:
            raise DomainError(_("There is no key “%(name)s”.") % {"name": mapping.key}, field="key")
        if missing := [name for name in key.fields if name not in mapping.fields]:
            label = spec.field(missing[0]).label
            raise DomainError(
                _("To match by “%(key)s”, choose the column for “%(name)s”.") % {"key": key.label, "name": label},
                field="key",
            )
