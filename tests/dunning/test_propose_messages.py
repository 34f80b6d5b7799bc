"""The run of the ladder: who is written to, at which rung, and who is left alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from dunning import actions, queries
from dunning.actions import proposing
from dunning.choices import MessageState
from dunning.models import Case, CollectionCall, DunningRule, LadderStep, Message, MessageLine
from dunning.queries.messages import lacking_papers, proposed_holds
from receivables.models import SupplyHold
from tests.dunning.letters import late_customer, payment_contact
from tests.factories import make_invoice, make_payment

pytestmark = pytest.mark.django_db


def rung(days):
    return LadderStep.objects.get(days=days, is_active=True)


def later(days):
    return today() + timedelta(days=days)


def test_the_ladder_is_seeded_with_good_manners():
    steps = list(LadderStep.objects.all())
    assert [step.days for step in steps] == [-7, 1, 7, 15, 30, 60, 90]
    assert [step.channel for step in steps] == ["mail", "mail", "call", "mail", "call", "letter", "legal"]
    for step in steps:
        actions.check_wordings({name: getattr(step, name) for name in ("subject", "subject_zh", "body", "body_zh")})


def test_only_who_sends_proposes(rep, manager):
    for person in (rep, manager):
        with pytest.raises(NotAllowed):
            actions.propose_messages(by=person)


@pytest.mark.parametrize(
    ("days", "step", "kind", "channel"),
    [(-7, -7, "reminder", "mail"), (0, -7, "reminder", "mail"), (1, 1, "reminder", "mail"), (6, 1, "reminder", "mail"),
     (15, 15, "reminder", "mail"), (29, 15, "reminder", "mail"), (60, 60, "demand", "letter"), (300, 60, "demand", "letter")],
)  # fmt: skip
def test_the_highest_rung_reached(collector, rep, days, step, kind, channel):
    account = late_customer(rep, days=days)
    assert actions.propose_messages(by=collector).messages == 1
    message = Message.objects.get(account=account)
    assert (message.step, message.kind, message.channel) == (rung(step), kind, channel)
    assert message.state == MessageState.PROPOSED
    assert message.amount == Decimal("1200.00")


@pytest.mark.parametrize("days", [-8, -30])
def test_nothing_before_the_first_rung(collector, rep, days):
    late_customer(rep, days=days)
    assert actions.propose_messages(by=collector).messages == 0


def test_one_message_for_all_invoices_of_a_currency(collector, rep):
    account = late_customer(rep, days=2)
    make_invoice(account, "300.00", due_on=later(-20))
    make_invoice(account, "500.00", due_on=later(-1), currency="USD")
    make_invoice(account, "70.00", due_on=later(3))
    actions.propose_messages(by=collector)
    yuan, dollar = Message.objects.order_by("currency")
    assert (yuan.amount, yuan.step.days) == (Decimal("1500.00"), 15)
    assert (dollar.amount, dollar.step.days) == (Decimal("500.00"), 1)
    assert {line.step.days: line.open_amount for line in yuan.lines.all()} == {
        15: Decimal("300.00"),
        1: Decimal("1200.00"),
    }
    assert "1,500.00" in yuan.subject
    assert AuditEvent.objects.get(code="dunning.messages_proposed").details["messages"] == 2


def test_a_second_run_proposes_nothing_new(collector, rep):
    late_customer(rep)
    assert [actions.propose_messages(by=collector).messages for _ in range(3)] == [1, 0, 0]
    assert Message.objects.count() == 1


def test_a_rung_is_taken_once_and_the_next_one_follows(collector, rep):
    account = late_customer(rep, days=2)
    actions.propose_messages(by=collector)
    Message.objects.update(state=MessageState.SENT)
    assert actions.propose_messages(by=collector, on=later(4)).messages == 0
    assert actions.propose_messages(by=collector, on=later(14)).messages == 1
    assert [message.step.days for message in Message.objects.filter(account=account).order_by("id")] == [1, 15]


def test_what_somebody_left_out_waits_for_the_next_rung(collector, rep):
    late_customer(rep, days=2)
    actions.propose_messages(by=collector)
    actions.skip_message(by=collector, message_id=Message.objects.get().pk, reason="Their director calls us tomorrow")
    assert actions.propose_messages(by=collector, on=later(1)).messages == 0
    assert actions.propose_messages(by=collector, on=later(14)).messages == 1


def test_what_the_program_left_out_comes_again(collector, rep):
    late_customer(rep, days=2)
    actions.propose_messages(by=collector)
    Message.objects.update(state=MessageState.SKIPPED, skipped_because="promised")
    assert actions.propose_messages(by=collector, on=later(1)).messages == 1


def test_only_undisputed_money_is_asked_for(collector, rep):
    account = late_customer(rep)
    account.invoices.update(disputed_amount=Decimal("1000.00"))
    actions.propose_messages(by=collector)
    assert Message.objects.get().amount == Decimal("200.00")
    assert MessageLine.objects.get().open_amount == Decimal("200.00")
    Message.objects.all().delete()
    account.invoices.update(disputed_amount=Decimal("1200.00"))
    assert actions.propose_messages(by=collector).messages == 0


def paused(account, collector):
    actions.pause_case(by=collector, account_id=account.pk, until=later(10), reason="Flood")


def ceased(account, collector):
    actions.set_case(by=collector, account_id=account.pk, cease_contact=True)


def promised(account, collector):
    actions.record_promise(
        by=collector,
        account_id=account.pk,
        instalments=[(later(5), Decimal("1200.00"))],
        currency="CNY",
        said_by="Wang",
    )
    Message.objects.all().delete()


def touched(account, collector):
    queries.get_case(collector, account.pk, lock=True)
    actions.note_touch(account_id=account.pk, at=timezone.now() - timedelta(days=2))


def small(account, collector):
    actions.set_dunning_rule(by=collector, smallest_amount=Decimal("1200.01"))


def paid_but_not_matched(account, collector):
    make_payment(account, "1200.00")


def without_papers(account, collector):
    account.invoices.update(papers="incomplete")


@pytest.mark.parametrize("reason", [paused, ceased, promised, touched, small, paid_but_not_matched, without_papers])
def test_who_is_left_alone(collector, rep, reason):
    account = late_customer(rep)
    reason(account, collector)
    assert actions.propose_messages(by=collector).messages == 0


def test_touched_longer_ago_than_the_gap_is_no_reason(collector, rep):
    account = late_customer(rep)
    queries.get_case(collector, account.pk, lock=True)
    actions.note_touch(account_id=account.pk, at=timezone.now() - timedelta(days=3))
    assert actions.propose_messages(by=collector).messages == 1


def test_missing_papers_are_reported(collector, rep):
    account = late_customer(rep)
    other = make_invoice(account, "50.00", due_on=later(-3), missing_papers=["delivery_note"])
    assert actions.propose_messages(by=collector).lacking_papers == 1
    assert lacking_papers(collector, today()) == (1, [other])
    assert [line.invoice_id for line in MessageLine.objects.all()] != [other.pk]


# ------------------------------------------------------------------ calls, holds, lawyers


def test_a_call_becomes_the_next_action(collector, rep):
    account = late_customer(rep, days=8)
    done = actions.propose_messages(by=collector)
    assert (done.messages, done.calls) == (0, 1)
    case = Case.objects.get(account=account)
    assert (case.next_action, case.next_action_on) == ("call", today())
    assert actions.propose_messages(by=collector).calls == 0


def test_a_call_made_since_takes_the_rung(collector, rep):
    account = late_customer(rep, days=8)
    CollectionCall.objects.create(account=account, called_at=timezone.now(), outcome="no_answer", by=collector)
    assert actions.propose_messages(by=collector).calls == 0


def test_what_was_agreed_for_a_later_day_stands(collector, rep):
    account = late_customer(rep, days=8)
    Case.objects.create(account=account, next_action="send_papers", next_action_on=later(2))
    assert actions.propose_messages(by=collector).calls == 0
    assert Case.objects.get(account=account).next_action == "send_papers"


def test_after_thirty_days_the_manager_calls_and_decides_on_a_hold(collector, manager, other_manager, rep):
    account = late_customer(rep, days=31)
    actions.refresh_cases()
    done = actions.propose_messages(by=collector)
    assert (done.calls, done.holds) == (1, 1)
    assert Case.objects.get(account=account).next_action == "manager"
    assert [case.account for case in proposed_holds(manager)] == [account]
    assert proposed_holds(other_manager) == []
    with pytest.raises(NotFound):
        actions.accept_hold(by=other_manager, account_id=account.pk, reason="Not mine")
    with pytest.raises(NotAllowed):
        actions.accept_hold(by=rep, account_id=account.pk, reason="Sales does not hold")
    actions.accept_hold(by=manager, account_id=account.pk, reason="31 days late")
    assert SupplyHold.objects.get(account=account).reason == "31 days late"
    assert proposed_holds(manager) == []
    assert actions.propose_messages(by=collector).holds == 0


def test_a_declined_hold_comes_back_with_the_next_invoice(collector, manager, rep):
    account = late_customer(rep, days=31)
    actions.refresh_cases()
    actions.propose_messages(by=collector)
    with pytest.raises(NotAllowed):
        actions.decline_hold(by=rep, account_id=account.pk, reason="They will pay")
    actions.decline_hold(by=manager, account_id=account.pk, reason="Key account, the director is on it")
    assert actions.propose_messages(by=collector).holds == 0
    make_invoice(account, "900.00", due_on=later(-29))
    assert actions.propose_messages(by=collector, on=later(1)).holds == 1


def test_the_lawyer_comes_only_after_a_formal_demand(collector, rep):
    account = late_customer(rep, days=120)
    actions.propose_messages(by=collector)
    demand = Message.objects.get()
    assert demand.step.is_formal
    Message.objects.update(state=MessageState.SENT)
    assert actions.propose_messages(by=collector, on=later(10)).calls == 1
    assert Case.objects.get(account=account).next_action == "legal"


def test_of_two_currencies_the_stronger_call_is_the_next_action(collector, rep):
    account = late_customer(rep, days=8)
    make_invoice(account, "500.00", due_on=later(-31), currency="USD")
    assert actions.propose_messages(by=collector).calls == 1
    assert Case.objects.get(account=account).next_action == "manager"


def test_a_stronger_next_action_stands_and_a_weaker_one_gives_way(collector, rep):
    stronger, weaker = late_customer(rep, days=8), late_customer(rep, days=8)
    Case.objects.create(account=stronger, next_action="legal", next_action_on=later(-3))
    Case.objects.create(account=weaker, next_action="wait", next_action_on=today())
    assert actions.propose_messages(by=collector).calls == 1
    assert Case.objects.get(account=stronger).next_action == "legal"
    assert Case.objects.get(account=weaker).next_action == "call"


def test_customers_pass_through_in_batches(collector, rep, monkeypatch):
    monkeypatch.setattr(proposing, "BATCH", 2)
    written = [late_customer(rep) for _ in range(5)]
    called = [late_customer(rep, days=8) for _ in range(3)]
    done = actions.propose_messages(by=collector)
    assert (done.messages, done.calls) == (5, 3)
    assert set(Message.objects.values_list("account", flat=True)) == {account.pk for account in written}
    assert set(Case.objects.filter(next_action="call").values_list("account", flat=True)) == {row.pk for row in called}
    assert MessageLine.objects.count() == 5


# ------------------------------------------------------------------ to whom, in which language


def test_the_payment_contact_with_an_address_is_written_to(collector, rep):
    account = late_customer(rep)
    payment_contact(rep, account, "Director Zhao", "zhao@example.com", role="general_manager")
    payment_contact(rep, account, "Wang Fang", "wang@example.com", salutation="Ms Wang")
    actions.propose_messages(by=collector)
    message = Message.objects.get()
    assert (message.to, str(message.contact), message.language) == ("wang@example.com", "Wang Fang", "en")
    assert message.body.startswith("Dear Ms Wang,")


def test_without_an_address_it_is_a_letter(collector, rep):
    account = late_customer(rep, "红星钢铁集团")
    account.channels.all().delete()
    payment_contact(rep, account, "王芳")
    actions.propose_messages(by=collector)
    message = Message.objects.get()
    assert (message.channel, message.to, message.language) == ("letter", "", "zh-hans")
    assert message.body.startswith("尊敬的王芳：")
    assert "人民币1,200.00元" in message.body


def test_the_language_somebody_prefers_wins(collector, rep):
    account = late_customer(rep, "红星钢铁集团", english_name="Red Star Steel Group")
    payment_contact(rep, account, "王芳", "wang@example.com", english_name="Fang Wang", preferred_language="en")
    actions.propose_messages(by=collector)
    assert Message.objects.get().language == "en"


def test_ten_times_as_many_customers_cost_no_more_statements(collector, rep, django_assert_max_num_queries):
    for _ in range(30):
        late_customer(rep)
    with django_assert_max_num_queries(25):
        assert actions.propose_messages(by=collector).messages == 30
    assert DunningRule.objects.count() == 1
