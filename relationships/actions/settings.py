"""The company's rhythm of contact (R9, R11)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.permissions import require
from core.users import Actor
from relationships import events
from relationships.models import RHYTHM, ContactRule


@transaction.atomic
def set_contact_rule(*, by: Actor, **days: int) -> ContactRule:
    """Set when follow-ups are too close or fading (R9) and the longest silence per tier (R11), in days."""
    require(by, "settings.manage")
    if set(days) != set(RHYTHM):
        raise TypeError(f"the rhythm has {', '.join(RHYTHM)}")
    for name, value in days.items():
        if not 1 <= value <= 730:
            raise DomainError(_("From one day to two years."), field=name)
    if days["too_close_days"] >= days["fading_days"]:
        raise DomainError(_("Too close comes before fading."), field="fading_days")
    rule, _created = ContactRule.objects.select_for_update().get_or_create(only=True)
    before = {name: getattr(rule, name) for name in RHYTHM}
    if before != days:
        for name, value in days.items():
            setattr(rule, name, value)
        rule.save()
        audit.record(events.CONTACT_RULE_SET, by=by, on=rule, before=before, after=days)
    return rule
