"""Cards: what the board and the review show of a prospect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.users import Actor
from core.workdays import today
from prospects.choices import SlipReason, Stage
from prospects.models import Prospect
from prospects.queries.prospects import visible_prospects
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import cycle, forecast, review, slipping
from relationships.rules.visits import Interval, interval

Row = dict[str, Any]

CARD_FIELDS = (
    "id", "version", "name", "account_id", "account__name", "account__short_name", "owner_id", "owner__full_name",
    "team__path", "stage", "amount", "currency", "own_estimate", "opened_on", "entered_stage_on", "expected_close_on",
    "first_meeting_on", "decision_on", "start_on", "next_step", "next_step_on", "slipping_since", "slip_reason",
    "falls_back_to", "last_reviewed_at", "overrides", "outcome", "closed_on",
    "last_contact_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One card as the board shows it."""

    id: int
    version: int
    name: str
    account_id: int | None
    account_name: str
    owner_id: int
    owner_name: str
    stage: Stage
    amount: Decimal | None
    currency: str
    own_estimate: int | None
    opened_on: date
    entered_stage_on: date
    days_in_class: int
    norm_days: int | None
    is_beyond_norm: bool
    expected_close_on: date | None
    first_meeting_on: date | None
    decision_on: date | None
    start_on: date | None
    next_step: str
    next_step_on: date | None
    next_step_in_days: int | None
    slipping_since: date | None
    slip_reason: SlipReason | None
    falls_back_to: Stage | None
    falls_back_on: date | None
    last_reviewed_on: date | None
    is_review_due: bool
    interval: Interval
    contact_days_ago: int | None
    overrides: int
    closed_on: date | None

    @property
    def has_nothing_planned(self) -> bool:
        """R8: the loudest state of an open card above E."""
        return self.closed_on is None and self.stage > Stage.E and (not self.next_step or self.next_step_on is None)

    @property
    def is_overdue(self) -> bool:
        """The next step's day has passed."""
        return self.closed_on is None and self.next_step_in_days is not None and self.next_step_in_days < 0

    @property
    def weighted(self) -> Decimal:
        """The amount times its class's percentage."""
        return forecast.weighted({self.stage: self.amount or Decimal(0)})

    def get_absolute_url(self) -> str:
        """The prospect's page."""
        return Prospect(pk=self.id).get_absolute_url()


def cards(rows: Iterable[dict[str, Any]], settings: BoardSettings, on: date) -> list[Card]:
    """Rows of CARD_FIELDS as cards on the day `on`; no statement beyond the settings'."""
    return [_card(row, settings, on) for row in rows]


def _card(row: dict[str, Any], settings: BoardSettings, on: date) -> Card:
    stage, since, rule = Stage(row["stage"]), row["slipping_since"], settings.rule
    last, contact = row["last_contact_on"], settings.contact
    days = cycle.days_in(row["entered_stage_on"], row["closed_on"] or on)
    norm = settings.norms.days(stage, row["team__path"] or "")
    reviewed = _day(row["last_reviewed_at"])
    is_open = row["closed_on"] is None
    return Card(
        id=row["id"],
        version=row["version"],
        name=row["name"],
        account_id=row["account_id"],
        account_name=row["account__short_name"] or row["account__name"] or "",
        owner_id=row["owner_id"],
        owner_name=row["owner__full_name"],
        stage=stage,
        amount=row["amount"],
        currency=row["currency"],
        own_estimate=row["own_estimate"],
        opened_on=row["opened_on"],
        entered_stage_on=row["entered_stage_on"],
        days_in_class=days,
        norm_days=norm,
        is_beyond_norm=is_open and cycle.is_beyond(days, norm),
        expected_close_on=row["expected_close_on"],
        first_meeting_on=row["first_meeting_on"],
        decision_on=row["decision_on"],
        start_on=row["start_on"],
        next_step=row["next_step"],
        next_step_on=row["next_step_on"],
        next_step_in_days=(row["next_step_on"] - on).days if row["next_step_on"] else None,
        slipping_since=since,
        slip_reason=SlipReason(row["slip_reason"]) if row["slip_reason"] else None,
        falls_back_to=Stage(row["falls_back_to"]) if row["falls_back_to"] is not None else None,
        falls_back_on=slipping.falls_back_on(since, rule.fall_back_after_days) if since else None,
        last_reviewed_on=reviewed,
        interval=interval(last, on, too_close_days=contact.too_close_days, fading_days=contact.fading_days),
        contact_days_ago=(on - last).days if last else None,
        is_review_due=is_open and review.is_due(row["opened_on"], reviewed, on, rule.review_every_days),
        overrides=row["overrides"],
        closed_on=row["closed_on"],
    )


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def prospect_card(by: Actor, prospect_id: int) -> Card | None:
    """One card afresh, as it looks on the board; None when the person does not see it."""
    row = visible_prospects(by).filter(pk=prospect_id).values(*CARD_FIELDS).first()
    return _card(row, board_settings(), today()) if row else None


def card_of(prospect: Prospect, settings: BoardSettings, on: date) -> Card:
    """A prospect that was read with account, owner and team, as its card; no further statement."""
    return _card({path: _follow(prospect, path) for path in CARD_FIELDS}, settings, on)


def _follow(found: Any, path: str) -> Any:
    """The value at `account__name` of an object; None where the way ends."""
    for name in path.split("__"):
        found = None if found is None else getattr(found, name)
    return found
