"""Every change of the ledger, one function a change. Ids in, `by` first; money rows are only ever added."""

from receivables.actions.checks import check_ledger
from receivables.actions.contracts import CONTRACT_FIELDS, edit_contract, record_contract
from receivables.actions.credits import allocate_credit_note, record_credit_note, reverse_credit_note
from receivables.actions.disputes import open_dispute, resolve_dispute
from receivables.actions.grading import (
    Regraded,
    end_debtor_fact,
    grade_invoice,
    note_broken_promises,
    note_debtor_fact,
    note_interruption,
    regrade,
)
from receivables.actions.invoices import add_charge, claim_interest, interest_until, record_invoice, set_papers
from receivables.actions.payments import (
    allocate_payment,
    assign_payment,
    record_payment,
    reverse_allocation,
    reverse_payment,
)
from receivables.actions.provision import approve_provision, run_provision, set_provision_rates, steps_of
from receivables.actions.reconcile import TheirItem, clear_line, reconcile, reconcile_file
from receivables.actions.refunds import record_refund
from receivables.actions.settings import RULE_FIELDS, set_receivables_rule, set_write_off_limit
from receivables.actions.snapshots import take_snapshot
from receivables.actions.standing import find_cause, hold_supply, lift_hold
from receivables.actions.sums import fold_sums, sum_anew
from receivables.actions.write_offs import decide_write_off, request_write_off, reverse_write_off
from receivables.queries import Proposal, ProposedLine, propose_allocation, propose_credit, propose_for

__all__ = [
    "CONTRACT_FIELDS",
    "RULE_FIELDS",
    "Proposal",
    "ProposedLine",
    "Regraded",
    "TheirItem",
    "add_charge",
    "allocate_credit_note",
    "allocate_payment",
    "approve_provision",
    "assign_payment",
    "check_ledger",
    "claim_interest",
    "clear_line",
    "decide_write_off",
    "edit_contract",
    "end_debtor_fact",
    "find_cause",
    "fold_sums",
    "grade_invoice",
    "hold_supply",
    "interest_until",
    "lift_hold",
    "note_broken_promises",
    "note_debtor_fact",
    "note_interruption",
    "open_dispute",
    "propose_allocation",
    "propose_credit",
    "propose_for",
    "reconcile",
    "reconcile_file",
    "record_contract",
    "record_credit_note",
    "record_invoice",
    "record_payment",
    "record_refund",
    "regrade",
    "request_write_off",
    "resolve_dispute",
    "reverse_allocation",
    "reverse_credit_note",
    "reverse_payment",
    "reverse_write_off",
    "run_provision",
    "set_papers",
    "set_provision_rates",
    "set_receivables_rule",
    "set_write_off_limit",
    "steps_of",
    "sum_anew",
    "take_snapshot",
]
