"""What people type about letters, the ladder and complaints. Shape only: whether it is right, the actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.money import format_money
from core.shapes import ShapeOnly, day_field
from dunning.choices import StepChannel
from dunning.models import Excuse, LadderStep
from receivables.forms.invoices import DisputeForm
from receivables.models import Invoice


class StepForm(ShapeOnly):
    """One rung of the ladder with its wordings in both languages."""

    class Meta:
        model = LadderStep
        fields = (
            "days", "channel", "doer", "name", "name_zh", "subject", "body", "subject_zh", "body_zh", "with_statement",
            "proposes_hold", "is_formal",
        )  # fmt: skip
        widgets = {name: forms.Textarea(attrs={"rows": 11}) for name in ("body", "body_zh")}
        help_texts = {"days": _("Below zero: before the due date.")}


class ExcuseForm(ShapeOnly):
    """What they say and what we answer, in both languages."""

    class Meta:
        model = Excuse
        fields = ("cause", "next_action", "says", "reply", "law", "says_zh", "reply_zh", "law_zh")
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("reply", "reply_zh")}


class WordsForm(forms.Form):
    """The words of one letter, and where it goes."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(StepChannel.MAIL, _("e-mail")), (StepChannel.LETTER, _("letter"))]
    )
    to = forms.CharField(label=_("E-mail address"), max_length=254, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Words"), widget=forms.Textarea(attrs={"rows": 16}))


class SkipForm(forms.Form):
    """Why a letter is left out."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RetryForm(forms.Form):
    """Where a letter that failed goes now."""

    to = forms.CharField(label=_("E-mail address"), max_length=254)


class ArrivalForm(forms.Form):
    """The proof that a letter arrived."""

    on = day_field(_("Arrived on"))
    how = forms.CharField(
        label=_("Proof"), max_length=200, help_text=_("Waybill number, signed slip, their answer in writing.")
    )


class HoldForm(forms.Form):
    """Why supply is held, or goes on."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class StatementForm(forms.Form):
    """A statement of account: which money, which days, how it goes out."""

    currency = forms.ChoiceField(label=_("Currency"))
    since = day_field(_("From"))
    until = day_field(_("To"))
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(StepChannel.MAIL, _("e-mail")), (StepChannel.LETTER, _("letter"))]
    )

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["currency"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, code) for code in currencies]


class HoldBackForm(DisputeForm):
    """Which of these open invoices a complaint is about, and how much of it."""

    invoice_id = forms.TypedChoiceField(label=_("Invoice"), coerce=int)
    field_order = ("invoice_id", "amount", "reason", "note", "on")

    def __init__(self, *given: Any, invoices: Sequence[Invoice], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["invoice_id"].choices = [(row.pk, _open_one(row)) for row in invoices]  # type: ignore[attr-defined]


def _open_one(invoice: Invoice) -> str:
    """Number, due day and what is open of it and not disputed."""
    left = format_money(invoice.open_amount - invoice.disputed_amount, invoice.currency)
    return f"{invoice} · {date_format(invoice.due_on, 'SHORT_DATE_FORMAT')} · {left}"
