"""A statement of account for one customer: to look at, to print, to send."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, pdf_answer, saved, show_form
from core.errors import DomainError
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import next_workday, today
from dunning import actions
from dunning.choices import StepChannel
from dunning.documents import Recipient, StatementLetter, TypesettingError, statement_data, typeset
from dunning.documents.messages import STATEMENT_DAYS, address_of, letterhead
from dunning.queries.recipients import addressees
from dunning.queries.settings import dunning_rule
from dunning.queries.statements import PERIOD, account_statement
from dunning.views.papers import not_set
from dunning.views.shapes import StatementForm
from receivables.queries.statement import account_currencies


def statement(request: StaffRequest, account_id: int) -> HttpResponse:
    """Which money and which days, and how it goes out: by mail or to the print queue."""
    require(request.user, "dunning.collect")
    currencies = account_currencies(request.user, account_id)
    to = addressees([account_id])[account_id]
    initial = {
        "since": today() - PERIOD,
        "until": today(),
        "channel": StepChannel.MAIL if to.to else StepChannel.LETTER,
    }
    form = StatementForm(request.POST or None, initial=initial, currencies=currencies)
    if form.is_valid():
        given = {**form.cleaned_data, "channel": StepChannel(form.cleaned_data["channel"])}
        made = attempt(form, lambda: actions.make_statement(by=request.user, account_id=account_id, **given))
        if made:
            text = (
                _("The statement is on its way.")
                if made.channel == StepChannel.MAIL
                else _("It is in the print queue.")
            )
            return saved(request, reverse("dunning:message", args=[made.pk]), text, changed="call")
    where = to.to or _("They have no e-mail address: it is printed and posted.")
    return show_form(
        request,
        form,
        "dunning/statement.html",
        title=_("Statement of account"),
        subtitle=f"{to.account} · {where}",
        submit=_("Send"),
        cancel_url=to.account.get_absolute_url(),
        use_once=True,
        pdf_url=reverse("dunning:statement_pdf", args=[account_id]),
    )


def statement_pdf(request: StaffRequest, account_id: int) -> HttpResponse:
    """The statement as PDF, to look at or hand over; nothing is sent or kept. `?currency=&since=&until=`."""
    currencies = account_currencies(request.user, account_id)
    currency = request.GET.get("currency") or next(iter(currencies), "")
    until = _day(request, "until", today())
    since = _day(request, "since", until - PERIOD)
    if currency not in currencies:
        raise DomainError(_("There was never an invoice or a payment."), field="currency", code="nothing_there")
    if not since <= until <= today():
        raise DomainError(_("A period of at most three years that ends today or before."), field="since")
    to, rule = addressees([account_id])[account_id], dunning_rule()
    letter = StatementLetter(
        language=to.language,
        reference=f"S-{account_id:06}-{until:%y%m%d}",
        on=today(),
        sender=letterhead(rule),
        recipient=Recipient(to.name, address_of(to.account), to.person, to.account.code),
        pay_by=next_workday(today() + STATEMENT_DAYS),
    )
    found = account_statement(request.user, account_id, currency, since, until)
    try:
        return pdf_answer(typeset("statement", statement_data(found, letter)), f"statement-{account_id}-{until}.pdf")
    except TypesettingError as error:
        raise not_set(error, _("The PDF could not be made.")) from error


def _day(request: StaffRequest, name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(name, "") or otherwise.isoformat())
    except ValueError as wrong:
        raise DomainError(_("Enter a day as 2026-11-22."), field=name) from wrong
