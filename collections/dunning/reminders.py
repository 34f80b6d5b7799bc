"""What collecting reminds people of: what was agreed on the phone, promises, the right to sue, letters (C7, C10, C14)."""

from __future__ import annotations

from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from core.models import Role
from core.roles import ROLES
from dunning import events
from dunning.choices import NextAction, PromiseState
from dunning.models import Case as CollectionCase
from dunning.models import Instalment, Promise
from receivables.events import LIMITATION_INTERRUPTED
from receivables.queries.limitation import clock_steps, old_enough
from receivables.rules.limitation import WARN_DAYS
from reminders.choices import Importance, Shift
from reminders.registry import (
    TO_THE_MANAGER,
    Facts,
    Look,
    facts,
    facts_ahead,
    facts_of_sql,
    reminder,
    warned_ahead,
    words_of,
)

CALL = {"subject": "accounts.account", "url": "dunning:call"}

LETTERS = """
    select u.id, u.id, %s::date::text, %s::date, null, null, null, jsonb_build_object('messages', w.messages)
    from (select count(*) messages from dunning_message where state = 'proposed') w
    join core_user u on u.is_active and u.role = any(%s)
    where w.messages > 0
"""
RIGHTS = f"""
    with {clock_steps()},
    near as (
        select i.account_id, i.currency, min(k.expires_on) as expires_on, sum(i.open_amount) as amount
        from clocks k join receivables_invoice i on i.id = k.id
        where k.expires_on between %(on)s and %(last)s group by 1, 2
    )
    select coalesce(u.id, a.owner_id), n.account_id, concat_ws(':', n.account_id, n.currency, n.expires_on, warned.days),
        n.expires_on - warned.days, null, n.account_id, n.expires_on, jsonb_build_object(
            'account_name', a.name, 'amount', n.amount::text, 'currency', n.currency, 'on', n.expires_on)
    from near n {warned_ahead("n.expires_on")}
    join accounts_account a on a.id = n.account_id
    left join dunning_case c on c.account_id = n.account_id
    left join core_user u on u.id = c.collector_id and u.is_active
"""  # noqa: S608  steps of ours


def _collector(account: str, by: str) -> Case:
    """Who works on the customer, else who wrote the row, else the account's owner: somebody who still works here, if there is one."""
    return Case(
        When(**{f"{account}__case__collector__is_active": True}, then=F(f"{account}__case__collector_id")),
        When(**{f"{by}__is_active": True}, then=F(f"{by}_id")),
        default=F(f"{account}__owner_id"),
    )


@reminder(
    "dunning.next_action_due",
    title=_("Collecting step due"),
    sentence=_("{account_name}: {action}"),
    why=_("You collect from this customer, and after the last call this was agreed for today."),
    icon="phone-call",
    shift=Shift.EARLIER,
    escalation=TO_THE_MANAGER,
    told_of=(events.CALL_LOGGED.code,),
    translated=frozenset({"action"}),
    **CALL,
)
def next_action_due(look: Look) -> Facts:
    """The step that was agreed after a call has come, and there is still money to collect."""
    due = CollectionCase.objects.filter(next_action_on__lte=look.until, overdue_amount__gt=0).exclude(next_action="")
    return facts(
        due.exclude(collector=None),
        receiver="collector_id",
        about="account_id",
        day="next_action_on",
        account="account_id",
        account_name="account__name",
        action=words_of("next_action", NextAction.choices),
    )


@reminder(
    "dunning.promise_due",
    title=_("Promise due today"),
    sentence=_("{account_name} promised {money} for today"),
    why=_("You collect from this customer, or you took this promise."),
    icon="heart-handshake",
    shift=Shift.EARLIER,
    told_of=(events.PROMISE_RECORDED.code, events.PROMISE_KEPT.code),
    **CALL,
)
def promise_due(look: Look) -> Facts:
    """An instalment of a running promise is due (C10)."""
    due = Instalment.objects.filter(
        state=PromiseState.OPEN,
        promise__state=PromiseState.OPEN,
        due_on__gte=look.on,
        due_on__lte=look.until,
    )
    return facts(
        due,
        receiver=_collector("promise__account", "promise__by"),
        about="promise__account_id",
        day="due_on",
        slot="pk",
        account="promise__account_id",
        account_name="promise__account__name",
        amount="amount",
        currency="promise__currency",
    )


@reminder(
    "dunning.promise_broken",
    title=_("Promise broken"),
    sentence=_("{account_name} promised {money} and did not pay"),
    why=_(
        "You collect from this customer, or you took this promise. It was broken, and nobody has spoken with them since."
    ),
    icon="heart-broken",
    importance=Importance.HIGH,
    escalation=TO_THE_MANAGER,
    told_of=(events.PROMISE_BROKEN.code, events.CALL_LOGGED.code, events.PROMISE_RECORDED.code),
    **CALL,
)
def promise_broken(look: Look) -> Facts:
    """A promise was broken and nobody has spoken with the customer since (C10)."""
    unspoken = Q(state__in=[PromiseState.BROKEN, PromiseState.PARTLY], account__case__broken_since__isnull=False)
    broken = Promise.objects.filter(unspoken, judged_on__gte=F("account__case__broken_since"))
    return facts(
        broken,
        receiver=_collector("account", "by"),
        about="account_id",
        day="judged_on",
        slot="pk",
        account="account_id",
        account_name="account__name",
        amount="amount",
        currency="currency",
    )


@reminder(
    "dunning.right_to_sue",
    title=_("Right to sue runs out"),
    sentence=_("{account_name}: the right to sue for {money} begins to run out on {on}"),
    why=_(
        "You collect from this customer. Unless they pay a part or promise in writing, or a demand provably reaches them,"
        " the oldest of their debts can no longer be sued for."
    ),
    icon="gavel",
    importance=Importance.HIGH,
    shift=Shift.EARLIER,
    escalation=TO_THE_MANAGER,
    told_of=(LIMITATION_INTERRUPTED.code,),
    **CALL,
)
def right_to_sue(look: Look) -> Facts:
    """The three years of a customer's oldest debt are nearly over: told 180, 90, 60, 30 and 7 days ahead (C14).

    One for a customer and currency; put off past the last day it cannot be.
    """
    return facts_ahead(look, WARN_DAYS, RIGHTS, old=old_enough(look.until, WARN_DAYS[0]))


@reminder(
    "dunning.letters_to_review",
    title=_("Letters to approve"),
    sentence=_("Letters and mails to customers to approve: {messages}"),
    why=_("Your role approves what is sent to customers; nothing leaves before somebody has looked at it."),
    icon="mail-check",
    importance=Importance.LOW,
    subject="core.user",
    page="dunning:messages",
    told_of=(events.MESSAGES_APPROVED.code,),
)
def letters_to_review(look: Look) -> Facts:
    """Rungs of the ladder that were proposed and nobody has looked at; told once a day."""
    roles = [role.value for role in Role if "dunning.send" in ROLES[role]]
    return facts_of_sql(LETTERS, [look.on, look.on, roles])
