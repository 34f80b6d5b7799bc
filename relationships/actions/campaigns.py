"""Every change of a campaign: opening it, saying which accounts it wants, editing, closing (V2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import visible_accounts
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError, NotAllowed, NotFound
from core.models import User
from core.permissions import require
from core.users import Actor, as_row
from relationships import events
from relationships.models import CampaignTarget, VisitCampaign
from relationships.queries import get_campaign, people_of_campaign, teams_to_lead
from relationships.queries.campaigns import MOST_TARGETS

CAMPAIGN_FIELDS = ("name", "purpose", "starts_on", "ends_on", "visits_each")


@transaction.atomic
def add_campaign(
    *, by: Actor, name: str, purpose: str, starts_on: date, ends_on: date, team_id: int, visits_each: int = 1
) -> VisitCampaign:
    """Open a campaign of a team one leads. Raises DomainError for days out of order or a team that is not one's own."""
    require(by, "visits.lead")
    leader = as_row(by)
    if leader is None:
        raise DomainError(_("A campaign is led by a person."), field="team")
    team = teams_to_lead(by).filter(pk=team_id).first()
    if team is None:
        raise DomainError(_("Choose your team or one below it."), field="team")
    values = {
        "name": name, "purpose": purpose, "starts_on": starts_on, "ends_on": ends_on, "visits_each": visits_each,
    }  # fmt: skip
    campaign = VisitCampaign(led_by=leader, team=team)
    for field, value in _clean(campaign, values).items():
        setattr(campaign, field, value)
    campaign.save()
    _tell(events.CAMPAIGN_ADDED, by, campaign)
    return campaign


@transaction.atomic
def edit_campaign(*, by: Actor, campaign_id: int, version: int | None = None, **changes: Any) -> VisitCampaign:
    """Change what a running campaign says. Conflict (409) over a newer edit, DomainError when it is closed."""
    require(by, "visits.lead")
    campaign = _to_lead(by, campaign_id)
    check_version(campaign, version, changes)
    _require_open(campaign)
    before, after = apply_changes(campaign, _clean(campaign, changes))
    if after:
        _tell(events.CAMPAIGN_EDITED, by, campaign, before=before, after=after)
    return campaign


@transaction.atomic
def add_targets(
    *, by: Actor, campaign_id: int, account_ids: Iterable[int], rep_id: int | None = None
) -> list[CampaignTarget]:
    """Put accounts on the list; `rep_id` goes there, or each account's owner. Those on it already stay as they are.

    Raises NotFound for an account out of sight, DomainError for somebody who is not of the team, or too many accounts.
    """
    require(by, "visits.lead")
    campaign = _to_lead(by, campaign_id)
    _require_open(campaign)
    accounts = _visible(by, set(account_ids))
    there = set(campaign.targets.values_list("account_id", flat=True))
    if len(there | set(accounts)) > MOST_TARGETS:
        raise DomainError(
            _("A campaign visits at most %(count)s accounts.") % {"count": MOST_TARGETS}, field="accounts"
        )
    rep = _rep(campaign, rep_id)
    rows = [
        CampaignTarget(campaign=campaign, account=account, rep=rep or account.owner)
        for account in accounts.values()
        if account.pk not in there
    ]
    added = CampaignTarget.objects.bulk_create(rows)
    if added:
        _tell(events.TARGETS_ADDED, by, campaign, accounts=len(added))
    return added


@transaction.atomic
def assign_target(*, by: Actor, campaign_id: int, account_id: int, rep_id: int) -> CampaignTarget:
    """Somebody else goes to this account."""
    require(by, "visits.lead")
    campaign = _to_lead(by, campaign_id)
    _require_open(campaign)
    target = _target(campaign, account_id)
    former, rep = target.rep, _rep(campaign, rep_id)
    if rep is not None and rep != former:
        target.rep = rep
        target.save(update_fields=["rep"])
        _tell(
            events.TARGET_ASSIGNED, by, campaign, account_id=account_id,
            account=target.account.name, from_person=str(former), to_person=str(rep),
        )  # fmt: skip
    return target


@transaction.atomic
def remove_target(*, by: Actor, campaign_id: int, account_id: int) -> None:
    """Take an account off the list; its visits stay."""
    require(by, "visits.lead")
    campaign = _to_lead(by, campaign_id)
    _require_open(campaign)
    target = _target(campaign, account_id)
    target.delete()
    _tell(events.TARGET_REMOVED, by, campaign, account_id=account_id, account=target.account.name)


@transaction.atomic
def close_campaign(*, by: Actor, campaign_id: int, conclusion: str = "", version: int | None = None) -> VisitCampaign:
    """The round is over; what was learnt stays with it. Planned visits stay planned."""
    require(by, "visits.lead")
    campaign = _to_lead(by, campaign_id)
    check_version(campaign, version)
    _require_open(campaign)
    conclusion = " ".join(conclusion.split())[:300]
    apply_changes(campaign, {"closed_at": timezone.now(), "closed_by": as_row(by), "conclusion": conclusion})
    _tell(events.CAMPAIGN_CLOSED, by, campaign, conclusion=conclusion or "–")
    return campaign


# ------------------------------------------------------------------ shared


def _clean(campaign: VisitCampaign, given: dict[str, Any]) -> dict[str, Any]:
    """The given fields, trimmed and checked, the days against those that stay."""
    if strangers := set(given) - set(CAMPAIGN_FIELDS):
        raise TypeError(f"not fields of a campaign: {', '.join(sorted(strangers))}")
    values = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in given.items()}
    if not values.get("name", "-"):
        raise DomainError(_("A campaign needs a name."), field="name")
    if not values.get("purpose", "-"):
        raise DomainError(_("Say what the visits are for."), field="purpose")
    starts_on, ends_on = (values.get(name, getattr(campaign, name)) for name in ("starts_on", "ends_on"))
    if ends_on < starts_on:
        raise DomainError(_("The last day comes after the first."), field="ends_on")
    if (ends_on - starts_on).days > 366:
        raise DomainError(_("A campaign lasts a year at most."), field="ends_on")
    if not 1 <= int(values.get("visits_each", 1)) <= 20:
        raise DomainError(_("From one visit to twenty."), field="visits_each")
    return values


def _to_lead(by: Actor, campaign_id: int) -> VisitCampaign:
    """The campaign, locked, for who leads it or its team. NotFound out of sight, NotAllowed for who only goes out for it."""
    campaign = get_campaign(by, campaign_id, lock=True)
    if campaign.led_by_id != by.pk and not teams_to_lead(by).filter(pk=campaign.team_id).exists():
        raise NotAllowed("visits.lead")
    return campaign


def _require_open(campaign: VisitCampaign) -> None:
    if not campaign.is_open:
        raise DomainError(_("This campaign is closed."), code="closed")


def _visible(by: Actor, ids: set[int]) -> dict[int, Account]:
    """These accounts with their owners. NotFound when one is out of sight."""
    rows = visible_accounts(by).filter(pk__in=ids).select_related("owner").order_by("sort_name", "pk")
    found = {account.pk: account for account in rows}
    if len(found) != len(ids):
        raise NotFound
    return found


def _rep(campaign: VisitCampaign, rep_id: int | None) -> User | None:
    if rep_id is None:
        return None
    rep = people_of_campaign(campaign).filter(pk=rep_id).first()
    if rep is None:
        raise DomainError(_("Choose somebody of the team."), field="rep")
    return rep


def _target(campaign: VisitCampaign, account_id: int) -> CampaignTarget:
    target = campaign.targets.select_related("account", "rep").filter(account=account_id).first()
    if target is None:
        raise NotFound
    return target


def _tell(event: audit.EventType, by: Actor, campaign: VisitCampaign, **details: Any) -> None:
    audit.record(event, by=by, on=campaign, name=campaign.name, **details)
