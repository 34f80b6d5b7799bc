"""/api/v1/ of the receivables."""

from receivables.api.facts import (
    AllocationViewSet,
    CauseViewSet,
    ContractViewSet,
    CreditNoteViewSet,
    DisputeViewSet,
    InvoiceViewSet,
    PaymentViewSet,
    SupplyHoldViewSet,
    WriteOffViewSet,
)
from receivables.api.reports import AgeingReport, ReceivablesReport, StatementReport

__all__ = [
    "AgeingReport",
    "AllocationViewSet",
    "CauseViewSet",
    "ContractViewSet",
    "CreditNoteViewSet",
    "DisputeViewSet",
    "InvoiceViewSet",
    "PaymentViewSet",
    "ReceivablesReport",
    "StatementReport",
    "SupplyHoldViewSet",
    "WriteOffViewSet",
]
