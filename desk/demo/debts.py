"""Who owes what: half a year of contracts, invoices and receipts of the customers that buy, each after his own character."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts.choices import PaymentMethod, Tier
from desk.demo import debt_words as words
from desk.demo.days import Days
from desk.demo.firms import Firm
from desk.demo.people import Staff
from desk.demo.replay import Replay
from receivables import actions
from receivables.choices import AllocationRule, InvoiceKind, Method, Paper, Papers
from receivables.models import Invoice

CENT = Decimal("0.01")
PER_CNY = {"CNY": Decimal(1), "USD": Decimal(7)}
METHODS: dict[str, Method] = {
    PaymentMethod.TRANSFER: Method.TRANSFER,
    PaymentMethod.CHEQUE: Method.CHEQUE,
    PaymentMethod.DRAFT: Method.BILL,
}


@dataclass(frozen=True)
class Character:
    """How a customer pays: how many of them, how many days after issue his invoices were written, how late he pays.

    `late` None: he has not paid any. `open_since`: what fell due in so many of the last days is not paid yet.
    """

    name: str
    firms: int
    issued_ago: tuple[int, ...]
    late: tuple[int, int] | None = (-4, 5)
    open_since: int = 0
    tiers: tuple[str, ...] = (Tier.MEDIUM, Tier.SMALL)
    kind: InvoiceKind = InvoiceKind.INVOICE


GREAT = (Tier.VIP, Tier.LARGE)
CHARACTERS = (
    Character("prompt", 20, (168, 131, 96, 58, 21), tiers=(*GREAT, Tier.MEDIUM)),
    Character("abroad", 5, (150, 112, 70, 34), (2, 14), open_since=16, tiers=tuple(Tier.values)),
    Character("slow", 12, (160, 118, 92, 64), (12, 30), open_since=45),
    Character("habitual", 4, (176, 150, 118, 84), (48, 62), open_since=80),
    Character("shortage", 3, (182, 150, 122), None),
    Character("disputing", 2, (140, 95, 60), (3, 9), open_since=70),
    Character("papers", 2, (110, 88, 50), (8, 15), open_since=75),
    Character("malicious", 1, (186, 165, 150), None),
    Character("crisis", 1, (188, 170, 140), None, tiers=(Tier.MEDIUM, Tier.LARGE)),
    Character("old", 2, (470, 445), None, kind=InvoiceKind.OPENING),
    Character("gone", 1, (690, 640), None, tiers=(Tier.SMALL,), kind=InvoiceKind.OPENING),
    Character("paused", 1, (130, 84), None, tiers=(Tier.MEDIUM,)),
    Character("lapsing", 1, (1_085, 1_050), None, kind=InvoiceKind.OPENING),
)  # fmt: skip


@dataclass
class Debt:
    """One invoice of the story; `row` once it is written."""

    number: str
    amount: Decimal
    issued_on: date
    due_on: date
    row: Invoice | None = None

    @property
    def invoice(self) -> Invoice:
        """The row as it stands now."""
        if self.row is None:
            raise LookupError(f"{self.number} is not written yet")
        self.row.refresh_from_db()
        return self.row


@dataclass
class Debtor:
    """One customer of the story, with what he was invoiced."""

    firm: Firm
    character: Character
    terms: int
    contract_id: int | None = None
    debts: list[Debt] = field(default_factory=list)

    @property
    def account_id(self) -> int:
        return int(self.firm.account.pk)

    @property
    def currency(self) -> str:
        return self.firm.currency

    def say(self, both: tuple[str, str]) -> str:
        """Of words in two languages the customer's."""
        return both[0 if self.firm.at_home else 1]


class Bookkeeper:
    """Plans the deeds of the books: what was agreed, invoiced and received."""

    def __init__(self, replay: Replay, staff: Staff, days: Days, random: Random) -> None:
        self.replay, self.by, self.days, self.random = replay, staff["finance"], days, random
        self.first_team = staff["manager"].team_id
        self.written = 0

    def open_books(self, firms: list[Firm]) -> list[Debtor]:
        """All debtors with their contracts, invoices and usual receipts planned."""
        free = [firm for firm in firms if firm.account.tier != Tier.PROSPECT and firm.currency in PER_CNY]
        debtors = []
        for character in CHARACTERS:
            for _n in range(character.firms):
                firm = self._choose(free, character)
                free.remove(firm)
                debtors.append(self._debtor(firm, character))
        for debtor in debtors:
            self._agree(debtor)
            for debt in debtor.debts:
                self._invoice(debtor, debt)
            self._receive(debtor)
        return debtors

    def _choose(self, free: list[Firm], character: Character) -> Firm:
        """A firm the character suits; two of three belong to the first team, so that its people have work to look at."""
        at_home = character.name != "abroad"
        fitting = [firm for firm in free if firm.at_home == at_home and firm.account.tier in character.tiers]
        nearest = [firm for firm in fitting if firm.account.team_id == self.first_team]
        return self.random.choice(nearest if nearest and self.random.random() < 0.66 else fitting)

    def _debtor(self, firm: Firm, character: Character) -> Debtor:
        debtor = Debtor(firm, character, firm.account.payment_terms_days or 30)
        if character.name not in {"prompt", "abroad"}:
            debtor.terms = min(debtor.terms, 45)
        for ago in character.issued_ago:
            issued_on = self.days.ago(ago + self.random.randint(-6, 6))
            self.written += 1
            debtor.debts.append(
                Debt(
                    number=f"HY{issued_on:%y%m}{1_000 + self.written}",
                    amount=self._price(debtor),
                    issued_on=issued_on,
                    due_on=issued_on + timedelta(days=debtor.terms),
                )
            )
        return debtor

    def _price(self, debtor: Debtor) -> Decimal:
        """With tax, so to the cent; large customers buy more at once."""
        least, most = (90_000, 620_000) if debtor.firm.account.tier in GREAT else (18_000, 240_000)
        net = Decimal(self.random.randint(least, most)) / PER_CNY[debtor.currency]
        return (net * Decimal("1.13")).quantize(CENT)

    # -------------------------------------------------------------- what was agreed and invoiced

    def _agree(self, debtor: Debtor) -> None:
        signed_on = self.days.before(debtor.debts[0].issued_on - timedelta(days=self.random.randint(10, 60)))
        oldest_first = debtor.character.name == "slow" and self.random.random() < 0.4
        values: dict[str, Any] = {
            "number": f"HT-{signed_on:%Y}-{debtor.firm.account.code[1:]}",
            "signed_on": signed_on,
            "ends_on": signed_on + timedelta(days=290),
            "amount": sum((debt.amount for debt in debtor.debts), Decimal(0)),
            "currency": debtor.currency,
            "terms_days": debtor.terms,
            "allocation_rule": AllocationRule.OLDEST_FIRST if oldest_first else AllocationRule.STATUTE,
            "security": words.SECURITIES[0 if debtor.firm.at_home else 1] if self.random.random() < 0.15 else "",
        }
        self.replay.plan(signed_on, 10, lambda: self._sign(debtor, values))

    def _sign(self, debtor: Debtor, values: dict[str, Any]) -> None:
        debtor.contract_id = actions.record_contract(by=self.by, account_id=debtor.account_id, **values).pk

    def _invoice(self, debtor: Debtor, debt: Debt) -> None:
        newest = debt is debtor.debts[-1]
        papers, missing = Papers.RECEIVED, []
        if debtor.character.name == "papers" and not newest:
            papers, missing = Papers.INCOMPLETE, [Paper.DELIVERY_NOTE, Paper.ACCEPTANCE][: self.random.choice([1, 2])]
        elif newest and self.random.random() < 0.5:
            papers = self.random.choice([Papers.SENT, Papers.SENT, Papers.COMPLETE])
        order = f"PO{self.random.randrange(100_000, 999_999)}" if self.random.random() < 0.6 else ""

        def write() -> None:
            debt.row = actions.record_invoice(
                by=self.by, account_id=debtor.account_id, contract_id=debtor.contract_id, number=debt.number,
                amount=debt.amount, currency=debtor.currency, issued_on=debt.issued_on, due_on=debt.due_on,
                kind=debtor.character.kind, papers=papers, missing_papers=missing, purchase_order=order,
            )  # fmt: skip

        self.replay.plan(debt.issued_on, 11, write)

    # -------------------------------------------------------------- what came in

    def _receive(self, debtor: Debtor) -> None:
        """The receipts that came without anybody asking; who pays two at once pays them with one transfer."""
        character, waiting = debtor.character, list(debtor.debts)
        if character.late is None:
            return
        while waiting:
            debt = waiting.pop(0)
            paid_on = self.days.before(debt.due_on + timedelta(days=self.random.randint(*character.late)))
            paid_on = max(paid_on, debt.issued_on)
            if paid_on >= self.days.today or (self.days.today - debt.due_on).days < character.open_since:
                break
            together = [debt]
            if character.name == "prompt" and waiting and self.random.random() < 0.3:
                together.append(waiting.pop(0))
                paid_on = max(paid_on, together[-1].issued_on)
            if paid_on < self.days.today:
                self._pay_for(debtor, together, paid_on)

    def _pay_for(self, debtor: Debtor, debts: list[Debt], on: date) -> None:
        named = self.random.random() < 0.4
        words_of_customer = " ".join(debt.number for debt in debts) if named else ""
        self.pay(debtor, on, sum((debt.amount for debt in debts), Decimal(0)), designation=words_of_customer)

    def pay(self, debtor: Debtor, on: date, amount: Decimal, **details: Any) -> None:
        """Let so much come in on that day and settle what the rules say it settles."""
        reference = f"{on:%Y%m%d}{self.random.randrange(10**7, 10**8)}"
        self.replay.plan(on, 14, lambda: self.receipt(debtor, on, amount, reference=reference, **details), watched=True)

    def receipt(self, debtor: Debtor, on: date, amount: Decimal, **details: Any) -> Any:
        """The receipt itself, done at its moment."""
        account = debtor.firm.account
        is_owed = Invoice.objects.still_open().filter(account=account, currency=debtor.currency).exists()
        usual: dict[str, Any] = {"method": METHODS.get(account.payment_method, Method.TRANSFER), "allocate": is_owed}
        return actions.record_payment(
            by=self.by, account_id=account.pk, amount=amount, currency=debtor.currency, received_on=on,
            payer=account.name, **usual | details,
        )  # fmt: skip
