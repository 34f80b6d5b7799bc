"""The history of a record, the audit trail and the list of jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pgtrigger
import pytest
from django.db import InternalError, NotSupportedError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pghistory.trigger import Event

from accounts.actions import edit_account
from accounts.models import Account
from core import audit
from core.errors import NotFound
from core.history.filters import event_codes
from core.history.queries import record_history
from core.models import AuditEvent, JobRun, User
from core.staff.actions import edit_user
from prospects import events as prospect_events
from prospects.actions import edit_prospect
from prospects.choices import Criterion
from tests.factories import make_account, make_prospect

AsUser = Callable[[User], Client]


def test_why_and_what_are_one_story(rep: User) -> None:
    prospect = make_prospect(rep, amount=Decimal("100.00"), expected_close_on=date(2031, 1, 1))
    edit_prospect(by=rep, prospect_id=prospect.pk, amount=Decimal("250.00"), name="Bigger")
    history = record_history(rep, "prospects.prospect", prospect.pk)
    (entry,) = history.entries
    assert entry.by == "Li Lei"
    told = {change.label: (change.before, change.after) for change in entry.changes}
    assert told["Amount"] == ("100.00", "250.00")
    assert told["Name"][1] == "Bigger"
    assert "Version" not in told


def test_only_changes_and_deletions_of_fields_are_kept() -> None:
    """What `core.history.context` counts on: no trigger asks an INSERT for whom it runs."""
    kept = [trigger for _model, trigger in pgtrigger.registered() if isinstance(trigger, Event)]
    assert {str(trigger.operation) for trigger in kept} == {"UPDATE", "DELETE"}


def test_a_change_by_bulk_sql_shows_too(rep: User, colleague: User) -> None:
    account = make_account(rep, name="Acme")
    Account.objects.filter(pk=account.pk).update(tier="vip", owner=colleague)
    (entry,) = record_history(rep, "accounts.account", account.pk).entries
    told = {change.label: (change.before, change.after) for change in entry.changes}
    assert told == {"Tier": ("Not yet buying", "VIP"), "Owner": ("Li Lei", "Han Meimei")}


def test_only_who_sees_the_record_sees_its_history(rep: User, other_rep: User, manager: User, as_user: AsUser) -> None:
    account = make_account(rep)
    address = f"/history/accounts.account/{account.pk}/"
    assert as_user(rep).get(address).status_code == 200
    assert as_user(manager).get(address).status_code == 200
    assert as_user(other_rep).get(address).status_code == 404
    assert as_user(rep).get("/history/core.apitoken/1/").status_code == 404
    with pytest.raises(NotFound):
        record_history(other_rep, "accounts.account", account.pk)


def test_a_users_history_is_for_administrators(administrator: User, rep: User, as_user: AsUser) -> None:
    edit_user(by=administrator, user_id=rep.pk, team=rep.team, role="manager")
    answer = as_user(administrator).get(f"/history/core.user/{rep.pk}/", headers={"HX-Request": "true"})
    assert "Sales manager" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert as_user(rep).get(f"/history/core.user/{rep.pk}/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_long_history_comes_in_pages_at_a_constant_cost(
    rep: User, as_user: AsUser, django_assert_max_num_queries: Callable[..., object]
) -> None:
    prospect = make_prospect(rep, amount=Decimal(1))
    for amount in range(2, 33):
        edit_prospect(by=rep, prospect_id=prospect.pk, amount=Decimal(amount))
    browser, address = as_user(rep), f"/history/prospects.prospect/{prospect.pk}/"
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        page = browser.get(address)
    first = page.context["history"]
    assert len(first.entries) == 25
    assert all(entry.changes for entry in first.entries)
    rest = browser.get(address, {"before": first.older.isoformat()}).context["history"]
    assert (len(rest.entries), rest.older) == (6, None)
    assert browser.get(address, {"before": "yesterday"}).status_code == 200


def test_the_audit_trail_cannot_be_altered(rep: User) -> None:
    AuditEvent.objects.create(code="core.user_added", target_type="core.user", target_id=rep.pk, actor=rep)
    for statement in ("update core_auditevent set code = 'x'", "delete from core_auditevent"):
        with pytest.raises((InternalError, NotSupportedError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.get().code == "core.user_added"


def test_the_audit_trail_is_for_administrators(
    administrator: User, executive: User, rep: User, as_user: AsUser
) -> None:
    edit_user(by=administrator, user_id=rep.pk, team=rep.team, role="manager")
    browser = as_user(administrator)
    assert b"User Li Lei was edited" in browser.get("/settings/audit/").content
    assert b"User Li Lei was edited" not in browser.get("/settings/audit/", {"code": "core.team_added"}).content
    for nobody in (executive, rep):
        assert as_user(nobody).get("/settings/audit/").status_code == 403


def test_jobs_are_listed_with_what_went_wrong(administrator: User, manager: User, as_user: AsUser) -> None:
    JobRun.objects.create(
        job="prospects.snapshot", slot=date(2026, 11, 16), due_at="2026-11-16T00:05+08:00", state="parked",
        error="Traceback\nValueError: <boom>",
    )  # fmt: skip
    page = as_user(administrator).get("/settings/jobs/").content
    assert b"Snapshot of the board" in page
    assert b"given up" in page
    assert b"ValueError: &lt;boom&gt;" in page
    assert b"given up" not in as_user(administrator).get("/settings/jobs/", {"job": "prospects.slip"}).content
    assert as_user(manager).get("/settings/jobs/").status_code == 403


def test_labels_and_days_of_an_event_follow_the_reader(rep: User) -> None:
    prospect = make_prospect(rep)
    with translation.override("zh-hans"):
        event = audit.record(
            prospect_events.CRITERION_TICKED, by=rep, on=prospect, name="2026", criterion=Criterion.WILLING.label
        )
    assert event.details["criterion"] == "They are willing to go on"
    with translation.override("zh-hans"):
        assert audit.sentence(event) == "2026：确认了“对方愿意继续”"
    step = audit.record(
        prospect_events.NEXT_STEP_PLANNED,
        by=rep,
        on=prospect,
        name="X",
        next_step="Call",
        next_step_on=date(2026, 12, 31),
    )
    assert audit.sentence(step) == "Next step of X: Call, 31 Dec 2026"


def test_the_trail_is_told_and_filtered_in_words(as_user, administrator, rep):
    account = make_account(rep, "Acme")
    edit_account(by=rep, account_id=account.pk, region="South")
    client, address = as_user(administrator), reverse("core:list_events")
    page = client.get(address).content.decode()
    assert "The profile of Acme was edited" in page
    assert dict(event_codes())["accounts.account_edited"] == "The profile of … was edited"  # a kind to choose
    assert ">accounts.account_edited<" not in page
    assert "Acme" in client.get(address, {"code": "accounts.account_edited", "actor": rep.pk}).content.decode()
    assert "Acme" not in client.get(address, {"code": "accounts.note_added"}).content.decode()
    assert "Acme" not in client.get(address, {"until": "2020-01-01"}).content.decode()
