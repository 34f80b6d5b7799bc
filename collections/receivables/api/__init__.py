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

__all__ = [
    "AllocationViewSet",
    "CauseViewSet",
    "ContractViewSet",
    "CreditNoteViewSet",
    "DisputeViewSet",
    "InvoiceViewSet",
    "PaymentViewSet",
    "SupplyHoldViewSet",
    "WriteOffViewSet",
]
