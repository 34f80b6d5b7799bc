"""What moves the collecting files: facts of the ledger as they happen, and the night (C7, C10)."""

from __future__ import annotations

from datetime import date, datetime, time

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from accounts import events as accounts
from core.imports import events as imports
from core.models import AuditEvent
from core.subscriptions import on_event
from core.tick import daily, each_tick
from core.users import SYSTEM
from core.workdays import is_workday, today
from dunning import actions, events
from dunning.queries.messages import ready_to_send
from receivables import events as facts

OTHER_FILES = {"contacts", "positions", "prospects"}
"""Imports that bring nothing to collect."""


@on_event(
    facts.PAYMENT_RECORDED.code,
    facts.PAYMENT_ASSIGNED.code,
    facts.PAYMENT_ALLOCATED.code,
    facts.PAYMENT_REVERSED.code,
    facts.REFUND_RECORDED.code,
    facts.REFUND_REVERSED.code,
    facts.ALLOCATION_REVERSED.code,
)
def follow_money(event: AuditEvent) -> None:
    """Money moved: a promise may be kept, or be open again; there is less to collect, or more."""
    if event.account_id is not None:
        actions.judge_promises(account_ids=[event.account_id])
        actions.count_broken_promises(account_ids=[event.account_id])
        actions.refresh_cases(account_ids=[event.account_id])


@on_event(
    facts.INVOICE_RECORDED.code,
    facts.PAPERS_SET.code,
    facts.CREDIT_ALLOCATED.code,
    facts.CREDIT_REVERSED.code,
    facts.WRITE_OFF_DECIDED.code,
    facts.WRITE_OFF_REVERSED.code,
    facts.DISPUTE_OPENED.code,
    facts.DISPUTE_RESOLVED.code,
    facts.GRADE_CONFIRMED.code,
    facts.GRADE_OVERRULED.code,
    accounts.ACCOUNT_EDITED.code,
    accounts.PAYMENT_PROFILE_EDITED.code,
)
def follow_facts(event: AuditEvent) -> None:
    """What can be asked for has changed, or when."""
    if event.account_id is not None:
        actions.refresh_cases(account_ids=[event.account_id])


@on_event(facts.REGRADED.code)
def follow_grades(event: AuditEvent) -> None:
    """Invoices have other grades: of one customer, or of many."""
    actions.refresh_cases(account_ids=[event.account_id] if event.account_id is not None else None)


@on_event(imports.IMPORT_DONE.code, events.RULE_SET.code)
def follow_all(event: AuditEvent) -> None:
    """A file came in, or the settings changed: whichever customers that is about."""
    if event.details.get("target") not in OTHER_FILES:
        _settle()


@daily("dunning.judge_promises", _("Promises and queue for the morning"), at=time(0, 30))
def judge_promises(on: date) -> None:
    """Settle the promises whose day and grace are over, and put every case in order for the morning.

    What counts is what is known when it runs, also for a night that is caught up later. When calls are answered is
    counted anew with it.
    """
    _settle()
    actions.count_answers()


def _settle() -> None:
    actions.judge_promises()
    actions.count_broken_promises()
    actions.refresh_cases()


# ------------------------------------------------------------------ letters


@on_event(events.PROMISE_RECORDED.code)
def confirm_promise(event: AuditEvent) -> None:
    """A promise is put in writing the same day (C10)."""
    actions.confirm_promise(promise_id=event.target_id)


@on_event(events.PROMISE_KEPT.code)
def thank_for_promise(event: AuditEvent) -> None:
    """Who keeps his word is thanked."""
    actions.thank_for_promise(promise_id=event.target_id)


@daily("dunning.propose_messages", _("Letters and calls of the dunning ladder"), at=time(9, 0))
def propose_messages(on: date) -> None:
    """Climb the ladder on working days. A day that was missed is not made up for: the ladder is climbed from where it stands."""
    if is_workday(today()):
        actions.propose_messages(by=SYSTEM)


@on_event(events.MESSAGES_APPROVED.code, events.STATEMENT_MADE.code, events.MESSAGE_RETRIED.code)
def send_at_once(event: AuditEvent) -> None:
    """Something may leave: nobody waits for the next tick."""
    send_messages.delay()


@each_tick
def send_what_waits(now: datetime) -> None:
    """What waited for their working hours, for another attempt, or whose sender died."""
    if ready_to_send(now).exists():
        send_messages.delay()


@shared_task(name="dunning.send_messages")
def send_messages() -> int:
    """Send what may leave now; how many were dealt with."""
    return len(actions.send_messages())
