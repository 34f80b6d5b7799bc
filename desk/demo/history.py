"""The rows that tell the prospects' lives: cards, class changes, ticks, closings, reviews, snapshots and the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from accounts import events as account_events
from accounts.models import Account
from core.audit import EventType
from core.models import AuditEvent, User
from desk.demo.board import Life, Step, open_lives
from desk.demo.days import HISTORY_DAYS, Days
from desk.demo.firms import Firm
from desk.demo.people import Staff
from prospects import events
from prospects.actions.common import keep_account_totals
from prospects.choices import ChangeKind, Outcome, Stage, Verdict
from prospects.models import (
    Closing,
    CriterionTick,
    Prospect,
    ProspectSnapshot,
    ReviewVerdict,
    StageChange,
    WeeklySnapshot,
)

WEEKS_OF_SNAPSHOTS = HISTORY_DAYS // 7
WEEKS_OF_REVIEWS = 10
DISCIPLINE = {
    "rep": 1.0, "wang.lei": 0.97, "sun.yue": 0.72, "zhao.min": 0.9, "liu.yang": 0.55, "chen.jie": 0.85,
    "anna.becker": 0.95, "david.tan": 0.78,
}  # fmt: skip
"""The share of his cards that each rep reviews in a week."""


class Chronicle:
    """Collects audit events, so that they can be written in the order in which they happened."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []
        self.spans: dict[tuple[str, int], tuple[datetime, datetime]] = {}

    def tell(
        self, kind: EventType, by: User | None, on: Any, account_id: int | None, at: datetime, /, **details: Any
    ) -> None:
        self.events.append(
            AuditEvent(
                at=at, actor=by, code=kind.code, target_type=on._meta.label_lower, target_id=on.pk, account_id=account_id,
                details=details,
            )
        )  # fmt: skip

        first, last = self.spans.get((on._meta.label_lower, on.pk), (at, at))
        self.spans[on._meta.label_lower, on.pk] = (min(first, at), max(last, at))

    def first_and_last(self, on: Any) -> tuple[datetime, datetime]:
        """When something was first and last told about this record."""
        return self.spans[on._meta.label_lower, on.pk]

    def adopt(self, events: Iterable[AuditEvent], when: Callable[[AuditEvent], datetime]) -> None:
        """Take over events that are written already, to be written again at their moments and in their places."""
        names = [field.attname for field in AuditEvent._meta.fields if not field.primary_key]
        for event in events:
            again = AuditEvent(**{name: getattr(event, name) for name in names})
            again.at = when(event)
            self.events.append(again)

    def write(self) -> None:
        """Write all of them, the oldest first."""
        AuditEvent.objects.bulk_create(sorted(self.events, key=lambda event: event.at), batch_size=2_000)


def write_rows(
    lives: list[Life], firms: list[Firm], staff: Staff, days: Days, random: Random, chronicle: Chronicle
) -> None:
    """Save everything but the chronicle, which tells more than this."""
    _close_cards(lives)
    Prospect.objects.bulk_create(life.prospect for life in lives)
    _changes(lives, staff, days, random, chronicle)
    _ticks(lives, days, random, chronicle)
    _closings(lives, days, random, chronicle)
    _reviews(lives, staff, days, random, chronicle)
    _plans(lives, days, random, chronicle)
    _snapshots(lives, days)
    _date_rows(lives, firms, days, random, chronicle)
    keep_account_totals(firm.account.pk for firm in firms)


def _close_cards(lives: list[Life]) -> None:
    for life in lives:
        if life.closed_on and life.outcome:
            life.prospect.outcome, life.prospect.closed_on = life.outcome, life.closed_on
            life.prospect.expected_close_on = life.closed_on


def _changes(lives: list[Life], staff: Staff, days: Days, random: Random, chronicle: Chronicle) -> None:
    rows = []
    for life in lives:
        before: Step | None = None
        for step in life.steps:
            by = _author_of(life, step, staff)
            at = days.moment(step.on, random)
            rows.append(
                StageChange(
                    prospect=life.prospect, from_stage=before.stage if before else None, to_stage=step.stage,
                    kind=step.kind, reason=step.reason, missing=[criterion.value for criterion in step.missing],
                    days_in_from=(step.on - before.on).days if before else None, on=step.on, at=at, by=by,
                )
            )  # fmt: skip
            _tell_step(chronicle, life, step, before, by, at)
            before = step
    StageChange.objects.bulk_create(rows)


def _author_of(life: Life, step: Step, staff: Staff) -> User | None:
    if step.kind == ChangeKind.FELL_BACK:
        return None
    if step.kind == ChangeKind.OVERRIDDEN and life.owner.team_id:
        return staff.manager_of[life.owner.team_id]
    return life.owner


def _tell_step(
    chronicle: Chronicle, life: Life, step: Step, before: Step | None, by: User | None, at: datetime
) -> None:
    prospect = life.prospect
    names = {"name": prospect.name, "to_class": step.stage.letter, "reason": step.reason}
    if before is None:
        chronicle.tell(events.ADDED, by, prospect, prospect.account_id, at, name=prospect.name, stage=step.stage.letter)
        return
    kind = {
        ChangeKind.FELL_BACK: events.FELL_BACK,
        ChangeKind.OVERRIDDEN: events.OVERRIDDEN,
    }.get(step.kind, events.WON if step.stage == Stage.S else events.MOVED)
    chronicle.tell(
        kind, by, prospect, prospect.account_id, at, from_class=before.stage.letter, **names,
        before={"stage": int(before.stage)}, after={"stage": int(step.stage)},
    )  # fmt: skip


def _ticks(lives: list[Life], days: Days, random: Random, chronicle: Chronicle) -> None:
    rows = []
    for life in lives:
        for tick in life.ticks:
            at = days.moment(tick.on, random)
            rows.append(
                CriterionTick(
                    prospect=life.prospect, criterion=tick.criterion, note=tick.note, on=tick.on, at=at, by=life.owner
                )
            )
            chronicle.tell(
                events.CRITERION_TICKED, life.owner, life.prospect, life.prospect.account_id, at,
                name=life.prospect.name, criterion=str(tick.criterion.label), code=tick.criterion.value, note=tick.note,
            )  # fmt: skip
    CriterionTick.objects.bulk_create(rows)


def _closings(lives: list[Life], days: Days, random: Random, chronicle: Chronicle) -> None:
    rows = []
    for life in lives:
        if life.closed_on is None or life.outcome is None:
            continue
        at = days.moment(life.closed_on, random)
        rows.append(
            Closing(
                prospect=life.prospect, outcome=life.outcome, on=life.closed_on, reason=life.reason or "",
                competitor=life.competitor, note=life.note, by=life.owner, at=at,
            )
        )  # fmt: skip
        if life.outcome == Outcome.LOST:
            chronicle.tell(
                events.LOST, life.owner, life.prospect, life.prospect.account_id, at, name=life.prospect.name,
                from_class=life.steps[-1].stage.letter, reason=life.reason or "", competitor=life.competitor,
            )  # fmt: skip
    Closing.objects.bulk_create(rows)


def _reviews(lives: list[Life], staff: Staff, days: Days, random: Random, chronicle: Chronicle) -> None:
    rows = []
    for monday in days.mondays(WEEKS_OF_REVIEWS):
        on = days.before(min(monday + timedelta(days=random.choice([1, 2, 3])), days.today))
        for life, stage in open_lives(lives, on):
            login = life.owner.email.partition("@")[0]
            if random.random() > DISCIPLINE[login]:
                continue
            by = staff.manager_of[life.owner.team_id] if life.owner.team_id and random.random() < 0.3 else life.owner
            verdict = _verdict(life, stage, monday)
            at = days.moment(on, random)
            rows.append(ReviewVerdict(prospect=life.prospect, verdict=verdict, stage=stage, by=by, at=at))
            life.prospect.last_reviewed_at = at
            chronicle.tell(
                events.REVIEWED,
                by,
                life.prospect,
                life.prospect.account_id,
                at,
                name=life.prospect.name,
                verdict=verdict.value,
            )
    ReviewVerdict.objects.bulk_create(rows)


def _verdict(life: Life, stage: Stage, monday: date) -> Verdict:
    """What the review said, in keeping with what the card did in that week."""
    before = life.stage_on(monday - timedelta(days=1))
    if before is None or before == stage:
        return Verdict.SAME
    return Verdict.UP if stage > before else Verdict.DOWN


def _plans(lives: list[Life], days: Days, random: Random, chronicle: Chronicle) -> None:
    for life in lives:
        prospect = life.prospect
        if prospect.next_step and prospect.next_step_on:
            on = max(prospect.entered_stage_on, days.ago(random.randint(0, 12)))
            chronicle.tell(
                events.NEXT_STEP_PLANNED, life.owner, prospect, prospect.account_id, days.moment(on, random),
                name=prospect.name, next_step=prospect.next_step, next_step_on=prospect.next_step_on.isoformat(),
            )  # fmt: skip


def _snapshots(lives: list[Life], days: Days) -> None:
    weeks, rows = [], []
    for monday in days.mondays(WEEKS_OF_SNAPSHOTS):
        eve = monday - timedelta(days=1)
        open_then = list(open_lives(lives, eve))
        weeks.append(WeeklySnapshot(week=monday, taken_at=days.early(monday), prospects=len(open_then)))
        rows += [_as_it_stood(life, stage, monday, eve) for life, stage in open_then]
    WeeklySnapshot.objects.bulk_create(weeks)
    ProspectSnapshot.objects.bulk_create(rows, batch_size=2_000)


def _as_it_stood(life: Life, stage: Stage, monday: date, eve: date) -> ProspectSnapshot:
    prospect = life.prospect
    return ProspectSnapshot(
        week=monday, prospect=prospect, owner=life.owner, team=life.owner.team, account=life.firm.account, stage=stage,
        amount=life.amount_on(eve), currency=prospect.currency, expected_close_on=prospect.expected_close_on,
        next_step_on=monday + timedelta(days=3) if stage > Stage.E else None,
    )  # fmt: skip


def _date_rows(lives: list[Life], firms: list[Firm], days: Days, random: Random, chronicle: Chronicle) -> None:
    """Rows are as old as what they tell, not as old as this command."""
    for life in lives:
        life.prospect.created_at, life.prospect.updated_at = chronicle.first_and_last(life.prospect)
    Prospect.objects.bulk_update(
        [life.prospect for life in lives], ["created_at", "updated_at", "last_reviewed_at"], batch_size=500
    )
    for firm in firms:
        account = firm.account
        account.created_at = days.moment(days.ago(random.randint(HISTORY_DAYS + 20, 1_200)), random)
        account.updated_at = days.moment(account.last_contact_on or days.ago(90), random)
        chronicle.tell(
            account_events.ACCOUNT_ADDED, account.owner, account, account.pk, account.created_at, name=str(account)
        )
    Account.objects.bulk_update([firm.account for firm in firms], ["created_at", "updated_at"], batch_size=500)
