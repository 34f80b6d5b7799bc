"""Every night: does the ledger still keep its twelve rules? A job that fails here is an alarm, never a nuisance."""

from datetime import date, time

from django.utils.translation import gettext_lazy as _

from core.tick import daily
from receivables import actions


class LedgerBrokenError(Exception):
    """The books contradict themselves. The message names rules and rows, as the page of jobs shows it."""


@daily("receivables.check_ledger", _("Check of the ledger"), at=time(2, 0))
def check_ledger(on: date) -> None:
    """Ask I1 to I12 of the whole ledger; fail, so that the jobs, Today and the health page show it, if one is broken."""
    found = actions.check_ledger(on=on)
    if found:
        raise LedgerBrokenError(
            "; ".join(f"{one.code} {one.says}: {one.count} ({', '.join(one.examples)})" for one in found)
        )
