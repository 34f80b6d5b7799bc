"""What went otherwise in the books: part payments, credits, disputes, a cheque that came back, risks, approvals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from core.workdays import today
from desk.demo import debt_words as words
from desk.demo.debts import CENT, Bookkeeper, Debtor
from desk.demo.people import Staff
from receivables import actions
from receivables.choices import (
    Cause,
    CreditReason,
    DebtorFactKind,
    DisputeOutcome,
    DisputeReason,
    Grade,
    Method,
    ProvisionBasis,
    WriteOffReason,
)
from receivables.models import Invoice


class Incidents:
    """Plans what is out of the ordinary, some of it at every kind of debtor."""

    def __init__(self, books: Bookkeeper, debtors: list[Debtor], staff: Staff) -> None:
        self.books, self.replay, self.days = books, books.replay, books.days
        self.by, self.executive, self.manager = staff["finance"], staff["executive"], staff["director"]
        self.of: dict[str, list[Debtor]] = {}
        for debtor in debtors:
            self.of.setdefault(debtor.character.name, []).append(debtor)

    def happen(self) -> None:
        """Plan all of them."""
        self._part_payments()
        self._credits()
        self._disputes()
        self._causes()
        self._strays()
        self._risks()
        self._approvals()

    def _part_payments(self) -> None:
        """Who is short of cash pays a part now and then; some of the slow ones too."""
        for debtor in self.of["shortage"]:
            for ago, share in ((75, 3), (40, 4)):
                self.books.pay(debtor, self.days.ago(ago), (debtor.debts[0].amount / share).quantize(CENT))
        for debtor in self.of["slow"][:3]:
            self.books.pay(debtor, self.days.ago(9), (debtor.debts[-2].amount / 2).quantize(CENT))

    def _credits(self) -> None:
        kinds = (
            (self.of["prompt"][0], CreditReason.RETURN, words.RETURNED, 12, True),
            (self.of["slow"][0], CreditReason.PRICE, words.PRICE_CORRECTED, 25, True),
            (self.of["abroad"][0], CreditReason.PRICE, words.PRICE_CORRECTED, 30, True),
            (self.of["prompt"][1], CreditReason.REBATE, words.REBATE, 6, False),
        )
        for number, (debtor, reason, note, ago, settles) in enumerate(kinds, start=1):
            details = {"number": f"CN{number:04}", "reason": reason, "note": debtor.say(note)}
            on = max(self.days.ago(ago), debtor.debts[-1].issued_on)
            self.replay.plan(on, 16, partial(self._credit, debtor, settles, details))

    def _credit(self, debtor: Debtor, settles: bool, details: dict[str, Any]) -> None:
        is_open = Invoice.objects.still_open().filter(account=debtor.account_id).exists()
        actions.record_credit_note(
            by=self.by, account_id=debtor.account_id, amount=(debtor.debts[-1].amount / 20).quantize(CENT),
            currency=debtor.currency, issued_on=today(), allocate=settles and is_open, **details,
        )  # fmt: skip

    def _disputes(self) -> None:
        first, second = self.of["disputing"]
        for debtor, reason, share, ago in (
            (first, DisputeReason.QUALITY, 2, 18),
            (second, DisputeReason.QUANTITY, 5, 11),
        ):

            def dispute(debtor: Debtor = debtor, reason: DisputeReason = reason, share: int = share) -> None:
                invoice = debtor.debts[-2].invoice
                actions.open_dispute(
                    by=self.by, invoice_id=invoice.pk, amount=(invoice.open_amount / share).quantize(CENT),
                    reason=reason, note=debtor.say(words.DISPUTES[reason]),
                )  # fmt: skip

            self.replay.plan(self.days.ago(ago), 10, dispute)
        settled = self.of["slow"][1]
        self.replay.plan(self.days.ago(34), 10, lambda: self._settled_dispute(settled))

    def _settled_dispute(self, debtor: Debtor) -> None:
        invoice = debtor.debts[-1].invoice
        found = actions.open_dispute(
            by=self.by, invoice_id=invoice.pk, amount=(invoice.amount / 10).quantize(CENT), reason=DisputeReason.PRICE,
            note=debtor.say(words.DISPUTES["price"]),
        )  # fmt: skip
        later = self.days.ago(28)
        self.replay.plan(
            later, 15,
            lambda: actions.resolve_dispute(
                by=self.by, dispute_id=found.pk, outcome=DisputeOutcome.OURS, resolution=debtor.say(words.QUOTES[0])
            ),
        )  # fmt: skip

    def _causes(self) -> None:
        found = {
            "shortage": Cause.SHORTAGE, "habitual": Cause.HABITUAL, "malicious": Cause.MALICIOUS, "crisis": Cause.CRISIS,
            "papers": Cause.OUR_PAPERS,
        }  # fmt: skip
        pairs = [(debtor, cause) for name, cause in found.items() for debtor in self.of[name]]
        pairs += [(self.of["disputing"][0], Cause.UNHAPPY), (self.of["disputing"][1], Cause.DISPUTE)]
        for place, (debtor, cause) in enumerate(pairs):

            def find(debtor: Debtor = debtor, cause: Cause = cause) -> None:
                actions.find_cause(
                    by=self.by, account_id=debtor.account_id, cause=cause, note=debtor.say(words.CAUSES[cause])
                )

            self.replay.plan(self.days.ago(36 - place), 9, find)

    def _strays(self) -> None:
        """Money nobody knows the payer of, a receipt still to be allocated, one paid too much, a cheque that came back."""
        today, by = self.days.today, self.by
        first, second, third = self.of["prompt"][2:5]
        on = self.days.before(today - timedelta(days=2))
        payer = "个体工商户 林晓东"
        self.replay.plan(
            on, 14,
            lambda: actions.record_payment(
                by=by, account_id=None, amount=Decimal("38600.00"), currency="CNY", received_on=on, payer=payer,
                reference=f"{on:%Y%m%d}77120034", designation="货款",
            ),
        )  # fmt: skip
        self.books.pay(first, on, first.debts[-1].amount, allocate=False)
        rounded = (second.debts[-1].amount / 1000).quantize(Decimal(1)) * 1000 + 1000
        self.books.pay(second, on, rounded, method=Method.TRANSFER)
        self.replay.plan(self.days.ago(52), 11, lambda: self._bounce(third))

    def _bounce(self, debtor: Debtor) -> None:
        on = self.days.ago(52)
        payment = self.books.receipt(
            debtor, on, Decimal("45200.00"), method=Method.CHEQUE, reference=f"{on:%m%d}0417", allocate=False
        )
        self.replay.plan(
            self.days.ago(47), 15,
            lambda: actions.reverse_payment(by=self.by, payment_id=payment.pk, reason=debtor.say(words.BOUNCED)),
        )  # fmt: skip

    # -------------------------------------------------------------- risks and what somebody has to decide

    def _risks(self) -> None:
        crisis, gone, malicious = self.of["crisis"][0], self.of["gone"][0], self.of["malicious"][0]
        slow, days, by = self.of["shortage"][0], self.days, self.by
        self.replay.plan(
            days.ago(29), 10,
            lambda: actions.note_debtor_fact(
                by=by, account_id=crisis.account_id, kind=DebtorFactKind.INSOLVENCY, note=crisis.say(words.INSOLVENCY)
            ),
        )  # fmt: skip
        self.replay.plan(
            days.ago(29),
            11,
            lambda: actions.hold_supply(by=by, account_id=crisis.account_id, reason=crisis.say(words.HOLD)),
        )
        self.replay.plan(
            days.ago(44), 10,
            lambda: actions.note_debtor_fact(
                by=by, account_id=gone.account_id, kind=DebtorFactKind.DEREGISTERED, note=gone.say(words.DEREGISTERED)
            ),
        )  # fmt: skip
        self.replay.plan(days.ago(15), 15, lambda: self._charge(malicious))
        self.replay.plan(
            days.ago(6), 16,
            lambda: actions.grade_invoice(
                by=by, invoice_id=slow.debts[-1].invoice.pk, grade=Grade.NORMAL, note=slow.say(words.OVERRULED)
            ),
        )  # fmt: skip

    def _charge(self, debtor: Debtor) -> None:
        invoice = debtor.debts[0].invoice
        actions.claim_interest(by=self.by, invoice_id=invoice.pk)
        actions.add_charge(by=self.by, invoice_id=invoice.pk, amount=Decimal("1800.00"), reason=debtor.say(words.COSTS))

    def _approvals(self) -> None:
        """Write-offs: one done, two that wait; the provision of last month approved, this month's to be looked at."""
        gone, old = self.of["gone"][0], self.of["old"][0]
        self.replay.plan(self.days.ago(38), 10, lambda: self._written_off(old))
        self.replay.plan(
            self.days.ago(5), 10,
            lambda: actions.request_write_off(
                by=self.by, invoice_id=gone.debts[0].invoice.pk, amount=gone.debts[0].invoice.open_amount,
                reason=WriteOffReason.DEREGISTERED, note=gone.say(words.WRITE_OFF),
            ),
        )  # fmt: skip
        self.replay.plan(self.days.ago(3), 10, lambda: self._small_rest(old))
        closed_on = self.days.today.replace(day=1) - timedelta(days=1)
        self.replay.plan(closed_on + timedelta(days=1), 9, lambda: self._provide(approved=True))
        self.replay.plan(self.days.ago(1), 17, lambda: self._provide(approved=False))

    def _small_rest(self, debtor: Debtor) -> None:
        actions.request_write_off(
            by=self.by, invoice_id=debtor.debts[1].invoice.pk, amount=Decimal("318.40"), reason=WriteOffReason.SMALL,
            note=debtor.say(words.SMALL_REST),
        )  # fmt: skip

    def _written_off(self, debtor: Debtor) -> None:
        asked = actions.request_write_off(
            by=self.by, invoice_id=debtor.debts[0].invoice.pk, amount=Decimal("2600.00"), reason=WriteOffReason.SMALL,
            note=debtor.say(words.SMALL_REST),
        )  # fmt: skip
        actions.decide_write_off(by=self.manager, write_off_id=asked.pk, approve=True)

    def _provide(self, *, approved: bool) -> None:
        on = today() - timedelta(days=1)
        run = actions.run_provision(by=self.by, on=on, basis=ProvisionBasis.GRADE, currency="CNY")
        if approved:
            actions.approve_provision(by=self.executive, run_id=run.pk)
