"""The call screen (C5, C8, C9): everything about one customer, what to say, and one form for what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from core.money import format_money
from core.permissions import allowed, require
from core.requests import StaffRequest
from dunning import actions, queries
from dunning.actions import LoggedCall
from dunning.actions.cases import held_by_other
from dunning.actions.promises import PromiseGiven
from dunning.choices import CallOutcome, Language
from dunning.forms import CallForm
from dunning.queries import Calendar, CallBrief
from dunning.queries.items import MOST
from dunning.queries.items import SHOWN as SHOWN_ITEMS
from dunning.rules.following import USUAL
from dunning.rules.scripts import Facts, days_past_due, named, script
from dunning.views.queue import to_next
from dunning.views.words import best_words, measured_words, slot_face, why_words
from receivables.models import Invoice
from receivables.queries.limitation import clocks_of
from receivables.rules.strategies import REMEDIES, STRATEGIES

SHOWN = 5


def call(request: StaffRequest, account_id: int) -> HttpResponse:
    """The customer, ready to be called."""
    require(request.user, "dunning.collect")
    brief = queries.call_brief(request.user, account_id, items=MOST if "all" in request.GET else SHOWN_ITEMS)
    return _show(request, brief, CallForm(brief))


def log_call(request: StaffRequest, account_id: int) -> HttpResponse:
    """Put the call on record and go to the next customer. What was typed stays on the page until it is right."""
    require(request.user, "dunning.collect")
    brief = queries.call_brief(request.user, account_id, items=MOST)
    if request.method != "POST":
        return _show(request, brief, CallForm(brief))
    form = CallForm(brief, request.POST)
    if not form.is_valid():
        return _show(request, brief, form, status=422)
    if held_by_other(request.user, brief.case) and "anyway" not in request.POST:
        return _show(request, brief, form, status=409)
    try:
        logged = _log(request, brief, form)
    except Conflict:
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(request, brief, form, status=422)
    messages.success(request, _told(brief, logged))
    return to_next(request)


def _log(request: StaffRequest, brief: CallBrief, form: CallForm) -> LoggedCall:
    promised = form.promise()
    return actions.log_call(
        by=request.user,
        account_id=brief.account.pk,
        **form.given(),
        promise=PromiseGiven(**promised) if promised else None,
        replaces=form.replaced() if promised else None,
    )


def _told(brief: CallBrief, logged: LoggedCall) -> str:
    """The toast: what was logged, and the promise."""
    words = {"name": brief.account, "outcome": CallOutcome(logged.call.outcome).label}
    if logged.promise is None:
        return _("Logged: %(name)s, %(outcome)s.") % words
    words["money"] = format_money(logged.promise.amount, logged.promise.currency)
    words["day"] = date_format(logged.promise.last_due_on, "SHORT_DATE_FORMAT")
    said = _("Logged: %(name)s promises %(money)s by %(day)s.") % words
    letter = reverse("dunning:confirmation", args=[logged.promise.pk])
    return format_html('{} <a href="{}">{}</a>', said, letter, _("Confirmation letter"))


# ------------------------------------------------------------------ what the page shows


def _show(request: StaffRequest, brief: CallBrief, form: CallForm, status: int = 200) -> HttpResponse:
    case, at = brief.case, timezone.now()
    overdue = [item for item in brief.items if item.is_overdue]
    held, calendar = held_by_other(request.user, case), brief.calendar
    context = {
        "brief": brief,
        "case": case,
        "account": brief.account,
        "form": form,
        "slot": slot_face(brief.slot, brief.callable_at, case.time_zone, at),
        "best_words": best_words(brief.best),
        "best_why": measured_words(brief.best.slot) if brief.best else "",
        "why": why_words(brief.why, brief.slot) if case.overdue_amount else "",
        "overdue": [total for total in brief.totals if total.overdue],
        "is_long": len(brief.items) > 2 * SHOWN_ITEMS,
        "oldest_days": overdue[0].days if overdue else 0,
        "claimed_by_other": case.claimed_by if held else None,
        "is_mine": case.claimed_by_id == request.user.pk and not held,
        "strategy": STRATEGIES[brief.grade],
        "remedy": REMEDIES[brief.cause] if brief.cause else "",
        "clock": _clock([item.invoice for item in overdue], brief.on),
        "scripts": _scripts(request, brief, calendar) if overdue else [],
        "script_cause": brief.cause.value if brief.cause else "",
        "contacts": _contacts(brief),
        "outcomes": _outcomes(brief, form, calendar),
        "pay_days": _pay_days(brief, calendar),
        "next_days": _next_days(brief, calendar),
        "may_fix_papers": allowed(request.user, "receivables.record"),
        "may_assign": allowed(request.user, "dunning.assign"),
        "dispute_url": _address("receivables:open_dispute"),
    }
    return render(request, "dunning/call.html", context, status=status)


def _clock(overdue: Sequence[Invoice], on: date) -> dict[str, Any] | None:
    """The next last day to sue among what is overdue, and how near it is; one that has passed only when no other is left (C14)."""
    clocks = clocks_of(overdue, on=on).values() if overdue else ()
    clock = min(clocks, key=lambda clock: (clock.days_left(on) < 0, abs(clock.days_left(on))), default=None)
    if clock is None:
        return None
    nearness, day = clock.nearness(on), date_format(clock.expires_on, "SHORT_DATE_FORMAT")
    return {
        "words": (_("expired %(day)s") if clock.days_left(on) < 0 else _("until %(day)s")) % {"day": day},
        "tone": nearness.tone if nearness else "",
    }


@dataclass(frozen=True)
class ContactFace:
    """A call or a letter, in the list of the last contacts."""

    at: datetime
    icon: str
    what: str
    who: str
    said: str


def _contacts(brief: CallBrief) -> list[ContactFace]:
    """Calls and letters together, the newest first."""
    calls = [
        ContactFace(one.called_at, "phone", one.get_outcome_display(), one.person, one.said) for one in brief.calls
    ]
    letters = [
        ContactFace(one.sent_at or one.at, "mail", one.get_kind_display(), one.to, one.subject)
        for one in brief.messages
    ]
    return sorted([*calls, *letters], key=lambda contact: contact.at, reverse=True)[:SHOWN]


@dataclass(frozen=True)
class OutcomeFace:
    """A choice of the form: its key, and the step that usually follows; without a day where the promise says it."""

    value: str
    label: str
    key: int
    next_action: str
    next_on: date | None
    is_chosen: bool


def _outcomes(brief: CallBrief, form: CallForm, calendar: Calendar) -> list[OutcomeFace]:
    days = {count: calendar.add_workdays(brief.on, count) if count else None for _action, count in USUAL.values()}
    return [
        OutcomeFace(
            outcome.value, str(outcome.label), key, USUAL[outcome][0].value, days[USUAL[outcome][1]],
            form.chosen == outcome.value,
        )
        for key, outcome in enumerate(CallOutcome, start=1)
    ]  # fmt: skip


def _pay_days(brief: CallBrief, calendar: Calendar) -> list[tuple[str, date]]:
    """Days a promise often names: their next paying day, in three days, in a week, the last of the month."""
    on = brief.on
    month_end = (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = [
        (_("in 3 days"), calendar.add_workdays(on, 3)),
        (_("in a week"), on + timedelta(days=7)),
        (_("month end"), month_end),
    ]
    if brief.next_paying_day:
        days.insert(0, (_("paying day"), brief.next_paying_day))
    return _once_a_day(days)


def _next_days(brief: CallBrief, calendar: Calendar) -> list[tuple[str, date]]:
    """Days a next step often has; first the one on which they most likely answer, where that was measured."""
    on, best = brief.on, brief.best
    likely = [(best_words(best), best.at.date())] if best and best.slot.measured else []
    next_one = calendar.add_workdays(on, 1)
    days = [
        *likely,
        (_("tomorrow") if next_one == on + timedelta(days=1) else _("next working day"), next_one),
        (_("in 3 days"), calendar.add_workdays(on, 3)),
        (_("in a week"), calendar.add_workdays(on, 5)),
    ]
    return _once_a_day(days)


def _once_a_day(days: list[tuple[str, date]]) -> list[tuple[str, date]]:
    seen: dict[date, str] = {}
    for words, day in days:
        seen.setdefault(day, words)
    return [(words, day) for day, words in seen.items()]


# ------------------------------------------------------------------ the script


def _scripts(request: StaffRequest, brief: CallBrief, calendar: Calendar) -> list[dict[str, Any]]:
    """The script in both languages, the one of the person called first (else the reader's)."""
    first = _spoken(brief)
    found = []
    for language in sorted(Language, key=lambda one: one != first):
        with translation.override(language.value):
            words = script(brief.grade, _facts(request, brief, language, calendar), language)
        found.append({"words": words, "language": language, "is_first": language == first})
    return found


def _spoken(brief: CallBrief) -> Language:
    person = brief.people[0].position.contact if brief.people else None
    spoken = (person.preferred_language if person else "") or get_language() or ""
    return Language.CHINESE if spoken.startswith("zh") else Language.ENGLISH


def _facts(request: StaffRequest, brief: CallBrief, language: Language, calendar: Calendar) -> Facts:
    """What the script names, exactly: contract number, amount, days, written as the active language writes them."""
    case = brief.case
    overdue = [one for one in brief.items if one.is_overdue]
    item = next((one for one in overdue if one.invoice.currency == case.currency), overdue[0])
    invoice = item.invoice
    total = next(one for one in brief.totals if one.currency == invoice.currency)
    contract = invoice.contract.number if invoice.contract else ""
    pay_by = brief.next_paying_day or calendar.add_workdays(brief.on, 3)
    return Facts(
        person=brief.people[0].name if brief.people else str(brief.account),
        caller=request.user.full_name,
        us=brief.rule.sender_name or settings.COMPANY_NAME,
        item=named(invoice.number, contract, language),
        amount=format_money(invoice.open_amount, invoice.currency),
        more=total.late - 1,
        total=format_money(total.overdue, invoice.currency),
        due=date_format(invoice.due_on, "DATE_FORMAT"),
        days=days_past_due(item.days, language),
        pay_by=date_format(pay_by, "MONTH_DAY_FORMAT"),
    )


def _address(name: str, *arguments: Any) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
