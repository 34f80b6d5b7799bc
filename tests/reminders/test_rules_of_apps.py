"""What each app reminds of: found when it is so, told to the right person, gone when it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts import actions as accounts
from accounts.choices import Tier
from accounts.models import Account
from core.models import ImportJob, ImportState, User
from dunning.choices import PromiseState
from dunning.models import Case as CollectionCase
from dunning.models import Instalment, Message, Promise
from prospects.choices import SlipReason, Stage
from prospects.models import Prospect
from receivables.actions import note_interruption
from receivables.choices import InterruptionKind
from receivables.models import Contract, ProvisionRun, WriteOff, WriteOffLimit
from relationships.models import Visit
from reminders import actions
from reminders.choices import Channel
from reminders.models import Occurrence
from reminders.queries import on_the_desk
from reminders.registry import RULES
from tests.factories import make_account, make_invoice, make_prospect

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 3)
"""Tuesday, 3 March 2026, nine in the morning in Shanghai."""


def turn(*codes: str, now: datetime = NOW) -> None:
    actions.plan(now=now, only=codes)
    actions.tell_in_app(now=now)


def desk(user: User) -> list[tuple[str, str]]:
    """Code and sentence of what lies on a person's desk."""
    return [(row.rule, RULES[row.rule].say(row.words)) for row in on_the_desk(user)]


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("step_on", "code", "words"),
    [
        (0, "prospects.follow_up_due", "Robots: Call Ms Li"),
        (-1, "prospects.follow_up_overdue", "Robots: Call Ms Li was due on 2 Mar 2026"),
        (-40, "prospects.follow_up_overdue", "Robots: Call Ms Li was due on 22 Jan 2026"),
    ],
)
def test_a_prospects_next_step(rep: User, step_on: int, code: str, words: str) -> None:
    prospect = make_prospect(rep, name="Robots", stage=Stage.C, next_step="Call Ms Li", next_step_on=day(step_on))
    turn("prospects.follow_up_due", "prospects.follow_up_overdue")
    assert desk(rep) == [(code, words)]
    (row,) = on_the_desk(rep)
    assert (row.url, row.subject_id) == (prospect.get_absolute_url(), prospect.pk)
    Prospect.objects.update(next_step_on=day(30))
    turn("prospects.follow_up_due", "prospects.follow_up_overdue")
    assert desk(rep) == []


def test_what_is_for_sunday_is_told_on_friday(rep: User) -> None:
    make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=date(2026, 3, 8))
    friday = NOW + timedelta(days=3)
    turn("prospects.follow_up_due", now=friday - timedelta(days=1))
    assert desk(rep) == []
    turn("prospects.follow_up_due", now=friday)
    assert len(desk(rep)) == 1


def test_nothing_planned_is_told_once_a_week(rep: User) -> None:
    make_prospect(rep, name="Robots", stage=Stage.C, entered_stage_on=date(2026, 1, 5))
    for number in range(15):
        turn("prospects.next_step_missing", now=NOW + timedelta(days=number))
    assert Occurrence.objects.filter(channel=Channel.IN_APP).count() == 3
    assert desk(rep) == [("prospects.next_step_missing", "Robots has no dated next step")]


def test_the_weekly_review_is_told_once_for_all_cards(rep: User, colleague: User) -> None:
    for number in range(3):
        make_prospect(rep, stage=Stage.C, opened_on=date(2026, 1, 5), name=f"P{number}")
    turn("prospects.review_due")
    assert desk(rep) == [("prospects.review_due", "Waiting for their weekly review: 3 of your prospects")]
    assert desk(colleague) == []
    Prospect.objects.update(last_reviewed_at=NOW)
    turn("prospects.review_due")
    assert desk(rep) == []


def test_a_slipping_card_is_told_in_the_readers_language(rep: User) -> None:
    make_prospect(
        rep, name="Robots", stage=Stage.B, slipping_since=TODAY, slip_reason=SlipReason.values[0], falls_back_to=Stage.C
    )
    turn("prospects.slipping")
    ((_code, words),) = desk(rep)
    with translation.override("en"):
        assert words == f"Robots is slipping: {SlipReason(SlipReason.values[0]).label}"


def test_a_record_that_becomes_ones_own(rep: User, colleague: User, manager: User) -> None:
    account = make_account(rep, "Acme")
    accounts.transfer_account(by=manager, account_id=account.pk, owner=colleague)
    now = datetime.now(UTC)
    turn("accounts.assigned", now=now)
    assert desk(colleague) == [("accounts.assigned", "Acme was handed over to you by Wang Manager")]
    assert desk(rep) == []


def test_an_import_that_is_finished(rep: User) -> None:
    ImportJob.objects.create(by=rep, file_name="a.csv", file="a", state=ImportState.DONE, finished_at=NOW)
    turn("core.import_finished", now=NOW)
    assert desk(rep) == [("core.import_finished", "a.csv: Done")]
    turn("core.import_finished", now=NOW + timedelta(days=5))
    assert len(desk(rep)) == 1  # it stays until somebody has seen it


# ------------------------------------------------------------------ visits


def make_visit(owner: User, at: datetime, **fields: object) -> Visit:
    return Visit.objects.create(account=make_account(owner, "Acme"), owner=owner, kind="visit", at=at, **fields)


def test_an_appointment_is_confirmed_on_the_working_day_before(rep: User) -> None:
    monday = datetime(2026, 3, 9, 2, tzinfo=UTC)
    visit = make_visit(rep, monday)
    friday = datetime(2026, 3, 6, 0, 30, tzinfo=UTC)
    turn("relationships.confirm_visit", now=friday - timedelta(minutes=1))
    assert desk(rep) == []
    turn("relationships.confirm_visit", now=friday)
    assert desk(rep) == [("relationships.confirm_visit", "Visit, Acme, 9 Mar 2026: confirm it today")]
    Visit.objects.filter(pk=visit.pk).update(cancelled_at=friday, cancelled_because="They are ill")
    turn("relationships.confirm_visit", now=friday)
    assert desk(rep) == []


def test_a_visit_that_was_not_written_up(rep: User) -> None:
    make_visit(rep, NOW - timedelta(days=1))
    turn("relationships.visit_unrecorded")
    assert desk(rep) == [("relationships.visit_unrecorded", "Visit, Acme, 2 Mar 2026: what came of it?")]


def test_a_visits_next_step_left_alone_reaches_the_manager_on_the_third_working_day(rep: User, manager: User) -> None:
    """Due on Monday; overdue on Tuesday morning; on Wednesday the manager hears of it."""
    make_visit(
        rep, NOW - timedelta(days=9), recorded_at=NOW - timedelta(days=9), outcome="Good talk", next_step="Send the offer",
        next_step_on=day(-1),
    )  # fmt: skip
    codes = ("relationships.follow_up_due", "relationships.follow_up_overdue")
    for hours in range(24 * 3):
        now = datetime(2026, 3, 2, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
        turn(*codes, now=now)
        actions.escalate(now=now)
        actions.tell_in_app(now=now)
    told = Occurrence.objects.get(recipient=manager, channel=Channel.IN_APP)
    assert told.sent_at == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    assert desk(manager) == [("relationships.follow_up_overdue", "Acme: Send the offer was due on 2 Mar 2026")]


def test_accounts_that_hear_nothing(rep: User) -> None:
    make_account(rep, "Key", tier=Tier.VIP, last_contact_on=day(-8))
    make_account(rep, "Fresh", tier=Tier.VIP, last_contact_on=day(-1))
    make_account(rep, "Small", tier=Tier.SMALL, last_contact_on=day(-100))
    make_account(rep, "Unmet", tier=Tier.VIP)
    Account.objects.filter(name="Unmet").update(created_at=NOW - timedelta(days=30))
    turn("relationships.cadence_late", "relationships.accounts_neglected")
    assert sorted(desk(rep)) == [
        ("relationships.accounts_neglected", "Without contact for too long: 1 of your accounts"),
        ("relationships.cadence_late", "Key has heard nothing from you since 23 Feb 2026"),
        ("relationships.cadence_late", "Unmet has heard nothing from you since 1 Feb 2026"),
    ]


# ------------------------------------------------------------------ money


def test_a_promise_is_due_and_then_broken(rep: User, collector: User, director: User) -> None:
    account = make_account(rep, "Acme")
    case = CollectionCase.objects.create(account=account, collector=collector, overdue_amount=Decimal(100))
    promise = Promise.objects.create(
        account=account,
        said_by="Ms Li",
        amount=Decimal(5000),
        currency="CNY",
        made_on=day(-3),
        last_due_on=TODAY,
        by=rep,
    )
    Instalment.objects.create(promise=promise, due_on=TODAY, amount=Decimal(5000))
    turn("dunning.promise_due", "dunning.promise_broken")
    assert desk(collector) == [("dunning.promise_due", "Acme promised ¥5,000.00 for today")]
    Promise.objects.update(state=PromiseState.BROKEN, judged_on=day(1))
    Instalment.objects.update(state=PromiseState.BROKEN, judged_on=day(1))
    CollectionCase.objects.update(broken_since=day(1))
    turn("dunning.promise_due", "dunning.promise_broken", now=NOW + timedelta(days=1))
    assert desk(collector) == [("dunning.promise_broken", "Acme promised ¥5,000.00 and did not pay")]
    CollectionCase.objects.filter(pk=case.pk).update(broken_since=None)
    turn("dunning.promise_due", "dunning.promise_broken", now=NOW + timedelta(days=1))
    assert desk(collector) == []


def test_a_promise_nobody_collects_goes_to_whoever_took_it(rep: User) -> None:
    account = make_account(rep, "Acme")
    promise = Promise.objects.create(
        account=account,
        said_by="Ms Li",
        amount=Decimal(5000),
        currency="CNY",
        made_on=day(-3),
        last_due_on=TODAY,
        by=rep,
    )
    Instalment.objects.create(promise=promise, due_on=TODAY, amount=Decimal(5000))
    turn("dunning.promise_due")
    assert len(desk(rep)) == 1


def test_a_collecting_step_that_was_agreed(rep: User, collector: User) -> None:
    CollectionCase.objects.create(
        account=make_account(rep, "Acme"),
        collector=collector,
        overdue_amount=Decimal(100),
        next_action="call",
        next_action_on=TODAY,
    )
    turn("dunning.next_action_due")
    assert desk(collector) == [("dunning.next_action_due", "Acme: call again")]


def test_the_right_to_sue_is_told_again_the_nearer_its_end(rep: User, collector: User) -> None:
    account = make_account(rep, "Acme")
    CollectionCase.objects.create(account=account, collector=collector, overdue_amount=Decimal(100))
    make_invoice(account, "100", due_on=date(2023, 9, 2))
    make_invoice(account, "50", due_on=date(2023, 10, 2))
    make_invoice(account, "30", due_on=date(2023, 9, 2), currency="USD", open_amount=0, settled_on=TODAY)
    restarted = make_invoice(account, "70", due_on=date(2022, 9, 2))
    note_interruption(
        by=collector, account_id=account.pk, kind=InterruptionKind.DEMAND, evidence="EMS 1", on=day(-300),
        invoice_ids=[restarted.pk],
    )  # fmt: skip
    last_day = date(2026, 9, 2)
    told = {}
    for left in (181, 180, 179, 90, 60, 45, 30, 7, 0, -1):
        turn("dunning.right_to_sue", now=NOW + (last_day - timedelta(days=left) - TODAY))
        told[left] = (Occurrence.objects.filter(channel=Channel.IN_APP).count(), len(desk(collector)))
    assert told == {
        181: (1, 0), 180: (1, 1), 179: (1, 1), 90: (2, 1), 60: (3, 1), 45: (3, 1), 30: (4, 1), 7: (5, 1), 0: (5, 1), -1: (6, 1),
    }  # fmt: skip
    first, *_rest, last = Occurrence.objects.filter(channel=Channel.IN_APP).order_by("pk")
    assert RULES["dunning.right_to_sue"].say(first.words) == (
        "Acme: the right to sue for ¥100.00 begins to run out on 2 Sep 2026"
    )
    assert (first.deadline_on, last.deadline_on) == (last_day, date(2026, 10, 2))
    assert desk(rep) == []


def test_the_right_to_sue_is_over_with_once_it_starts_anew(rep: User, collector: User) -> None:
    account = make_account(rep, "Acme")
    make_invoice(account, "100", due_on=TODAY - timedelta(days=1_080))
    turn("dunning.right_to_sue")
    assert [code for code, _sentence in desk(rep)] == ["dunning.right_to_sue"]  # nobody collects there
    note_interruption(by=collector, account_id=account.pk, kind=InterruptionKind.DEMAND, evidence="EMS 1", on=day(-700))
    turn("dunning.right_to_sue")
    assert desk(rep) == []


def test_a_contract_that_ends_is_told_twice_to_who_owns_the_account(rep: User, collector: User) -> None:
    contract = Contract.objects.create(
        account=make_account(rep, "Acme"), number="HT-7", currency="CNY", ends_on=date(2026, 6, 30)
    )
    told = {}
    for left in (63, 60, 30, 14, 0, -1):
        turn("receivables.contract_ends", now=NOW + (contract.ends_on - timedelta(days=left) - TODAY))
        told[left] = (Occurrence.objects.filter(channel=Channel.IN_APP, sent_at__isnull=False).count(), len(desk(rep)))
    assert told == {63: (0, 0), 60: (1, 1), 30: (1, 1), 14: (2, 1), 0: (2, 1), -1: (2, 0)}
    row = Occurrence.objects.filter(channel=Channel.IN_APP).earliest("pk")
    assert RULES[row.rule].say(row.words) == "Contract HT-7 with Acme ends on 30 Jun 2026"
    assert (row.subject_id, desk(collector)) == (contract.pk, [])


def test_a_contract_renewed_in_time_is_not_told(rep: User) -> None:
    contract = Contract.objects.create(
        account=make_account(rep, "Acme"), number="HT-7", currency="CNY", ends_on=TODAY + timedelta(days=20)
    )
    turn("receivables.contract_ends")
    assert len(desk(rep)) == 1
    Contract.objects.filter(pk=contract.pk).update(ends_on=TODAY + timedelta(days=385))
    turn("receivables.contract_ends")
    assert desk(rep) == []


def test_letters_that_wait_for_approval(rep: User, collector: User) -> None:
    for name in ("Acme", "Bolt"):
        Message.objects.create(
            account=make_account(rep, name),
            kind="reminder",
            channel="mail",
            language="en",
            on=TODAY,
            subject="S",
            body="B",
            amount=Decimal(1),
        )
    turn("dunning.letters_to_review")
    assert desk(collector) == [("dunning.letters_to_review", "Letters and mails to customers to approve: 2")]
    assert desk(rep) == []


def test_a_write_off_waits_for_those_who_may_decide_it(
    rep: User, manager: User, other_manager: User, collector: User, executive: User
) -> None:
    invoice = make_invoice(make_account(rep, "Acme"), "1000.00")
    WriteOffLimit.objects.all().delete()
    for role in ("manager", "finance"):
        WriteOffLimit.objects.create(role=role, currency="CNY", amount=Decimal(500))
    write_off = WriteOff.objects.create(invoice=invoice, amount=Decimal(400), reason="bankrupt", note="x", by=collector)
    WriteOff.objects.update(at=NOW)
    turn("receivables.write_off_waiting")
    assert [code for code, _words in desk(manager)] == ["receivables.write_off_waiting"]
    assert [desk(person) for person in (other_manager, collector, executive, rep)] == [[], [], [], []]
    WriteOff.objects.filter(pk=write_off.pk).update(decision="refused", decided_at=NOW, decided_by=manager)
    turn("receivables.write_off_waiting")
    assert desk(manager) == []


def test_a_provision_waits_for_a_second_person(collector: User, executive: User) -> None:
    ProvisionRun.objects.create(on=TODAY, basis="overdue", currency="CNY", lines=[], total=Decimal(10), by=collector)
    ProvisionRun.objects.update(at=NOW)
    turn("receivables.provision_waiting")
    assert desk(executive) == [
        ("receivables.provision_waiting", "Qian Collector worked out a provision of ¥10.00 as of 3 Mar 2026")
    ]


# ------------------------------------------------------------------ all of them


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_says_what_it_is_and_runs_on_an_empty_house(code: str, rep: User) -> None:
    rule = RULES[code]
    assert code.count(".") == 1
    assert str(rule.title)
    assert str(rule.why).endswith(".")
    assert Channel.IN_APP in rule.channels
    assert "{" not in rule.say({"amount": "1", "currency": "CNY"})
    before = actions.plan(now=NOW, only=[code])
    assert (before.added, before.failed) == (0, 0)
