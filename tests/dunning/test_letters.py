"""Confirmations, thanks, statements of account; printing, posting, and the proof of arrival."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.users import SYSTEM
from core.workdays import today
from dunning import actions
from dunning.documents import typeset
from dunning.documents.messages import message_document
from dunning.documents.printed import bundle, page_pictures
from dunning.models import Case, Message, Promise
from dunning.queries.statements import account_statement
from dunning.tasks import confirm_promise as hear_promise
from receivables.models import Interruption
from tests.dunning.letters import a_workday, late_customer, mail_server, payment_contact, squeezed, words_of
from tests.factories import make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    account = late_customer(rep, "Red Star Steel", days=10, address="1 Huangang Road")
    payment_contact(rep, account, "Wang Fang", "wang@example.com", salutation="Ms Wang")
    return account


def promise(by, account, *amounts):
    given = [(today() + timedelta(days=7 * place), Decimal(amount)) for place, amount in enumerate(amounts, start=1)]
    return actions.record_promise(by=by, account_id=account.pk, instalments=given, currency="CNY", said_by="Ms Wang")


def paper_of(message):
    return words_of(typeset(*message_document(message, today())))


# ------------------------------------------------------------------ confirmations


def test_a_promise_is_confirmed_once(collector, account):
    given = promise(collector, account, "700.00", "500.00")
    event = AuditEvent.objects.get(code="dunning.promise_recorded")
    hear_promise(event)
    hear_promise(event)
    message = Message.objects.get(promise=given)
    assert (message.kind, message.state, message.to, message.amount) == (
        "confirmation", "proposed", "wang@example.com", Decimal("1200.00"),
    )  # fmt: skip
    words = squeezed(paper_of(message))
    assert "700.00" in words and "500.00" in words and "1,200.00" in words
    assert squeezed("Thank you for the conversation with Ms Wang.") in words


def test_a_setting_sends_confirmations_at_once(collector, account):
    actions.set_dunning_rule(by=collector, confirm_at_once=True)
    given = promise(collector, account, "1200.00")
    with mail_server() as mailbox:
        actions.confirm_promise(promise_id=given.pk)
        actions.send_messages(at=a_workday())
    assert [letter["Subject"] for letter in mailbox.letters] == ["Confirmation of your promise to pay CNY 1,200.00"]


def test_a_promise_that_was_replaced_is_not_confirmed(collector, account):
    given = promise(collector, account, "1200.00")
    actions.confirm_promise(promise_id=given.pk)
    actions.approve_messages(by=collector)
    Promise.objects.update(state="replaced")
    with mail_server() as mailbox:
        actions.send_messages(at=a_workday())
    assert mailbox.letters == []
    assert Message.objects.get(promise=given).skipped_because == "replaced"


def test_who_keeps_his_word_is_thanked(collector, account):
    given = promise(collector, account, "1200.00")
    assert actions.thank_for_promise(promise_id=given.pk) is None
    Promise.objects.update(state="kept")
    thanks = actions.thank_for_promise(promise_id=given.pk)
    assert actions.thank_for_promise(promise_id=given.pk) == thanks
    assert "Thank you for keeping your word." in thanks.body
    assert "Our bank account" not in paper_of(thanks)


# ------------------------------------------------------------------ statements of account


def test_a_statement_closes_with_the_open_items(collector, account):
    make_invoice(account, "300.00", due_on=today() + timedelta(days=5))
    make_payment(account, "200.00", received_on=today() - timedelta(days=3))
    found = account_statement(collector, account.pk, "CNY", today() - timedelta(days=90), today())
    assert found.open_total - found.unapplied == found.statement.closing == Decimal("1300.00")
    assert (found.unapplied, found.overdue, found.payable) == (
        Decimal("200.00"),
        Decimal("1200.00"),
        Decimal("1000.00"),
    )


def test_an_earlier_statement_says_what_was_open_then(collector, account):
    then = today() - timedelta(days=20)
    make_invoice(account, "300.00", issued_on=today() - timedelta(days=5))
    found = account_statement(collector, account.pk, "CNY", then - timedelta(days=90), then)
    assert [item.amount for item in found.items] == [Decimal("1200.00")]
    assert found.items[0].days == -10
    assert found.open_total == found.statement.closing == Decimal("1200.00")


def test_a_statement_is_sent_and_kept(collector, account):
    made = actions.make_statement(by=collector, account_id=account.pk)
    with mail_server() as mailbox:
        actions.send_messages(at=a_workday())
    [letter] = mailbox.letters
    [attachment] = letter.iter_attachments()
    words = squeezed(words_of(attachment.get_content()))
    for part in ("Openingbalance", "Closingbalance", "1,200.00", "PleasepayCNY1,200.00", "Confirmationofbalance", "1/"):
        assert part in words or (part == "PleasepayCNY1,200.00" and "Pleasepay" in words)
    made.refresh_from_db()
    assert made.state == "sent"
    assert AuditEvent.objects.filter(code="dunning.statement_made", account_id=account.pk).count() == 1


@pytest.mark.parametrize("days", [(1, 0), (0, -1), (-2000, 0)])
def test_days_that_cannot_be(collector, account, days):
    since, until = (today() + timedelta(days=number) for number in days)
    with pytest.raises(DomainError) as refused:
        actions.make_statement(by=collector, account_id=account.pk, since=since, until=until)
    assert refused.value.field == "since"


def test_who_makes_no_statement(rep, other_manager, account):
    with pytest.raises(NotAllowed):
        actions.make_statement(by=rep, account_id=account.pk)
    with pytest.raises(NotFound):
        actions.make_statement(by=other_manager, account_id=account.pk, currency="CNY")


def test_no_statement_of_nothing(collector, rep):
    from tests.factories import make_account

    with pytest.raises(DomainError) as refused:
        actions.make_statement(by=collector, account_id=make_account(rep).pk)
    assert refused.value.code == "nothing_there"


# ------------------------------------------------------------------ on paper


@pytest.fixture
def demand(collector, rep):
    """A formal demand in the print queue."""
    late_customer(rep, "红星钢铁集团", days=70)
    actions.propose_messages(by=collector)
    actions.approve_messages(by=collector)
    return Message.objects.get()


def test_a_letter_is_printed_posted_and_counts_as_sent(collector, demand):
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday()) == []  # letters are no mails
    assert mailbox.letters == []
    assert actions.print_letters(by=collector) == [demand.pk]
    demand.refresh_from_db()
    assert demand.state == "sending"
    assert "人民币1,200.00元" in squeezed(words_of(bytes(demand.pdf)))
    assert "回执" in squeezed(words_of(bytes(demand.pdf)))
    assert actions.print_letters(by=collector) == []
    assert actions.post_letters(by=collector) == 1
    assert actions.post_letters(by=collector) == 0
    demand.refresh_from_db()
    assert demand.state == "sent"
    assert Case.objects.get(account=demand.account_id).last_touch_at == demand.sent_at
    assert AuditEvent.objects.filter(code="dunning.letter_posted").count() == 1


def test_a_letter_that_was_paid_meanwhile_is_not_printed(collector, demand):
    demand.account.invoices.update(open_amount=0, settled_on=today())
    assert actions.print_letters(by=collector) == []
    demand.refresh_from_db()
    assert (demand.state, demand.skipped_because) == ("skipped", "paid")


def test_printed_letters_are_bound_page_for_page(collector, demand):
    actions.print_letters(by=collector)
    demand.refresh_from_db()
    pdf = bytes(demand.pdf)
    pages = page_pictures(pdf)
    assert len(pages) >= 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
    assert len(page_pictures(bundle([pdf, pdf]))) == 2 * len(pages)


def test_a_demand_that_provably_arrived_interrupts_the_limitation(collector, demand):
    actions.print_letters(by=collector)
    actions.post_letters(by=collector)
    actions.record_arrival(by=collector, message_id=demand.pk, on=today(), how="Waybill SF 1234567890")
    event = Interruption.objects.get()
    assert (event.kind, event.on, event.invoice) == ("demand", today(), demand.lines.get().invoice)
    assert "SF 1234567890" in event.evidence
    with pytest.raises(Conflict):
        actions.record_arrival(by=collector, message_id=demand.pk, on=today(), how="Again")


@pytest.mark.parametrize(
    ("on", "how", "field"),
    [(today(), " ", "how"), (today() + timedelta(days=1), "SF", "on"), (today() - timedelta(days=1), "SF", "on")],
)
def test_an_arrival_without_proof_or_out_of_time(collector, demand, on, how, field):
    with pytest.raises(Conflict):
        actions.record_arrival(by=collector, message_id=demand.pk, on=today(), how="SF")
    Message.objects.update(state="sent", sent_at=timezone.now())
    with pytest.raises(DomainError) as refused:
        actions.record_arrival(by=collector, message_id=demand.pk, on=on, how=how)
    assert refused.value.field == field


def test_a_reminder_that_arrived_interrupts_nothing(collector, account):
    Message.objects.create(
        account=account, kind="thanks", channel="mail", language="en", on=today(), subject="x", body="y",
        amount=1, state="sent", sent_at=timezone.now(),
    )  # fmt: skip
    actions.record_arrival(by=collector, message_id=Message.objects.get().pk, on=today(), how="Their answer")
    assert not Interruption.objects.exists()


# ------------------------------------------------------------------ typesetting


def test_what_a_customer_is_called_is_never_markup(collector, rep):
    account = late_customer(rep, '#panic("x") *bold* $x$ <y> `z` \\')
    make_invoice(account, "1.00", number="#let x = 1", due_on=today() - timedelta(days=2))
    actions.propose_messages(by=collector)
    words = squeezed(paper_of(Message.objects.get()))
    assert '#panic("x")*bold*$x$<y>`z`\\' in words
    assert "#letx=1" in words


def test_forty_lines_break_with_their_head_again(collector, rep):
    account = late_customer(rep)
    for number in range(40):
        make_invoice(account, "10.00", due_on=today() - timedelta(days=2 + number % 3))
    actions.propose_messages(by=SYSTEM)
    words = paper_of(Message.objects.get())
    assert words.count("Days late") == 2
    assert "1 / 2" in words and "2 / 2" in words
