"""What the account profiles remind people of: an account that became theirs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import Account
from reminders.registry import Facts, Look, handed_over, reminder


@reminder(
    "accounts.assigned",
    title=_("An account is yours now"),
    sentence=_("{name} was handed over to you by {by}"),
    why=_("A colleague made you the owner of this account."),
    icon="arrows-exchange",
    subject="accounts.account",
    url="accounts:account",
    told_of=(events.ACCOUNT_TRANSFERRED.code,),
    settles=False,
)
def assigned(look: Look) -> Facts:
    """Somebody else made one the owner."""
    return handed_over(look, Account, events.ACCOUNT_TRANSFERRED.code, name="name")
