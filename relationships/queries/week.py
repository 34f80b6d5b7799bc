"""The week of one person: what is planned and done, and who else wants a visit (V2, R8, R11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries import visible_accounts
from core.models import User
from relationships.choices import VisitKind
from relationships.models import ContactRule, Visit
from relationships.queries.cadence import neglected_accounts
from relationships.queries.campaigns import running_campaigns_of
from relationships.queries.plan import midnight, special_days, visits_of_week
from relationships.queries.visits import contact_rule
from relationships.rules.cadence import days_late

MOST = 30
"""Candidates beside the week; whoever has more takes the most pressing first."""


class Why(models.TextChoices):
    """Why an account wants a visit, the most pressing first."""

    STEP = "step", _("Follow-up due")
    CAMPAIGN = "campaign", _("Campaign")
    QUIET = "quiet", _("Too long without contact")


@dataclass(frozen=True)
class Candidate:
    """An account that wants a visit and has none planned from today on: why, since or until when, what for."""

    account: Account
    why: Why
    day: date | None = None
    late: int = 0
    purpose: str = ""
    campaign_id: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class WeekDay:
    """One day of the week: its visits, and whether people work on it."""

    day: date
    visits: list[Visit]
    is_off: bool
    name: str
    is_past: bool
    is_today: bool


@dataclass(frozen=True)
class Week:
    """A person's week with its figures. A campaign comes with how far his part of it is.

    A meeting counts for who makes it, so that a team's meetings are each counted once (P7); who comes along has it in his
    week, counted as `joined`.
    """

    person: User
    days: list[WeekDay]
    candidates: list[Candidate]
    campaigns: list[Any]
    norm: int

    @property
    def visits(self) -> list[Visit]:
        return [visit for day in self.days for visit in day.visits]

    @property
    def held(self) -> int:
        """Meetings that took place."""
        return sum(1 for visit in self._meetings if visit.recorded_at)

    @property
    def planned(self) -> int:
        """Meetings to come or to be written up."""
        return sum(1 for visit in self._meetings if not visit.recorded_at)

    @property
    def joined(self) -> int:
        """Visits of colleagues he comes along to."""
        return sum(1 for visit in self.visits if visit.owner_id != self.person.pk)

    @property
    def meetings(self) -> int:
        """Held and planned together, no more than the bar holds."""
        return min(self.held + self.planned, self.norm)

    @property
    def tone(self) -> str:
        """The colour of the bar: the norm is reached, or not."""
        return "good" if self.held + self.planned >= self.norm else ""

    @property
    def _meetings(self) -> list[Visit]:
        own = (visit for visit in self.visits if visit.owner_id == self.person.pk)
        return [visit for visit in own if VisitKind(visit.kind).is_meeting]


def week_of_person(by: User, person: User, monday: date, on: date) -> Week:
    """The week that begins with this Monday; a constant number of statements."""
    visits = visits_of_week(by, person, monday)
    special = {row.day: row for row in special_days(monday, monday + timedelta(days=7))}
    campaigns = running_campaigns_of(person, monday, monday + timedelta(days=6))
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        row = special.get(day)
        days.append(
            WeekDay(
                day,
                [visit for visit in visits if timezone.localdate(visit.at) == day],
                is_off=row is not None and not row.is_workday,
                name=row.name if row else "",
                is_past=day < on,
                is_today=day == on,
            )
        )
    sunday, rule = monday + timedelta(days=6), contact_rule()
    candidates = _candidates(by, person, on, sunday, campaigns, rule) if sunday >= on else []
    return Week(person, days, candidates, campaigns, norm=rule.meetings_a_week)


def _candidates(
    by: User, person: User, on: date, sunday: date, campaigns: list[Any], rule: ContactRule
) -> list[Candidate]:
    """Accounts of the person that want a visit until Sunday; each once, for its most pressing reason."""
    planned = Visit.objects.planned().of_people([person.pk], at__gte=midnight(on)).values("account")
    accounts = visible_accounts(by).exclude(pk__in=planned)
    found: dict[int, Candidate] = {}
    for candidate in (
        *_due_steps(accounts, person, on, sunday),
        *_campaign_targets(accounts, campaigns),
        *_quiet(by, person, on, planned, rule),
    ):
        found.setdefault(candidate.account.pk, candidate)
    return list(found.values())[:MOST]


def _due_steps(accounts: Any, person: User, on: date, sunday: date) -> Iterable[Candidate]:
    """Next steps owed from his visits, and of open prospects at his accounts, due until Sunday; two statements."""
    owed = Visit.objects.with_open_step().filter(owner=person, next_step_on__lte=sunday, account__in=accounts)
    for visit in owed.select_related("account").order_by("next_step_on", "id")[:MOST]:
        day = visit.next_step_on
        yield Candidate(visit.account, Why.STEP, day=day, purpose=visit.next_step, is_late=bool(day and day < on))
    due = accounts.filter(owner=person, next_step_on__lte=sunday)
    for account in due.order_by("next_step_on", "pk")[:MOST]:
        day = account.next_step_on
        yield Candidate(account, Why.STEP, day=day, is_late=bool(day and day < on))


def _campaign_targets(accounts: Any, campaigns: list[Any]) -> Iterable[Candidate]:
    """Accounts of running campaigns not yet visited and not planned; one statement."""
    open_targets = [
        (campaign, target)
        for campaign, standing in campaigns
        for target in standing.open_targets
        if not target.is_covered
    ]
    rows = accounts.in_bulk([target.account_id for _campaign, target in open_targets]) if open_targets else {}
    for campaign, target in open_targets:
        if target.account_id in rows:
            yield Candidate(
                rows[target.account_id],
                Why.CAMPAIGN,
                day=campaign.ends_on,
                purpose=campaign.purpose,
                campaign_id=campaign.pk,
            )


def _quiet(by: User, person: User, on: date, planned: Any, rule: ContactRule) -> Iterable[Candidate]:
    """His accounts that have heard nothing for longer than their tier allows, the longest silence first; two statements."""
    rows = neglected_accounts(by, on).filter(owner=person).exclude(pk__in=planned)
    for account in rows.order_by(F("last_contact_on").asc(nulls_first=True), "pk")[:MOST]:
        since = timezone.localdate(account.created_at)
        late = days_late(account.last_contact_on, since, rule.cadence(account.tier), on)
        yield Candidate(account, Why.QUIET, day=account.last_contact_on, late=late)
