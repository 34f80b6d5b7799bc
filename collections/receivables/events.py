"""What happens in the ledger, in words (audit trail, time line). `money` is an amount with its currency: CNY 1,200.00."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

CONTRACT_RECORDED = event_type("receivables.contract_recorded", _("Contract {number} was recorded"), icon="contract")
CONTRACT_EDITED = event_type("receivables.contract_edited", _("Contract {number} was edited"), icon="pencil")
INVOICE_RECORDED = event_type(
    "receivables.invoice_recorded", _("Invoice {number} of {money}, due {due_on}"), icon="file-invoice"
)
PAPERS_SET = event_type(
    "receivables.papers_set", _("Papers of invoice {number}: {papers}"), icon="files", words=("papers",)
)
CHARGE_ADDED = event_type(
    "receivables.charge_added", _("{kind} of {money} claimed on invoice {number}"), icon="receipt-tax", words=("kind",)
)
PAYMENT_RECORDED = event_type(
    "receivables.payment_recorded", _("Payment of {money} received {received_on}"), icon="cash"
)
PAYMENT_ASSIGNED = event_type(
    "receivables.payment_assigned", _("Payment of {money} was found to be from {account}"), icon="cash"
)
PAYMENT_ALLOCATED = event_type(
    "receivables.payment_allocated", _("{money} of payment {payment} settle {numbers}"), icon="arrows-split"
)
PAYMENT_REVERSED = event_type(
    "receivables.payment_reversed", _("Payment {payment} of {money} was reversed: {reason}"), icon="arrow-back-up"
)
REFUND_RECORDED = event_type(
    "receivables.refund_recorded", _("{money} were paid back on {received_on}"), icon="cash-off"
)
REFUND_REVERSED = event_type(
    "receivables.refund_reversed", _("The refund of {money} was reversed: {reason}"), icon="arrow-back-up"
)
ALLOCATION_REVERSED = event_type(
    "receivables.allocation_reversed", _("{money} no longer settle invoice {number}: {reason}"), icon="arrow-back-up"
)
CREDIT_RECORDED = event_type("receivables.credit_recorded", _("Credit note {number} of {money}"), icon="receipt-refund")
CREDIT_ALLOCATED = event_type(
    "receivables.credit_allocated", _("{money} of credit note {number} settle {numbers}"), icon="arrows-split"
)
CREDIT_REVERSED = event_type(
    "receivables.credit_reversed", _("Credit note {number} of {money} was reversed: {reason}"), icon="arrow-back-up"
)
WRITE_OFF_REQUESTED = event_type(
    "receivables.write_off_requested", _("Write-off of {money} of invoice {number} was asked for"), icon="eraser"
)
WRITE_OFF_DECIDED = event_type(
    "receivables.write_off_decided",
    _("Write-off of {money} of invoice {number}: {decision}"),
    icon="eraser",
    words=("decision",),
)
WRITE_OFF_REVERSED = event_type(
    "receivables.write_off_reversed",
    _("Write-off of {money} of invoice {number} was reversed: {reason}"),
    icon="arrow-back-up",
)
DISPUTE_OPENED = event_type(
    "receivables.dispute_opened",
    _("{money} of invoice {number} are disputed: {reason}"),
    icon="message-report",
    words=("reason",),
)
DISPUTE_RESOLVED = event_type(
    "receivables.dispute_resolved",
    _("The dispute of {money} of invoice {number} ended: {outcome}"),
    icon="checks",
    words=("outcome",),
)
CAUSE_FOUND = event_type(
    "receivables.cause_found", _("Why they do not pay: {cause}"), icon="zoom-question", words=("cause",)
)
CAUSE_ENDED = event_type(
    "receivables.cause_ended", _("No longer a cause of not paying: {cause}"), icon="zoom-check", words=("cause",)
)
SUPPLY_HELD = event_type("receivables.supply_held", _("Supply was held: {reason}"), icon="hand-stop")
SUPPLY_HOLD_LIFTED = event_type("receivables.supply_hold_lifted", _("Supply goes on: {reason}"), icon="truck-delivery")
RULE_SET = event_type("receivables.rule_set", _("The settings of the receivables were changed"), icon="adjustments")
WRITE_OFF_LIMIT_SET = event_type(
    "receivables.write_off_limit_set", _("Write-offs {role} may approve: {money}"), icon="adjustments", words=("role",)
)
LEDGER_CHECKED = event_type(
    "receivables.ledger_checked",
    _("The ledger keeps all its rules: {invoices} invoices, {payments} payments, {allocations} allocations"),
    icon="shield-check",
)
LEDGER_BROKEN = event_type(
    "receivables.ledger_broken", _("The ledger breaks rules {rules}: {count} rows"), icon="alert-octagon"
)
REGRADED = event_type(
    "receivables.regraded", _("Invoices were regraded by rule: {worse} worse, {better} better"), icon="gauge"
)
GRADE_CONFIRMED = event_type(
    "receivables.grade_confirmed", _("Grade of invoice {number} confirmed: {grade}"), icon="gauge", words=("grade",)
)
GRADE_OVERRULED = event_type(
    "receivables.grade_overruled",
    _("Grade of invoice {number} set to {grade}, the rule said {proposed}: {reason}"),
    icon="gauge",
    words=("grade", "proposed"),
)
DEBTOR_FACT_NOTED = event_type(
    "receivables.debtor_fact_noted", _("{fact}: {note}"), icon="alert-triangle", words=("fact",)
)
DEBTOR_FACT_ENDED = event_type(
    "receivables.debtor_fact_ended", _("No longer true: {fact}. {reason}"), icon="circle-check", words=("fact",)
)
LIMITATION_INTERRUPTED = event_type(
    "receivables.limitation_interrupted",
    _("The right to sue starts anew on {day}: {what}, {evidence}"),
    icon="hourglass",
    words=("what",),
)
BROKEN_PROMISES_COUNTED = event_type(
    "receivables.broken_promises_counted", _("Promises broken in twelve months: {count}"), icon="heart-broken"
)
SNAPSHOT_TAKEN = event_type(
    "receivables.snapshot_taken", _("The receivables of {day} were kept, {lines} lines"), icon="camera"
)
PROVISION_RATES_SET = event_type(
    "receivables.provision_rates_set", _("Provision rates from {day} on were set"), icon="percentage"
)
PROVISION_WORKED_OUT = event_type(
    "receivables.provision_worked_out", _("A provision of {money} as of {day} was worked out"), icon="calculator"
)
PROVISION_APPROVED = event_type(
    "receivables.provision_approved", _("The provision of {money} as of {day} was approved"), icon="circle-check"
)
RECONCILED = event_type(
    "receivables.reconciled",
    _("Finance’s list of {day} was compared: {agreeing} agree, {differences} do not"),
    icon="scale",
)
DIFFERENCE_CLEARED = event_type(
    "receivables.difference_cleared", _("The difference on {number} is explained: {note}"), icon="checks"
)
