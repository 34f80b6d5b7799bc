"""The page of one invoice: what is open and since when, what settled it, what stands in the way, how sure the money is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money
from core.requests import StaffRequest
from core.workdays import today
from receivables import queries
from receivables.choices import AllocationReason, AllocationRule, GradeReason, Paper, Part, RightToSue
from receivables.models import Allocation, Invoice
from receivables.queries import GradeRecord, InvoiceRecord

ACTIONS = (
    "set_papers",
    "open_dispute",
    "request_write_off",
    "grade_invoice",
    "add_charge",
    "claim_interest",
)


def invoice(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Everything about one debt."""
    on = today()
    record = queries.invoice_record(request.user, invoice_id, on=on, rule=queries.receivables_rule())
    subject = record.invoice
    context = {
        "invoice": subject,
        "record": record,
        "grading": grading_of(record.grading, on),
        "urls": {name: reverse(f"receivables:{name}", args=[subject.pk]) for name in ACTIONS}
        | {"note_interruption": reverse("receivables:note_interruption", args=[subject.account_id])},
        "time_line_url": reverse("receivables:invoice_time_line", args=[subject.pk]),
        "figures": _figures(record, on),
        "ledger": _ledger(record),
        "missing": [Paper(code).label for code in subject.missing_papers],
        "late": days_late(subject, on),
    }
    return render(request, "receivables/invoice.html", context)


def invoice_time_line(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """What happened to it, page by page."""
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
    line = queries.invoice_time_line(request.user, invoice_id, before=before)
    return render(request, "core/_time_line.html", {"line": line, "url": request.path, "first": before is None})


def days_late(subject: Invoice, on: date) -> int:
    """Days past due of what is open; the due day itself is not due."""
    return max(0, (on - subject.due_on).days) if subject.open_amount else 0


def days_in_words(count: int) -> str:
    """1 day, 12 days."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _figures(record: InvoiceRecord, on: date) -> list[dict[str, Any]]:
    subject, late = record.invoice, days_late(record.invoice, on)
    return [
        {
            "label": _("Open"),
            "value": format_money(subject.open_amount, subject.currency),
            "note": _("of %(amount)s") % {"amount": format_money(subject.amount, subject.currency)},
            "tone": "bad" if late else "" if subject.open_amount else "good",
        },
        _due_figure(subject, late, on),
        *_disputed_figure(record),
        {
            "label": _("Interest to date"),
            "value": format_money(record.interest_run, subject.currency),
            "note": _("claimed and open: %(amount)s") % {"amount": format_money(record.open_charges, subject.currency)}
            if record.open_charges
            else _("not claimed")
            if record.interest_run
            else _("none so far"),
        },
        _limitation_figure(record, on),
    ]


def _due_figure(subject: Invoice, late: int, on: date) -> dict[str, Any]:
    day = date_format(subject.due_on, "SHORT_DATE_FORMAT")
    if subject.settled_on:
        settled = date_format(subject.settled_on, "SHORT_DATE_FORMAT")
        days = (subject.settled_on - subject.due_on).days
        note = _("%(how_long)s after the due day") % {"how_long": days_in_words(days)} if days > 0 else _("in time")
        return {"label": _("Settled"), "value": settled, "note": note, "tone": ""}
    if late:
        return {
            "label": _("Past due"),
            "value": days_in_words(late),
            "note": _("due %(day)s") % {"day": day},
            "tone": "bad",
        }
    ahead = (subject.due_on - on).days
    note = _("today") if ahead == 0 else _("in %(days)s") % {"days": days_in_words(ahead)}
    return {"label": _("Due"), "value": day, "note": note, "tone": "warn" if ahead <= 7 else ""}


def _disputed_figure(record: InvoiceRecord) -> list[dict[str, Any]]:
    subject = record.invoice
    if not subject.disputed_amount:
        return []
    return [
        {
            "label": _("Disputed"),
            "value": format_money(subject.disputed_amount, subject.currency),
            "note": _("%(amount)s can be asked for")
            % {"amount": format_money(subject.open_amount - subject.disputed_amount, subject.currency)},
            "tone": "warn",
        }
    ]


def _limitation_figure(record: InvoiceRecord, on: date) -> dict[str, Any]:
    """The last day to sue (C14)."""
    clock = record.grading.clock
    nearness = clock.nearness(on)
    if clock.revived:
        note = _("the debtor acted after it: ask counsel")
    elif nearness == RightToSue.PASSED:
        note = str(nearness.label)
    else:
        note = _("in %(days)s") % {"days": days_in_words(clock.days_left(on))}
    return {
        "label": _("Right to sue until"),
        "value": date_format(clock.expires_on, "SHORT_DATE_FORMAT"),
        "note": note,
        "tone": nearness.tone if nearness and record.invoice.open_amount else "",
    }


# ------------------------------------------------------------------ ledger lines


def _ledger(record: InvoiceRecord) -> list[dict[str, Any]]:
    """The invoice, then every posting with what was open after it. Interest and costs do not lower the principal."""
    subject = record.invoice
    left = subject.amount
    lines: list[dict[str, Any]] = [
        {
            "on": subject.issued_on,
            "what": subject.get_kind_display(),
            "text": subject.number,
            "amount": subject.amount,
            "left": left,
        }
    ]
    for row in record.allocations:
        if row.part == Part.PRINCIPAL:
            left -= row.amount
        lines.append(ledger_line(row) | {"amount": -row.amount, "left": left if row.part == Part.PRINCIPAL else None})
    return lines


def ledger_line(row: Allocation) -> dict[str, Any]:
    """One posting in words: from what, by which rule, for which reason; whether it was taken back."""
    undone = getattr(row, "reversed_by", None)
    return {
        "id": row.pk,
        "on": row.on,
        "part": "" if row.part == Part.PRINCIPAL else Part(row.part).label,
        "rule": AllocationRule(row.rule).label if row.payment_id or row.credit_note_id else "",
        "because": because(row.because),
        "undone": undone,
        "undoes": row.reverses_id,
        "may_undo": not row.reverses_id and undone is None and row.write_off_id is None,
        "by": row.by,
        **_source(row),
    }


def because(code: str) -> str:
    """The reason of a line in words."""
    return str(AllocationReason(code).label) if code in AllocationReason else ""


def _source(row: Allocation) -> dict[str, Any]:
    if row.payment:
        return {"what": _("payment"), "text": str(row.payment), "url": row.payment.get_absolute_url()}
    if row.credit_note:
        return {"what": _("credit note"), "text": str(row.credit_note), "url": row.credit_note.get_absolute_url()}
    return {"what": _("write-off"), "text": row.write_off.get_reason_display() if row.write_off else "", "url": ""}


# ------------------------------------------------------------------ grade


def grading_of(record: GradeRecord, on: date) -> dict[str, Any]:
    """The grade with its reasons, what the rule says today, the strategy, what restarted the clock."""
    stored = [GradeReason(code).label for code in record.invoice.grade_reasons if code in GradeReason]
    return {
        "record": record,
        "label": record.grade.label,
        "reasons": stored,
        "proposed": record.proposed,
        "differs": record.proposed != record.grade,
        "proposed_reasons": [reason.label for reason in record.reasons],
        "strategy": record.strategy,
        "restarts": record.clock.restarts,
    }
