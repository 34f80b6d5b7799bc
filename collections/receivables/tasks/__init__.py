"""What the clock starts and what events set going in the receivables."""

from receivables.tasks.figures import fold_sums, keep_day, regrade_all, regrade_imported, regrade_one
from receivables.tasks.invariants import check_ledger

__all__ = ["check_ledger", "fold_sums", "keep_day", "regrade_all", "regrade_imported", "regrade_one"]
