"""Forms about how a customer stands: cause, hold on supply, what was found out, what restarts the clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.shapes import day_field
from receivables.choices import Cause, DebtorFactKind, InterruptionKind
from receivables.forms.invoices import reason_field
from receivables.rules.strategies import REMEDIES


class CauseForm(forms.Form):
    """Why the customer does not pay (C4)."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("not known any longer")), *Cause.choices], required=False
    )
    note = reason_field(_("How we know"), required=False)

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        cause = self.cleaned_data["cause"]
        return {"cause": Cause(cause) if cause else None, "note": self.cleaned_data["note"]}


def remedies() -> list[tuple[Any, Any]]:
    """Each cause with what is done about it."""
    return [(Cause(cause).label, remedy) for cause, remedy in REMEDIES.items()]


class HoldForm(forms.Form):
    """Why nothing more is supplied for now."""

    reason = reason_field(_("Reason"), max_length=300)


class LiftForm(forms.Form):
    """Why supply goes on."""

    because = reason_field(_("Why does supply go on?"), max_length=300)


class FactForm(forms.Form):
    """What bears on whether the customer can pay."""

    kind = forms.ChoiceField(label=_("Fact"), choices=DebtorFactKind.choices)
    note = reason_field(_("How we know"), max_length=500)
    on = day_field(_("Since"), required=False)


class EndFactForm(forms.Form):
    """Why it holds no longer."""

    because = reason_field(_("Why does it hold no longer?"), max_length=300)
    on = day_field(_("Until"), required=False)


class InterruptionForm(forms.Form):
    """What restarts the three years of the right to sue (C14)."""

    kind = forms.ChoiceField(label=_("What"), choices=InterruptionKind.noted())
    on = day_field(_("Arrived"), help_text=_("The day it provably reached them."))
    evidence = reason_field(_("Evidence"), max_length=500)
