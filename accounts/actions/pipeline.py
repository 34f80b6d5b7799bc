"""Totals of the account that another app keeps up to date."""

from datetime import date

from accounts.models import Account


def set_pipeline(account_id: int, *, open_prospects: int, next_step_on: date | None) -> None:
    """Write how many prospects are open and when the next step of any of them is due.

    Called by the prospects app inside its own action: a total, not a decision, hence no right and no event of its own.
    """
    Account.objects.filter(pk=account_id).update(open_prospects=open_prospects, next_step_on=next_step_on)


SET_LAST_CONTACT = """
    update accounts_account set last_contact_on = %(contact_on)s
    where id = %(account_id)s and (last_contact_on is null or last_contact_on < %(contact_on)s)"""
"""Moves the account's last contact forward to this day; an earlier one changes nothing. To run with what makes it one."""
