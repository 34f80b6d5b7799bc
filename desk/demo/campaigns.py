"""Two campaigns of the home team: one that ended with the last quarter, and one that is under way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.choices import Tier
from accounts.models import Account
from core.models import User
from desk.demo.days import Days
from desk.demo.history import Chronicle
from desk.demo.people import Staff
from relationships import events
from relationships.models import CampaignTarget, Visit, VisitCampaign

ACCOUNTS_EACH = 6  # of one rep
PLANNED_EACH = 2
PAST = ("季度回访", "听取对上一季度交付与服务的意见")
CONCLUSION = "客户普遍认可交期，四家希望加快备件供应。"
RUNNING = ("伺服驱动器新品巡访", "介绍新一代伺服驱动器，了解明年预算")


def write(staff: Staff, days: Days, chronicle: Chronicle) -> None:
    """Save both with their accounts; visits of those days belong to them, so that there is progress to see."""
    manager = staff["manager"]
    reps = [user for user in staff.reps_at_home if user.team_id == manager.team_id]
    past = _open(manager, PAST, days.ago(110), days.ago(70), chronicle)
    past.closed_at, past.closed_by, past.conclusion = _nine(days.ago(68)), manager, CONCLUSION
    past.save(update_fields=["closed_at", "closed_by", "conclusion"])
    chronicle.tell(events.CAMPAIGN_CLOSED, manager, past, None, past.closed_at, name=past.name, conclusion=CONCLUSION)
    running = _open(manager, RUNNING, days.ago(21), days.ahead(18), chronicle)
    for rep in reps:
        accounts = list(Account.objects.filter(owner=rep, tier__in=[Tier.VIP, Tier.LARGE, Tier.MEDIUM]).order_by("pk"))
        _send(past, rep, accounts[:ACCOUNTS_EACH], share=1)
        _send(running, rep, accounts[-ACCOUNTS_EACH:], share=2)
        _plan(running, rep)


def _open(manager: User, words: tuple[str, str], starts_on: date, ends_on: date, chronicle: Chronicle) -> VisitCampaign:
    name, purpose = words
    campaign = VisitCampaign(name=name, purpose=purpose, starts_on=starts_on, ends_on=ends_on, led_by=manager)
    if manager.team:
        campaign.team = manager.team
    campaign.save()
    chronicle.tell(
        events.CAMPAIGN_ADDED, manager, campaign, None, _nine(starts_on - timedelta(days=3)), name=campaign.name
    )
    return campaign


def _send(campaign: VisitCampaign, rep: User, accounts: Iterable[Account], *, share: int) -> None:
    """Put accounts on the list; at every `share`-th of them the visits of those days were for the campaign."""
    accounts = list(accounts)
    CampaignTarget.objects.bulk_create(
        CampaignTarget(campaign=campaign, account=account, rep=rep) for account in accounts
    )
    Visit.objects.filter(
        account__in=accounts[::share],
        cancelled_at=None,
        at__gte=_nine(campaign.starts_on),
        at__lt=_nine(campaign.ends_on),
    ).update(campaign=campaign)


def _plan(campaign: VisitCampaign, rep: User) -> None:
    """Put two more accounts on the list, each with a planned visit of the days to come that is for the campaign."""
    listed = CampaignTarget.objects.filter(campaign=campaign).values("account")
    coming = Visit.objects.filter(
        account__owner=rep, owner=rep, recorded_at=None, cancelled_at=None, at__lt=_nine(campaign.ends_on)
    ).exclude(account__in=listed)
    first: dict[int, Visit] = {}
    for visit in coming.order_by("at", "pk"):
        first.setdefault(visit.account_id, visit)
    for account, visit in list(first.items())[:PLANNED_EACH]:
        CampaignTarget.objects.create(campaign=campaign, account_id=account, rep=rep)
        Visit.objects.filter(pk=visit.pk).update(campaign=campaign)


def _nine(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(9)))
