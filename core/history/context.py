"""Which statements are told for whom they run, so that the triggers of field history can write it down."""

from pghistory import runtime

KEEP_NO_HISTORY = (
    "insert", "savepoint", "release savepoint", "rollback to savepoint", 'update "core_idempotencykey"',
)  # fmt: skip


def tell_only_changes() -> None:
    """Spare the statements that no trigger of ours listens to the statement that sets the context.

    pghistory puts it before everything but what it knows to be a question. Our history is of updates and deletions
    (the row itself says how it began), and a transaction that only inserts and saves points would pay for half a dozen.
    An upsert begins as an insert too: one into a table with history has to set the context by itself. None does yet.
    """
    runtime.IGNORED_SQL_PREFIXES = (*runtime.IGNORED_SQL_PREFIXES, *KEEP_NO_HISTORY)  # type: ignore[assignment]
