"""The words of the receivables, each with its label in both languages."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvoiceKind(models.TextChoices):
    """Where a debt comes from."""

    INVOICE = "invoice", _("invoice")
    OPENING = "opening", _("opening balance")


class Papers(models.TextChoices):
    """How far the papers of an invoice have come (C5). Only what has been received can be asked for."""

    INCOMPLETE = "incomplete", _("incomplete")
    COMPLETE = "complete", _("complete")
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received by the customer")


class Paper(models.TextChoices):
    """A paper that can be missing."""

    CONTRACT = "contract", _("contract")
    DELIVERY_NOTE = "delivery_note", _("delivery note")
    INVOICE = "invoice", _("invoice")
    ACCEPTANCE = "acceptance", _("acceptance record")
    PURCHASE_ORDER = "purchase_order", _("purchase order")


class Flow(models.TextChoices):
    """Which way money went."""

    RECEIPT = "receipt", _("receipt")
    REFUND = "refund", _("refund")


class Method(models.TextChoices):
    """How a payment was made."""

    TRANSFER = "transfer", _("bank transfer")
    CHEQUE = "cheque", _("cheque")
    BILL = "bill", _("bill or acceptance")
    CASH = "cash", _("cash")
    CARD = "card", _("card")
    WALLET = "wallet", _("payment app")
    OTHER = "other", _("other")


class AllocationRule(models.TextChoices):
    """What decided where a payment went; stored with every line."""

    STATUTE = "statute", _("statutory order")
    DESIGNATED = "designated", _("as the customer said")
    OLDEST_FIRST = "oldest_first", _("oldest first, as agreed")


class AllocationReason(models.TextChoices):
    """Why an invoice was settled in this place. The values are those of `rules.allocation.Because`."""

    DUE = "due", _("due before the others")
    LESS_SECURED = "less_secured", _("less secured")
    HEAVIER_BURDEN = "heavier_burden", _("bears more interest")
    EARLIER_DUE = "earlier_due", _("due earlier")
    PRO_RATA = "pro_rata", _("equal rank, in proportion")
    NOT_YET_DUE = "not_yet_due", _("not due yet")
    ONLY_DEBT = "only_debt", _("nothing else is open")
    DESIGNATED = "designated", _("named by the customer")
    OLDEST_FIRST = "oldest_first", _("oldest first, as agreed")


class Part(models.TextChoices):
    """What of a debt is settled (Civil Code 561). Only principal counts against the invoice's open amount."""

    COSTS = "costs", _("costs")
    INTEREST = "interest", _("interest")
    PRINCIPAL = "principal", _("principal")


class CreditReason(models.TextChoices):
    """Why we credit."""

    RETURN = "return", _("goods returned")
    CANCELLED = "cancelled", _("cancelled")
    PRICE = "price", _("price or quantity corrected")
    COMPLAINT = "complaint", _("complaint settled")
    REBATE = "rebate", _("rebate")
    OTHER = "other", _("other")


class WriteOffReason(models.TextChoices):
    """Why a debt is given up in the books. The claim itself goes on (账销案存)."""

    INSOLVENT = "insolvent", _("insolvent")
    DEREGISTERED = "deregistered", _("closed or deregistered")
    LIMITATION = "limitation", _("limitation expired")
    UNENFORCEABLE = "unenforceable", _("enforcement without result")
    SMALL = "small", _("too small to pursue")
    SETTLEMENT = "settlement", _("settled for less")
    OTHER = "other", _("other")


class Decision(models.TextChoices):
    """Where a request for approval stands."""

    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class DisputeReason(models.TextChoices):
    """What the customer disputes."""

    QUALITY = "quality", _("quality")
    QUANTITY = "quantity", _("quantity or delivery")
    PRICE = "price", _("price")
    SERVICE = "service", _("service")
    PAPERS = "papers", _("papers")
    PAID = "paid", _("says it is paid")
    NOT_ORDERED = "not_ordered", _("says it was not ordered")
    OTHER = "other", _("other")


class DisputeOutcome(models.TextChoices):
    """How a dispute ended."""

    OURS = "ours", _("the customer pays")
    THEIRS = "theirs", _("the customer was right")
    SPLIT = "split", _("met in the middle")


class Grade(models.TextChoices):
    """The risk of an overdue debt (C3), from mild to lost; each has its sign, so that nobody depends on its colour."""

    NORMAL = "normal", _("normal collection")
    DOUBTFUL = "doubtful", _("doubtful")
    BAD = "bad", _("bad")
    DEAD = "dead", _("dead")

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return list(Grade).index(self)

    @property
    def sign(self) -> str:
        """○ ◐ ◕ ●"""
        return "○◐◕●"[self.rank]


class Cause(models.TextChoices):
    """Why a customer does not pay (C4)."""

    UNHAPPY = "unhappy", _("unhappy with product or service")
    SHORTAGE = "shortage", _("short of cash")
    CRISIS = "crisis", _("in financial crisis")
    HABITUAL = "habitual", _("habitual late payer")
    MALICIOUS = "malicious", _("lives on our capital")
    ACCIDENT = "accident", _("accident or closure")
    OUR_PAPERS = "our_papers", _("our own papers incomplete")
    DISPUTE = "dispute", _("dispute")


class DebtorFactKind(models.TextChoices):
    """What bears on whether a customer can or will pay, beside age and promises."""

    UNREACHABLE = "unreachable", _("cannot be reached")
    DISTRESS = "distress", _("signs of distress")
    GUARANTOR_LAPSED = "guarantor_lapsed", _("guarantee lapsed")
    INSOLVENCY = "insolvency", _("insolvency petition")
    DEREGISTERED = "deregistered", _("deregistered without successor")
    ENFORCEMENT_ENDED = "enforcement_ended", _("enforcement ended without result")


class InterruptionKind(models.TextChoices):
    """What restarts the three years of the right to sue, once it provably arrived (Civil Code 195)."""

    DEMAND = "demand", _("written demand")
    PROMISE = "promise", _("promise in writing")
    PLAN = "plan", _("signed plan of instalments")
    STATEMENT = "statement", _("signed statement of account")
    SECURITY = "security", _("security given")
    PAYMENT = "payment", _("part payment")
    LAWSUIT = "lawsuit", _("lawsuit or arbitration ended")

    @property
    def is_by_debtor(self) -> bool:
        """Done by the debtor himself: after the last day it may revive the debt, which is for counsel to say."""
        return self not in {InterruptionKind.DEMAND, InterruptionKind.LAWSUIT}

    @classmethod
    def noted(cls) -> list[tuple[Any, Any]]:
        """Those that somebody has to note; part payments are known from the ledger."""
        return [choice for choice in cls.choices if choice[0] != cls.PAYMENT]


class RightToSue(models.TextChoices):
    """How near the last day to sue is: what the list of invoices asks for (C14)."""

    NEAR = "near", _("runs out within 180 days")
    PRESSING = "pressing", _("runs out within 60 days")
    PASSED = "passed", _("has passed")

    @property
    def tone(self) -> str:
        """The colour of the warning."""
        return "warn" if self == RightToSue.NEAR else "bad"


class GradeReason(models.TextChoices):
    """Why the rule proposes a grade (assurance §2.1), worst first; stored with every change."""

    LIMITATION_EXPIRED = "limitation_expired", _("the right to sue has expired")
    DEREGISTERED = "deregistered", _("deregistered without successor")
    ENFORCEMENT_ENDED = "enforcement_ended", _("enforcement ended without result")
    OVERDUE_BAD = "overdue_bad", _("past due for more than a year")
    INSOLVENCY = "insolvency", _("insolvency petition")
    LIMITATION_NEAR = "limitation_near", _("the right to sue expires soon")
    GUARANTOR_LAPSED = "guarantor_lapsed", _("guarantee lapsed")
    OVERDUE_DOUBTFUL = "overdue_doubtful", _("past due for long")
    BROKEN_PROMISES = "broken_promises", _("promises were broken")
    DISTRESS = "distress", _("signs of distress")
    UNREACHABLE = "unreachable", _("cannot be reached")
    DISPUTED = "disputed", _("disputed in full")


class ChargeKind(models.TextChoices):
    """What is claimed beside the principal."""

    COSTS = "costs", _("costs")
    INTEREST = "interest", _("interest")


class Difference(models.TextChoices):
    """What a comparison with finance's list found."""

    MISSING_HERE = "missing_here", _("missing here")
    MISSING_THERE = "missing_there", _("missing in finance's list")
    AMOUNT = "amount", _("different amount")


class ProvisionBasis(models.TextChoices):
    """What a provision rate hangs on."""

    OVERDUE = "overdue", _("days past due")
    AGE = "age", _("account age from recognition")
    GRADE = "grade", _("risk grade")


class FigureUnit(models.TextChoices):
    """What a figure counts."""

    DAYS = "days", _("days")
    PERCENT = "percent", "%"
    MONEY = "money", _("amount")
    COUNT = "count", _("number")


class FigureCode(models.TextChoices):
    """The figures of collection (C13)."""

    DSO = "dso", _("DSO")
    DSO_COUNTBACK = "dso_countback", _("DSO by countback")
    DSO_TRUE = "dso_true", _("true DSO")
    BEST_DSO = "best_dso", _("best possible DSO")
    DAYS_DELINQUENT = "days_delinquent", _("average days delinquent")
    DAYS_LATE = "days_late", _("average days late")
    EFFECTIVENESS = "effectiveness", _("collection effectiveness")
    OVERDUE_SHARE = "overdue_share", _("overdue share")


class InvoiceState(models.TextChoices):
    """Which invoices a list shows."""

    OPEN = "open", _("open")
    OVERDUE = "overdue", _("overdue")
    DUE_SOON = "due_soon", _("due within a week")
    SETTLED = "settled", _("settled")


class PaymentState(models.TextChoices):
    """Which payments and credit notes a list shows."""

    UNALLOCATED = "unallocated", _("not fully allocated")
    UNKNOWN = "unknown", _("payer not known")
    REVERSED = "reversed", _("reversed")
