"""Everything read about campaigns (V2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from accounts.queries import visible_accounts
from core.errors import NotFound
from core.models import Team, User
from core.roles import SELLS
from core.statements import Statement
from core.users import Actor
from relationships.models import CampaignTarget, VisitCampaign, VisitCampaignQuerySet
from relationships.rules.campaigns import Standing, TargetStanding

MOST_TARGETS = 500
"""Accounts of one campaign: more is no round of visits."""


def visible_campaigns(by: Actor) -> VisitCampaignQuerySet:
    """The campaigns this user leads, goes out for, or whose team is his."""
    return VisitCampaign.objects.visible_to(by)


def get_campaign(by: Actor, campaign_id: int, *, lock: bool = False) -> VisitCampaign:
    """One campaign the user sees, with its team and who leads it. NotFound otherwise."""
    rows = visible_campaigns(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    campaign = rows.select_related("team", "led_by").filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def teams_to_lead(by: Actor) -> QuerySet[Team]:
    """Teams this person may send out: his own and those below."""
    return Team.objects.all() if by.is_system else Team.objects.filter(pk__in=getattr(by, "team_ids", []))


def people_of_campaign(campaign: VisitCampaign) -> QuerySet[User]:
    """Who may be sent: everybody of the team and the teams below it who sells."""
    people = User.objects.filter(is_active=True, role__in=SELLS, team__path__startswith=campaign.team.path)
    return people.order_by("full_name", "id")


def campaigns_to_lead(by: Actor) -> list[VisitCampaign]:
    """The running campaigns this person may change, those that end first on top; one statement."""
    is_own = Q(led_by=by.pk) | Q(team__in=teams_to_lead(by))
    return list(visible_campaigns(by).running().filter(is_own).order_by("ends_on", "id"))


def newest_campaigns(by: Actor, limit: int) -> list[VisitCampaign]:
    """The campaigns the user sees, those that begin last first."""
    return list(visible_campaigns(by).select_related("team", "led_by").order_by("-starts_on", "-id")[:limit])


def seen_accounts(by: Actor, standing: Standing) -> set[int]:
    """The accounts of a campaign whose names the user may know."""
    ids = [target.account_id for target in standing.targets]
    return set(visible_accounts(by).filter(pk__in=ids).values_list("pk", flat=True))


def accounts_of(
    by: Actor,
    owners: list[int],
    *,
    tiers: list[str],
    stages: list[int],
    quiet_since: date | None,
    with_prospects: bool,
) -> list[int]:
    """Accounts of these people that fit, at most one more than a campaign holds, so that too many are noticed."""
    if not owners:
        return []
    rows = visible_accounts(by).filter(owner__in=owners)
    rows = rows.filter(tier__in=tiers) if tiers else rows
    rows = rows.filter(development_stage__in=stages) if stages else rows
    rows = rows.exclude(last_contact_on__gte=quiet_since) if quiet_since else rows
    rows = rows.filter(open_prospects__gt=0) if with_prospects else rows
    return list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_TARGETS + 1])


def standings(campaigns: Iterable[VisitCampaign], *, rep_id: int | None = None) -> dict[int, Standing]:
    """How far these campaigns are, or one person's part of them; one statement.

    What counts: visits at the account between the campaign's days in the company's time zone, not called off, that name
    the campaign or have its purpose. Only figures leave here unscoped; names of accounts are shown to who sees them.
    """
    names = {campaign.pk: campaign.name for campaign in campaigns}
    found: dict[int, Standing] = defaultdict(Standing)
    if not names:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {"zone": settings.TIME_ZONE, "campaigns": list(names), "rep": rep_id})
        for campaign_id, *values in cursor.fetchall():
            found[campaign_id].targets.append(TargetStanding(*values))
    for pk, name in names.items():
        found[pk].name = name
    return found


_STANDINGS = """
    select t.campaign_id, t.id, t.account_id, coalesce(nullif(a.short_name, ''), a.name), t.rep_id, u.full_name, c.visits_each,
           count(v.id) filter (where v.recorded_at is not null),
           count(v.id) filter (where v.recorded_at is null),
           max((v.at at time zone %(zone)s)::date) filter (where v.recorded_at is not null),
           min((v.at at time zone %(zone)s)::date) filter (where v.recorded_at is null)
    from relationships_campaigntarget t
    join relationships_visitcampaign c on c.id = t.campaign_id
    join accounts_account a on a.id = t.account_id
    join core_user u on u.id = t.rep_id
    left join relationships_visit v on v.account_id = t.account_id and v.cancelled_at is null
        and v.at >= c.starts_on::timestamp at time zone %(zone)s
        and v.at < (c.ends_on + 1)::timestamp at time zone %(zone)s
        and (v.campaign_id = c.id or lower(v.purpose) = lower(c.purpose))
    where t.campaign_id = any(%(campaigns)s) and (%(rep)s::bigint is null or t.rep_id = %(rep)s)
    group by t.id, a.id, u.id, c.id
    order by t.campaign_id, a.sort_name, t.id"""


def _running_of(user: User, on: date, until: date) -> VisitCampaignQuerySet:
    rows = VisitCampaign.objects.running().filter(targets__rep=user, starts_on__lte=until, ends_on__gte=on)
    return rows.distinct().order_by("ends_on", "id")  # his own: no scope to ask for


RUNNING_OF = Statement(_running_of)


def running_campaigns_of(user: User, on: date, until: date | None = None) -> list[tuple[VisitCampaign, Standing]]:
    """The campaigns this person goes out for between two days, and how far his part of each is; two statements."""
    campaigns = RUNNING_OF.rows(user, on=on, until=until or on)
    parts = standings(campaigns, rep_id=user.pk)
    return [(campaign, parts[campaign.pk]) for campaign in campaigns]


def campaigns_at(by: Actor, account_id: int, on: date) -> list[CampaignTarget]:
    """Where an account stands on the list of a running campaign the user sees; the one that ends first comes first."""
    rows = CampaignTarget.objects.filter(account=account_id, campaign__in=visible_campaigns(by).running())
    rows = rows.filter(campaign__ends_on__gte=on).select_related("campaign")
    return list(rows.order_by("campaign__ends_on", "campaign_id")[:10])
