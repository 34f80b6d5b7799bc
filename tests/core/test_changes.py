"""Editing a row: newer edits are noticed, field history catches what bulk statements do."""

import pytest
from django.apps import apps

from accounts.models import Account
from core.changes import apply_changes, check_version
from core.errors import Conflict
from core.models import User
from tests.factories import make_account


def test_only_what_differs_is_written_and_told(rep: User) -> None:
    account = make_account(rep, "Acme", region="华东")
    assert apply_changes(account, {"name": "Acme", "region": "华南"}) == ({"region": "华东"}, {"region": "华南"})
    account.refresh_from_db()
    assert (account.region, account.version) == ("华南", 2)


def test_the_same_values_write_nothing(rep: User) -> None:
    account = make_account(rep, "Acme")
    assert apply_changes(account, {"name": "Acme"}) == ({}, {})
    assert account.version == 1


def test_an_edit_over_a_newer_one_is_refused_with_both_versions(rep: User) -> None:
    account = make_account(rep, "Acme")
    apply_changes(account, {"region": "华南"})
    with pytest.raises(Conflict) as refusal:
        check_version(account, 1, {"region": "华北"})
    assert (refusal.value.current, refusal.value.yours) == (account, {"region": "华北"})


def test_field_history_keeps_the_old_values_of_a_bulk_update_and_skips_rows_that_did_not_change(rep: User) -> None:
    make_account(rep, "Acme", region="华东")
    make_account(rep, "Beta", region="华南")
    Account.objects.update(region="华南")
    history = apps.get_model("accounts", "AccountEvent").objects.values_list("name", "region")
    assert list(history) == [("Acme", "华东")]
