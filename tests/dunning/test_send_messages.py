"""Sending against a real mail server on this machine: each once, within their hours, and again after a failure."""

from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest
from django.db import transaction
from django.utils import timezone

from core import tick as clock
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from dunning import actions, tasks
from dunning.actions import sending
from dunning.choices import MessageState, SendFailure
from dunning.models import Case, Message
from tests.dunning.letters import (
    a_workday,
    free_port,
    late_customer,
    mail_server,
    payment_contact,
    sends_to,
    squeezed,
    words_of,
)
from tests.factories import make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(collector, rep):
    """A reminder to Ms Wang, approved."""
    account = late_customer(rep)
    payment_contact(rep, account, "Wang Fang", "wang@example.com", salutation="Ms Wang")
    return approved(collector)


def approved(collector):
    actions.propose_messages(by=collector)
    actions.approve_messages(by=collector)
    return Message.objects.latest("id")


def chinese(collector, rep, **fields):
    late_customer(rep, "红星钢铁集团有限公司", **fields)
    return approved(collector)


def pdf_of(letter: EmailMessage) -> bytes:
    [attachment] = letter.iter_attachments()
    assert attachment.get_content_type() == "application/pdf"
    return attachment.get_content()


def test_a_mail_carries_the_words_and_the_letter_as_pdf(collector, message):
    with mail_server() as mailbox:
        [sent] = actions.send_messages(at=a_workday())
    assert sent.state == MessageState.SENT
    [letter] = mailbox.letters
    assert letter["To"] == "wang@example.com"
    assert letter["Subject"] == "Payment reminder: CNY 1,200.00"
    assert letter["Message-ID"] == f"<dunning-{message.pk}@keyline.invalid>"
    assert letter["Reply-To"] == collector.email
    text = letter.get_body(("plain",)).get_content()
    assert text.startswith("Dear Ms Wang,")
    words = words_of(pdf_of(letter))
    assert "1,200.00" in words
    assert message.lines.get().invoice.number in words
    assert "1 / 1" in words
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("sent", 1, "")
    assert bytes(message.pdf) == pdf_of(letter)
    assert AuditEvent.objects.get(code="dunning.message_sent").account_id == message.account_id
    assert Case.objects.get(account=message.account_id).last_touch_at == message.sent_at


def test_a_chinese_letter_reads_right(collector, rep):
    chinese(collector, rep, days=16)
    with mail_server() as mailbox:
        actions.send_messages(at=a_workday())
    [letter] = mailbox.letters
    assert letter["Subject"].strip() == "催款函：逾期款项人民币1,200.00元（附对账单）"
    words = squeezed(words_of(pdf_of(letter)))
    assert "红星钢铁集团有限公司" in words
    assert "人民币1,200.00元" in words
    assert "对账回执" in words  # the statement follows the letter
    assert "期末余额" in words


def test_a_second_run_sends_nothing(message):
    with mail_server() as mailbox:
        actions.send_messages(at=a_workday())
        assert actions.send_messages(at=a_workday()) == []
    assert len(mailbox.letters) == 1


def test_what_nobody_approved_stays(collector, rep):
    late_customer(rep)
    actions.propose_messages(by=collector)
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday()) == []
    assert mailbox.letters == []


def test_a_crash_between_sending_and_writing_it_down_repeats_the_same_mail(message, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    at = a_workday()
    with mail_server() as mailbox:
        with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):
            crash.setattr(sending, "_settle", dies)
            actions.send_messages(at=at)
        message.refresh_from_db()
        assert message.state == MessageState.SENDING
        assert actions.send_messages(at=at + timedelta(seconds=60)) == []  # the lease still holds
        [again] = actions.send_messages(at=at + timedelta(minutes=3))
    assert again.state == MessageState.SENT
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert pdf_of(first) == pdf_of(second)


def test_a_sender_that_lost_its_lease_does_not_settle(message):
    claim = sending.claim_message(at=a_workday())
    Message.objects.update(attempts=2)  # somebody else has taken it up
    assert sending._settle(sending.SYSTEM, claim.message) == MessageState.SENDING
    message.refresh_from_db()
    assert message.sent_at is None


def test_a_mail_server_that_does_not_answer(message):
    at = a_workday()
    with sends_to(free_port()):
        [failed] = actions.send_messages(at=at)
    assert failed.state == MessageState.FAILED
    message.refresh_from_db()
    assert SendFailure(message.error).label == "The mail server does not answer."
    with mail_server() as mailbox:
        assert actions.send_messages(at=at + timedelta(minutes=4)) == []  # not before the pause is over
        [sent] = actions.send_messages(at=at + timedelta(hours=1))
    assert sent.state == MessageState.SENT
    assert len(mailbox.letters) == 1


def test_after_five_attempts_a_person_decides(collector, message):
    at = a_workday()
    with sends_to(free_port()):
        for _attempt in range(5):
            Message.objects.update(not_before=at)
            actions.send_messages(at=at)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.not_before) == ("failed", 5, None)
    assert AuditEvent.objects.get(code="dunning.message_failed").details["reason"] == "The mail server does not answer."
    actions.retry_message(by=collector, message_id=message.pk)
    with mail_server() as mailbox:
        actions.send_messages(at=at)
    assert len(mailbox.letters) == 1


def test_a_refused_address_is_not_tried_again_but_another_one_is(collector, message):
    with mail_server() as mailbox:
        mailbox.refuses["wang@example.com"] = "550 no such person"
        [failed] = actions.send_messages(at=a_workday())
        message.refresh_from_db()
        assert (failed.state, message.error, message.not_before) == ("failed", "bad_address", None)
        with pytest.raises(DomainError):
            actions.retry_message(by=collector, message_id=message.pk, to="nobody")
        actions.retry_message(by=collector, message_id=message.pk, to="finance@example.com")
        actions.send_messages(at=a_workday())
    assert [letter["To"] for letter in mailbox.letters] == ["finance@example.com"]


@pytest.mark.parametrize("hour", [7, 20])
def test_nothing_leaves_outside_their_hours(message, hour):
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday(hour)) == []
    message.refresh_from_db()
    assert mailbox.letters == []
    assert message.state == MessageState.APPROVED
    assert timezone.localtime(message.not_before).hour == 9


def test_their_hours_are_those_of_their_zone(collector, message):
    actions.set_case(by=collector, account_id=message.account_id, time_zone="America/Chicago")
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday(10)) == []
    assert mailbox.letters == []


# ------------------------------------------------------------------ true when it leaves


def test_what_was_paid_meanwhile_is_left_out(message):
    account_invoices = message.account.invoices
    account_invoices.update(open_amount=0, settled_on=today())
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday()) == []
    message.refresh_from_db()
    assert (message.state, message.skipped_because, mailbox.letters) == ("skipped", "paid", [])


def test_who_has_paid_is_not_asked_because_nobody_matched_it(message):
    make_payment(message.account, "1200.00")
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday()) == []
    message.refresh_from_db()
    assert (message.state, message.skipped_because, mailbox.letters) == ("skipped", "paid", [])


def test_what_was_partly_paid_is_written_anew_and_looked_at_again(message):
    message.account.invoices.update(open_amount=Decimal("200.00"))
    with mail_server() as mailbox:
        assert actions.send_messages(at=a_workday()) == []
    message.refresh_from_db()
    assert (message.state, message.skipped_because, mailbox.letters) == ("proposed", "changed", [])
    assert (message.amount, message.lines.get().open_amount) == (Decimal("200.00"), Decimal("200.00"))
    assert "CNY 200.00" in message.body
    assert message.approved_by is None


def test_a_promise_stops_what_was_approved(collector, message):
    actions.record_promise(
        by=collector,
        account_id=message.account_id,
        instalments=[(today() + timedelta(days=5), Decimal("1200.00"))],
        currency="CNY",
        said_by="Wang",
    )
    Message.objects.exclude(pk=message.pk).delete()
    with mail_server() as mailbox:
        actions.send_messages(at=a_workday())
    message.refresh_from_db()
    assert (message.state, message.skipped_because, mailbox.letters) == ("skipped", "promised", [])


# ------------------------------------------------------------------ looking at them


def test_words_are_changed_before_they_leave(collector, rep, message):
    Message.objects.update(state=MessageState.PROPOSED)
    actions.edit_message(
        by=collector, message_id=message.pk, subject="About  invoice 7", body="Dear Wang,\n\n{amount}?"
    )
    message.refresh_from_db()
    assert (message.subject, message.body) == ("About invoice 7", "Dear Wang,\n\n{amount}?")
    with pytest.raises(NotAllowed):
        actions.edit_message(by=rep, message_id=message.pk, subject="x", body="y")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"subject": " "}, "subject"), ({"body": ""}, "body"), ({"to": "nobody"}, "to"), ({"to": ""}, "to"),
     ({"body": "Sorry to trouble you again"}, "body"), ({"body": "不好意思打扰了"}, "body")],
)  # fmt: skip
def test_words_that_cannot_be(collector, message, changes, field):
    Message.objects.update(state=MessageState.PROPOSED)
    with pytest.raises(DomainError) as refused:
        actions.edit_message(by=collector, message_id=message.pk, **{"subject": "x", "body": "y", **changes})
    assert refused.value.field == field


def test_an_approved_letter_is_not_edited(collector, message):
    with pytest.raises(Conflict):
        actions.edit_message(by=collector, message_id=message.pk, subject="x", body="y")


def test_leaving_out_needs_a_reason_and_a_letter_not_yet_gone(collector, message):
    with pytest.raises(DomainError):
        actions.skip_message(by=collector, message_id=message.pk, reason=" ")
    with pytest.raises(NotFound):
        actions.skip_message(by=collector, message_id=10**9, reason="x")
    Message.objects.update(state=MessageState.SENT)
    with pytest.raises(Conflict):
        actions.skip_message(by=collector, message_id=message.pk, reason="x")


def test_only_the_chosen_are_approved(collector, manager, rep):
    late_customer(rep)
    late_customer(rep)
    actions.propose_messages(by=collector)
    first, second = Message.objects.order_by("id")
    with pytest.raises(NotAllowed):
        actions.approve_messages(by=manager, message_ids=[first.pk])
    assert actions.approve_messages(by=collector, message_ids=[second.pk, 10**9]) == 1
    assert Message.objects.get(state="approved") == second
    assert actions.approve_messages(by=collector) == 1
    assert actions.approve_messages(by=collector) == 0


# ------------------------------------------------------------------ the clock


def test_the_ladder_is_climbed_on_working_days(collector, rep, monkeypatch):
    late_customer(rep)
    monkeypatch.setattr(tasks, "is_workday", lambda _day: False)
    tasks.propose_messages(today())
    assert not Message.objects.exists()
    monkeypatch.setattr(tasks, "is_workday", lambda _day: True)
    tasks.propose_messages(today())
    tasks.propose_messages(today())
    assert Message.objects.count() == 1


def test_a_tick_sends_a_worker_only_when_something_waits(message, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.send_messages, "delay", lambda: sent.append(1))
    Message.objects.update(not_before=timezone.now() + timedelta(hours=1))
    tasks.send_what_waits(timezone.now())
    assert sent == []
    tasks.send_what_waits(timezone.now() + timedelta(hours=2))
    assert sent == [1]
    assert tasks.send_what_waits in clock.LOOKS


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_senders_at_once_take_different_messages(collector, rep):
    from threading import Thread

    from django.db import connection

    for _ in range(6):
        late_customer(rep)
    actions.propose_messages(by=collector)
    with mail_server() as mailbox:
        with transaction.atomic():
            Message.objects.update(state=MessageState.APPROVED)
        at = a_workday()

        def send():
            try:
                actions.send_messages(at=at)
            finally:
                connection.close()

        senders = [Thread(target=send) for _ in range(3)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    ids = [letter["Message-ID"] for letter in mailbox.letters]
    assert len(ids) == len(set(ids)) == 6
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
