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

MOST_MEETINGS = 50  # a week
LONGEST_KEPT = 120  # months


@transaction.atomic
def set_contact_rule(*, by: Actor, meetings_a_week: int, profile_months: int, **days: int) -> ContactRule:
    """Set when follow-ups are too close or fading (R9) and the longest silence per tier (R11), in days, how many
    meetings a week should hold (P7), and how many months a birthday outlives the last position (L1).
    """
    require(by, "settings.manage")
    if set(days) != set(RHYTHM):
        raise TypeError(f"the rhythm has {', '.join(RHYTHM)}")
    for name, value in days.items():
        if not 1 <= value <= 730:
            raise DomainError(_("From one day to two years."), field=name)
    if days["too_close_days"] >= days["fading_days"]:
        raise DomainError(_("Too close comes before fading."), field="fading_days")
    if not 1 <= meetings_a_week <= MOST_MEETINGS:
        raise DomainError(_("From one meeting to %(most)s.") % {"most": MOST_MEETINGS}, field="meetings_a_week")
    if not 1 <= profile_months <= LONGEST_KEPT:
        raise DomainError(_("From one month to %(most)s.") % {"most": LONGEST_KEPT}, field="profile_months")
    rule, _created = ContactRule.objects.select_for_update().get_or_create(only=True)
    after = {**days, "meetings_a_week": meetings_a_week, "profile_months": profile_months}
    before = {name: getattr(rule, name) for name in after}
    if before != after:
        for name, value in after.items():
            setattr(rule, name, value)
        rule.save()
        audit.record(events.CONTACT_RULE_SET, by=by, on=rule, before=before, after=after)
    return rule
