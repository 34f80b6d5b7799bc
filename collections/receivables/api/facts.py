"""/api/v1/: contracts, invoices, payments, credit notes, allocations, write-offs, disputes, causes, holds on supply.

The same queries and actions as the pages. Whatever moves money needs an `Idempotency-Key` (400 without).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, keyed, takes
from core.errors import NotFound
from core.workdays import today
from receivables import actions, queries
from receivables.api import inputs, shapes
from receivables.filters import (
    ContractFilters,
    CreditNoteFilters,
    DisputeFilters,
    InvoiceFilters,
    PaymentFilters,
    WriteOffFilters,
)
from receivables.models import Invoice

NO_PAGES: dict[str, Any] = {"filter_backends": [], "pagination_class": None}


class LedgerViewSet(ResourceViewSet):
    """What the resources of the ledger share."""

    def again(self, pk: str | int, *, status: int = 200) -> Response:
        """The row as it is after the change."""
        return self.answer(self.one(self.user, int(pk)), status=status)

    def allocations_of(self, **source: Any) -> Response:
        """The allocations of one row that the caller sees, in the order they were made."""
        self.one(self.user, *source.values())
        rows = queries.visible_allocations(self.user).filter(**source).select_related("invoice").order_by("pk")
        return Response([shapes.AllocationShape().to_representation(row) for row in rows])


class ContractViewSet(LedgerViewSet):
    """Contracts: what was agreed about paying."""

    shape = shapes.ContractShape
    rows = staticmethod(queries.visible_contracts)
    one = staticmethod(queries.get_contract)
    filterset_class = ContractFilters

    @takes(inputs.NewContractInput, shapes.ContractShape, status=201, summary="Record a contract")
    def create(self, request: Request) -> Response:
        """Of an account the caller sees."""
        contract = actions.record_contract(by=self.user, **self.read(inputs.NewContractInput))
        return self.again(contract.pk, status=201)

    @takes(inputs.ContractInput, shapes.ContractShape, summary="Edit a contract")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(inputs.ContractInput, partial=True)
        actions.edit_contract(by=self.user, contract_id=int(pk), version=self.version(), **changes)
        return self.again(pk)


class InvoiceViewSet(LedgerViewSet):
    """Invoices and opening balances. What they say never changes; mistakes are credited."""

    shape = shapes.InvoiceShape
    rows = staticmethod(queries.visible_invoices)
    one = staticmethod(queries.get_invoice)
    filterset_class = InvoiceFilters
    sorts: ClassVar = {"id": "id", "issued_on": "issued_on", "due_on": "due_on", "open_amount": "open_amount"}

    @takes(inputs.InvoiceInput, shapes.InvoiceShape, status=201, summary="Record an invoice")
    @keyed
    def create(self, request: Request) -> Response:
        """It is open in full."""
        invoice = actions.record_invoice(by=self.user, **self.read(inputs.InvoiceInput))
        return self.again(invoice.pk, status=201)

    @takes(inputs.PapersInput, shapes.InvoiceShape, summary="Say how far its papers have come")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Papers, what is missing, the customer's order number, the note, when money is expected."""
        invoice = self.one(self.user, int(pk))
        now = {name: getattr(invoice, name) for name in ("papers", "missing_papers", "expected_on")}
        changes = self.read(inputs.PapersInput, partial=True)
        actions.set_papers(by=self.user, invoice_id=int(pk), **{**now, **changes})
        return self.again(pk)

    @takes(inputs.GradeInput, shapes.InvoiceShape, summary="Confirm or overrule its risk grade")
    @action(detail=True, methods=["post"])
    def grade(self, request: Request, pk: str) -> Response:
        """It stands until the rule proposes worse."""
        actions.grade_invoice(by=self.user, invoice_id=int(pk), **self.read(inputs.GradeInput))
        return self.again(pk)

    @takes(None, shapes.AllocationShape(many=True), summary="What settles it")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def allocations(self, request: Request, pk: str) -> Response:
        """Every allocation, reversals included."""
        return self.allocations_of(invoice_id=int(pk))

    @takes(None, shapes.ChargeShape(many=True), summary="Interest and costs claimed beside it")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def charges(self, request: Request, pk: str) -> Response:
        """Settled before its principal."""
        self.one(self.user, int(pk))
        rows = queries.visible_charges(self.user).filter(invoice_id=int(pk)).order_by("pk")
        return Response([shapes.ChargeShape().to_representation(row) for row in rows])

    @takes(inputs.ChargeInput, shapes.ChargeShape, status=201, summary="Claim costs or interest of a known amount")
    @charges.mapping.post
    @keyed
    def add_charge(self, request: Request, pk: str) -> Response:
        """Payments settle it before the principal."""
        charge = actions.add_charge(by=self.user, invoice_id=int(pk), **self.read(inputs.ChargeInput))
        return Response(shapes.ChargeShape().to_representation(charge), status=201)

    @takes(None, shapes.RightToSueShape, summary="Until when it can be sued for")
    @action(detail=True, methods=["get"], url_path="right-to-sue", **NO_PAGES)
    def right_to_sue(self, request: Request, pk: str) -> Response:
        """Three years from the due day, restarted by part payments and by what was noted."""
        return self._right_to_sue(self.one(self.user, int(pk)))

    @takes(inputs.InterruptionInput, shapes.RightToSueShape, status=201, summary="Note what restarted the right to sue")
    @right_to_sue.mapping.post
    @keyed
    def note_interruption(self, request: Request, pk: str) -> Response:
        """Of this invoice alone."""
        invoice = self.one(self.user, int(pk))
        noted = self.read(inputs.InterruptionInput)
        actions.note_interruption(by=self.user, account_id=invoice.account_id, invoice_ids=[invoice.pk], **noted)
        return self._right_to_sue(invoice, status=201)

    def _right_to_sue(self, invoice: Invoice, *, status: int = 200) -> Response:
        [clock] = queries.clocks_of([invoice], on=today()).values()
        answer = {**asdict(clock), "days_left": clock.days_left(today())}
        return Response(shapes.RightToSueShape(answer).data, status=status)

    @takes(inputs.ClaimInput, shapes.ChargeShape, status=201, summary="Claim the late interest that has run")
    @action(detail=True, methods=["post"], url_path="claim-interest")
    @keyed
    def claim_interest(self, request: Request, pk: str) -> Response:
        """By days and principal really outstanding, less what was claimed before."""
        charge = actions.claim_interest(by=self.user, invoice_id=int(pk), **self.read(inputs.ClaimInput))
        return Response(shapes.ChargeShape().to_representation(charge), status=201)


class PaymentViewSet(LedgerViewSet):
    """Payments: receipts and refunds."""

    shape = shapes.PaymentShape
    rows = staticmethod(queries.visible_payments)
    one = staticmethod(queries.get_payment)
    filterset_class = PaymentFilters
    sorts: ClassVar = {"id": "id", "received_on": "received_on"}

    @takes(inputs.PaymentInput, shapes.PaymentShape, status=201, summary="Record a receipt")
    @keyed
    def create(self, request: Request) -> Response:
        """With `allocate` or `lines` it settles invoices at once."""
        given = self.read(inputs.PaymentInput)
        payment = actions.record_payment(by=self.user, designated=inputs.designated(given), **given)
        return self.again(payment.pk, status=201)

    @takes(inputs.RefundInput, shapes.PaymentShape, status=201, summary="Record a refund")
    @action(detail=False, methods=["post"])
    @keyed
    def refund(self, request: Request) -> Response:
        """Drawn from what the customer has unallocated."""
        refund = actions.record_refund(by=self.user, **self.read(inputs.RefundInput))
        return self.again(refund.pk, status=201)

    @takes(inputs.AssignInput, shapes.PaymentShape, summary="Say whose money it is")
    @action(detail=True, methods=["post"])
    @keyed
    def assign(self, request: Request, pk: str) -> Response:
        """Once."""
        actions.assign_payment(by=self.user, payment_id=int(pk), **self.read(inputs.AssignInput))
        return self.again(pk)

    @takes(None, shapes.ProposalShape, summary="Where the rest should go")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def proposal(self, request: Request, pk: str) -> Response:
        """By the customer's word, the agreement, or the order of the law, with the reason of each line."""
        proposal = queries.propose_allocation(self.user, int(pk))
        return Response(shapes.ProposalShape(proposal).data)

    @takes(inputs.AllocateInput, shapes.PaymentShape, summary="Settle invoices with the rest")
    @action(detail=True, methods=["post"])
    @keyed
    def allocate(self, request: Request, pk: str) -> Response:
        """Without `lines` as the proposal says."""
        given = self.read(inputs.AllocateInput)
        actions.allocate_payment(by=self.user, payment_id=int(pk), designated=inputs.designated(given), **given)
        return self.again(pk)

    @takes(inputs.ReverseInput, shapes.PaymentShape, summary="Take it back")
    @action(detail=True, methods=["post"])
    @keyed
    def reverse(self, request: Request, pk: str) -> Response:
        """Once and whole; what it settled is open again."""
        actions.reverse_payment(by=self.user, payment_id=int(pk), **self.read(inputs.ReverseInput))
        return self.again(pk)

    @takes(None, shapes.AllocationShape(many=True), summary="What it settles")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def allocations(self, request: Request, pk: str) -> Response:
        """Every allocation, reversals included."""
        return self.allocations_of(payment_id=int(pk))


class CreditNoteViewSet(LedgerViewSet):
    """Credit notes."""

    shape = shapes.CreditNoteShape
    rows = staticmethod(queries.visible_credit_notes)
    one = staticmethod(queries.get_credit_note)
    filterset_class = CreditNoteFilters

    @takes(inputs.CreditNoteInput, shapes.CreditNoteShape, status=201, summary="Record a credit note")
    @keyed
    def create(self, request: Request) -> Response:
        """With `allocate` or `lines` it lowers invoices at once."""
        given = self.read(inputs.CreditNoteInput)
        note = actions.record_credit_note(by=self.user, designated=inputs.designated(given), **given)
        return self.again(note.pk, status=201)

    @takes(None, shapes.ProposalShape, summary="Where the rest should go")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def proposal(self, request: Request, pk: str) -> Response:
        """Principal only, never costs or interest."""
        return Response(shapes.ProposalShape(queries.propose_credit(self.user, int(pk))).data)

    @takes(inputs.AllocateInput, shapes.CreditNoteShape, summary="Lower invoices by the rest")
    @action(detail=True, methods=["post"])
    @keyed
    def allocate(self, request: Request, pk: str) -> Response:
        """Without `lines` as the proposal says."""
        given = self.read(inputs.AllocateInput)
        actions.allocate_credit_note(by=self.user, credit_note_id=int(pk), designated=inputs.designated(given), **given)
        return self.again(pk)

    @takes(inputs.ReverseInput, shapes.CreditNoteShape, summary="Take it back")
    @action(detail=True, methods=["post"])
    @keyed
    def reverse(self, request: Request, pk: str) -> Response:
        """Once and whole; what it lowered is open again."""
        actions.reverse_credit_note(by=self.user, credit_note_id=int(pk), **self.read(inputs.ReverseInput))
        return self.again(pk)

    @takes(None, shapes.AllocationShape(many=True), summary="What it lowers")
    @action(detail=True, methods=["get"], **NO_PAGES)
    def allocations(self, request: Request, pk: str) -> Response:
        """Every allocation, reversals included."""
        return self.allocations_of(credit_note_id=int(pk))


class AllocationViewSet(LedgerViewSet):
    """The lines every balance is the sum of."""

    shape = shapes.AllocationShape
    rows = staticmethod(queries.visible_allocations)
    one = staticmethod(queries.get_allocation)

    @takes(inputs.ReverseInput, shapes.AllocationShape, status=201, summary="Take one line back")
    @action(detail=True, methods=["post"])
    @keyed
    def reverse(self, request: Request, pk: str) -> Response:
        """Answered with the new line that undoes it."""
        undone = actions.reverse_allocation(by=self.user, allocation_id=int(pk), **self.read(inputs.ReverseInput))
        return self.again(undone.pk, status=201)


class WriteOffViewSet(LedgerViewSet):
    """Write-offs: asked for by one person, decided by another."""

    shape = shapes.WriteOffShape
    rows = staticmethod(queries.visible_write_offs)
    one = staticmethod(queries.get_write_off)
    filterset_class = WriteOffFilters

    @takes(inputs.WriteOffInput, shapes.WriteOffShape, status=201, summary="Ask for a write-off")
    @keyed
    def create(self, request: Request) -> Response:
        """Nothing changes until somebody else approves."""
        write_off = actions.request_write_off(by=self.user, **self.read(inputs.WriteOffInput))
        return self.again(write_off.pk, status=201)

    @takes(inputs.ApproveInput, shapes.WriteOffShape, summary="Approve it")
    @action(detail=True, methods=["post"])
    @keyed
    def approve(self, request: Request, pk: str) -> Response:
        """Never one's own request, nor above the limit of one's role."""
        actions.decide_write_off(by=self.user, write_off_id=int(pk), approve=True, **self.read(inputs.ApproveInput))
        return self.again(pk)

    @takes(inputs.RefuseInput, shapes.WriteOffShape, summary="Refuse it")
    @action(detail=True, methods=["post"])
    @keyed
    def refuse(self, request: Request, pk: str) -> Response:
        """With the reason."""
        actions.decide_write_off(by=self.user, write_off_id=int(pk), approve=False, **self.read(inputs.RefuseInput))
        return self.again(pk)

    @takes(inputs.ReverseInput, shapes.WriteOffShape, summary="Take it back")
    @action(detail=True, methods=["post"])
    @keyed
    def reverse(self, request: Request, pk: str) -> Response:
        """The invoice is open again."""
        actions.reverse_write_off(by=self.user, write_off_id=int(pk), **self.read(inputs.ReverseInput))
        return self.again(pk)


class DisputeViewSet(LedgerViewSet):
    """Disputes, at the level of amounts."""

    shape = shapes.DisputeShape
    rows = staticmethod(queries.visible_disputes)
    one = staticmethod(queries.get_dispute)
    filterset_class = DisputeFilters

    @takes(inputs.DisputeInput, shapes.DisputeShape, status=201, summary="Open a dispute")
    @keyed
    def create(self, request: Request) -> Response:
        """Dunning stops for its amount only."""
        dispute = actions.open_dispute(by=self.user, **self.read(inputs.DisputeInput))
        return self.again(dispute.pk, status=201)

    @takes(inputs.ResolveInput, shapes.DisputeShape, summary="Close it")
    @action(detail=True, methods=["post"])
    @keyed
    def resolve(self, request: Request, pk: str) -> Response:
        """Who was right, and how it ended."""
        actions.resolve_dispute(by=self.user, dispute_id=int(pk), **self.read(inputs.ResolveInput))
        return self.again(pk)


class CauseViewSet(LedgerViewSet):
    """Why customers do not pay, as found by somebody; one without `ended_on` holds now."""

    shape = shapes.CauseShape
    rows = staticmethod(queries.visible_causes)
    one = staticmethod(queries.get_cause)

    @takes(inputs.CauseInput, shapes.CauseShape, status=201, summary="Say why a customer does not pay")
    def create(self, request: Request) -> Response:
        """In place of what was thought before."""
        finding = actions.find_cause(by=self.user, **self.read(inputs.CauseInput))
        return Response(status=204) if finding is None else self.again(finding.pk, status=201)


class SupplyHoldViewSet(LedgerViewSet):
    """Holds on supplying customers; one without `lifted_on` holds now."""

    shape = shapes.HoldShape
    rows = staticmethod(queries.visible_holds)
    one = staticmethod(queries.get_hold)

    @takes(inputs.HoldInput, shapes.HoldShape, status=201, summary="Hold supply")
    def create(self, request: Request) -> Response:
        """Until somebody lifts it."""
        hold = actions.hold_supply(by=self.user, **self.read(inputs.HoldInput))
        return self.again(hold.pk, status=201)

    @takes(inputs.LiftInput, shapes.HoldShape, summary="Supply again")
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """404 when it was lifted before."""
        given = self.read(inputs.LiftInput)
        hold = queries.get_hold(self.user, int(pk))
        if hold.lifted_on:
            raise NotFound
        actions.lift_hold(by=self.user, account_id=hold.account_id, **given)
        return self.again(pk)
