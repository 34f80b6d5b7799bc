"""Who gets which answer at every address: the table `urls.txt`, one line an address and method.

A new address without a line fails, so does a line without an address. The record of each address belongs to the rep
of North; `other_rep` and `other_manager` work in South. Forms are sent empty: 403 and 404 must come before 422.
To add a line, run this test: what it prints can be pasted, once every status in it has been thought about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Account, AccountMember
from core.comments.actions import write_comment
from core.imports.actions import bring_file
from core.models import Attachment, Follow, User
from core.tokens import make_feed, make_token
from core.users import SYSTEM
from dunning.choices import CallOutcome
from dunning.models import Case, CollectionCall, Excuse, LadderStep, Message, Promise
from prospects.choices import Stage
from receivables import actions
from receivables.choices import Cause, DebtorFactKind, DisputeReason, ProvisionBasis, WriteOffReason
from receivables.models import Invoice
from relationships.actions import note_birthday
from relationships.choices import FindingKind
from relationships.models import Finding
from reminders.models import Absence, Browser, ChatAddress
from reminders.rules.links import FINISH, sign_link
from tests.factories import (
    make_account,
    make_campaign,
    make_contact,
    make_invoice,
    make_landmine,
    make_payment,
    make_prospect,
    make_visit,
)
from tests.reminders.desk import put_on_desk

TABLE = Path(__file__).with_name("urls.txt")
ACTORS = ("anonymous", "rep", "other_rep", "manager", "other_manager", "collector", "executive", "administrator")
NOT_OURS = ("account_", "mfa_")  # allauth's own pages are tested where they are drawn


def addresses(patterns: Any, space: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address's name with the names of its arguments; API formats (`.json`) are the same address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name or pattern.pattern}"
            if name and not name.startswith(NOT_OURS):  # nameless: what answers 404 below /api/
                yield name, tuple(pattern.pattern.regex.groupindex)


ALL = dict(addresses(get_resolver().url_patterns))


def table() -> dict[tuple[str, str], list[str]]:
    """The lines of the table: (method, name) and one status an actor."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {(method, name): statuses for method, name, *statuses in lines}


def test_every_address_has_its_lines() -> None:
    listed = {name for _method, name in table()}
    assert sorted(set(ALL) - listed) == [], "addresses without a line in urls.txt"
    assert sorted(listed - set(ALL)) == [], "lines in urls.txt without an address"
    assert [key for key, statuses in table().items() if len(statuses) != len(ACTORS)] == []


@pytest.fixture
def arguments(rep: User, manager: User) -> dict[str, Any]:
    """A record of the rep for every kind of argument."""
    account = make_account(rep, name="Acme")
    contact = make_contact(rep, account)
    note_birthday(by=rep, contact_id=contact.pk, calendar="solar", month=3, day=3)
    prospect = make_prospect(rep, account, next_step="Call", next_step_on=date(2031, 3, 3))
    token, _key = make_token(rep, "script")
    member = AccountMember.objects.create(account=account, user=manager)
    comment = write_comment(by=rep, record_type="accounts.account", record_id=account.pk, text="Call them")
    attachment = Attachment.objects.create(
        record_type="accounts.account",
        record_id=account.pk,
        name="a.pdf",
        media_type="application/pdf",
        size=1,
        place="gone",
        by=rep,
    )
    return {
        "account_id": account.pk, "member_id": member.pk, "tab": "notes", "work": "scan.find",
        "contact_id": contact.pk, "position_id": contact.positions.get().pk,
        "prospect_id": prospect.pk, "visit_id": make_visit(rep, account).pk,
        "campaign_id": make_campaign(manager, account, rep).pk, "landmine_id": make_landmine(account).pk, "letter": Stage.E.letter, "criterion": "willing", "counter": "dial",
        "job_id": bring_file(by=rep, name="x.csv", chunks=[b"Name\nAcme\n"]).pk,
        "resource": "accounts", "operation": "accounts_list",
        "key": make_feed(rep)[1], "token_id": token.pk, "user_id": rep.pk, "team_id": rep.team_id, "day": "2031-03-03",
        "record_type": "accounts.account", "record_id": account.pk,
        "comment_id": comment.pk, "file_id": attachment.pk, "follow_id": Follow.objects.get(user=rep).pk,
        **ledger_of(account), **letters_of(account), **work_on(account), **reminders_of(rep, manager),
    }  # fmt: skip


def reminders_of(rep: User, manager: User) -> dict[str, Any]:
    """A reminder on the rep's desk, his days away and his chat."""
    reminder = put_on_desk(rep)
    absence = Absence.objects.create(user=rep, stand_in=manager, starts_on=date(2031, 3, 3), until=date(2031, 3, 7))
    browser = Browser.objects.create(user=rep, label="Mine", endpoint="https://127.0.0.1:9/", p256dh="x", auth="x")
    chat = ChatAddress.objects.create(user=rep, kind="webhook", label="Mine", url="http://127.0.0.1:9/")
    return {
        "occurrence_id": reminder.pk, "absence_id": absence.pk, "address_id": chat.pk, "browser_id": browser.pk, "rule": reminder.rule,
        "token": sign_link(FINISH, reminder.pk, rep.pk),
    }  # fmt: skip


def ledger_of(account: Account) -> dict[str, Any]:
    """One row of each kind in the account's ledger."""
    invoice, payment = make_invoice(account), make_payment(account, "300.00")
    about: dict[str, Any] = {"by": SYSTEM, "invoice_id": invoice.pk, "amount": Decimal(5)}
    line = actions.allocate_payment(by=SYSTEM, payment_id=payment.pk, designated={invoice.pk: Decimal(100)})[0]
    note = actions.record_credit_note(
        by=SYSTEM, account_id=account.pk, number="CN-1", amount=Decimal(9), currency="CNY", issued_on=date(2026, 4, 1)
    )
    finding = actions.find_cause(by=SYSTEM, account_id=account.pk, cause=Cause.SHORTAGE)
    return {
        "invoice_id": invoice.pk, "payment_id": payment.pk, "allocation_id": line.pk, "credit_note_id": note.pk,
        "contract_id": actions.record_contract(by=SYSTEM, account_id=account.pk, number="HT-1").pk,
        "write_off_id": actions.request_write_off(**about, reason=WriteOffReason.SMALL, note="Bank fees").pk,
        "dispute_id": actions.open_dispute(**about, reason=DisputeReason.PRICE).pk,
        "finding_id": finding.pk if finding else 0,
        **comparison_of(invoice),
        "fact_id": actions.note_debtor_fact(by=SYSTEM, account_id=account.pk, kind=DebtorFactKind.DISTRESS, note="News").pk,
        "run_id": actions.run_provision(
            by=SYSTEM, on=date(2026, 4, 1), basis=ProvisionBasis.OVERDUE, currency="CNY"
        ).pk,
        "basis": ProvisionBasis.OVERDUE.value,
        "hold_id": actions.hold_supply(by=SYSTEM, account_id=account.pk, reason="Promises broken").pk,
    }  # fmt: skip


def work_on(account: Account) -> dict[str, Any]:
    """The customer's place in the queue, a call, a complaint."""
    case = Case.objects.get_or_create(account=account)[0]
    call = CollectionCall.objects.create(
        account=account, called_at=datetime(2026, 4, 1, 2, tzinfo=UTC), outcome=CallOutcome.NO_ANSWER
    )
    complaint = Finding.objects.create(
        account=account, kind=FindingKind.COMPLAINT, text="Two pumps leak", at=datetime(2026, 4, 1, 2, tzinfo=UTC)
    )
    return {"case_account_id": case.account_id, "call_id": call.pk, "complaint_id": complaint.pk}


def letters_of(account: Account) -> dict[str, Any]:
    """A letter that waits to be looked at, its rung, a promise, and an excuse with its answer."""
    step = LadderStep.objects.filter(days=1).first()
    message = Message.objects.create(
        account=account, step=step, kind="reminder", channel="mail", language="en", on=date(2026, 4, 1), to="a@example.com",
        subject="Payment reminder", body="Please pay.", amount=Decimal(5),
    )  # fmt: skip
    promise = Promise.objects.create(
        account=account,
        said_by="Mr Wu",
        currency="CNY",
        amount=Decimal(5),
        made_on=date(2026, 4, 1),
        last_due_on=date(2026, 4, 2),
    )
    excuse = Excuse.objects.get_or_create(
        cause="shortage", says="Later.", says_zh="以后。", reply="Which day?", reply_zh="哪天？"
    )[0]
    return {
        "message_id": message.pk,
        "step_id": step.pk if step else 0,
        "promise_id": promise.pk,
        "excuse_id": excuse.pk,
    }


def comparison_of(invoice: Invoice) -> dict[str, Any]:
    """A comparison with finance's list, and one difference."""
    made = actions.reconcile(
        by=SYSTEM, on=date(2026, 4, 30), currency="CNY", rows=[actions.TheirItem(invoice.number, Decimal(1))]
    )
    return {"reconciliation_id": made.pk, "line_id": made.lines.values_list("pk", flat=True)[0]}


PK = {"user": "user_id", "team": "team_id", "account": "account_id", "contact": "contact_id", "position": "position_id",
      "prospect": "prospect_id", "visit": "visit_id", "import": "job_id", "contract": "contract_id", "invoice": "invoice_id",
      "payment": "payment_id", "credit": "credit_note_id", "allocation": "allocation_id", "write": "write_off_id",
      "dispute": "dispute_id", "letter": "message_id", "excuse": "excuse_id", "cause": "finding_id", "supply": "hold_id",
      "promise": "promise_id", "reminder": "occurrence_id", "campaign": "campaign_id",
      "comment": "comment_id", "file": "file_id", "follow": "follow_id", "collection-call": "call_id", "collection-case": "case_account_id"}  # fmt: skip


def address(name: str, arguments: dict[str, Any]) -> str:
    wanted = ALL[name]
    if "pk" in wanted:
        kind = next(kind for kind in PK if name.removeprefix("api:").startswith(f"{kind}-"))
        arguments = {**arguments, "pk": arguments[PK[kind]]}
    return reverse(name, kwargs={argument: arguments[argument] for argument in wanted})


class Actor:
    """One person's browser; whatever a request does is undone."""

    def __init__(self, user: User | None) -> None:
        self.user, self.browser = user, Client(raise_request_exception=False)
        self.sign_in()

    def sign_in(self) -> None:
        if self.user is not None:
            self.browser.force_login(self.user)

    def answer(self, method: str, path: str) -> int:
        form: dict[str, Any] = {"data": {"unknown": "field"}} if method == "POST" else {}
        if path.startswith("/api/"):
            form |= {"content_type": "application/json"}
        with transaction.atomic():
            response = getattr(self.browser, method.lower())(path, **form)
            transaction.set_rollback(True)
        if "session" in response.cookies:
            self.sign_in()
        return int(response.status_code)


@pytest.mark.parametrize("space", sorted({name.partition(":")[0] if ":" in name else "" for name in ALL}))
def test_every_actor_gets_the_answer_of_the_table(
    space: str, arguments: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    actors = [Actor(None if name == "anonymous" else request.getfixturevalue(name)) for name in ACTORS]
    wrong = []
    for (method, name), expected in table().items():
        if (name.partition(":")[0] if ":" in name else "") != space or name not in ALL:
            continue
        path = address(name, arguments)
        statuses = [str(actor.answer(method, path)) for actor in actors]
        if statuses != expected:
            wrong.append(f"{method:<6} {name:<40} {' '.join(statuses)}\n  table says  {' ' * 34} {' '.join(expected)}")
    assert not wrong, "\n" + "\n".join(wrong)
