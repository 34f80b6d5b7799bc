"""What the receivables take from files: invoices, credit notes, payments, bank statements, opening balances.

Facts: ids and amounts exactly as the file has them, never changed by a later file. All of it is set-based SQL on the
staging table of `core.imports`; the stored sums come out as the actions would leave them, the author is who imports.
"""

from receivables.imports.credit_notes import CREDIT_NOTES
from receivables.imports.invoices import INVOICES
from receivables.imports.openings import OPENING_BALANCES
from receivables.imports.payments import PAYMENTS
from receivables.imports.statements import BANK_STATEMENTS

__all__ = ["BANK_STATEMENTS", "CREDIT_NOTES", "INVOICES", "OPENING_BALANCES", "PAYMENTS"]
