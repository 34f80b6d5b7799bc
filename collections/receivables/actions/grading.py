"""Grades: the program regrades what is open by rule, a person confirms or overrules; and what is noted about a debtor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import SYSTEM, Actor, as_row
from core.workdays import today
from receivables import events
from receivables.actions.posting import clean_day, required
from receivables.choices import DebtorFactKind, Grade, InterruptionKind
from receivables.models import BrokenPromises, DebtorFact, GradeChange, Interruption, Invoice
from receivables.queries.facts import get_debtor_fact, get_invoice, locked_invoices, receivables_rule
from receivables.queries.grades import PROPOSALS, RANKS, grade_proposal, proposal_values

STRETCH = 20_000
"""Invoices regraded in one transaction."""


@dataclass(frozen=True)
class Regraded:
    """What a run changed: invoices with a worse grade, with a better one, and with other reasons for the same."""

    worse: int = 0
    better: int = 0
    reasons: int = 0

    def __add__(self, other: Regraded) -> Regraded:
        return Regraded(self.worse + other.worse, self.better + other.better, self.reasons + other.reasons)


def regrade(*, on: date | None = None, by: Actor = SYSTEM, account_id: int | None = None) -> Regraded:
    """Grade every open invoice (of one account) by rule, as on this day (C3). A second run finds nothing to change.

    A stretch of accounts a transaction, each one statement, whatever the number of invoices. What a person confirmed or
    overruled stands until the rule proposes worse than he saw; a better grade is given only after money or a signed plan.
    """
    require(by, "receivables.grade")
    on, rule, done, last = on or today(), receivables_rule(), Regraded(), 0
    while bounds := _stretch(last, account_id):
        last = bounds[1]
        with transaction.atomic(), connection.cursor() as cursor:
            values = proposal_values(rule, on) | {"first": bounds[0], "last": last, "by": by.pk}
            cursor.execute(REGRADE, values)
            done += Regraded(*cursor.fetchone())
        if account_id is not None:
            break
    if done != Regraded():
        audit.record(
            events.REGRADED, by=by, on=rule, account_id=account_id, worse=done.worse, better=done.better, day=on
        )
    return done


def _stretch(last: int, account_id: int | None) -> tuple[int, int] | None:
    """The next accounts, by id, that together have about so many open invoices."""
    if account_id is not None:
        return account_id, account_id
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(account_id), max(account_id) from (select account_id from receivables_invoice"
            " where open_amount > 0 and account_id > %s order by account_id limit %s) s",
            [last, STRETCH],
        )
        first, end = cursor.fetchone()
    return None if first is None else (first, end)


REGRADE = f"""
    with {PROPOSALS},
    ranked as (
        select p.*, array_position({RANKS}, p.proposed::text) as new, array_position({RANKS}, p.grade::text) as old,
            array_position({RANKS}, p.grade_proposed::text) as seen
        from proposals p
    ),
    decided as (
        -- rules.grading.decide
        select *, case
            when grade_is_settled then new > greatest(old, seen)
            when new >= old then true
            else exists (
                select 1 from receivables_payment m where m.account_id = r.account_id and m.flow = 'receipt'
                    and m.reversed_on is null and m.received_on <= %(on)s and m.received_on >= coalesce(
                        (select max(g."on") from receivables_gradechange g where g.invoice_id = r.id), m.received_on)
                union all
                select 1 from receivables_interruption n where n.account_id = r.account_id and n.kind = 'plan'
                    and n."on" <= %(on)s and n."on" >= coalesce(
                        (select max(g."on") from receivables_gradechange g where g.invoice_id = r.id), n."on"))
        end as taken
        from ranked r
        where new <> old or (not grade_is_settled and (reasons <> grade_reasons or grade_proposed <> proposed))
    ),
    locked as (
        select i.id, d.grade as before, d.proposed as after, d.reasons, d.old, d.new
        from receivables_invoice i join decided d on d.id = i.id
        where d.taken and i.open_amount > 0 and i.grade = d.grade and i.grade_is_settled = d.grade_is_settled
        order by i.id for no key update of i
    ),
    updated as (
        update receivables_invoice i
        set grade = l.after, grade_reasons = l.reasons, grade_proposed = l.after,
            grade_is_settled = i.grade_is_settled and l.old = l.new
        from locked l where l.id = i.id
        returning i.id, l.before, l.after, l.reasons, l.old, l.new
    ),
    written as (
        insert into receivables_gradechange (invoice_id, from_grade, to_grade, proposed, reasons, note, "on", at, by_id)
        select id, before, after, after, reasons, '', %(on)s, now(), %(by)s from updated where old <> new
    )
    select count(*) filter (where new > old), count(*) filter (where new < old), count(*) filter (where new = old)
    from updated
"""


@transaction.atomic
def grade_invoice(
    *, by: Actor, invoice_id: int, grade: Grade, note: str = "", seen: Grade | None = None
) -> GradeChange:
    """Confirm the grade the rule proposes today, or overrule it with a reason. It then stands until the rule proposes worse.

    `seen` is the grade the person looked at: Conflict (409) when it has changed since. DomainError for a settled
    invoice, and for overruling without a reason.
    """
    require(by, "receivables.grade")
    invoice = get_invoice(by, invoice_id, lock=True)
    if not invoice.open_amount:
        raise DomainError(_("This invoice is settled; it has no risk any more."), code="settled")
    if seen is not None and seen != invoice.grade:
        raise Conflict(_("Its grade has changed meanwhile."), current=invoice, yours={"grade": grade}, code="regraded")
    proposal, _clock = grade_proposal(invoice, today())
    note = note.strip()
    if grade != proposal.grade and not note:
        raise DomainError(_("Say why you overrule the rule."), field="note", code="required")
    before, invoice.grade = invoice.grade, grade
    invoice.grade_reasons = [str(reason) for reason in proposal.reasons]
    invoice.grade_proposed, invoice.grade_is_settled = proposal.grade, True
    invoice.save(update_fields=["grade", "grade_reasons", "grade_proposed", "grade_is_settled"])
    change = GradeChange.objects.create(
        invoice=invoice, from_grade=before, to_grade=grade, proposed=proposal.grade, reasons=invoice.grade_reasons,
        note=note, on=today(), by=as_row(by),
    )  # fmt: skip
    audit.record(
        events.GRADE_CONFIRMED if grade == proposal.grade else events.GRADE_OVERRULED,
        by=by,
        on=invoice,
        account_id=invoice.account_id,
        number=invoice.number,
        grade=Grade(grade).label,
        proposed=proposal.grade.label,
        reason=note,
        before={"grade": before},
        after={"grade": str(grade)},
    )
    return change


# ------------------------------------------------------------------ what is noted about a debtor


@transaction.atomic
def note_debtor_fact(
    *, by: Actor, account_id: int, kind: DebtorFactKind, note: str, on: date | None = None
) -> DebtorFact:
    """Note what bears on whether a customer can pay, with how we know; his invoices are regraded at once.

    Conflict (409) when the same holds already.
    """
    require(by, "receivables.grade")
    account = get_account(by, account_id, lock=True)
    note, on = required(note, _("Say how we know."), field="note"), clean_day(on)
    held = DebtorFact.objects.filter(account=account, kind=kind, ended_on=None).first()
    if held:
        raise Conflict(_("That is noted already."), current=held, code="noted")
    fact = DebtorFact.objects.create(account=account, kind=kind, on=on, note=note, by=as_row(by))
    audit.record(
        events.DEBTOR_FACT_NOTED,
        by=by,
        on=fact,
        account_id=account.pk,
        fact=DebtorFactKind(kind).label,
        kind=kind,
        note=note,
    )
    regrade(by=SYSTEM, account_id=account.pk)
    return fact


@transaction.atomic
def end_debtor_fact(*, by: Actor, fact_id: int, because: str, on: date | None = None) -> DebtorFact:
    """It holds no longer. The grades stay until money or a signed plan arrives. Conflict (409) when it has ended already."""
    require(by, "receivables.grade")
    because = required(because, _("Say why it has ended."), field="because")
    fact = get_debtor_fact(by, fact_id, lock=True)
    if fact.ended_on:
        raise Conflict(_("That has ended already."), current=fact, code="ended")
    fact.ended_on, fact.ended_because = clean_day(on, not_before=fact.on), because
    fact.save(update_fields=["ended_on", "ended_because"])
    audit.record(
        events.DEBTOR_FACT_ENDED,
        by=by,
        on=fact,
        account_id=fact.account_id,
        fact=DebtorFactKind(fact.kind).label,
        reason=because,
    )
    regrade(by=SYSTEM, account_id=fact.account_id)
    return fact


@transaction.atomic
def note_interruption(
    *,
    by: Actor,
    account_id: int,
    kind: InterruptionKind,
    evidence: str,
    on: date | None = None,
    invoice_ids: Iterable[int] = (),
    key: str | None = None,
) -> list[Interruption]:
    """Note what restarts the three years: for these invoices, or for all the customer owed on that day (C14).

    Without evidence it is none. `key` names the source (a letter's row): the same one again changes nothing.
    """
    require(by, "receivables.grade")
    account = get_account(by, account_id, lock=True)
    evidence, on = required(evidence, _("Say what proves it."), field="evidence"), clean_day(on)
    known = list(Interruption.objects.filter(import_key__startswith=f"{key}:")) if key else []
    if known:
        return known
    invoices: list[Invoice | None] = [*locked_invoices(by, invoice_ids).values()] or [None]
    if any(invoice and invoice.account_id != account.pk for invoice in invoices):
        raise DomainError(_("That invoice is another customer’s."), field="invoice_ids")
    rows = [
        Interruption(
            account=account, invoice=invoice, kind=kind, on=on, evidence=evidence, by=as_row(by),
            import_key=f"{key}:{invoice.pk if invoice else 0}" if key else None,
        )
        for invoice in invoices
    ]  # fmt: skip
    Interruption.objects.bulk_create(rows)
    audit.record(
        events.LIMITATION_INTERRUPTED,
        by=by,
        on=account,
        account_id=account.pk,
        what=InterruptionKind(kind).label,
        kind=kind,
        day=on,
        evidence=evidence,
    )
    regrade(by=SYSTEM, account_id=account.pk)
    return rows


@transaction.atomic
def note_broken_promises(*, by: Actor, account_id: int, count: int) -> None:
    """Write how many promises to pay this customer broke in the last twelve months; his invoices are regraded if it changed.

    For the app that judges promises. The same count again changes nothing, so it may be told as often as one likes.
    """
    require(by, "receivables.grade")
    account = get_account(by, account_id, lock=True)
    before = BrokenPromises.objects.filter(account=account).values_list("count", flat=True).first() or 0
    if before != count:
        BrokenPromises.objects.update_or_create(account=account, defaults={"count": count})
        audit.record(
            events.BROKEN_PROMISES_COUNTED, by=by, on=account, account_id=account.pk, count=count, before_count=before
        )
        regrade(by=SYSTEM, account_id=account.pk)
