"""The queue: who stands where, and why."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Ownership, Size
from core.workdays import today
from dunning import actions, queries
from dunning.choices import CallOutcome, SlotReason
from dunning.models import Case, CollectionCall
from dunning.queries import FirstStep
from dunning.rules import slots
from receivables.choices import Paper, Papers
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


TUESDAY = at("2026-11-24 10:30")
LATE = timedelta(days=20)


@pytest.fixture
def owing(rep):
    """A customer who owes an amount, 20 days late on the Tuesday of these tests."""

    def make(name, amount="1000.00", *, invoice=None, **fields):
        account = make_account(rep, name, **fields)
        make_invoice(account, amount, due_on=TUESDAY.date() - LATE, **(invoice or {}))
        actions.refresh_cases(account_ids=[account.pk], on=TUESDAY.date())
        return account

    return make


def names(page):
    return [line.account for line in page.lines]


def test_the_larger_debt_comes_first(collector, owing):
    owing("Small", "100.00")
    owing("Large", "9000.00")
    owing("Middle", "500.00")
    assert names(queries.queue(collector, TUESDAY)) == ["Large", "Middle", "Small"]


def test_who_can_be_called_now_comes_before_who_cannot(collector, owing):
    owing("At lunch", "9000.00")
    berlin = owing("Not awake yet", "90000.00")
    early = owing("Working", "10.00")
    Case.objects.filter(account=berlin).update(time_zone="America/New_York")
    Case.objects.filter(account=early).update(lunch_from=time(11), lunch_to=time(12))
    page = queries.queue(collector, at("2026-11-24 12:30"))
    assert names(page) == ["Working", "At lunch", "Not awake yet"]
    working, lunch, abroad = page.lines
    assert (working.slot.is_open, lunch.slot.reasons[0], lunch.slot.later_today) == (True, SlotReason.LUNCH, True)
    assert lunch.callable_at == at("2026-11-24 13:30")
    assert abroad.callable_at == at("2026-11-24 09:00", ZoneInfo("America/New_York"))


def test_owners_of_small_private_firms_wait_until_ten(collector, owing):
    owing("Owner", "9000.00", ownership=Ownership.PRIVATE, size=Size.SMALL)
    owing("Corporation", "100.00", ownership=Ownership.PRIVATE, size=Size.LARGE)
    assert names(queries.queue(collector, at("2026-11-24 09:20"))) == ["Corporation", "Owner"]
    assert names(queries.queue(collector, at("2026-11-24 10:05"))) == ["Owner", "Corporation"]


def test_the_first_minutes_of_their_day_weigh(collector, owing):
    owing("Any time", "1000.00")
    owner = owing("Just beginning", "900.00")
    Case.objects.filter(account=owner).update(opens_at=time(10, 20))
    page = queries.queue(collector, TUESDAY)
    assert names(page) == ["Just beginning", "Any time"]
    assert str(SlotReason.FIRST_MINUTES.label) in page.lines[0].why


def test_papers_are_put_right_first_and_at_any_hour(collector, owing):
    owing("Called tomorrow", "9000.00")
    owing("Papers", "100.00", invoice={"papers": Papers.INCOMPLETE, "missing_papers": [Paper.DELIVERY_NOTE]})
    first, second = queries.queue(collector, at("2026-11-24 20:00")).lines
    assert (first.account, first.first_step, second.first_step) == ("Papers", FirstStep.FIX_PAPERS, FirstStep.CALL)
    assert "put them right first" in first.why[0]


def test_a_broken_promise_stands_on_top(collector, owing):
    owing("Large", "90000.00")
    broken = owing("Broke his word", "10.00")
    Case.objects.filter(account=broken).update(broken_since=TUESDAY.date())
    assert names(queries.queue(collector, TUESDAY)) == ["Broke his word", "Large"]


@pytest.mark.parametrize(
    "fields",
    [
        {"paused_until": TUESDAY.date() + timedelta(days=1)},
        {"cease_contact": True},
        {"next_action": "call", "next_action_on": TUESDAY.date() + timedelta(days=1)},
        {"callable_amount": 0},
        {"overdue_amount": 0},
    ],
)
def test_who_is_left_alone(collector, owing, fields):
    account = owing("Left alone")
    assert names(queries.queue(collector, TUESDAY)) == ["Left alone"]
    Case.objects.filter(account=account).update(**fields)
    assert names(queries.queue(collector, TUESDAY)) == []


@pytest.mark.parametrize(
    "fields",
    [{"paused_until": TUESDAY.date()}, {"next_action": "call", "next_action_on": TUESDAY.date()}],
)
def test_who_comes_back_on_his_day(collector, owing, fields):
    account = owing("Back")
    Case.objects.filter(account=account).update(**fields)
    assert names(queries.queue(collector, TUESDAY)) == ["Back"]


def test_a_step_due_raises_the_line_and_says_so(collector, owing):
    owing("Larger", "1400.00")
    account = owing("Call back", "1000.00")
    Case.objects.filter(account=account).update(next_action="call", next_action_on=TUESDAY.date())
    actions.refresh_cases(on=TUESDAY.date())
    page = queries.queue(collector, TUESDAY)
    assert names(page) == ["Call back", "Larger"]
    assert "call again" in page.lines[0].why[0]


def test_three_attempts_a_day_are_enough(collector, owing):
    account = owing("Tried")
    owing("Other", "1.00")
    for hour in (1, 2, 3):
        CollectionCall.objects.create(
            account=account, called_at=TUESDAY - timedelta(minutes=hour), outcome=CallOutcome.NO_ANSWER, channel="phone"
        )
    page = queries.queue(collector, TUESDAY)
    assert names(page) == ["Other", "Tried"]
    assert page.lines[1].slot.reasons == (SlotReason.ATTEMPTS,)
    assert names(queries.queue(collector, TUESDAY + timedelta(days=1))) == ["Tried", "Other"]


def test_currencies_are_ordered_but_never_added(collector, owing, rep):
    account = owing("Both", "1000.00")
    make_invoice(account, "500.00", due_on=TUESDAY.date() - LATE, currency="USD")
    owing("Yuan", "2000.00")
    actions.refresh_cases(on=TUESDAY.date())
    first, second = queries.queue(collector, TUESDAY).lines
    assert (first.account, first.currency, first.overdue_amount) == ("Both", "USD", Decimal("500.00"))
    assert (second.currency, second.overdue_amount) == ("CNY", Decimal("2000.00"))


def test_a_manager_sees_the_queue_of_his_teams(manager, other_manager, owing):
    owing("Of North")
    assert names(queries.queue(manager, TUESDAY)) == ["Of North"]
    assert names(queries.queue(other_manager, TUESDAY)) == []


def test_pages_join_without_gap_or_double(collector, owing):
    for number in range(12):
        owing(f"Customer {number:02}", f"{100 * (number // 2) + 100}.00")
    broken = Case.objects.get(account__name="Customer 03")
    Case.objects.filter(pk=broken.pk).update(broken_since=TUESDAY.date())
    found, after = [], ""
    while True:
        page = queries.queue(collector, TUESDAY, after=after, size=5)
        found += names(page)
        after = page.after
        if not after:
            break
    assert found == names(queries.queue(collector, TUESDAY, size=50))
    assert len(found) == len(set(found)) == 12


def test_a_page_costs_the_same_whatever_its_length(collector, owing):
    owing("One")
    with CaptureQueriesContext(
        connection,
    ) as short:
        queries.queue(collector, TUESDAY)
    for number in range(20):
        owing(f"Customer {number}")
    with CaptureQueriesContext(connection) as long:
        assert len(queries.queue(collector, TUESDAY).lines) == 21
    assert len(long) == len(short) <= 8


def test_the_queue_in_figures(collector, owing):
    owing("Now")
    later = owing("Later")
    broken = owing("Broken")
    Case.objects.filter(account=later).update(opens_at=time(15), lunch_from=time(16), lunch_to=time(16))
    Case.objects.filter(account=broken).update(broken_since=TUESDAY.date(), time_zone="America/Los_Angeles")
    counts = queries.queue_counts(collector, TUESDAY)
    assert (counts.now, counts.later, counts.not_today, counts.broken, counts.total) == (1, 1, 1, 1, 3)


@pytest.mark.parametrize("hour", range(24))
def test_the_order_agrees_with_the_judgement_at_every_hour(collector, owing, hour):
    zones = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata")
    for number, zone in enumerate(zones):
        Case.objects.filter(account=owing(zone, f"{number + 1}00.00")).update(time_zone=zone)
    page = queries.queue(collector, at(f"2026-11-24 {hour:02}:20"))
    tiers = [3 if line.slot.is_open else 2 if line.slot.later_today else 1 for line in page.lines]
    assert len(tiers) == len(zones)
    assert tiers == sorted(tiers, reverse=True)
    for tier in (3, 2, 1):
        ranks = [
            line.value * (line.slot.score or 1) for line, own in zip(page.lines, tiers, strict=True) if own == tier
        ]
        assert ranks == sorted(ranks, reverse=True)


def test_the_case_follows_the_ledger(rep, collector):
    account = make_account(rep)
    invoice = make_invoice(account, "1000.00", due_on=today() - LATE)
    make_invoice(account, "70.00", due_on=today() + LATE)
    assert actions.refresh_cases() == 1
    assert actions.refresh_cases() == 0
    case = Case.objects.get(account=account)
    assert (case.overdue_amount, case.invoices, case.oldest_due_on) == (1000, 1, invoice.due_on)
    invoice.disputed_amount = Decimal("300.00")
    invoice.save()
    actions.refresh_cases(account_ids=[account.pk])
    case.refresh_from_db()
    assert (case.overdue_amount, case.callable_amount) == (1000, 700)
    invoice.open_amount, invoice.disputed_amount, invoice.settled_on = 0, 0, today()
    invoice.save()
    Case.objects.update(next_action="call", next_action_on=today())
    assert actions.refresh_cases(account_ids=[account.pk]) == 1
    case.refresh_from_db()
    assert (case.overdue_amount, case.value, case.invoices, case.next_action_on) == (0, 0, 0, None)
    assert actions.refresh_cases() == 0


def test_refreshing_some_leaves_the_others_alone(rep):
    first, second = make_account(rep), make_account(rep)
    for account in (first, second):
        make_invoice(account, due_on=today() - LATE)
    assert actions.refresh_cases(account_ids=[first.pk]) == 1
    assert list(Case.objects.values_list("account", flat=True)) == [first.pk]
    assert actions.refresh_cases(account_ids=[]) == 0


def test_what_a_later_look_found_is_not_overwritten(rep):
    account = make_account(rep)
    make_invoice(account, due_on=today() - LATE)
    actions.refresh_cases()
    ahead = datetime.now(SHANGHAI) + timedelta(hours=1)
    Case.objects.update(overdue_amount=5, refreshed_at=ahead)
    assert actions.refresh_cases() == 0


def test_the_brief_and_the_line_judge_alike(collector, owing):
    account = owing("Judged")
    [line] = queries.queue(collector, TUESDAY).lines
    brief = queries.call_brief(collector, account.pk, TUESDAY)
    assert (brief.slot, brief.why) == (line.slot, line.why)
    assert brief.slot == slots.judge(
        TUESDAY,
        queries.hours_of(brief.case),
        queries.limits_of(queries.dunning_rule()),
        queries.Calendar().of("Asia/Shanghai"),
    )
