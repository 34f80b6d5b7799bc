"""Whatever is sent to whichever operation by whichever role: never a 500, and every refusal in the one shape (T8, T26)."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from core.models import User
from core.tokens import make_token
from receivables.models import Contract
from tests.factories import make_account, make_contact, make_invoice, make_payment, make_prospect

ROLES = ["rep", "other_rep", "manager", "collector", "executive", "administrator"]
IDS = ["{id}", "0", "999999999999999999"]
NASTY: list[Any] = [
    "", " ", "\x00", "a" * 3_000, "'; drop table core_user; --", "%_\\", "\ud7ff\uffff", "９", "-1", "1e400", "99999999999999999999", "NaN",
    "2026-02-30", "0001-01-01", "null", "[]", "{}", "../../etc/passwd", "<script>", "😀", "true",
]  # fmt: skip
VALUES: list[Any] = [None, True, -1, 0, 10**30, 1.5, [], {}, ["x"], {"a": 1}, *NASTY]


@lru_cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return found


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in schema()["paths"].items() for method in methods]


def bodies(operation: dict[str, Any], components: dict[str, Any], dice: random.Random) -> Iterator[Any]:
    """Whole bodies of the wrong kind, then every field with some nasty values, the others likely right."""
    yield from ([], "text", None, 5, {}, {"nothing": "known"})
    likely = _first_right_body(operation, components)
    yield likely
    for name in likely:
        for value in dice.sample(VALUES, 6):
            yield {**likely, name: value}


def _first_right_body(operation: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    fields = _properties(content, components)
    return {name: _likely(field, components) for name, field in fields.items()}


def _properties(schema_: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema_:
        schema_ = components[schema_["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = schema_.get("properties", {})
    return found


def _likely(field: dict[str, Any], components: dict[str, Any]) -> Any:
    for ref in [field, *field.get("allOf", []), *field.get("oneOf", [])]:
        if "$ref" in ref:
            field = components[ref["$ref"].rsplit("/", 1)[1]]
            break
    if field.get("enum"):
        return field["enum"][0]
    kinds = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
    formats = {
        "date": "2026-03-02",
        "date-time": "2026-03-02T08:00:00Z",
        "decimal": "10.00",
        "uri": "https://example.com",
    }
    return kinds.get(field.get("type", ""), formats.get(field.get("format", ""), "Some text"))


def check(answer: Any, what: tuple[Any, ...]) -> None:
    assert answer.status_code < 500, what
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error"}, what
        assert set(answer.json()["error"]) == {"code", "message", "field", "details"}, what


@pytest.fixture
def client(request: pytest.FixtureRequest, settings: Any) -> Client:
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    user: User = request.getfixturevalue(request.param)
    return KeyedClient(
        headers={"Authorization": f"Bearer {make_token(user, 'test')[1]}"}, raise_request_exception=False
    )


class KeyedClient(Client):
    """Gives each POST a key of its own, so that those about money are not all refused for the want of one."""

    def generic(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if method == "POST":
            kwargs["headers"] = {"Idempotency-Key": uuid4().hex}
        return super().generic(method, *args, **kwargs)


@pytest.fixture
def rows(rep: User) -> dict[str, int]:
    """One row of each kind, and their ids by the first word of the path."""
    account = make_account(rep, "华为")
    contact = make_contact(rep, account, "曾国藩")
    prospect = make_prospect(rep, account)
    position = contact.positions.get()
    return {
        "accounts": account.pk,
        "contacts": contact.pk,
        "positions": position.pk,
        "prospects": prospect.pk,
        "contracts": Contract.objects.create(account=account, number="C-1").pk,
        "invoices": make_invoice(account).pk,
        "payments": make_payment(account).pk,
        "users": rep.pk,
        "teams": rep.team_id or 0,
    }


def addresses(path: str, rows: dict[str, int]) -> list[str]:
    if "{" not in path:
        return [path]
    own = rows.get(path.split("/")[3], 1)
    first, *others = re.findall(r"{\w+}", path)
    for other in others:
        path = path.replace(other, "1")
    return [path.replace(first, pk.format(id=own)) for pk in IDS]


@pytest.mark.parametrize("client", ROLES, indirect=True)
def test_every_role_gets_an_answer_everywhere(client: Client, rows: dict[str, int]) -> None:
    described = schema()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for address in addresses(path, rows):
                body = _first_right_body(operation, described["components"]["schemas"])
                sent = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
                check(client.generic(method.upper(), address, **sent), (method, address))


@pytest.mark.slow
@pytest.mark.parametrize("client", ["manager"], indirect=True)
@pytest.mark.parametrize(("path", "method"), operations())
def test_nothing_breaks(path: str, method: str, client: Client, rows: dict[str, int]) -> None:
    described = schema()
    operation, components = described["paths"][path][method], described["components"]["schemas"]
    address = addresses(path, rows)[0]
    dice = random.Random(f"{method} {path}")
    if method == "get":
        for parameter in operation.get("parameters", []):
            for value in dice.sample(NASTY, 6) if parameter["in"] == "query" else []:
                check(client.get(address, {parameter["name"]: value}), (address, parameter["name"], value))
        return
    for body in bodies(operation, components, dice):
        data = json.dumps(body)
        check(client.generic(method.upper(), address, data, content_type="application/json"), (address, body))
    for content, kind in ((b"{broken", "application/json"), (b"\xff\xfe", "application/json"), (b"a=b", "text/plain")):
        check(client.generic(method.upper(), address, content, content_type=kind), (address, content))


@pytest.mark.parametrize(("path", "method"), operations())
def test_nobody_gets_in_without_signing_in(path: str, method: str, rows: dict[str, int]) -> None:
    for address in addresses(path, rows):
        answer = Client().generic(method.upper(), address, "{}", content_type="application/json")
        assert answer.status_code == 401, address
        check(answer, (address,))
