"""Totals of the account that another app keeps up to date."""

from datetime import date

from django.db.models import Q

from accounts.models import Account


def set_pipeline(account_id: int, *, open_prospects: int, next_step_on: date | None) -> None:
    """Write how many prospects are open and when the next step of any of them is due.

    Called by the prospects app inside its own action: a total, not a decision, hence no right and no event of its own.
    """
    Account.objects.filter(pk=account_id).update(open_prospects=open_prospects, next_step_on=next_step_on)


def set_last_contact(account_id: int, on: date) -> None:
    """Move the account's last contact forward to this day; an earlier one changes nothing. Called where a contact is recorded."""
    rows = Account.objects.filter(Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=on), pk=account_id)
    rows.update(last_contact_on=on)
