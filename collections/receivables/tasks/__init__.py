"""What the clock starts and what events set going in the receivables."""

from receivables.tasks.figures import keep_day, regrade_all, regrade_one

__all__ = ["keep_day", "regrade_all", "regrade_one"]
