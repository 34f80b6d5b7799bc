"""Half a year on the board: every prospect's life is written first, then the rows that tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from core.models import User
from core.search import search_columns
from desk.demo import words
from desk.demo.days import HISTORY_DAYS, Days
from desk.demo.firms import Firm
from desk.demo.people import TIDY, Staff
from prospects.actions.common import slipping_fields
from prospects.choices import ChangeKind, Criterion, LossReason, Outcome, Stage
from prospects.models import Prospect
from prospects.rules.criteria import B_FIVE, HARD_AS_SHIPPED
from prospects.rules.cycle import SHIPPED_NORMS

STILL_OPEN = {Stage.E: 50, Stage.D: 38, Stage.C: 34, Stage.B: 24, Stage.A: 16}
WON, LOST = 84, 236
LADDER = list(Stage)
# How long an open card has been in its class; the last figure of each is beyond twice the norm (P5).
AGES = {Stage.E: (0, 55), Stage.D: (0, 9), Stage.C: (1, 36), Stage.B: (1, 18), Stage.A: (1, 19)}
CLOSES_IN = {Stage.E: (60, 180), Stage.D: (40, 130), Stage.C: (20, 95), Stage.B: (7, 50), Stage.A: (2, 24)}
CNY_PER = {"CNY": Decimal(1), "EUR": Decimal(8), "USD": Decimal(7), "GBP": Decimal(9)}
TICKED_AT = {
    Stage.C: (Criterion.FIRST_MEETING_HELD, Criterion.WILLING),
    Stage.B: (
        Criterion.RIGHT_PERSON, Criterion.PROPOSAL_FITS, Criterion.BUDGET_REASONABLE, Criterion.TIMETABLE_WORKABLE,
    ),
    Stage.A: (Criterion.SPOKEN_AGREEMENT,),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """The prospect entered a class on a day."""

    stage: Stage
    on: date
    kind: ChangeKind
    reason: str = ""
    missing: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Tick:
    """A criterion was confirmed on a day."""

    criterion: Criterion
    on: date
    note: str


@dataclass
class Life:
    """One prospect from its first day to its last, or to today."""

    firm: Firm
    prospect: Prospect
    steps: list[Step]
    ticks: list[Tick] = field(default_factory=list)
    amounts: list[tuple[date, Decimal]] = field(default_factory=list)
    outcome: Outcome | None = None
    closed_on: date | None = None
    reason: LossReason | None = None
    competitor: str = ""
    note: str = ""

    @property
    def owner(self) -> User:
        return self.prospect.owner

    def stage_on(self, on: date) -> Stage | None:
        """Its class at the end of that day; None before it was opened and from the day it closed."""
        if self.closed_on and self.closed_on <= on:
            return None
        entered = [step.stage for step in self.steps if step.on <= on]
        return entered[-1] if entered else None

    def amount_on(self, on: date) -> Decimal:
        """What it was thought to be worth on that day."""
        return [amount for since, amount in self.amounts if since <= on][-1]


def write_lives(firms: list[Firm], staff: Staff, days: Days, random: Random) -> list[Life]:
    """Every prospect's life; nothing is saved yet."""
    author = _Author(firms, staff, days, random)
    lives = [author.open_life(stage) for stage, count in STILL_OPEN.items() for _n in range(count)]
    lives += [author.won_life(recent=n < 3) for n in range(WON)]
    lives += [author.lost_life(recent=n < 4) for n in range(LOST)]
    return lives


class _Author:
    def __init__(self, firms: list[Firm], staff: Staff, days: Days, random: Random) -> None:
        self.staff, self.days, self.random = staff, days, random
        self.firms = firms
        self.chances = [4.0 if firm.account.tier in {"vip", "large"} else 1.0 for firm in firms]
        self.cards_of: Counter[int] = Counter()
        self.told = 0
        self.tidied = 0

    # -------------------------------------------------------------- three kinds of life

    def open_life(self, stage: Stage) -> Life:
        """A card that is on the board today."""
        low, high = AGES[stage]
        age = self.random.randint(low, high)
        life = self._life(self._path_to(stage, self.days.ago(age)))
        self._confirm(life)
        self._plan(life)
        return life

    def won_life(self, *, recent: bool) -> Life:
        """A card that went all the way."""
        won_on = self.days.ago(self.random.randint(0, 5) if recent else self.random.randint(6, HISTORY_DAYS - 8))
        life = self._life(self._path_to(Stage.S, won_on))
        self._confirm(life)
        proof = self.random.choice([Criterion.FIRST_PAYMENT, Criterion.DELIVERY_ACCEPTED, Criterion.IN_USE])
        self._tick(life, proof, won_on)
        life.outcome, life.closed_on = Outcome.WON, won_on
        return life

    def lost_life(self, *, recent: bool) -> Life:
        """A card that was lost, most often after the first meeting."""
        lost_on = self.days.ago(self.random.randint(0, 5) if recent else self.random.randint(6, HISTORY_DAYS - 8))
        stage = self.random.choices([Stage.E, Stage.D, Stage.C, Stage.B, Stage.A], [30, 20, 30, 13, 7])[0]
        entered = self.days.before(lost_on - timedelta(days=self.random.randint(3, 40)))
        life = self._life(self._path_to(stage, entered))
        self._confirm(life)
        life.outcome, life.closed_on = Outcome.LOST, lost_on
        life.reason = self.random.choices(
            [LossReason(code) for code in words.LOST_BECAUSE], [30, 12, 16, 8, 12, 12, 10]
        )[0]
        if life.reason in {LossReason.PRICE, LossReason.PRODUCT, LossReason.RELATIONSHIP}:
            life.competitor = self.random.choice(words.RIVALS)
        life.note = self._say(life, words.LOST_BECAUSE[life.reason])
        return life

    # -------------------------------------------------------------- the way through the classes

    def _path_to(self, stage: Stage, entered: date) -> list[Step]:
        """The classes it went through, backwards from the day it entered its last one."""
        path = LADDER[: LADDER.index(stage) + 1]
        if stage in {Stage.D, Stage.C} and self.random.random() < 0.15:
            path = [Stage.E, Stage.D, Stage.C, Stage.E, *path[1:]]
        steps: list[Step] = []
        on = entered
        for place in range(len(path) - 1, -1, -1):
            steps.insert(0, self._step(path, place, on))
            if place:
                on = self.days.before(on - timedelta(days=self._stay(path[place - 1])))
        return steps

    def _stay(self, stage: Stage) -> int:
        """Days in a class, around the norm; opportunities wait longer than they should."""
        factor = self.random.uniform(0.5, 4.5) if stage == Stage.E else self.random.triangular(0.3, 2.6, 0.9)
        return max(1, round(SHIPPED_NORMS[stage] * factor))

    def _step(self, path: list[Stage], place: int, on: date) -> Step:
        stage = path[place]
        if place == 0:
            return Step(stage, on, ChangeKind.OPENED)
        if stage < path[place - 1]:
            return Step(stage, on, ChangeKind.FELL_BACK)
        if stage == Stage.B and self.random.random() < 0.12:
            reason = self.random.choice(words.OVERRIDES)[self.random.randrange(2)]
            return Step(stage, on, ChangeKind.OVERRIDDEN, reason, (Criterion.BUDGET_REASONABLE,))
        return Step(stage, on, ChangeKind.MOVED)

    def _life(self, steps: list[Step]) -> Life:
        firm = self._firm()
        self.told += 1
        random, account = self.random, firm.account
        home, abroad, least, most = random.choice(words.PRODUCTS)
        site = random.choice(words.SITES if firm.at_home else words.SITES_ABROAD)
        name = f"{account.short_name}{site}{home}" if firm.at_home else f"{abroad}, {account.short_name} {site}"
        product = home if firm.at_home else abroad
        entered = steps[-1]
        amount = self._price(least, most, firm.currency)
        prospect = Prospect(
            name=name, code=f"P{20_000 + self.told}", account=account, contact=random.choice(firm.contacts),
            owner=account.owner, team=account.owner.team, created_by=account.owner, product=product,
            source=random.choice(words.SOURCES if firm.at_home else words.SOURCES_ABROAD),
            stage=entered.stage, entered_stage_on=entered.on, opened_on=steps[0].on, currency=firm.currency, amount=amount,
            overrides=sum(step.kind == ChangeKind.OVERRIDDEN for step in steps), **search_columns(name, product),
        )  # fmt: skip
        life = Life(firm, prospect, steps, amounts=[(steps[0].on, amount)])
        if random.random() < 0.2 and steps[0].on < self.days.today:
            changed_on = max(steps[0].on, self.days.ago(random.choice([1, 2, 4, 15, 40])))
            life.amounts = [(steps[0].on, self._price(least, most, firm.currency)), (changed_on, amount)]
        return life

    def _firm(self) -> Firm:
        while True:
            firm = self.random.choices(self.firms, self.chances)[0]
            if self.cards_of[firm.account.pk] < 8:
                self.cards_of[firm.account.pk] += 1
                return firm

    def _price(self, least: int, most: int, currency: str) -> Decimal:
        thousands = least + (most - least) * self.random.betavariate(1.4, 3.2)
        return (Decimal(thousands) / CNY_PER[currency]).quantize(Decimal(1)) * 1000

    # -------------------------------------------------------------- what holds, and what comes next

    def _confirm(self, life: Life) -> None:
        """Tick what each class asked for on the day it was entered, and give the card the dates that bear it out."""
        prospect = life.prospect
        for step in life.steps:
            if step.stage >= Stage.C and prospect.first_meeting_on is None:
                prospect.first_meeting_on = step.on
            if step.stage == Stage.S and life.prospect.decision_on is None:
                prospect.decision_on = step.on
            for criterion in TICKED_AT.get(step.stage, ()):
                if criterion not in step.missing:
                    self._tick(life, criterion, step.on)
        if prospect.stage == Stage.C:
            for criterion in self.random.sample(TICKED_AT[Stage.B], self.random.choice([0, 1, 2, 2, 3, 4])):
                self._tick(life, criterion, life.steps[-1].on)

    def _tick(self, life: Life, criterion: Criterion, on: date) -> None:
        if criterion not in {tick.criterion for tick in life.ticks}:
            life.ticks.append(Tick(criterion, on, self._say(life, words.EVIDENCE[criterion])))

    def _plan(self, life: Life) -> None:
        """Dates ahead and the next step of an open card; some have let it pass, some have planned nothing."""
        prospect, random, days = life.prospect, self.random, self.days
        stage = Stage(prospect.stage)
        low, high = CLOSES_IN[stage]
        prospect.expected_close_on = days.ahead(random.randint(low, high))
        fate = random.random()
        if stage == Stage.D:
            prospect.first_meeting_on = days.ahead(random.randint(1, 12))
        if stage >= Stage.B or Criterion.TIMETABLE_WORKABLE in {tick.criterion for tick in life.ticks}:
            prospect.decision_on = days.ahead(random.randint(2, 30))
            prospect.start_on = days.ahead(random.randint(35, 120))
        if stage >= Stage.B and random.random() < 0.5:
            prospect.own_estimate = min(95, max(20, int(stage) + random.choice([-25, -15, -10, 5, 10])))
        if life.owner == self.staff[TIDY]:
            prospect.next_step = self._say(life, random.choice(words.NEXT_STEPS[stage]))
            prospect.next_step_on = days.workday(1 + self.tidied % 11 if self.tidied else 0)  # one is for today
            self.tidied += 1
            return
        if fate < (0.3 if stage == Stage.E else 0.1):
            self._nothing_planned(life)
            return
        prospect.next_step = self._say(life, random.choice(words.NEXT_STEPS[stage]))
        prospect.next_step_on = days.ahead(random.randint(0, 14))
        if stage == Stage.E:
            return
        if fate < 0.22:
            prospect.next_step_on = days.ago(random.randint(1, 10))
            self._slips(life, prospect.next_step_on)
        elif fate < 0.3 and stage >= Stage.B:
            prospect.decision_on = days.ago(random.randint(1, 9))
            self._slips(life, prospect.decision_on)

    def _nothing_planned(self, life: Life) -> None:
        prospect = life.prospect
        prospect.next_step, prospect.next_step_on = "", None
        if prospect.stage != Stage.E:
            self._slips(
                life, max(prospect.entered_stage_on, self.days.today - timedelta(days=self.random.randint(2, 11)))
            )

    def _slips(self, life: Life, over_on: date) -> None:
        """The card slips by the rules of P3, since the day after what it rested on was over."""
        ticked = {tick.criterion for tick in life.ticks}
        waived = {criterion for step in life.steps for criterion in step.missing} | set(B_FIVE) - ticked
        for name, value in slipping_fields(life.prospect, ticked, waived, HARD_AS_SHIPPED, self.days.today).items():
            setattr(life.prospect, name, value)
        if life.prospect.slipping_since:
            life.prospect.slipping_since = min(self.days.today, over_on + timedelta(days=1))

    def _say(self, life: Life, both: tuple[str, str]) -> str:
        return both[0 if life.firm.at_home else 1]


def open_lives(lives: list[Life], on: date) -> Iterator[tuple[Life, Stage]]:
    """The cards that were on the board at the end of that day, with their class then."""
    for life in lives:
        stage = life.stage_on(on)
        if stage is not None:
            yield life, stage
