"""The queue as a page: its lines, taking up, passing over, assigning; never more statements for more customers."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from dunning import actions
from dunning.models import Case, CollectionCall
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 6, 2, 10, 30, tzinfo=SHANGHAI)
QUEUE = "dunning:queue"


@pytest.fixture(autouse=True)
def on_tuesday():
    """A working Tuesday at half past ten."""
    with time_machine.travel(TUESDAY, tick=False):
        yield


def owing(owner, name, amount="1000.00", days=20, **invoice):
    """An account with one overdue invoice, in the queue."""
    account = make_account(owner, name)
    make_invoice(account, amount, due_on=date(2026, 6, 2) - timedelta(days=days), **invoice)
    actions.refresh_cases(account_ids=[account.pk])
    return account


def call_url(account, name="call"):
    return reverse(f"dunning:{name}", args=[account.pk])


def test_the_queue_says_who_how_much_and_why(as_user, rep, collector):
    large, small = owing(rep, "Large", "90000.00"), owing(rep, "Small", "100.00", days=3)
    make_invoice(large, "700.00", currency="USD", due_on=date(2026, 5, 1))
    Case.objects.filter(account=small).update(broken_since=date(2026, 6, 1))
    page = as_user(collector).get(reverse(QUEUE)).content.decode()
    assert page.index("Small") < page.index("Large")
    assert "A promise was broken on 1 Jun 2026." in page
    assert "¥90,000" in page
    assert "$700" in page
    assert "Good now" in page
    assert "20 days" in page
    assert "never called" in page


def test_an_empty_queue_says_how_to_begin(as_user, rep, collector, manager):
    """Who brings the ledger is led to the import; others are told who does. With a ledger nobody is led anywhere."""
    imports = f'class="btn btn-primary" href="{reverse("core:imports")}"'
    page = as_user(collector).get(reverse(QUEUE)).content.decode()
    assert "Import your ledger" in page
    assert imports in page
    page = as_user(manager).get(reverse(QUEUE)).content.decode()
    assert "As soon as finance has brought in the ledger" in page
    assert imports not in page
    make_invoice(make_account(rep, "Acme"), due_on=date(2026, 7, 1))
    page = as_user(collector).get(reverse(QUEUE)).content.decode()
    assert "Nobody is waiting for a call" in page
    assert "Import your ledger" not in page


def test_a_moment_that_is_none_says_when(as_user, rep, collector):
    owing(rep, "Acme")
    with time_machine.travel(datetime.combine(date(2026, 6, 2), time(12, 30), SHANGHAI), tick=False):
        page = as_user(collector).get(reverse(QUEUE)).content.decode()
    assert "At 13:30" in page
    assert "They are at lunch." in page


def test_tabs_show_mine_and_what_is_nobodys(as_user, rep, collector, manager):
    mine, theirs, free = owing(rep, "Mine"), owing(rep, "Theirs"), owing(rep, "Free")
    actions.assign_case(by=collector, account_id=mine.pk, collector_id=collector.pk)
    actions.assign_case(by=collector, account_id=theirs.pk, collector_id=manager.pk)
    browser = as_user(collector)

    def names(whose):
        page = browser.get(reverse(QUEUE), {"whose": whose}).content.decode()
        return {account.name for account in (mine, theirs, free) if f">{account.name}</a>" in page}

    assert names("mine") == {"Mine", "Free"}
    assert names("unassigned") == {"Free"}
    assert names("all") == {"Mine", "Theirs", "Free"}
    assert names("nonsense") == {"Mine", "Free"}


def test_more_lines_come_by_key(as_user, rep, collector):
    for number in range(55):
        owing(rep, f"Account no {number:02}")
    browser = as_user(collector)
    page = browser.get(reverse(QUEUE))
    more = page.context["more_url"]
    rows = browser.get(more, headers={"HX-Request": "true"})
    assert len(page.context["lines"]) == 50
    assert len(rows.context["lines"]) == 5
    assert "<html" not in rows.content.decode()
    shown = [line.account_id for line in (*page.context["lines"], *rows.context["lines"])]
    assert len(set(shown)) == 55


def test_start_calling_takes_the_first_and_goes_on_where_one_stopped(as_user, rep, collector):
    owing(rep, "Small")
    large = owing(rep, "Large", "90000.00")
    browser = as_user(collector)
    for _time in range(2):
        answer = browser.post(reverse("dunning:start_calling"))
        assert answer.headers["Location"] == call_url(large)
    assert Case.objects.get(account=large).claimed_by == collector
    assert browser.get(reverse("dunning:start_calling")).headers["Location"] == reverse(QUEUE)


def test_with_nobody_to_call_it_says_so(as_user, collector):
    answer = as_user(collector).post(reverse("dunning:start_calling"), follow=True)
    assert "Nobody is left" in answer.content.decode()


def test_next_gives_back_and_passes_over_until_started_again(as_user, rep, collector):
    second, first = owing(rep, "Second"), owing(rep, "First", "90000.00")
    browser = as_user(collector)
    browser.post(reverse("dunning:start_calling"))
    answer = browser.post(call_url(first, "next_case"))
    assert answer.headers["Location"] == call_url(second)
    assert Case.objects.get(account=first).claimed_by is None
    assert browser.post(call_url(second, "next_case")).headers["Location"] == reverse(QUEUE)
    assert not CollectionCall.objects.exists()
    assert browser.post(reverse("dunning:start_calling")).headers["Location"] == call_url(first)


def test_a_customer_a_colleague_has_is_refused_with_the_name(as_user, rep, collector, manager):
    account = owing(rep, "Acme")
    actions.claim_case(by=manager, account_id=account.pk)
    answer = as_user(collector).post(call_url(account, "claim_case"))
    assert answer.status_code == 409
    assert "Wang Manager is working at this customer just now." in answer.content.decode()
    assert Case.objects.get(account=account).claimed_by == manager


def test_taking_up_and_giving_back(as_user, rep, collector):
    account = owing(rep, "Acme")
    browser = as_user(collector)
    assert browser.post(call_url(account, "claim_case")).headers["Location"] == call_url(account)
    assert "you, now" in browser.get(reverse(QUEUE)).content.decode()
    browser.post(call_url(account, "release_case"))
    assert Case.objects.get(account=account).claimed_by is None


def test_several_customers_are_given_to_a_collector_at_once(as_user, rep, collector, manager):
    accounts = [owing(rep, "One"), owing(rep, "Two")]
    chosen = {"account": [account.pk for account in accounts]}
    browser = as_user(manager)
    sheet = browser.get(reverse("dunning:assign_cases"), chosen).content.decode()
    assert "Give 2 customers to" in sheet
    answer = browser.post(
        reverse("dunning:assign_cases"), {**chosen, "collector": collector.pk}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert "queue:changed" in answer.headers["HX-Trigger"]
    assert set(Case.objects.values_list("collector", flat=True)) == {collector.pk}
    assert browser.post(reverse("dunning:assign_cases"), {"collector": collector.pk}).status_code == 422


def test_assigning_out_of_sight_is_404(as_user, rep, collector, other_manager):
    account = owing(rep, "Acme")
    answer = as_user(other_manager).post(
        reverse("dunning:assign_cases"), {"account": account.pk, "collector": collector.pk}
    )
    assert answer.status_code == 404


def test_what_may_be_asked_for_is_said_where_part_is_disputed(as_user, rep, collector):
    owing(rep, "Acme", "1000.00", disputed_amount=Decimal("400.00"))
    assert "to ask for ¥600" in as_user(collector).get(reverse(QUEUE)).content.decode()
