"""What the account profiles remind people of: an account that became theirs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import Account
from core.models import AuditEvent
from reminders.registry import Facts, Look, facts, reminder

LATELY = timedelta(days=7)


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
    """Somebody else made one the owner; only the last hand-over counts."""
    of_account = {"code": events.ACCOUNT_TRANSFERRED.code, "target_type": "accounts.account"}
    later = AuditEvent.objects.filter(**of_account, target_id=OuterRef("target_id"), id__gt=OuterRef("id"))
    owner = Account.objects.filter(pk=OuterRef("target_id"))
    handed = (
        AuditEvent.objects.filter(**of_account, at__gte=look.now - LATELY)
        .annotate(owner=owner.values("owner_id")[:1], name=owner.values("name")[:1])
        .filter(~Exists(later), owner__isnull=False)
        .exclude(actor=F("owner"))
    )
    return facts(
        handed,
        receiver="owner",
        about="target_id",
        moment="at",
        slot=Concat(Value("event-"), Cast("id", CharField())),
        account="account_id",
        name="name",
        by=Coalesce("actor__full_name", Value("Keyline")),
    )
