"""What the receivables remind people of: what waits for a second person (C1), contracts that end (V5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.models import Role
from core.roles import ROLES
from receivables import events
from reminders.choices import Shift
from reminders.registry import TO_THE_MANAGER, Facts, Look, facts_ahead, facts_of_sql, reminder, warned_ahead

WRITE_OFFS = """
    select u.id, w.id, w.id::text, null, w.at, i.account_id, null,
           jsonb_build_object('number', i.number, 'amount', w.amount::text, 'currency', i.currency,
                              'asked_by', coalesce(a.full_name, 'Keyline'),
                              'account_name', c.name)
    from receivables_writeoff w
    join receivables_invoice i on i.id = w.invoice_id
    join accounts_account c on c.id = i.account_id
    left join core_user a on a.id = w.by_id
    join receivables_writeofflimit l on l.currency = i.currency and l.amount >= w.amount
    join core_user u on u.role = l.role and u.is_active and u.id is distinct from w.by_id
    left join core_team t on t.id = c.team_id
    where w.decision = 'waiting' and u.role = any(%s)
      and (u.role <> 'manager' or t.path like '%%/' || u.team_id || '/%%')
"""

PROVISIONS = """
    select u.id, r.id, r.id::text, null, r.at, null, null,
           jsonb_build_object('amount', r.total::text, 'currency', r.currency, 'on', r.on,
                              'asked_by', coalesce(a.full_name, 'Keyline'))
    from receivables_provisionrun r
    left join core_user a on a.id = r.by_id
    join core_user u on u.is_active and u.role = any(%s) and u.id is distinct from r.by_id
    where r.approved_at is null and r.id = (select max(id) from receivables_provisionrun)
"""

NOTICE_DAYS = (60, 14)
ENDING = f"""
    select a.owner_id, c.id, concat_ws(':', c.id, c.ends_on, warned.days), c.ends_on - warned.days, null, c.account_id, null,
           jsonb_build_object('number', c.number, 'account_name', a.name, 'on', c.ends_on)
    from receivables_contract c {warned_ahead("c.ends_on")}
    join accounts_account a on a.id = c.account_id
    where c.ends_on between %(on)s and %(last)s
"""  # noqa: S608  steps of ours


def _who_may(verb: str) -> list[str]:
    """The roles that have this verb."""
    return [role.value for role in Role if verb in ROLES[role]]


@reminder(
    "receivables.write_off_waiting",
    title=_("Write-off to decide"),
    sentence=_("{asked_by} asks to write off {money} of invoice {number}, {account_name}"),
    why=_("Your role may decide on write-offs of this amount, and somebody else asked for this one."),
    icon="eraser",
    subject="receivables.writeoff",
    page="receivables:approvals",
    escalation=TO_THE_MANAGER,
    told_of=(events.WRITE_OFF_REQUESTED.code, events.WRITE_OFF_DECIDED.code),
)
def write_off_waiting(look: Look) -> Facts:
    """A write-off waits for whoever may decide it; told to all of them, over as soon as one has."""
    return facts_of_sql(WRITE_OFFS, [_who_may("receivables.approve_write_off")])


@reminder(
    "receivables.provision_waiting",
    title=_("Provision to approve"),
    sentence=_("{asked_by} worked out a provision of {money} as of {on}"),
    why=_("Your role may approve provisions, and somebody else worked this one out."),
    icon="calculator",
    subject="receivables.provisionrun",
    page="receivables:provision",
    told_of=(events.PROVISION_WORKED_OUT.code, events.PROVISION_APPROVED.code),
)
def provision_waiting(look: Look) -> Facts:
    """The latest provision waits for a second person."""
    return facts_of_sql(PROVISIONS, [_who_may("receivables.approve_provision")])


@reminder(
    "receivables.contract_ends",
    title=_("Contract ends"),
    sentence=_("Contract {number} with {account_name} ends on {on}"),
    why=_("You own this account, and the day until which this contract was agreed is near."),
    icon="contract",
    shift=Shift.EARLIER,
    subject="receivables.contract",
    url="receivables:contract",
)
def contract_ends(look: Look) -> Facts:
    """A contract runs out: told 60 and 14 days ahead, to be renewed or let go (V5)."""
    return facts_ahead(look, NOTICE_DAYS, ENDING)
