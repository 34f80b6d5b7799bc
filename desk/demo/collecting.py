"""The work on overdue money: who collects where, calls with their outcomes, promises and what became of them, letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.db.models import Sum

from accounts.models import Account
from core.models import ChannelKind, User
from core.search import search_columns
from core.workdays import today
from desk.demo import debt_words as words
from desk.demo import words as names
from desk.demo.debts import CENT, Bookkeeper, Debtor
from desk.demo.people import COMPANY, Staff
from dunning import actions
from dunning.actions import PromiseGiven
from dunning.choices import CallOutcome
from receivables.choices import Cause
from receivables.models import Invoice
from relationships.models import Contact, ContactChannel, Position

ADDRESS = "江苏省苏州市工业园区恒远路 88 号"
BANK = "恒远自动化有限公司\n中国建设银行苏州分行\n3200 1234 5678 9012 345"


@dataclass(frozen=True)
class Plan:
    """A promise that somebody gives: how many days ago, for when, and which share of it comes in (None: to be seen)."""

    ago: int
    within: tuple[int, ...]
    paid: Decimal | None
    share: Decimal = Decimal(1)


PROMISES = {
    "slow": (
        Plan(26, (6,), Decimal(1)), Plan(20, (5,), Decimal(1)), Plan(17, (7,), Decimal("0.6")), Plan(14, (6,), None),
        Plan(8, (8,), None), Plan(6, (7,), None), Plan(3, (6,), None),
    ),
    "habitual": (Plan(30, (8,), None), Plan(24, (9,), Decimal("0.5")), Plan(5, (12,), None)),
    "shortage": (Plan(12, (9, 40, 70), Decimal("0.34")), Plan(7, (14, 44, 75), None), Plan(33, (10,), None)),
    "malicious": (Plan(70, (10,), None), Plan(45, (12,), None)),
}  # fmt: skip
"""By kind of debtor, one after the other; `within` is days from the call to each instalment."""
CALLS = {
    "slow": ((2, CallOutcome.NO_ANSWER), (1, CallOutcome.CALL_BACK), (1, CallOutcome.PAID)),
    "habitual": ((12, CallOutcome.NO_ANSWER), (4, CallOutcome.WRONG_PERSON), (2, CallOutcome.CALL_BACK)),
    "disputing": ((12, CallOutcome.DISPUTE), (10, CallOutcome.DISPUTE)),
    "papers": ((9, CallOutcome.PAPERS), (7, CallOutcome.PAPERS)),
    "malicious": ((16, CallOutcome.REFUSED),),
    "crisis": ((31, CallOutcome.CALL_BACK),),
    "old": ((60, CallOutcome.REFUSED), (20, CallOutcome.NO_ANSWER)),
    "paused": ((13, CallOutcome.CALL_BACK),),
}
GIVEN = {"shortage": Cause.SHORTAGE, "papers": Cause.OUR_PAPERS, "habitual": Cause.HABITUAL}


class Collectors:
    """Plans the calls and what follows from them."""

    def __init__(self, books: Bookkeeper, debtors: list[Debtor], staff: Staff) -> None:
        self.books, self.replay, self.days, self.random = books, books.replay, books.days, books.random
        self.finance, self.manager = staff["finance"], staff["manager"]
        self.debtors = debtors
        self.payers: dict[int, Contact] = {}

    def work(self) -> None:
        """Plan everything that is done until yesterday."""
        self._know_payers()
        for name, plans in PROMISES.items():
            free = self._of(name)
            for plan in plans:
                if late := [debtor for debtor in free if self._is_late(debtor, self.days.ago(plan.ago))]:
                    free.remove(late[0])
                    self._promise(late[0], plan)
        malicious = self._of("malicious")[0]
        self._promise(malicious, PROMISES["malicious"][1])
        for name, calls in CALLS.items():
            for debtor, (ago, outcome) in zip(reversed(self._of(name)), calls, strict=False):
                self._call(debtor, self.days.ago(ago), outcome)
        paused = self._of("paused")[0]
        self.replay.plan(self.days.ago(4), 16, lambda: self._pause(paused), watched=True)
        self.replay.plan(self.days.ago(1), 8, self._assign, watched=True)

    def write_letters(self) -> None:
        """This morning's run of the ladder, made just now: letters wait to be looked at."""
        actions.set_dunning_rule(
            by=self.finance, sender_name=COMPANY.partition(" ")[0], sender_address=ADDRESS, bank_details=BANK
        )
        actions.propose_messages(by=self.finance)

    def _of(self, name: str) -> list[Debtor]:
        return [debtor for debtor in self.debtors if debtor.character.name == name]

    # -------------------------------------------------------------- whom one calls

    def _know_payers(self) -> None:
        """Every debtor has somebody who handles payment, with a number and an address for letters."""
        accounts = [debtor.account_id for debtor in self.debtors]
        for position in Position.objects.filter(account__in=accounts, ended_on=None).select_related("contact"):
            if {"payment_handler", "finance_manager"} & set(position.roles):
                self.payers[position.account_id] = position.contact
        channels: list[ContactChannel] = []
        for number, debtor in enumerate(self.debtors):
            if debtor.account_id not in self.payers:
                self.payers[debtor.account_id] = self._hire(debtor, number, channels)
            if debtor.firm.at_home:
                mail = f"ap@{debtor.firm.account.code.lower()}.example"
                channels.append(
                    ContactChannel(
                        contact=self.payers[debtor.account_id], kind=ChannelKind.EMAIL, label="财务", value=mail
                    )
                )
        ContactChannel.objects.bulk_create(channels)

    def _hire(self, debtor: Debtor, number: int, channels: list[ContactChannel]) -> Contact:
        owner = debtor.firm.account.owner
        at_home = debtor.firm.at_home
        pick = self.random.choice
        name = (
            pick(names.SURNAMES) + pick(names.GIVEN)
            if at_home
            else f"{pick(names.FIRST_NAMES)} {pick(names.LAST_NAMES)}"
        )
        contact = Contact.objects.create(
            full_name=name, owner=owner, created_by=owner, preferred_language="zh-hans" if at_home else "en",
            **search_columns(name, person=at_home),
        )  # fmt: skip
        department, title = ("财务部", "应付会计") if at_home else ("Finance", "Accounts Payable")
        Position.objects.create(
            contact=contact, account=debtor.firm.account, title=title, department=department, roles=["payment_handler"],
            started_on=date(2021, 3, 1),
        )  # fmt: skip
        phone = f"139 0001 {number:04d}" if at_home else f"+1 555 01{number:02d}"
        channels.append(ContactChannel(contact=contact, kind=ChannelKind.MOBILE, label="", value=phone))
        return contact

    # -------------------------------------------------------------- calls and promises

    def _caller(self, debtor: Debtor) -> User:
        """Finance calls; at customers of his team now and then the manager does."""
        ours = debtor.firm.account.team_id == self.manager.team_id
        return self.manager if ours and self.random.random() < 0.25 else self.finance

    def _call(self, debtor: Debtor, on: date, outcome: CallOutcome) -> None:
        by, contact = self._caller(debtor), self.payers[debtor.account_id]
        cause = GIVEN.get(debtor.character.name, "") if outcome.reached else ""

        def log() -> None:
            if not self._overdue(debtor):
                return
            actions.log_call(
                by=by, account_id=debtor.account_id, outcome=outcome, contact_id=contact.pk, cause=cause,
                said=debtor.say(words.SAID[outcome]),
            )  # fmt: skip

        self.replay.plan(on, 9, log, watched=True)

    def _promise(self, debtor: Debtor, plan: Plan) -> None:
        by, contact = self._caller(debtor), self.payers[debtor.account_id]
        called_on = self.days.ago(plan.ago)
        pays_on = [max(called_on, self.days.before(called_on + timedelta(days=within))) for within in plan.within]
        quote = debtor.say(words.QUOTES[plan.ago % len(words.QUOTES)])

        def promise() -> None:
            owed = self._overdue(debtor)
            if not owed:
                return
            part = (owed * plan.share / len(pays_on)).quantize(CENT, ROUND_DOWN)
            given = PromiseGiven([(day, part) for day in dict.fromkeys(pays_on)], debtor.currency, quote)
            actions.log_call(
                by=by, account_id=debtor.account_id, outcome=CallOutcome.PROMISE, contact_id=contact.pk,
                cause=GIVEN.get(debtor.character.name, ""), said=debtor.say(words.SAID["promise"]), promise=given,
            )  # fmt: skip
            if plan.paid and pays_on[0] < self.days.today:
                amount = (given.amount * plan.paid).quantize(CENT)
                self.books.pay(debtor, pays_on[0], amount)

        self.replay.plan(called_on, 10, promise, watched=True)
        for day in pays_on:
            self.replay.watched.add(day + timedelta(days=3))

    def _is_late(self, debtor: Debtor, on: date) -> bool:
        """Whether something will be overdue on that day that he does not pay by himself."""
        since = self.days.today - timedelta(days=debtor.character.open_since or 10_000)
        return any(since < debt.due_on < on for debt in debtor.debts)

    def _overdue(self, debtor: Debtor) -> Decimal:
        """What this customer could promise today."""
        rows = Invoice.objects.still_open().filter(account=debtor.account_id, currency=debtor.currency)
        late = rows.filter(due_on__lt=today())
        return late.aggregate(sum=Sum("open_amount"))["sum"] or Decimal(0)

    # -------------------------------------------------------------- who does it, and until when not

    def _pause(self, debtor: Debtor) -> None:
        actions.pause_case(
            by=self.finance, account_id=debtor.account_id, until=self.days.ahead(12), reason=debtor.say(words.PAUSED)
        )

    def _assign(self) -> None:
        """Finance takes the hard ones and some others, the manager a few of his team's; the rest is anybody's."""
        hard = {"habitual", "malicious", "crisis", "shortage", "old", "lapsing"}
        known = set(Account.objects.filter(case__overdue_amount__gt=0).values_list("pk", flat=True))
        late = [debtor for debtor in self.debtors if debtor.account_id in known]
        mine = [debtor.account_id for debtor in late if debtor.character.name in hard]
        his = [
            debtor.account_id
            for debtor in late
            if debtor.firm.account.team_id == self.manager.team_id and debtor.account_id not in mine
        ][::2]
        actions.assign_cases(by=self.finance, account_ids=mine, collector_id=self.finance.pk)
        actions.assign_cases(by=self.finance, account_ids=his, collector_id=self.manager.pk)
        for debtor in late[:4]:
            place = 0 if debtor.firm.at_home else 1
            actions.set_case(
                by=self.finance, account_id=debtor.account_id, goal=words.GOALS[place], minimum=words.MINIMUMS[place]
            )
