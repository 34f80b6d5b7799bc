"""The ledger and what is known about it. Money rows are only ever added; see `ledger.py`."""

from receivables.models.contract import Contract
from receivables.models.dispute import Dispute
from receivables.models.evidence import BrokenPromises, DebtorFact, Interruption
from receivables.models.figures import ProvisionRate, ProvisionRun, ReceivableSnapshot
from receivables.models.invoice import Charge, Invoice
from receivables.models.ledger import Allocation, CreditNote, Payment, RefundLine, Reversal, WriteOff
from receivables.models.reconciliation import Reconciliation, ReconciliationLine
from receivables.models.risk import CauseFinding, GradeChange, SupplyHold
from receivables.models.rule import ReceivablesRule, WriteOffLimit
from receivables.models.sums import OpenSum

__all__ = [
    "Allocation",
    "BrokenPromises",
    "CauseFinding",
    "Charge",
    "Contract",
    "CreditNote",
    "DebtorFact",
    "Dispute",
    "GradeChange",
    "Interruption",
    "Invoice",
    "OpenSum",
    "Payment",
    "ProvisionRate",
    "ProvisionRun",
    "ReceivableSnapshot",
    "ReceivablesRule",
    "Reconciliation",
    "ReconciliationLine",
    "RefundLine",
    "Reversal",
    "SupplyHold",
    "WriteOff",
    "WriteOffLimit",
]
