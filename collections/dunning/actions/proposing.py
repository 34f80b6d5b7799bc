"""The run of the ladder: who is to be written to or called today. Nothing leaves before somebody has looked (run → review → send)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction

from core import audit
from core.permissions import require
from core.users import Actor, as_row
from core.workdays import next_workday, today
from dunning import events
from dunning.actions.refresh import refresh_cases
from dunning.choices import MessageKind, NextAction, StepChannel, StepOwner
from dunning.documents.messages import sender_name
from dunning.documents.wordings import Named, step_words
from dunning.models import Case, DunningRule, LadderStep, Message, MessageLine
from dunning.queries.messages import ladder
from dunning.queries.reached import Reached, invoices_lacking_papers, reached_rungs
from dunning.queries.recipients import Addressee, addressees
from dunning.queries.settings import dunning_rule
from receivables.models import Invoice

PAY_WITHIN = timedelta(days=7)
DEMAND_WITHIN = timedelta(days=10)
BATCH = 1000


@dataclass(frozen=True)
class Proposed:
    """What a run came to: letters to look at, calls to make, holds to decide, invoices left out for their papers."""

    messages: int
    calls: int
    holds: int
    lacking_papers: int


@transaction.atomic
def propose_messages(*, by: Actor, on: date | None = None) -> Proposed:
    """Climb the ladder for everybody: one message a customer and currency, at the highest rung newly reached.

    Rungs that are calls become the case's next action; a rung that proposes a hold puts it before the manager. May be
    run any number of times a day: what waits already, or was sent, is not proposed again. Customers pass through in
    batches, so a ledger of any size takes the memory of one.
    """
    require(by, "dunning.send")
    rule, on = dunning_rule(lock=True), on or today()  # one run at a time
    steps = {step.pk: step for step in ladder()}
    called: dict[int, NextAction] = {}
    written = _without_calls(reached_rungs(on, rule) if steps else (), steps, called)
    messages = 0
    while batch := list(islice(written, BATCH)):
        _write(by, batch, steps, rule, on)
        messages += len(batch)
    done = Proposed(
        messages=messages,
        calls=_plan_calls(called, on),
        holds=_propose_holds([step.days for step in steps.values() if step.proposes_hold], on),
        lacking_papers=Invoice.objects.filter(pk__in=invoices_lacking_papers(on)).count(),
    )
    audit.record(
        events.MESSAGES_PROPOSED,
        by=by,
        on=rule,
        messages=done.messages,
        calls=done.calls,
        holds=done.holds,
        papers=done.lacking_papers,
    )
    return done


def pay_by_of(step: LadderStep, last_due_on: date, on: date) -> date:
    """Until when a letter of this rung asks for the money: its due date ahead of it, else a week; ten days formally."""
    if step.days <= 0:
        return last_due_on
    return next_workday(on + (DEMAND_WITHIN if step.is_formal else PAY_WITHIN))


def kind_of(step: LadderStep) -> MessageKind:
    """What a letter of this rung is."""
    return MessageKind.DEMAND if step.is_formal else MessageKind.REMINDER


def _is_call(step: LadderStep) -> bool:
    return step.channel in {StepChannel.CALL, StepChannel.LEGAL}


def _write(by: Actor, found: Sequence[Reached], steps: Mapping[int, LadderStep], rule: DunningRule, on: date) -> None:
    """Messages and their lines, two inserts for a batch."""
    to = addressees({one.account_id for one in found})
    days: dict[int, date] = {}  # the day to pay by of each rung past due
    rows = []
    for one in found:
        step = steps[one.step_id]
        if step.days <= 0:
            pay_by = pay_by_of(step, one.lines[-1].due_on, on)
        elif step.pk in days:
            pay_by = days[step.pk]
        else:
            pay_by = days[step.pk] = pay_by_of(step, on, on)
        rows.append(_message(by, one, step, to[one.account_id], pay_by, rule, on))
    messages = Message.objects.bulk_create(rows)
    MessageLine.objects.bulk_create(
        [
            MessageLine(
                message=message, invoice_id=line.invoice_id, step_id=line.step_id, open_amount=line.amount, due_on=line.due_on
            )
            for message, one in zip(messages, found, strict=True)
            for line in one.lines
        ],
        batch_size=2000,
    )  # fmt: skip


def _message(
    by: Actor, one: Reached, step: LadderStep, to: Addressee, pay_by: date, rule: DunningRule, on: date
) -> Message:
    words = step_words(
        step,
        to,
        [Named(line.number, line.due_on) for line in one.lines],
        amount=one.amount,
        currency=one.currency,
        pay_by=pay_by,
        sender=sender_name(rule),
    )
    return Message(
        account_id=one.account_id,
        contact_id=to.contact_id,
        step=step,
        kind=kind_of(step),
        channel=step.channel if to.to else StepChannel.LETTER,
        language=to.language,
        on=on,
        to=to.to,
        subject=words.subject,
        body=words.body,
        currency=one.currency,
        amount=one.amount,
        pay_by=pay_by,
        by=as_row(by),
    )


# ------------------------------------------------------------------ calls and holds

NEXT = {StepOwner.MANAGER: NextAction.MANAGER, StepOwner.LAWYER: NextAction.LEGAL}
"""What a call rung makes the next action, by who does it; a call by anybody else."""
STRENGTH = [NextAction.CALL, NextAction.MANAGER, NextAction.LEGAL]
"""From weak to strong; any other next action is weaker."""

PLAN_CALLS = """
    with wanted as (
        select * from unnest(%(accounts)s::bigint[], %(actions)s::text[]) as w (account_id, action)
    ), gives_way as (
        select c.id from dunning_case c join wanted w on w.account_id = c.account_id
        where (c.next_action_on is null or c.next_action_on <= %(on)s)
          and array_position(%(strength)s, w.action) > coalesce(array_position(%(strength)s, c.next_action::text), 0)
        order by c.account_id for no key update of c
    )
    update dunning_case c set next_action = w.action, next_action_on = %(on)s
    from wanted w where w.account_id = c.account_id and c.id in (select id from gives_way)
    returning c.account_id
"""


def _without_calls(
    reached: Iterable[Reached], steps: Mapping[int, LadderStep], called: dict[int, NextAction]
) -> Iterator[Reached]:
    """Those who are written to; what the rungs of the others ask for is put into `called`, of each customer the strongest."""
    for one in reached:
        step = steps[one.step_id]
        if not _is_call(step):
            yield one
            continue
        is_legal = step.channel == StepChannel.LEGAL
        action = NextAction.LEGAL if is_legal else NEXT.get(StepOwner(step.doer), NextAction.CALL)
        so_far = called.get(one.account_id)
        if so_far is None or STRENGTH.index(action) > STRENGTH.index(so_far):
            called[one.account_id] = action


def _plan_calls(wanted: Mapping[int, NextAction], on: date) -> int:
    """Make the rung the case's next action, unless something as strong or agreed for a later day stands there."""
    if not wanted:
        return 0
    known = set(Case.objects.filter(account__in=list(wanted)).values_list("account_id", flat=True))
    missing = sorted(wanted.keys() - known)
    Case.objects.bulk_create([Case(account_id=pk) for pk in missing], ignore_conflicts=True, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            PLAN_CALLS,
            {"accounts": list(wanted), "actions": list(wanted.values()), "strength": STRENGTH, "on": on},
        )
        changed = [account_id for (account_id,) in cursor.fetchall()]
    refresh_cases(account_ids=changed)
    return len(changed)


PROPOSE_HOLDS = """
    with late as (
        select i.account_id, max(i.due_on + s.days) as reached_on
        from receivables_invoice i
        join (select unnest(%(days)s::int[]) as days) s on i.due_on + s.days <= %(on)s
        where i.open_amount > i.disputed_amount group by i.account_id
    )
    update dunning_case c set hold_proposed_on = %(on)s
    from late
    where late.account_id = c.account_id and c.hold_proposed_on is null
      and (c.hold_answered_on is null or c.hold_answered_on < late.reached_on)
      and not c.cease_contact and (c.paused_until is null or c.paused_until <= %(on)s)
      and not exists (select 1 from receivables_supplyhold h where h.account_id = c.account_id and h.lifted_on is null)
      and not exists (select 1 from dunning_promise p where p.account_id = c.account_id and p.state = 'open')
"""


def _propose_holds(days: Sequence[int], on: date) -> int:
    """Put a hold before the manager where an invoice is that late and nobody has decided since."""
    if not days:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(PROPOSE_HOLDS, {"days": list(days), "on": on, "zone": settings.TIME_ZONE})
        return int(cursor.rowcount)
