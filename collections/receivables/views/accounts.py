"""A customer's money: the panel on his record, the line on his prospects, his statement; cause, hold and facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core.answers import attempt, saved, show_form
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.forms.accounts import (
    CauseForm,
    EndFactForm,
    FactForm,
    HoldForm,
    InterruptionForm,
    LiftForm,
    remedies,
)
from receivables.queries import CurrencyStanding, Movement, MovementKind
from receivables.rules.strategies import REMEDIES

CHANGED = "money"
OF_PAYMENT = frozenset(
    {MovementKind.PAYMENT, MovementKind.REFUND, MovementKind.PAYMENT_REVERSED, MovementKind.REFUND_REVERSED}
)
OF_CREDIT = frozenset({MovementKind.CREDIT_NOTE, MovementKind.CREDIT_NOTE_REVERSED})


def account_panel(request: StaffRequest, account_id: int) -> HttpResponse:
    """What the account owes, for its page: open and overdue by currency, the oldest, grade, hold, newest invoices."""
    on = today()
    standing = queries.account_standing(request.user, account_id, on=on)
    base = reverse("receivables:list_invoices")
    names = ("find_cause", "hold_supply", "lift_hold", "note_debtor_fact", "note_interruption", "statement")
    context = {
        "standing": standing,
        "account": standing.account,
        "on": on,
        "lines": [_currency_line(line, account_id, on, base) for line in standing.currencies],
        "remedy": REMEDIES.get(standing.cause.cause) if standing.cause else "",  # type: ignore[call-overload]
        "rows_url": f"{base}?account={account_id}",
        "urls": {name: reverse(f"receivables:{name}", args=[account_id]) for name in names},
        "is_short": "short" in request.GET,
    }
    return render(request, "receivables/_account_panel.html", context)


def _currency_line(line: CurrencyStanding, account_id: int, on: date, base: str) -> dict[str, Any]:
    words: dict[str, Any] = {"account": account_id, "currency": line.currency}
    return {
        "line": line,
        "late": line.days_late(on),
        "open_url": f"{base}?{urlencode({**words, 'state': 'open', 'sort': 'due_on'})}",
        "overdue_url": f"{base}?{urlencode({**words, 'state': 'overdue', 'sort': 'due_on'})}",
    }


def account_line(request: StaffRequest, account_id: int) -> HttpResponse:
    """One line for the customer's prospects: what is overdue, whether supply is held.

    Nothing where all is well, and nothing for who sees the prospect but not its account.
    """
    on = today()
    warning = queries.sales_warning(request.user, account_id, on=on)
    context = {
        "hold": warning.hold if warning.sees_account else None,
        "account_id": account_id,
        "lines": [(line, line.days_late(on)) for line in warning.overdue],
    }
    return render(request, "receivables/_account_line.html", context)


# ------------------------------------------------------------------ statement of account


def statement(request: StaffRequest, account_id: int) -> HttpResponse:
    """From one day to another: opening balance, every movement, closing balance. Made to be printed."""
    account = get_account(request.user, account_id)
    currencies = queries.account_currencies(request.user, account_id)
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else (currencies[0] if currencies else "")
    start = _day(request.GET.get("from", "")) or today().replace(month=1, day=1)
    end = min(_day(request.GET.get("to", "")) or today(), today())
    found = queries.statement(request.user, account_id, currency, start, end) if currency else None
    context = {
        "account": account,
        "statement": found,
        "movements": [
            {"line": line, "words": movement_words(line), "url": _movement_url(line)} for line in found.movements
        ]
        if found
        else [],
        "start": start,
        "end": end,
        "today": today(),
        "currency": currency,
        "tabs": _statement_tabs(request.path, currencies, currency, start, end),
    }
    return render(request, "receivables/statement.html", context)


def _statement_tabs(path: str, codes: Sequence[str], chosen: str, start: date, end: date) -> list[dict[str, Any]]:
    days = {"from": start.isoformat(), "to": end.isoformat()}
    return [
        {"label": code, "url": f"{path}?{urlencode({**days, 'currency': code})}", "current": code == chosen}
        for code in codes
    ]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def movement_words(line: Movement) -> str:
    """What moved the balance, in words."""
    words = {
        MovementKind.INVOICE: _("Invoice"),
        MovementKind.OPENING: _("Opening balance taken over"),
        MovementKind.CHARGE: _("Interest or costs claimed"),
        MovementKind.PAYMENT: _("Payment"),
        MovementKind.REFUND: _("Refund"),
        MovementKind.CREDIT_NOTE: _("Credit note"),
        MovementKind.WRITE_OFF: _("Written off"),
        MovementKind.PAYMENT_REVERSED: _("Payment reversed"),
        MovementKind.REFUND_REVERSED: _("Refund reversed"),
        MovementKind.CREDIT_NOTE_REVERSED: _("Credit note reversed"),
        MovementKind.WRITE_OFF_REVERSED: _("Write-off taken back"),
    }
    return words[line.kind]


def _movement_url(line: Movement) -> str:
    page = "payment" if line.kind in OF_PAYMENT else "credit_note" if line.kind in OF_CREDIT else "invoice"
    return reverse(f"receivables:{page}", args=[line.id])


# ------------------------------------------------------------------ cause, hold, facts


def find_cause(request: StaffRequest, account_id: int) -> HttpResponse:
    """Say why the customer does not pay."""
    account = _account(request, account_id, "receivables.grade")
    known = queries.current_cause(account)
    form = CauseForm(
        request.POST or None, initial={"cause": known.cause if known else "", "note": known.note if known else ""}
    )
    return _sheet(
        request, account, form, lambda: (actions.find_cause(by=request.user, account_id=account_id, **form.given()),),
        template="receivables/find_cause.html", remedies=remedies(),
        done=_("Noted."), title=_("Why do they not pay?"), submit=_("Save"),
    )  # fmt: skip


def hold_supply(request: StaffRequest, account_id: int) -> HttpResponse:
    """Supply nothing more until it is lifted."""
    account = _account(request, account_id, "receivables.hold")
    form = HoldForm(request.POST or None)
    return _sheet(
        request, account, form,
        lambda: actions.hold_supply(by=request.user, account_id=account_id, **form.cleaned_data),
        done=_("Supply is held."), title=_("Hold supply"), submit=_("Hold supply"), submit_class="btn-danger",
        lead=_("Sales sees it on the account and is warned before closing anything new with them."),
    )  # fmt: skip


def lift_hold(request: StaffRequest, account_id: int) -> HttpResponse:
    """Supply again."""
    account = _account(request, account_id, "receivables.lift_hold")
    form = LiftForm(request.POST or None)
    return _sheet(
        request, account, form,
        lambda: actions.lift_hold(by=request.user, account_id=account_id, **form.cleaned_data),
        done=_("Supply goes on."), title=_("Lift the hold"), submit=_("Lift it"),
    )  # fmt: skip


def note_debtor_fact(request: StaffRequest, account_id: int) -> HttpResponse:
    """Note what bears on whether they can pay; their invoices are regraded at once."""
    account = _account(request, account_id, "receivables.grade")
    form = FactForm(request.POST or None, initial={"on": today()})
    return _sheet(
        request, account, form,
        lambda: actions.note_debtor_fact(by=request.user, account_id=account_id, **form.cleaned_data),
        done=_("Noted. The invoices were regraded."), title=_("Note a fact about the debtor"), submit=_("Note it"),
    )  # fmt: skip


def end_debtor_fact(request: StaffRequest, fact_id: int) -> HttpResponse:
    """It holds no longer."""
    require(request.user, "receivables.grade")
    fact = queries.get_debtor_fact(request.user, fact_id)
    form = EndFactForm(request.POST or None)
    return _sheet(
        request, fact.account, form,
        lambda: actions.end_debtor_fact(by=request.user, fact_id=fact_id, **form.cleaned_data),
        done=_("Noted."), title=_("No longer true"), subtitle=f"{fact.account} · {fact.get_kind_display()}", submit=_("Save"),
        lead=_("The grades stay until money or a signed plan arrives."),
    )  # fmt: skip


def note_interruption(request: StaffRequest, account_id: int) -> HttpResponse:
    """Note what restarts the right to sue for all they owed on that day."""
    account = _account(request, account_id, "receivables.grade")
    form = InterruptionForm(request.POST or None)
    return _sheet(
        request, account, form,
        lambda: actions.note_interruption(by=request.user, account_id=account_id, **form.cleaned_data),
        done=_("The three years start anew."), title=_("What restarts the right to sue"), submit=_("Note it"),
        lead=_("It counts for everything they owed on that day. Part payments count by themselves."),
    )  # fmt: skip


def _account(request: StaffRequest, account_id: int, verb: str) -> Account:
    require(request.user, verb)
    return get_account(request.user, account_id)


def _sheet(
    request: StaffRequest, account: Account, form: forms.Form, act: Callable[[], Any], *, done: str,
    template: str = "core/form.html", **words: Any,
) -> HttpResponse:  # fmt: skip
    """A form about a customer: saved, his panel draws itself again."""
    if form.is_valid() and attempt(form, act):
        return saved(request, account, done, changed=CHANGED)
    words = {"subtitle": account.name, "cancel_url": account.get_absolute_url()} | words
    return show_form(request, form, template, use_once=True, **words)
