"""The lists of the receivables: invoices, payments, credit notes, contracts. Every number elsewhere is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.columns import NOTHING, Cell, Column, Row, addresses, choice, day, link, money, text
from core.lists import ListSpec, show_list
from core.requests import StaffRequest
from core.workdays import today
from receivables import queries
from receivables.choices import (
    AllocationRule,
    CreditReason,
    Flow,
    Grade,
    InvoiceKind,
    Method,
    Papers,
    RightToSue,
)
from receivables.filters import ContractFilters, CreditNoteFilters, InvoiceFilters, PaymentFilters

FIND_HINT = _("Number or customer")


def customer(key: str = "account", path: str = "account") -> Column:
    """The customer, leading to his record."""
    return link(
        key, _("Account"), field=f"{path}__name", pk=f"{path}_id" if path == "account" else f"{path}__id",
        to="accounts:account", css="cell-wide",
    )  # fmt: skip


def grade_column(key: str = "grade") -> Column:
    """The grade's sign and word; nothing where nothing is open."""

    def pen() -> Cell:
        badges = {
            grade.value: format_html(
                '<span class="grade-badge grade-{}"><span class="grade-sign" aria-hidden="true"></span>{}</span>',
                grade.value, grade.label,
            )
            for grade in Grade
        }  # fmt: skip
        return lambda row: badges[row[key]] if row["open_amount"] else NOTHING

    return Column(key=key, label=_("Grade"), reads=(key, "open_amount"), pen=pen, export=lambda row: row[key])


def late_column(on: Callable[[], date]) -> Column:
    """Days past due; the due day itself is not due."""

    def late(row: Row) -> int | None:
        days = (on() - row["due_on"]).days
        return days if days > 0 and (row["open_amount"] or "open_then" in row) else None

    def pen() -> Cell:
        def cell(row: Row) -> str:
            days = late(row)
            return NOTHING if days is None else SafeString(f'<span class="text-bad">{days}</span>')

        return cell

    return Column(
        key="late", label=_("Days past due"), reads=("due_on", "open_amount"), pen=pen, export=late, css="number"
    )


def disputed_badge() -> Cell:
    """Marks what is disputed in full or in part."""
    whole = format_html('<span class="badge badge-warn">{}</span>', _now("in full"))
    part = format_html('<span class="badge badge-warn">{}</span>', _now("in part"))

    def cell(row: Row) -> str:
        if not row["disputed_amount"]:
            return NOTHING
        return whole if row["disputed_amount"] >= row["open_amount"] else part

    return cell


def _papers() -> Cell:
    """How far the papers have come, in one word."""
    words = {
        Papers.INCOMPLETE: (_now("incomplete"), "badge-bad"),
        Papers.COMPLETE: (_now("complete"), "badge-warn"),
        Papers.SENT: (_now("sent"), ""),
        Papers.RECEIVED: (_now("received"), "badge-good"),
    }
    badges = {code: format_html('<span class="badge {}">{}</span>', tone, word) for code, (word, tone) in words.items()}
    return lambda row: badges[row["papers"]]


INVOICES = ListSpec(
    key="invoices",
    title=_("Invoices"),
    rows=queries.visible_invoices,
    columns=(
        link("number", _("Number"), to="receivables:invoice", css="cell-main"),
        customer(),
        day("issued_on", _("Issued"), sort="issued_on"),
        day("due_on", _("Due"), sort="due_on"),
        late_column(today),
        money("amount", _("Amount"), cents=True),
        money("open_amount", _("Open"), sort="open_amount", cents=True),
        grade_column(),
        Column(
            key="papers", label=_("Papers"), reads=("papers",), pen=_papers, export=lambda row: str(Papers(row["papers"]).label),
        ),
        Column(
            key="disputed_amount", label=_("Dispute"), reads=("disputed_amount", "open_amount"), pen=disputed_badge,
            export=lambda row: row["disputed_amount"],
        ),
        text("currency", _("Currency"), shown=False),
        choice("kind", _("Kind"), InvoiceKind, shown=False),
        day("recognised_on", _("Recognised"), shown=False),
        day("expected_on", _("Payment expected"), shown=False),
        day("settled_on", _("Settled"), shown=False),
        text("contract", _("Contract"), field="contract__number", shown=False),
        text("purchase_order", _("Purchase order"), shown=False),
        text("owner", _("Owner"), field="account__owner__full_name", shown=False),
    ),
    sort="-issued_on",
    filters=InvoiceFilters,
    views=(
        (_("All"), {}),
        (_("Open"), {"state": "open", "sort": "due_on"}),
        (_("Overdue"), {"state": "overdue", "sort": "due_on"}),
        (_("Due within a week"), {"state": "due_soon", "sort": "due_on"}),
        (_("Disputed"), {"state": "open", "disputed": "true"}),
        (_("Papers incomplete"), {"state": "open", "papers": "incomplete"}),
        (_("Right to sue runs out"), {"right_to_sue": "near", "sort": "due_on"}),
    ),
    find="find",
    find_hint=FIND_HINT,
    empty_icon="file-invoice",
    empty_title=_("No invoices yet"),
    empty_text=_("Import your ledger: what customers owe, since when, and until when. One invoice can be entered by hand too."),
    empty_action=(_("Import your ledger"), "core:imports", "receivables.record"),
)  # fmt: skip


@lru_cache(maxsize=64)
def invoices_open_on(on: date) -> ListSpec:
    """The same list as of a past day: what was open then, how late it was then."""
    then = tuple(
        money("open_then", _("Open then"), sort="open_then", cents=True) if column.key == "open_amount"
        else late_column(lambda: on) if column.key == "late"
        else column
        for column in INVOICES.columns if column.key not in {"disputed_amount", "grade"}
    )  # fmt: skip
    return replace(INVOICES, columns=then, views=(), sort="due_on", title=_("Invoices open on a day"))


def _add_last_days(rows: list[Row]) -> None:
    """The last day to sue on each invoice of a page (C14)."""
    clocks = queries.clocks_since({row["id"]: row["due_on"] for row in rows}, on=today())
    for row in rows:
        row["sue_until"] = clocks[row["id"]].expires_on


INVOICES_BY_RIGHT_TO_SUE = replace(
    INVOICES,
    sort="due_on",
    extend=_add_last_days,
    columns=tuple(
        day("sue_until", _("Right to sue until"), late_before=today) if column.key == "late" else column
        for column in INVOICES.columns if column.key != "disputed_amount"
    ),
)  # fmt: skip
OPEN_INVOICES = replace(INVOICES, sort="due_on")
"""What is open stands in the order of its due days, which is that of collecting it."""
ABOUT_OPEN = ("open_on", "overdue", "bucket", "expected_from", "expected_to")
"""Words of the address that only open invoices answer to."""


def list_invoices(request: StaffRequest) -> HttpResponseBase:
    """The invoices one sees, with search, filters, sort and export; with `open_on` those open on a past day."""
    on = parse_date(request.GET.get("open_on", "")) if _is_day(request.GET.get("open_on", "")) else None
    if on and on < today():
        return show_list(request, invoices_open_on(on), "receivables/list_invoices.html", {"on": on})
    about_open = any(request.GET.get(word) for word in ABOUT_OPEN)
    by_right = request.GET.get("right_to_sue") in RightToSue.values
    spec = INVOICES_BY_RIGHT_TO_SUE if by_right else OPEN_INVOICES if about_open else INVOICES
    return show_list(request, spec, "receivables/list_invoices.html", {"on": None})


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


# ------------------------------------------------------------------ payments and credits


def _state_word(row: Row) -> str:
    """What of a payment or credit note wants doing, or why nothing does; empty where it is an ordinary one."""
    if row["reversed_on"]:
        return _now("reversed")
    if row["account_id"] is None:
        return _now("payer not known")
    return _now("refund") if row.get("flow") == Flow.REFUND else ""


def _source_state() -> Cell:
    """The same as a badge; money of nobody in red."""

    def cell(row: Row) -> str:
        word = _state_word(row)
        tone = "badge" if row["reversed_on"] or row["account_id"] else "badge badge-bad"
        return format_html('<span class="{}">{}</span>', tone, word) if word else NOTHING

    return cell


def _payment_name(row: Row) -> str:
    return row["reference"] or f"#{row['id']}"


def _payment_link() -> Cell:
    address = addresses("receivables:payment")
    return lambda row: format_html('<a href="{}">{}</a>', address(row["id"]), _payment_name(row))


PAYMENTS = ListSpec(
    key="payments",
    title=_("Payments"),
    rows=queries.visible_payments,
    columns=(
        Column(
            key="reference", label=_("Bank reference"), reads=("reference", "id"), pen=_payment_link, export=_payment_name,
            css="cell-main cell-wide",
        ),
        customer(),
        text("payer", _("Payer"), css="cell-wide"),
        day("received_on", _("Received"), sort="received_on"),
        choice("method", _("Method"), Method, shown=False),
        money("amount", _("Amount"), cents=True),
        money("unallocated", _("Not allocated"), cents=True),
        Column(
            key="state", label=_("State"), reads=("reversed_on", "account_id", "flow"), pen=_source_state,
            export=_state_word,
        ),
        text("currency", _("Currency"), shown=False),
        text("designation", _("Meant for"), shown=False),
        text("payer_account", _("Payer’s bank account"), shown=False),
        day("reversed_on", _("Reversed"), shown=False),
    ),
    sort="-received_on",
    filters=PaymentFilters,
    views=(
        (_("All"), {}),
        (_("Not fully allocated"), {"state": "unallocated"}),
        (_("Payer not known"), {"state": "unknown"}),
        (_("Refunds"), {"flow": "refund"}),
        (_("Reversed"), {"state": "reversed"}),
    ),
    find="find",
    find_hint=_("Reference or customer"),
    empty_icon="cash",
    empty_title=_("No payments yet"),
    empty_text=_("Record what comes in, or import the bank’s statement. Each payment then settles invoices, line by line."),
    empty_action=(_("Import a bank statement"), "core:imports", "receivables.record"),
)  # fmt: skip

CREDIT_NOTES = ListSpec(
    key="credit-notes",
    title=_("Credit notes"),
    rows=queries.visible_credit_notes,
    columns=(
        link("number", _("Number"), to="receivables:credit_note", css="cell-main"),
        customer(),
        day("issued_on", _("Issued")),
        choice("reason", _("Reason"), CreditReason),
        money("amount", _("Amount"), cents=True),
        money("unallocated", _("Not allocated"), cents=True),
        Column(
            key="state", label=_("State"), reads=("reversed_on", "account_id"), pen=_source_state,
            export=_state_word,
        ),
        text("note", _("Note"), css="cell-wide"),
        text("currency", _("Currency"), shown=False),
        text("id", _("Entered as"), shown=False, sort="id"),
    ),
    sort="-id",
    filters=CreditNoteFilters,
    views=(
        (_("All"), {}),
        (_("Not fully allocated"), {"state": "unallocated"}),
        (_("Reversed"), {"state": "reversed"}),
    ),
    find="find",
    find_hint=FIND_HINT,
    empty_icon="receipt-refund",
    empty_title=_("No credit notes yet"),
    empty_text=_("What you credit a customer lowers his invoices: goods returned, a price corrected, a complaint settled."),
    empty_action=(_("Import your ledger"), "core:imports", "receivables.record"),
)  # fmt: skip

CONTRACTS = ListSpec(
    key="contracts",
    title=_("Contracts"),
    rows=queries.visible_contracts,
    columns=(
        link("number", _("Number"), to="receivables:contract", css="cell-main"),
        text("name", _("Name"), css="cell-wide"),
        customer(),
        day("signed_on", _("Signed")),
        day("ends_on", _("Ends"), late_before=today),
        money("amount", _("Amount"), cents=True),
        Column(
            key="terms_days", label=_("Terms (days)"), reads=("terms_days",),
            cell=lambda row: NOTHING if row["terms_days"] is None else str(row["terms_days"]),
            export=lambda row: row["terms_days"], css="number",
        ),
        choice("allocation_rule", _("Payments settle"), AllocationRule),
        text("security", _("Security"), css="cell-wide"),
        text("guarantor", _("Guarantor"), shown=False),
        text("currency", _("Currency"), shown=False),
        text("id", _("Entered as"), shown=False, sort="id"),
    ),
    sort="-id",
    filters=ContractFilters,
    find="find",
    find_hint=FIND_HINT,
    empty_icon="contract",
    empty_title=_("No contracts yet"),
    empty_text=_("A contract says when to pay, what lateness costs and what secures the debt. Invoices refer to it."),
)  # fmt: skip


def list_payments(request: StaffRequest) -> HttpResponseBase:
    """What came in and went back, with what settles nothing yet."""
    return show_list(request, PAYMENTS, "receivables/list_payments.html")


def list_credit_notes(request: StaffRequest) -> HttpResponseBase:
    """What was credited."""
    return show_list(request, CREDIT_NOTES, "receivables/list_credit_notes.html")


def list_contracts(request: StaffRequest) -> HttpResponseBase:
    """What was agreed about paying."""
    return show_list(request, CONTRACTS, "receivables/list_contracts.html")


def pick_contract(request: StaffRequest) -> HttpResponse:
    """Matches for a picker."""
    found = queries.find_contracts(request.user, request.GET.get("q", "").strip()[:60])
    options = [{"pk": contract.pk, "name": contract.number, "note": contract.account} for contract in found]
    return render(request, "core/_picker_options.html", {"options": options})
