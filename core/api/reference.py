"""The reference of the API as its pages show it: OpenAPI's description, taken apart into resources, operations and fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

Schema = dict[str, Any]
DEEPEST = 3  # levels of nested fields that are shown
CODE = re.compile(r"`([^`]+)`")
CHOICE = re.compile(r"^\* `([^`]*)` - (.*)$", re.MULTILINE)
PART = re.compile(r"\{(\w+)\}")
EXAMPLES = {"date": "2026-05-04", "date-time": "2026-05-04T09:00:00+08:00", "time": "09:00", "decimal": "1200.00"}


class OnceGenerator(SchemaGenerator):
    """Describes the API once a process and language: the views do not change while it runs."""

    def get_schema(self, request: Any = None, public: bool = False) -> Schema:
        return description(get_language() or "en")


@cache
def description(language: str) -> Schema:
    """The whole OpenAPI description; `language` is the active one, and part of what is remembered."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


@dataclass
class Field:
    """One parameter, or one field of what is sent or answered."""

    name: str
    kind: str
    text: SafeString
    required: bool = False
    depth: int = 0
    choices: list[tuple[Any, str]] = field(default_factory=list)


@dataclass
class Operation:
    """One method on one address."""

    id: str
    method: str
    path: str
    title: str
    text: SafeString
    place: list[Field]
    filters: list[Field]
    headers: list[Field]
    sends: list[Field]
    status: str
    answers: list[Field]
    refusals: list[tuple[str, SafeString]]
    sample: str

    @property
    def can_be_tried(self) -> bool:
        """Reading changes nothing, so the page offers to do it."""
        return self.method == "GET"


@dataclass
class Resource:
    """What one word of the address stands for."""

    name: str
    operations: list[Operation]

    @property
    def title(self) -> str:
        """The word as a heading."""
        return self.name.replace("-", " ").capitalize()


@cache
def resources(language: str) -> dict[str, Resource]:
    """Every resource by its name, in the order of the alphabet."""
    schema = description(language)
    found: dict[str, list[Operation]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            found.setdefault(operation["tags"][0], []).append(_operation(schema, method, path, operation))
    return {name: Resource(name, found[name]) for name in sorted(found)}


def find_operation(language: str, name: str) -> Operation | None:
    """The operation of that id, if it reads."""
    every = (operation for resource in resources(language).values() for operation in resource.operations)
    return next((operation for operation in every if operation.id == name and operation.can_be_tried), None)


def _operation(schema: Schema, method: str, path: str, operation: Schema) -> Operation:
    by_place: dict[str, list[Field]] = {"path": [], "query": [], "header": []}
    for parameter in operation.get("parameters", []):
        shape = {**parameter["schema"], "description": parameter.get("description", "")}
        by_place[parameter["in"]].append(_field(schema, parameter["name"], shape, parameter.get("required", False)))
    body = _content(operation.get("requestBody", {}))
    status, answer = next((status, each) for status, each in operation["responses"].items() if status < "300")
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        title=operation.get("summary") or _title(method, path),
        text=with_code(operation.get("description", "")),
        place=by_place["path"],
        filters=by_place["query"],
        headers=by_place["header"],
        sends=list(_fields(schema, body)),
        status=status,
        answers=list(_fields(schema, _content(answer))),
        refusals=[
            (code, with_code(each["description"])) for code, each in operation["responses"].items() if code >= "400"
        ],
        sample=_sample(schema, method, path, body),
    )


def _title(method: str, path: str) -> str:
    if method == "get":
        return _("Read one") if path.endswith("}/") else _("List")
    return {"post": _("Add"), "delete": _("Remove")}.get(method, _("Edit"))


def _content(message: Schema) -> Schema:
    """The shape of a request or answer as JSON, else of whatever it comes as."""
    kinds = message.get("content", {})
    chosen: Schema = kinds.get("application/json") or next(iter(kinds.values()), {})
    shape: Schema = chosen.get("schema", {})
    return shape


def _resolved(schema: Schema, shape: Schema) -> Schema:
    """A shape without references: what `$ref`, `allOf` and `oneOf` stand for, under the description nearest to it."""
    if "$ref" in shape:
        target = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]]
        return _resolved(schema, target)
    parts = shape.get("allOf") or shape.get("oneOf")
    if not parts:
        return shape
    whole: Schema = {}
    for part in (_resolved(schema, part) for part in parts):
        whole = {**part, **whole, "enum": [*whole.get("enum", []), *part.get("enum", [])]}
    nearest = {key: value for key, value in shape.items() if key not in {"allOf", "oneOf"}}
    return {**whole, **nearest}


def _fields(schema: Schema, shape: Schema, prefix: str = "", depth: int = 0) -> Iterator[Field]:
    """The fields of an object or of each object of a list, nested ones below their parent."""
    shape = _resolved(schema, shape)
    if shape.get("type") == "array":
        yield from _fields(schema, shape["items"], f"{prefix}[]", depth)
        return
    for name, inner in shape.get("properties", {}).items():
        yield _field(schema, f"{prefix}.{name}".lstrip("."), inner, name in shape.get("required", []), depth)
        if depth < DEEPEST:
            yield from _fields(schema, inner, f"{prefix}.{name}", depth + 1)


def _field(schema: Schema, name: str, shape: Schema, required: bool, depth: int = 0) -> Field:
    shape = _resolved(schema, shape)
    item = _resolved(schema, shape.get("items", {}))
    said = str(shape.get("description", ""))
    text = said.split("* `", maxsplit=1)[0].strip()
    labels = dict(CHOICE.findall(said or str(item.get("description", ""))))
    values = [value for value in shape.get("enum") or item.get("enum") or [] if value not in ("", None)]
    return Field(
        name=name.removeprefix("[]."),
        kind=_kind(shape, item),
        text=with_code("" if text.lower() == name else text),
        required=required,
        depth=depth,
        choices=[(value, "" if labels.get(str(value)) == value else labels.get(str(value), "")) for value in values],
    )


def _kind(shape: Schema, item: Schema) -> str:
    if shape.get("type") == "array":
        return _("list of %(kind)s") % {"kind": _kind(item, {})}
    words = {
        "date": _("day"), "date-time": _("moment"), "time": _("time"), "decimal": _("amount"),
        "uri": _("address"), "email": _("email"), "binary": _("file"),
        "integer": _("whole number"), "number": _("number"), "boolean": _("true or false"), "object": _("object"),
    }  # fmt: skip
    word = words.get(shape.get("format", "")) or words.get(shape.get("type", "")) or _("text")
    return _("%(kind)s or null") % {"kind": word} if shape.get("nullable") else word


def _sample(schema: Schema, method: str, path: str, body: Schema) -> str:
    """The call as one types it into a terminal."""
    lines = ['curl -H "Authorization: Token $TOKEN"']
    if method != "get":
        lines.append(f"-X {method.upper()}")
    shape = _resolved(schema, body)
    properties = shape.get("properties", {})
    needed = [name for name in properties if name in shape.get("required", [])] or list(properties)[:1]
    example = {name: _example(_resolved(schema, properties[name])) for name in needed}
    files = [name for name in needed if properties[name].get("format") == "binary"]
    if files:
        lines += [f"-F {name}=@file.csv" for name in files]
    elif example:
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    lines.append(f'"$KEYLINE{PART.sub("1", path)}"')
    return " \\\n  ".join(lines)


def _example(shape: Schema) -> Any:
    if shape.get("enum"):
        return shape["enum"][0]
    kinds: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    return EXAMPLES.get(shape.get("format", "")) or kinds.get(shape.get("type", ""), "…")


def with_code(text: str) -> SafeString:
    """A sentence whose `words for programs` are set as such."""
    return mark_safe(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S308  escaped just before
