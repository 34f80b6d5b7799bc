"""Targets that hold facts: no import changes what is on the books. And names nobody bears, which a person may have created."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accounts.models import Account
from core.imports import spec as specs
from prospects.models import Prospect


@pytest.fixture
def facts(monkeypatch) -> None:
    """Accounts, as if they were facts."""
    accounts = replace(specs.specs()["accounts"], append_only=True)
    monkeypatch.setitem(specs._SPECS, "accounts", accounts)


def test_a_fact_is_never_updated(bring, facts):
    bring("a.csv", content=b"code,name,city\n007,Acme,Rome\n")
    job = bring("a.csv", content=b"code,name,city\n007,Acme,Paris\n008,Beta,Oslo\n")
    assert (job.counts["created"], job.counts["updated"], job.counts["refused"]) == (1, 0, 1)
    assert [(reason["code"], reason["field"], reason["value"]) for reason in job.report["reasons"]] == [
        ("fact_differs", "city", "Rome")
    ]
    assert list(Account.objects.order_by("code").values_list("code", "city")) == [("007", "Rome"), ("008", "Oslo")]


def test_the_same_fact_again_is_unchanged(bring, facts):
    content = b"code,name,city\n007,Acme,Rome\n"
    bring("a.csv", content=content)
    job = bring("a.csv", content=content)
    assert (job.counts["unchanged"], job.counts["refused"]) == (1, 0)


def test_unknown_names_become_records_only_if_the_person_says_so(bring, rep, monkeypatch):
    def prospects(**changes: Any) -> specs.ImportSpec:
        spec = specs.specs()["prospects"]
        fields = tuple(replace(each, **changes) if each.name == "account" else each for each in spec.fields)
        return replace(spec, fields=fields)

    monkeypatch.setitem(specs._SPECS, "prospects", prospects(missing="refuse", may_create=True))
    content = b"opportunity,customer,stage\nOne,Acme,E\nTwo,Acme,E\n"
    job = bring("d.csv", content=content, by=rep, target="prospects")
    assert (job.counts["created"], job.counts["refused"]) == (0, 2)
    assert {reason["code"] for reason in job.report["reasons"]} == {"account_unknown"}
    job = bring("d.csv", content=content, by=rep, target="prospects", create_missing=["account"])
    assert (job.counts["created"], Account.objects.count()) == (2, 1)
    assert set(Prospect.objects.values_list("account__name", flat=True)) == {"Acme"}
